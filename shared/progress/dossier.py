"""Ledger facts around a posting and a promotion -> values: registrations, agreements, applications, changes. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from shared.calendar import local_date
from shared.progress.facts import FactRecord
from shared.rules.facts import Agreement, Application, Change, Registration


def application(one: FactRecord) -> Application:
    """An application for a gate, on its date or planned for it."""
    told = one.payload
    return Application(told["person_id"], told["gate"], dt.date.fromisoformat(told["date"]), (one.entry_id,))


def change(one: FactRecord, decided: Sequence[FactRecord]) -> Change:
    """A change of the pair that was asked for, with the last decision on it."""
    last = decided[-1].payload if decided else {}
    return Change(
        one.payload["change"], dt.date.fromisoformat(one.payload["date"]), last.get("decision", "pending"),
        last["actor"]["role"] if last else None, evidence=(one.entry_id, *(each.entry_id for each in decided)),
    )  # fmt: skip


def move(one: FactRecord) -> Change:
    """Who, where or when the clause had fixed: changed by an amendment of the agreement, or without one."""
    told = one.payload
    return Change(told["fixed"], dt.date.fromisoformat(told["date"]), amended=bool(told.get("agreement_no")), evidence=(one.entry_id,))


def registration(known: Registration, one: FactRecord) -> Registration:
    """Acknowledged on the date the authority says, else by the day on which a roster with its number was filed; the first
    such day stands. Of who the physician is, the last form counts that says something."""
    told = one.payload
    number = told.get("registration_no") or told.get("number")
    day = dt.date.fromisoformat(told["date"]) if one.kind == "posting.registered" else local_date(one.at) if number else None
    days = [each for each in (known.acknowledged_on, day) if each is not None]
    return replace(
        known, acknowledged_on=min(days, default=None), evidence=(*known.evidence, one.entry_id),
        flags=tuple(told.get("flags") or known.flags), role_type=told.get("role_type") or known.role_type,
    )  # fmt: skip


def agreement(before: Agreement | None, one: FactRecord) -> Agreement:
    """The newest word on a number counts, whether the roster or a form brought it; of its area only a form speaks."""
    told = one.payload
    pair = told.get("pair_id") or f"{told['supporter_id']}/{told['recipient_id']}"
    last = dt.date.fromisoformat(told["to"]) if told.get("to") else None
    area = told.get("area", before.area_id if before else None)
    first = dt.date.fromisoformat(told["from"])
    return Agreement(pair, told["recipient_id"], first, last, area, dict(told.get("targets") or {}), (one.entry_id,))
