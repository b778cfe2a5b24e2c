"""Accumulated service (累计): the days of all postings and recognised credits, each calendar day once. Pure.

Source: continuity.md §3, after 004 §二 (累计服务不少于1年) and §六 (援外、援藏、援疆 … 可计算为对口支援时间).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from shared.calendar import Calendar, days_between
from shared.rules.balance import Balance
from shared.rules.days import HalfDay
from shared.rules.durations import DAY, Length, length
from shared.rules.history import History
from shared.rules.load import Programme, Rule
from shared.rules.result import MET, NOT_APPLICABLE, NOT_MET, OPEN, PROVISIONAL, readings
from shared.rules.segments import Chain, Segment, chains, postings_in, walk
from shared.rules.terms import PostingTerms

DAYS_OF_CREDIT_MONTH = 30
"""A month of credit at a ratio other than 1, in days (continuity.md §3)."""
Span = tuple[dt.date, dt.date, tuple[str, ...]]
"""First and last date, both included, and the postings and credits it comes from."""


@dataclass(frozen=True)
class Credit:
    """External time with a document: `counts` is a word of the programme's credit rules, or None = taken as named.

    `ratio` and `cap_months` None = those of the rule, else 1 and no cap. Dates include both ends.
    """

    id: str
    counts: str | None
    first: dt.date
    last: dt.date
    ratio: Fraction | None = None
    cap_months: int | None = None
    doc_no: str | None = None


@dataclass(frozen=True)
class Part:
    """An interval that counts: posting and credit ids, dates, ratio, and what it comes to."""

    sources: tuple[str, ...]
    first: dt.date
    last: dt.date
    ratio: Fraction
    length: Length

    def to_dict(self) -> dict[str, Any]:
        """JSON form, members in the order of an answer."""
        return {
            "sources": list(self.sources), "from": self.first.isoformat(), "to": self.last.isoformat(),
            "ratio": str(self.ratio), **self.length.to_dict(),
        }  # fmt: skip


@dataclass(frozen=True)
class Accumulation:
    """The answer: result met, not_met, open, provisional or not_applicable; total and parts of the worst reading."""

    required_months: int
    result: str
    total: Length
    parts: tuple[Part, ...]
    gate: tuple[str, ...]
    best: str | None = None
    worst: str | None = None

    @property
    def provisional(self) -> bool:
        """Whether a decision or an unpublished calendar may still change it."""
        return self.result == PROVISIONAL

    def to_dict(self) -> dict[str, Any]:
        """JSON form, members in the order of an answer."""
        return {
            "required_months": self.required_months, "result": self.result, "total": self.total.to_dict(),
            "parts": [part.to_dict() for part in self.parts], "gate": list(self.gate), "provisional": self.provisional,
            **readings(self.best, self.worst),
        }  # fmt: skip


def evaluate(
    history: History, programme: Programme, calendar: Calendar, rule: Rule, credits_: Iterable[Credit] = (),
    since: dt.date | None = None,
) -> Accumulation:  # fmt: skip
    """Sum a physician's service and credits for an accumulate rule.

    The history holds the postings that match the rule. `since`: earlier days count nothing (`accumulate.count_since`,
    the date of licence or title). Credits are those of one physician.
    """
    known = [_ruled(credit, programme) for credit in credits_]
    if not history.postings and not known:
        return Accumulation(rule.get("value"), NOT_APPLICABLE, Length(0, 0), (), tuple(rule.get("gate")))
    on = _Ground.of(history, programme, calendar)
    pending = any(half.status == "P" for chain in (*on.chains, *on.rounds) for half in chain.halves)
    readings = [on.sum(known, since, hoped=hoped) for hoped in ((False, True) if pending else (False,))]
    running = any(chain.ended_by == "as_of" for chain in (*on.chains, *on.rounds))
    results = [_result(total, rule.get("value"), running) for _, total in readings]
    parts, total = readings[0]
    doubt = results[0] != results[-1]
    if not doubt and on.unpublished():
        doubt = _result(on.sum(known, since, hoped=False, published=True)[1], rule.get("value"), running) != MET
    told = pending or doubt
    return Accumulation(
        rule.get("value"), PROVISIONAL if doubt else results[0], total, parts, tuple(rule.get("gate")),
        results[-1] if told else None, results[0] if told else None,
    )  # fmt: skip


@dataclass(frozen=True)
class _Ground:
    """The service of a physician: chains of postings with a workday duty, and each posting worked by roster."""

    programme: Programme
    calendar: Calendar
    chains: tuple[Chain, ...]
    rounds: tuple[Chain, ...]

    @classmethod
    def of(cls, history: History, programme: Programme, calendar: Calendar) -> _Ground:
        """Postings that join count as one stay, so that splitting one gives no second allowance of leave."""

        def by(duty: str) -> list[PostingTerms]:
            return [one for one in history.postings if programme.modes[one.mode].duty == duty]

        def joined(postings: Sequence[PostingTerms]) -> list[Chain]:
            return chains(replace(history, postings=tuple(postings)), programme, calendar, "recipient")

        rounds = [chain for one in by("roster") for chain in joined([one])]
        return cls(programme, calendar, tuple(joined(by("workdays"))), tuple(rounds))

    def segments(self, *, hoped: bool) -> list[Segment]:
        """Every segment, ordered work counting by `ordered.accumulate`."""
        walked = (walk(chain, self.programme, self.calendar, hoped=hoped, purpose="accumulate") for chain in self.chains)
        return [segment for segments in walked for segment in segments]

    def unpublished(self) -> bool:
        """Whether a segment reaches into a year without a published calendar."""
        return any(map(self._provisional, self.segments(hoped=False)))

    def _provisional(self, segment: Segment) -> bool:
        return self.calendar.is_provisional_between(segment.start, segment.end)

    def spans(self, *, hoped: bool, published: bool = False) -> list[Span]:
        """The days of every segment, up to what is repaid; `published`: only those that no calendar may still change."""
        shortest = self.programme.settings["accumulate"].get("min_stay_months", 0)
        found: list[Span] = []
        for segment in self.segments(hoped=hoped):
            end = Balance.of_segment(segment).effective_end()
            enough = end >= segment.start and length(segment.start, end).months >= shortest
            if enough and not (published and self._provisional(segment)):
                found.append((segment.start, end, tuple(posting.id for posting in postings_in(segment))))
        return found

    def sum(
        self, known: Sequence[Credit], since: dt.date | None, *, hoped: bool, published: bool = False
    ) -> tuple[tuple[Part, ...], Length]:
        """The parts in order and their total, in one reading of the pending half-days."""
        spans = self.spans(hoped=hoped, published=published)
        return _sum(spans, _rounds(self.rounds, hoped=hoped), known, self.programme, since)


def stays(history: History, posting: PostingTerms, programme: Programme, calendar: Calendar) -> list[Length]:
    """The lengths of one posting's segments, up to what is repaid, in the worst reading."""
    on = _Ground.of(replace(history, postings=(posting,)), programme, calendar)
    return [length(first, last) for first, last, _ in on.spans(hoped=False)]


