"""What was asked for and not yet decided, and who may decide it now: the fold behind 待办 (evidence.md §11). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.calendar import Calendar, local_date
from shared.progress.facts import FactRecord, PostingTerms
from shared.progress.reading import Facts, filed_at, slips_of
from shared.roles import ROLES
from shared.rules.days import Pattern, Slip, duty_half_days, level_needed
from shared.rules.load import Programme
from shared.rules.schema import APPROVERS

KINDS = (
    "correction.requested", "correction.decided", "correction.withdrawn", "leave.requested", "leave.decided",
    "leave.cancelled", "leave.returned", "ordered_work.filed", "ordered_work.decided", "ordered_work.revoked",
    "handover.signed",
)  # fmt: skip
"""The kinds of facts this fold reads."""
PASSED_ON_AFTER = 5
"""Workdays a correction waits for the recipient before the county may decide it."""
BY_RECIPIENT = frozenset({"meeting", "travel"})
"""Kinds of ordered work the recipient decides itself."""


@dataclass(frozen=True)
class OpenAsk:
    """One open request: the fact that asked, by whom, over which dates, and the role and scope that may decide it now.

    `scope_id` is an organisation; of role doctor the person.
    """

    id: str
    kind: str
    posting_id: str
    role: str
    scope_id: str | None
    asked_at: dt.datetime
    asked_by: str | None
    entry_id: str
    day_from: dt.date
    day_to: dt.date


@dataclass(frozen=True)
class Ground:
    """What the fold stands on: the posting, its offices by role, the programme of a date, the calendar, the date.

    `reviewers(clinic, asker)` are the persons at the recipient who may decide a correction there.
    """

    posting: PostingTerms
    offices: Mapping[str, str | None]
    programme: Callable[[dt.date], Programme]
    calendar: Calendar
    today: dt.date
    reviewers: Callable[[str, str | None], frozenset[str]]


def open_asks(on: Ground, facts: Facts) -> list[OpenAsk]:
    """Every open request of the posting, oldest first."""
    found = [*_corrections(on, facts), *_leaves(on, facts), *_orders(on, facts), *_handovers(on, facts)]
    return sorted(found, key=lambda one: (one.asked_at, one.id))


def asker(fact: FactRecord) -> str | None:
    """The person who appended a fact."""
    actor = fact.payload.get("actor")
    return actor.get("person") if isinstance(actor, Mapping) else None


def corrections_used(facts: Facts, programme: Programme, month: str) -> tuple[int, int]:
    """(requests approved or pending whose date lies in the month "2026-11", the monthly limit); outages do not count."""
    decided = facts.last(("correction.decided",), "correction_id")
    gone = {fact.payload["correction_id"] for fact in facts.of_kind("correction.withdrawn")}
    used = 0
    for fact in facts.of_kind("correction.requested"):
        name, verdict = fact.payload["correction_id"], decided.get(fact.payload["correction_id"])
        stands = verdict is None or verdict.payload["decision"] == "approved"
        used += stands and name not in gone and fact.payload["service_date"].startswith(month) and not _outage(fact)
    return used, programme.setting("correction.max_per_month")


def _outage(fact: FactRecord) -> bool:
    actor = fact.payload.get("actor")
    by_clinic = isinstance(actor, Mapping) and actor.get("role") == "recipient_admin"
    return bool(fact.payload.get("outage")) or by_clinic


def passed_on(calendar: Calendar, asked_at: dt.datetime, today: dt.date) -> bool:
    """Whether a correction has waited so long that the county may decide it."""
    return today > calendar.add_workdays(local_date(asked_at), PASSED_ON_AFTER)


def _corrections(on: Ground, facts: Facts) -> list[OpenAsk]:
    decided = facts.last(("correction.decided",), "correction_id")
    gone = {fact.payload["correction_id"] for fact in facts.of_kind("correction.withdrawn")}
    found = []
    for fact in facts.of_kind("correction.requested"):
        told = fact.payload
        if told["correction_id"] in gone or told["correction_id"] in decided:
            continue
        waited = passed_on(on.calendar, fact.at, on.today) or not on.reviewers(told["clinic_id"], asker(fact))
        day = dt.date.fromisoformat(told["service_date"])
        found.append(_ask(on, fact, told["correction_id"], "correction", "county_officer" if waited else "recipient_admin", day, day))
    return found


def _leaves(on: Ground, facts: Facts) -> list[OpenAsk]:
    decided = facts.last(("leave.decided",), "leave_id")
    running = {slip.id: slip for slip in slips_of(facts)}
    found = []
    for fact in facts.of_kind("leave.requested"):
        slip, verdict = running.get(fact.payload["leave_id"]), decided.get(fact.payload["leave_id"])
        if slip is None or slip.decision != "pending":
            continue
        role = next_role(on.programme(slip.first[0]), _half_days(on, slip), verdict.payload if verdict else None)
        found.append(_ask(on, fact, slip.id, "leave", role, slip.first[0], slip.last[0]))
    return found


def _half_days(on: Ground, slip: Slip) -> int:
    return duty_half_days(slip, on.calendar, Pattern.of(on.programme(slip.first[0]), on.posting))


def next_role(programme: Programme, half_days: int, endorsed: Mapping[str, object] | None) -> str:
    """The role a leave of so many duty half-days waits for: the first rung, after an endorsement the next one up."""
    needed = level_needed(programme, half_days)
    before = endorsed.get("level", 0) if endorsed else 0
    level = before if isinstance(before, int) else int(APPROVERS.get(str(before)) or 0)
    rungs = [str(rung["by"]) for rung in programme.setting("leave.approve")]
    return next((role for role in rungs if level < (ROLES[role].level or 0) <= needed), rungs[-1])


def order_role(kind: str) -> str:
    """The role that decides ordered work of this kind."""
    return "recipient_admin" if kind in BY_RECIPIENT else "county_officer"


def _orders(on: Ground, facts: Facts) -> list[OpenAsk]:
    done = facts.last(("ordered_work.decided", "ordered_work.revoked"), "ordered_id")
    return [
        _ask(on, fact, told["ordered_id"], "ordered_work", order_role(told["kind"]), dt.date.fromisoformat(told["from"]),
             dt.date.fromisoformat(told["to"]))
        for fact in facts.of_kind("ordered_work.filed")
        if (told := fact.payload)["ordered_id"] not in done
    ]  # fmt: skip


def _handovers(on: Ground, facts: Facts) -> list[OpenAsk]:
    """A handover waits for the incoming physician, then for the recipient."""
    newest = facts.last(("handover.signed",), "handover_id")
    found = []
    for name, fact in newest.items():
        day = local_date(fact.at)
        if fact.payload["step"] == "out":
            ask = _ask(on, fact, name, "handover", "doctor", day, day, fact.payload["in_person_id"])
        elif fact.payload["step"] == "in":
            ask = _ask(on, fact, name, "handover", "recipient_admin", day, day)
        else:
            continue
        found.append(ask)
    return found


def _ask(
    on: Ground, fact: FactRecord, name: str, kind: str, role: str, first: dt.date, last: dt.date, scope: str | None = None
) -> OpenAsk:
    at = filed_at(fact) if kind == "leave" else fact.at
    return OpenAsk(name, kind, on.posting.id, role, scope or on.offices.get(role), at, asker(fact), fact.entry_id, first, last)
