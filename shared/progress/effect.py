"""What a decision would change: the standing of continuity with a request granted and with it refused. Pure.

Nothing here is stored. The same pure rules judge both readings, from day facts folded anew for the dates in question.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shared.calendar import Calendar, days_between, midnight_after
from shared.progress.facts import DayFact, FactRecord, PostingTerms
from shared.progress.fold import fold_day
from shared.progress.reading import Facts
from shared.progress.standing import judge_standing
from shared.rules.load import Programme

_NAMES = {"correction": "correction_id", "leave": "leave_id", "ordered_work": "ordered_id"}
_GRANTED = {"correction": "approved", "leave": "approved", "ordered_work": "accepted"}
_LAST = 2**53 - 1
TOP_LEVEL = 5


@dataclass(frozen=True)
class Scene:
    """One physician in one programme: terms of the postings, stored day facts, and the facts of the posting in question
    over the calendar months it concerns. `programme` gives the version that counts on a date."""

    programme: Callable[[dt.date], Programme]
    calendar: Calendar
    postings: Sequence[PostingTerms]
    posting: PostingTerms
    days: Mapping[tuple[str, dt.date], DayFact]
    facts: Facts
    as_of: dt.datetime
    today: dt.date


@dataclass(frozen=True)
class Outlook:
    """Continuity in one reading (its worse one while half-days are open). Amounts are half-days.

    `start` of the segment that speaks, None before anything was attended; `breaks`: first dates of its breaks; `earliest`:
    when the months are full if every duty half-day to come is attended.
    """

    months: int
    start: str | None = None
    breaks: frozenset[str] = frozenset()
    debt: int = 0
    leave: int = 0
    earliest: str | None = None
    met_on: str | None = None


@dataclass(frozen=True)
class Effect:
    """Both readings of one request, where a continuity rule concerns the posting; `days` as granted."""

    granted: Outlook | None
    refused: Outlook | None
    days: Mapping[dt.date, DayFact] = field(default_factory=dict)

    def sentence(self, kind: str) -> str:
        """The effect in words (experience.md SV-01, PH-10); kind: correction, leave or ordered_work."""
        done = {"correction": "补后", "leave": "批准后"}.get(kind, "认定后")
        if self.granted is None or self.refused is None:
            return f"{done}不涉及连续派驻"
        new, spared = self.granted.breaks - self.refused.breaks, self.refused.breaks - self.granted.breaks
        if self.granted.start is None:
            return f"{done}连续派驻仍未开始"
        if new:
            return f"{done}连续派驻自 {min(new)} 起中断"
        if spared:
            return f"{done}连续派驻不中断,否则自 {min(spared)} 起中断"
        if self.granted.start != self.refused.start:
            return f"{done}连续派驻自 {self.granted.start} 起计"
        return f"{done}连续派驻不中断{self._moved()}"

    def _moved(self) -> str:
        assert self.granted is not None
        assert self.refused is not None
        less, until = self.refused.debt - self.granted.debt, self.granted.earliest
        when = f",预计 {until} 满 {self.granted.months} 个月" if until else ""
        if less > 0:
            return f",少补 {less} 个半天{when}"
        return f",另需补足 {-less} 个半天{when}" if less < 0 else when


def decided(kind: str, request_id: str, *, granted: bool, as_of: dt.datetime) -> FactRecord:
    """The decision that somebody at a sufficient level might take; it is never appended."""
    role = "county_officer" if kind != "leave" else "province_officer"
    told = {_NAMES[kind]: request_id, "decision": _GRANTED[kind] if granted else "rejected", "level": TOP_LEVEL,
            "actor": {"role": role, "person": None}}  # fmt: skip
    return FactRecord(f"~decided-{granted}", f"{kind}.decided", _LAST, as_of, told)


def effect_of(scene: Scene, days: Sequence[dt.date], granted: Iterable[FactRecord], refused: Iterable[FactRecord]) -> Effect:
    """Judge both readings of a request that lies over these dates, each made by facts that are assumed, not appended."""
    with_it, without = _refolded(scene, days, granted), _refolded(scene, days, refused)
    return Effect(_outlook(scene, with_it), _outlook(scene, without), with_it)


def _refolded(scene: Scene, days: Sequence[dt.date], extra: Iterable[FactRecord]) -> dict[dt.date, DayFact]:
    known = Facts.of([*(fact for listed in scene.facts.by_kind.values() for fact in listed), *extra])
    return {
        day: fold_day(scene.programme(day), scene.calendar, scene.posting, known, day, scene.as_of)
        for day in days if scene.posting.holds(day)
    }  # fmt: skip


def _outlook(scene: Scene, folded: Mapping[dt.date, DayFact]) -> Outlook | None:
    """The first continuity rule that concerns the posting, judged with these days in place of the stored ones.

    A request over days to come is judged as of their end, everything else until then being attended.
    """
    until = max([scene.today, *folded])
    ahead = days_between(scene.today, until) if until > scene.today else []
    as_of = midnight_after(until) if ahead else scene.as_of
    facts = {**scene.days, **{(scene.posting.id, day): fact for day, fact in folded.items()}}
    begun = [one for one in scene.postings if one.start <= until]
    for terms in begun:
        facts |= {(terms.id, day): _attended(scene, terms, facts.get((terms.id, day)), day) for day in ahead if terms.holds(day)}
    states = judge_standing(scene.programme(scene.today), scene.calendar, begun, facts.values(), as_of)
    mine = [one for one in states if one.subject_id == scene.posting.id and one.metric == "continuity"]
    return _of_detail(mine[0].detail) if mine else None


def _attended(scene: Scene, terms: PostingTerms, fact: DayFact | None, day: dt.date) -> DayFact:
    """The day with every half-day attended that is owed and still to come."""
    found = fact or fold_day(scene.programme(day), scene.calendar, terms, Facts.of(()), day, scene.as_of)
    halves = {
        name: replace(half, status="A", reason=None) if found.duty[name] and not half.status else half
        for name, half in found.halves.items()
    }  # fmt: skip
    return replace(found, halves=halves)


def _of_detail(detail: Mapping[str, Any]) -> Outlook:
    segments = detail["segments"]
    breaks = frozenset(one["break"]["from"] for one in segments if one["break"])
    if not segments:
        return Outlook(int(detail["months"]), None, breaks)
    met = [one for one in segments if one["met_on"]]
    one = min(met, key=lambda each: str(each["met_on"])) if met else segments[-1]
    amounts = one["half_days"]
    return Outlook(
        int(detail["months"]), one["start"], breaks, amounts["debt"], amounts["leave"], one["projected_on"], one["met_on"]
    )