def _ruled(credit: Credit, programme: Programme) -> Credit:
    """The credit at the ratio and cap of the programme's rule that names it; one nobody names counts nothing."""
    rule = next((r for r in programme.rules if r.kind == "credit" and credit.counts in r.get("counts")), None)
    if rule is None:
        usual = Fraction(0) if credit.counts is not None else Fraction(1)
        return replace(credit, ratio=usual if credit.counts is not None else credit.ratio or usual)
    ratio = credit.ratio if credit.ratio is not None else Fraction(rule.get("ratio"))
    cap = credit.cap_months if credit.cap_months is not None else rule.get("cap_months")
    return replace(credit, ratio=ratio, cap_months=cap)


def _result(total: Length, months: int, running: bool) -> str:
    return MET if total >= Length(months, 0) else OPEN if running else NOT_MET


def _rounds(postings: Sequence[Chain], *, hoped: bool) -> list[tuple[str, list[HalfDay]]]:
    """Posting id and attended half-days of postings worked by roster."""
    letters = ("A", "P") if hoped else ("A",)
    return [(one.postings[0].id, [half.at for half in one.halves if half.status in letters]) for one in postings]


def _sum(
    spans: list[Span], rounds: Sequence[tuple[str, list[HalfDay]]], known: Sequence[Credit], programme: Programme,
    since: dt.date | None,
) -> tuple[tuple[Part, ...], Length]:  # fmt: skip
    full = [(c.first, c.last, (c.id,)) for c in known if c.ratio == 1 and c.cap_months is None]
    united = _united([cut for span in [*spans, *full] if (cut := _since(span, since))])
    parts = [Part(sources, first, last, Fraction(1), length(first, last)) for first, last, sources in united]
    by_roster, dates = _by_roster(rounds, united, programme, since)
    rest = [c for c in known if not (c.ratio == 1 and c.cap_months is None)]
    parts += by_roster + _at_ratio(rest, [*united, *((day, day, ()) for day in dates)], since)
    parts.sort(key=lambda part: (part.first, part.last, part.sources))
    return tuple(parts), _total(parts, programme.setting("accumulate.day_to_month"))


