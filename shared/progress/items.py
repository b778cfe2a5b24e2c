"""What a day fact gives each metric (rules.md §6), and which days leave or ordered work covers. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from shared.attendance.session import HALVES
from shared.progress.facts import DayFact, HalfFact
from shared.rules.quota import Item


def outpatient_half_days(fact: DayFact) -> Iterator[Item]:
    """(date, half, clinic) with an outpatient log and attended at that clinic; unattended entries do not count."""
    for half, seen in fact.halves.items():
        logged = seen.outpatient
        if logged and logged["clinic_id"] == seen.clinic_id and (seen.status == "A" or seen.pending):
            yield _half_item(fact, half, seen, (logged["entry_id"],))


def on_site_half_days(fact: DayFact) -> Iterator[Item]:
    """(date, half, clinic) attended, on rest days too."""
    for half, seen in fact.halves.items():
        if seen.status == "A" or seen.pending:
            yield _half_item(fact, half, seen)


def on_site_days(fact: DayFact) -> Iterator[Item]:
    """Dates with at least one attended half-day, once for all members of a team."""
    for item in on_site_half_days(fact):
        yield Item((fact.date,), item.day, item.group, item.sure, item.evidence)


def ward_rounds(fact: DayFact) -> Iterator[Item]:
    """Rounds: one per date and kind, ward and teaching rounds alike; they need no scan of their own."""
    kinds = {entry["kind"]: entry["entry_id"] for entry in fact.activities if entry["count"] != 0}
    for kind in ("ward_round", "teaching_round"):
        if kind in kinds:
            yield Item((fact.date, kind), fact.date, evidence=(kinds[kind],))


READERS: Mapping[str, Callable[[DayFact], Iterator[Item]]] = {
    "outpatient_half_days": outpatient_half_days,
    "on_site_half_days": on_site_half_days,
    "on_site_days": on_site_days,
    "ward_rounds": ward_rounds,
}
"""Every metric that day facts answer; others come with the records of later rules."""


def _half_item(fact: DayFact, half: str, seen: HalfFact, more: tuple[str, ...] = ()) -> Item:
    key = fact.date, half, seen.clinic_id
    return Item(key, fact.date, seen.clinic_id, seen.status == "A", (*seen.evidence, *more))


def covered(facts: Sequence[DayFact], letters: frozenset[str], *, hoped: bool, granted: bool) -> bool:
    """Whether a workday falls out of the week's n: both half-days covered and not attended (rules.md §5.1).

    `facts` are the day facts of every matching posting on that date; `letters` the cover that is subtracted (L, O).
    `hoped` takes pending half-days as attended, `granted` takes undecided slips as approved.
    """
    return bool(facts) and all(
        _free(fact.halves[half], letters, hoped=hoped, granted=granted) for fact in facts for half in HALVES
    )


def _free(half: HalfFact, letters: frozenset[str], *, hoped: bool, granted: bool) -> bool:
    attended = half.status == "A" or (hoped and half.pending)
    return not attended and (half.cover in letters or (granted and half.cover_pending))
