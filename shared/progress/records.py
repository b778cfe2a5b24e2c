"""Ledger facts of records -> the values that rules read (shared.rules.facts). Pure.

Facts come in any order. One that a later fact names in `supersedes` counts no more, neither does a document that was
returned or a credit that was not accepted. A payload whose content was erased does not come here at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.progress import dossier
from shared.progress.facts import FactRecord
from shared.rules.accumulate import Credit
from shared.rules.coverage import Substitution
from shared.rules.facts import (
    Agreement,
    Application,
    Arrival,
    Change,
    Disclosure,
    Document,
    Facts,
    Figure,
    Finding,
    Inspection,
    Item,
    Payment,
    Registration,
    Stay,
    Tick,
    Waiver,
)

ITEMS_OF_ACTIVITY: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    "training": (("trainings", None), ("activity", "teaching")), "lecture": (("trainings", None), ("activity", "teaching")),
    "teaching_round": (("activity", "teaching"),), "outpatient": (("activity", "outpatient"),),
    "ward_round": (("activity", "ward_round"),), "surgery": (("activity", "surgery"),), "mentoring": (("mentees", None),),
    "new_technique": (("new_techniques", None),), "new_service": (("four_ones", "new_service"),),
    "urgent_need": (("four_ones", "urgent_need"),), "weak_link": (("four_ones", "weak_link"),),
    "team_built": (("four_ones", "team_built"),), "featured_specialty": (("featured_specialties", None),),
    "guideline": (("guidelines_made", None),), "free_clinic": (("free_clinics", None),),
    "donation": (("donated_drug_value", None),), "survey_visit": (("survey_visits", None),),
}  # fmt: skip
"""Metrics (and group) each recorded activity counts for; referrals and consultations are printed and count for none."""
_STATES = {"beds_managed"}
"""Figures of a day that rules read as dated items."""


@dataclass
class _Found:
    items: list[Item] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    disclosures: list[Disclosure] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    inspections: list[Inspection] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    registrations: dict[str, Registration] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    credits: list[Credit] = field(default_factory=list)
    substitutions: list[Substitution] = field(default_factory=list)


def facts_of(records: Iterable[FactRecord]) -> Facts:
    """What the recorded facts of one subject (and of those below it) say to the rules."""
    ordered = sorted(records, key=lambda one: (one.at, one.entry_id))
    gone = {one.payload.get("supersedes") for one in ordered} - {None}
    standing = [one for one in ordered if one.entry_id not in gone]
    decided: dict[str, list[FactRecord]] = {}
    for one in standing:
        if target := one.payload.get("target"):
            decided.setdefault(target, []).append(one)
    found = _Found()
    for one in standing:
        if reader := _READERS.get(one.kind):
            reader(found, one, decided.get(one.entry_id, []))
    found.inspections += _inspections(standing)
    return Facts(**{
        name: tuple(values.values() if isinstance(values, dict) else values) for name, values in vars(found).items()
    })  # fmt: skip


def recipient_level(records: Iterable[FactRecord], day: dt.date) -> str | None:
    """The level a recipient had on a date by what was recorded (004); None where nothing was."""
    ordered = sorted(records, key=lambda one: (one.at, one.entry_id))
    gone = {one.payload.get("supersedes") for one in ordered}
    told = [
        (one.payload["period"], one.at, one.payload["value"])
        for one in ordered
        if one.kind == "figure.reported" and one.payload.get("metric") == "recipient_level" and one.entry_id not in gone
    ]
    known = [level for level in told if level[0] <= day.isoformat()]
    return str(max(known)[2]) if known else None


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _activity(found: _Found, one: FactRecord, _: Sequence[FactRecord]) -> None:
    told = one.payload
    value = told.get("value")
    wanted = list(ITEMS_OF_ACTIVITY.get(told["kind"], ()))
    if told["kind"] == "free_clinic" and value:
        wanted.append(("donated_drug_value", None))
    for metric, group in wanted:
        found.items.append(Item(
            one.entry_id, metric, _day(told["date"]), value if value is not None else least(metric), group,
            person_id=told.get("person_id"), recipient_id=told.get("recipient_id"), half=told.get("session"),
            channel=told.get("channel"), title=told.get("group"), evidence=(one.entry_id,),
        ))  # fmt: skip


def least(metric: str) -> int:
    """A thing without a size counts once; a free clinic without a value gave no medicine."""
    return 0 if metric == "free_clinics" else 1


def _stay(found: _Found, one: FactRecord, _: Sequence[FactRecord]) -> None:
    told = one.payload
    found.stays.append(Stay(one.entry_id, told["person"], _day(told["from"]), _day(told["to"]), told.get("clinic"),
                            told.get("recipient_id"), told.get("department"), (one.entry_id,)))  # fmt: skip


def _figure(found: _Found, one: FactRecord, _: Sequence[FactRecord]) -> None:
    told = one.payload
    if told["metric"] == "recipient_level":
        return
    if told["metric"] in _STATES:
        if told["value"] is not None:
            found.items.append(Item(one.entry_id, told["metric"], _day(told["period"]), told["value"],
                                    person_id=told.get("person_id"), evidence=(one.entry_id,)))  # fmt: skip
        return
    found.figures.append(Figure(told["metric"], told["period"], told["value"], (one.entry_id,)))


def _tick(found: _Found, one: FactRecord, _: Sequence[FactRecord]) -> None:
    told = one.payload
    found.ticks.append(Tick(told["rule_id"], _period(told), told["item"], told["yes"], (one.entry_id,), told.get("posting_id")))


def _period(told: Mapping[str, Any]) -> str:
    """The name rules give the period: what is owed once has none."""
    return "" if told.get("period") in (None, "once") else str(told["period"])


def _document(found: _Found, one: FactRecord, decided: Sequence[FactRecord]) -> None:
    told = one.payload
    if not told.get("rule_id") or any(each.kind == "document.returned" for each in decided):
        return
    seals = [seal for each in decided for seal in each.payload.get("seals") or ()]
    posting = told.get("posting_id") if told.get("period") is None else None
    found.documents.append(Document(
        one.entry_id, told["rule_id"], told.get("period"), posting, _day(told["date"]),
        {each.payload["by"]: _day(each.payload["date"]) for each in decided}, tuple(dict.fromkeys(seals)),
        tuple(told.get("copies") or ()), len(told.get("attachment_sha256") or ()), len((told.get("text") or "").strip()),
        told.get("group"), evidence=(one.entry_id, *(each.entry_id for each in decided)),
    ))  # fmt: skip


def _payment(found: _Found, one: FactRecord, _: Sequence[FactRecord]) -> None:
    told = one.payload
    found.payments.append(Payment(told["posting_id"], told["amount"], told["use"], _day(told["date"]), (one.entry_id,)))


def _disclosure(found: _Found, one: FactRecord, _: Sequence[FactRecord]) -> None:
    told = one.payload
    found.disclosures.append(
        Disclosure(told["person_id"], told["gate"], _day(told["from"]), _day(told["to"]), (one.entry_id,))
    )


def _application(found: _Found, one: FactRecord, decided: Sequence[FactRecord]) -> None:
    if not any(each.kind == "application.withdrawn" for each in decided):
        found.applications.append(dossier.application(one))


def _change(found: _Found, one: FactRecord, decided: Sequence[FactRecord]) -> None:
    found.changes.append(dossier.move(one) if one.kind == "arrangement.changed" else dossier.change(one, decided))


def _finding(found: _Found, one: FactRecord, decided: Sequence[FactRecord]) -> None:
    last = decided[-1] if decided else None
    state = last.payload["state"] if last else "suspected"
    actor = last.payload["actor"] if last else {}
    sure = state in ("confirmed", "rejected")
    found.findings.append(Finding(
        one.payload["trigger"], state, _day(last.payload["date"]) if last and state == "confirmed" else None,
        actor.get("role") if sure else None, actor.get("person") if sure else None, one.payload.get("person_id"),
        (one.entry_id, *(each.entry_id for each in decided)),
    ))  # fmt: skip


def _waiver(found: _Found, one: FactRecord, _: Sequence[FactRecord]) -> None:
    told = one.payload
    found.waivers.append(
        Waiver(told["rule_id"], _period(told), told["kind"], told["reason"], (one.entry_id,), told.get("group") or None, told.get("posting_id"))
    )


def _arrival(found: _Found, one: FactRecord, _: Sequence[FactRecord]) -> None:
    found.arrivals.append(Arrival(one.payload["posting_id"], _day(one.payload["date"]), (one.entry_id,)))


def _substitution(found: _Found, one: FactRecord, _: Sequence[FactRecord]) -> None:
    """Half-day by half-day: mornings on three dates are no span. A posting without a seat has nothing to be filled."""
    told = one.payload
    for half in told["half_days"] if told["seat"] else ():
        at = _day(half["date"]), half["session"]
        found.substitutions.append(Substitution(told["seat"], told["who"], told["for"], at, at, (one.entry_id,)))


def _registration(found: _Found, one: FactRecord, _: Sequence[FactRecord]) -> None:
    posting = one.payload["posting_id"]
    found.registrations[posting] = dossier.registration(found.registrations.get(posting, Registration(posting)), one)


def _agreement(found: _Found, one: FactRecord, _: Sequence[FactRecord]) -> None:
    number = one.payload["agreement_no"]
    found.agreements[number] = dossier.agreement(found.agreements.get(number), one)


def _credit(found: _Found, one: FactRecord, decided: Sequence[FactRecord]) -> None:
    told = one.payload
    if any(each.payload.get("decision") == "accepted" for each in decided):
        found.credits.append(
            Credit(one.entry_id, told["counts"], _day(told["from"]), _day(told["to"]), doc_no=told["doc_no"])
        )


def _check(found: _Found, one: FactRecord, _: Sequence[FactRecord]) -> None:
    """A check that nobody drew counts for its metric; what was found on a drawn list belongs to the draw."""
    told = one.payload
    if metric := told.get("metric"):
        found.items.append(Item(one.entry_id, metric, _day(told["date"]), person_id=told.get("person_id"),
                                recipient_id=told.get("recipient_id"), evidence=(one.entry_id,)))  # fmt: skip


def _inspections(records: Sequence[FactRecord]) -> list[Inspection]:
    """Draws with what was recorded of them. A result tells seed, method and date of its draw, so it stands by itself
    where the draw, which lies in another chain, was not read."""
    found: dict[str, dict[str, Any]] = {}
    for one in records:
        told = one.payload
        drawn = one.kind == "inspection.drawn"
        if not drawn and (one.kind != "inspection.recorded" or told.get("metric")):
            continue
        entry = found.setdefault(told["inspection_id"], {"drawn": 0, "visited": set(), "evidence": []})
        entry |= {"method": told["method"], "seed": told["seed"], "date": told["date"] if drawn else told["drawn_date"]}
        entry["evidence"].append(one.entry_id)
        if drawn:
            entry["drawn"] = len(told["sample"])
        else:
            entry["visited"].add(told["posting_id"])
    return [
        Inspection(key, _day(one["date"]), max(one["drawn"], len(one["visited"])), len(one["visited"]), one["method"],
                   one["seed"], tuple(one["evidence"]))
        for key, one in found.items()
    ]  # fmt: skip


_READERS: Mapping[str, Callable[[_Found, FactRecord, Sequence[FactRecord]], None]] = {
    "activity.recorded": _activity, "stay.recorded": _stay, "figure.reported": _figure, "checklist.ticked": _tick,
    "document.filed": _document, "payment.recorded": _payment, "disclosure.recorded": _disclosure,
    "application.filed": _application, "change.requested": _change, "arrangement.changed": _change,
    "finding.opened": _finding, "obligation.waived": _waiver, "agreement.recorded": _agreement,
    "agreement.amended": _agreement, "credit.filed": _credit, "inspection.recorded": _check,
    "posting.arrival_confirmed": _arrival, "posting.opened": _registration, "posting.amended": _registration,
    "posting.registered": _registration, "substitution.recorded": _substitution,
}  # fmt: skip
KINDS = frozenset(_READERS) | {
    "document.acknowledged",
    "document.returned",
    "finding.decided",
    "credit.decided",
    "application.withdrawn",
    "change.decided",
    "inspection.drawn",
}
"""Every kind of fact read here, decisions on them included."""