def _since(span: Span, since: dt.date | None) -> Span | None:
    first = max(span[0], since) if since else span[0]
    return (first, span[1], span[2]) if first <= span[1] else None


def _united(spans: Iterable[Span]) -> list[Span]:
    """Intervals that overlap or touch become one: a calendar day counts once per person."""
    found: list[Span] = []
    for first, last, sources in sorted(spans):
        if found and first <= found[-1][1] + DAY:
            begun, end, known = found[-1]
            found[-1] = begun, max(end, last), tuple(dict.fromkeys((*known, *sources)))
        else:
            found.append((first, last, sources))
    return found


def _by_roster(
    rounds: Sequence[tuple[str, list[HalfDay]]], united: Sequence[Span], programme: Programme, since: dt.date | None
) -> tuple[list[Part], list[dt.date]]:
    """A part for each posting worked by roster, and the dates they add; a half-day counts once per person."""
    setting = programme.settings["accumulate"]
    counted = {day for first, last, _ in united for day in days_between(first, last)}
    taken, parts = set[HalfDay](), []
    for posting_id, attended in rounds:
        mine = [at for at in attended if at[0] not in counted and at not in taken and (since is None or at[0] >= since)]
        found = Length(*divmod(len(mine) // setting["half_days_per_day"], setting["days_per_month"]))
        if mine and found.months >= setting.get("min_stay_months", 0):
            parts.append(Part((posting_id,), mine[0][0], mine[-1][0], Fraction(1), found))
            taken |= set(mine)
    return parts, sorted({day for day, _ in taken})


def _at_ratio(credits_: Sequence[Credit], counted: Sequence[Span], since: dt.date | None) -> list[Part]:
    """Credits in falling ratio: days counted already fall out, each remaining piece is measured, the cap limits a kind.

    One at ratio 0, which the programme does not name, is listed whole with nothing.
    """
    taken, used, parts = list(counted), dict[str, int](), []
    for credit in sorted(credits_, key=lambda c: (-(c.ratio or 0), c.first, c.id)):
        ratio, kind = credit.ratio or Fraction(0), credit.counts or credit.id
        cut = _since((credit.first, credit.last, (credit.id,)), since)
        for first, last in _pieces(cut, taken if ratio else []) if cut else []:
            whole = length(first, last)
            days = int((DAYS_OF_CREDIT_MONTH * whole.months + whole.days) * ratio)
            if credit.cap_months is not None:
                days = min(days, max(0, DAYS_OF_CREDIT_MONTH * credit.cap_months - used.get(kind, 0)))
            used[kind] = used.get(kind, 0) + days
            parts.append(Part((credit.id,), first, last, ratio, Length(*divmod(days, DAYS_OF_CREDIT_MONTH))))
            if ratio:
                taken.append((first, last, (credit.id,)))
    return parts


def _pieces(span: Span, taken: Iterable[Span]) -> list[tuple[dt.date, dt.date]]:
    pieces = [(span[0], span[1])]
    for first, last, _ in taken:
        pieces = [
            piece
            for begin, end in pieces
            for piece in ((begin, min(end, first - DAY)), (max(begin, last + DAY), end))
            if piece[0] <= piece[1]
        ]
    return list(dict.fromkeys(pieces))


def _total(parts: Sequence[Part], day_to_month: int) -> Length:
    months, days = divmod(sum(part.length.days for part in parts), day_to_month)
    return Length(sum(part.length.months for part in parts) + months, days)

