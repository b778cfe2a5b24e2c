"""The grade of every tap of a date, from its fact and from what came later: countersigns, decisions, objections. Pure.

A fact recorded before there were grades carries nothing to grade it by (`judged`). Such a tap has no grade and counts
as it did: unless a red flag is undecided. So the day of an upgrade needs no setting, and a rebuild of earlier days gives
the figures that were printed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from shared.attendance import flags as flag_rules
from shared.attendance.grade import Graded, Inputs, grade, signature_classes, weakest
from shared.attendance.session import Tap
from shared.calendar import Calendar, at, month_days
from shared.progress.chain import marks_of
from shared.progress.facts import FactRecord
from shared.progress.objections import Disputed
from shared.progress.reading import Decisions, Facts, codes, instant, names
from shared.rules.load import Programme

OFFICES = frozenset({"recipient_admin", "supporter_admin", "quality_office", "county_officer", "city_officer"})
"""Whose signature may come from outside the clinic (evidence.md §9.1)."""
MONTH_CLOSES = dt.time(18)
WEAK = "C-WEAK"


@dataclass(frozen=True)
class Marked:
    """The grade of one tap and every flag on it, those told from other facts of the posting included."""

    graded: Graded
    flags: tuple[str, ...]


def graded(
    facts: Facts, day: dt.date, decisions: Decisions, calendar: Calendar, as_of: dt.datetime
) -> dict[str, Marked]:  # fmt: skip
    """Entry id → grade of each tap of the service date that can be graded, as of an instant."""
    disputed, signed, marks = Disputed.of(facts), _signatures(facts), marks_of(facts, day, as_of)
    granted = _upheld_by_doctor(facts)
    found = {}
    for fact in facts.of_kind("attendance.recorded"):
        judged = fact.payload.get("judged")
        if not judged or fact.payload.get("service_date") != day.isoformat():
            continue
        name = fact.entry_id
        raised = tuple(dict.fromkeys((*codes(fact.payload.get("flags") or ()), *marks.get(name, ()))))
        classes = {one for signature in signed.get(name, ()) for one in _classes(calendar, fact, signature)}
        red = [code for code in raised if flag_rules.is_red(code) and not decisions.clears(name, code)]
        upheld = any((name, code) in decisions.upheld for code in red) or name in disputed.upheld
        inputs = Inputs(
            _device(facts, judged), fact.payload["strength"], judged["window"], _place(judged, raised),
            frozenset(classes | ({"off"} if name in granted else set())), red=tuple(red), disputed=name in disputed.open,
            upheld=upheld,
        )  # fmt: skip
        found[name] = Marked(grade(inputs, judged["version"]), raised)
    return found


def applied(taps: Iterable[Tap], found: Mapping[str, Marked]) -> list[Tap]:
    """The taps with their grades: one that was graded counts as its grade says, any other as it did."""
    return [
        replace(tap, counts=tap.counts and one.graded.counts, grade=one.graded, flags=tuple(sorted(one.flags)))
        if (one := found.get(tap.entry_id)) else tap
        for tap in taps
    ]  # fmt: skip


def hoped(taps: Iterable[Tap], *, open_month: bool) -> list[Tap]:
    """The taps as they would count if every decision went well; weak evidence only while its month is open (§9)."""
    return [
        tap if tap.grade and (tap.grade.reason == "D-UPHELD" or (tap.grade.reason == WEAK and not open_month))
        else replace(tap, counts=True)
        for tap in taps
    ]  # fmt: skip


def of_half(taps: Iterable[Tap], entries: Iterable[str]) -> Graded | None:
    """The grade of a half-day: the weakest of the taps that bound it, by their entry ids; None where one has none."""
    bounding = {tap.entry_id: tap for tap in taps if tap.entry_id in set(entries)}
    each = [grade(Inputs(corrected=True)) if tap.corrected else tap.grade for tap in bounding.values()]
    known = [one for one in each if one is not None]
    return weakest(known) if len(known) == len(each) else None


def month_open(programme: Programme, calendar: Calendar, day: dt.date, as_of: dt.datetime) -> bool:
    """Whether the month of a date is not closed yet: until 18:00 of the workday that `[lock]` names."""
    last = month_days(f"{day:%Y-%m}")[-1]
    return as_of < at(calendar.add_workdays(last, programme.setting("lock.month_close_workday")), MONTH_CLOSES)


def _signatures(facts: Facts) -> dict[str, list[FactRecord]]:
    """Entry id → the countersigns that stand: the newest word of each person about it, where it was not withdrawn."""
    newest: dict[tuple[str, str], FactRecord] = {}
    for fact in facts.of_kind("attendance.countersigned", "attendance.countersign_withdrawn"):
        actor = fact.payload.get("actor")
        person = actor.get("person") if isinstance(actor, Mapping) else None
        for target in names(fact.payload.get("targets") or fact.payload.get("target")):
            newest[target, person or fact.entry_id] = fact
    found: dict[str, list[FactRecord]] = {}
    for (target, _), fact in newest.items():
        if fact.kind == "attendance.countersigned":
            found.setdefault(target, []).append(fact)
    return found


def _classes(calendar: Calendar, tap: FactRecord, signature: FactRecord) -> frozenset[str]:
    said, actor = signature.payload, signature.payload.get("actor")
    role = actor.get("role") if isinstance(actor, Mapping) else None
    if not said.get("independent", True):
        return frozenset()
    signed_at = instant(said.get("signed_at")) or signature.at
    effective_at = instant(tap.payload["effective_at"]) or tap.at
    off = bool(said.get("off_rota")) and role in OFFICES
    return signature_classes(calendar, signed_at, effective_at, instant(tap.payload["received_at"]) or tap.at, off=off)


def _upheld_by_doctor(facts: Facts) -> frozenset[str]:
    """Entries whose physician objected to the grade and was right: it acts as a signature from outside (§9)."""
    decided = facts.last(("objection.decided",), "objection_id")
    return frozenset(
        fact.payload["target"]
        for fact in facts.of_kind("objection.filed")
        if isinstance(actor := fact.payload.get("actor"), Mapping) and actor.get("role") == "doctor"
        and (verdict := decided.get(fact.payload["objection_id"])) and verdict.payload["decision"] == "upheld"
    )  # fmt: skip


def _device(facts: Facts, judged: Mapping[str, str]) -> str:
    """A first key is not young once the receiving hospital has seen its owner in person (§6.1)."""
    if judged["device"] == "young" and judged.get("first_key") and any(facts.of_kind("posting.arrival_confirmed")):
        return "ok"
    return judged["device"]


def _place(judged: Mapping[str, str], raised: Iterable[str]) -> str:
    """A place that was the same to the millionth of a degree on three dates says nothing (`loc_constant`)."""
    return "undetermined" if judged["location"] == "inside" and "loc_constant" in raised else judged["location"]
