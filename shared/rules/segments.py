"""Unbroken stretches of a physician's duty half-days: chains of joined postings, cut where they break. Pure.

Source: continuity.md §2.1, after 晋卫办医管〔2012〕43号 (连续工作至少6个月) and 004 §六 (连续驻点时间不得少于6个月).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.calendar import Calendar, days_between, local_date
from shared.rules.days import HalfDay, Pattern, session_over
from shared.rules.durations import DAY
from shared.rules.history import Half, History
from shared.rules.load import Programme
from shared.rules.orders import effects
from shared.rules.terms import PostingTerms

CREDITED, DEBT, NONE = "credited", "debt", "none"
_BEST_FIRST = "AOLPX"


@dataclass(frozen=True)
class Seen:
    """A duty half-day in one reading: `status` with P read as A or X, and what it does to the segment it lies in."""

    half: Half
    status: str
    effect: str


@dataclass(frozen=True)
class Break:
    """What broke a segment: absence_run, absence_total, leave_run or ordered, and its dates."""

    kind: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Chain:
    """Postings that join in a scope, their past duty half-days in order (each once), and how it ends.

    `known`: the last date of which nothing is still to come; `end` may be one later, when its morning is over.
    `ahead`: the duty half-days to come that are registered, up to the date `listed`.
    """

    postings: tuple[PostingTerms, ...]
    halves: tuple[Half, ...]
    end: dt.date
    ended_by: str
    known: dt.date
    ahead: tuple[HalfDay, ...]
    listed: dt.date

    @property
    def start(self) -> dt.date:
        """First date of the first posting."""
        return self.postings[0].start

    @property
    def last(self) -> dt.date | None:
        """Last date of the last posting; None while one is open."""
        ends = [posting.end for posting in self.postings]
        return None if None in ends else max(filter(None, ends))


@dataclass(frozen=True)
class Segment:
    """An unbroken stretch. `seen` ends with the last half-day that belongs to it; `ended_by` break, posting_end,
    recipient_change, gap or as_of; `chain` is what it was cut from."""

    start: dt.date
    end: dt.date
    seen: tuple[Seen, ...]
    ended_by: str
    broken: Break | None
    chain: Chain


def chains(history: History, programme: Programme, calendar: Calendar, scope: str) -> list[Chain]:
    """The postings of a history in order, joined where the scope stays and no duty half-day lies between them.

    Postings whose mode has no duty (`none`) make no chain. A seat (team_slot) is one chain whoever holds it, for
    between two holders it is still on duty (continuity.md §4).
    """
    postings = [posting for posting in history.postings if programme.modes[posting.mode].duty != "none"]
    groups: list[list[PostingTerms]] = []
    for posting in sorted(postings, key=lambda p: (p.start, p.id)):
        seat = groups[0] if groups and scope == "team_slot" else None
        group = seat or next((g for g in groups if _joins(g, posting, programme, calendar, scope)), None)
        group.append(posting) if group else groups.append([posting])
    return [_chain(history, group, postings, programme, scope) for group in groups]


def scope_of(posting: PostingTerms, scope: str) -> tuple[str, ...]:
    """What must stay the same along a chain: the recipient, the pair, or nothing but the programme (or the seat)."""
    if scope == "recipient":
        return (posting.recipient_id,)
    return (posting.supporter_id, posting.recipient_id) if scope == "pair" else ()


def _joins(
    group: Sequence[PostingTerms], posting: PostingTerms, programme: Programme, calendar: Calendar, scope: str
) -> bool:
    ends = [one.end for one in group]
    if scope_of(group[-1], scope) != scope_of(posting, scope) or None in ends:
        return scope_of(group[-1], scope) == scope_of(posting, scope)
    between = days_between(max(end for end in ends if end) + DAY, posting.start - DAY)
    before, after = (Pattern.of(programme, one) for one in (group[-1], posting))
    return not any(before.usual(calendar, day) or after.usual(calendar, day) for day in between)


def _chain(
    history: History, group: Sequence[PostingTerms], postings: Sequence[PostingTerms], programme: Programme, scope: str
) -> Chain:
    ids = {posting.id for posting in group}
    best: dict[HalfDay, Half] = {}
    ahead = set[HalfDay]()
    today = local_date(history.as_of) if history.as_of else dt.date.max
    for half in history.halves:
        if not half.duty or not (half.posting_id in ids or scope == "team_slot"):
            continue
        at = half.at
        late = half.date > today or (half.date == today and not session_over(programme, at, history.as_of))
        if late or not half.status:
            ahead.add(at)  # leave and orders of days to come count nothing yet
        elif (other := best.get(at)) is None or _before(half, other):
            best[at] = half
    halves = tuple(best[at] for at in sorted(best))
    end, ended_by, known, listed = _end(history, group, postings, scope, halves, ahead)
    return Chain(tuple(group), halves, end, ended_by, known, tuple(sorted(ahead)), listed)


def _before(half: Half, other: Half) -> bool:
    """Which of two half-days at the same time is used: the better one, of equal ones that of the first posting."""
    return (_BEST_FIRST.index(half.status), half.posting_id) < (_BEST_FIRST.index(other.status), other.posting_id)


def _end(
    history: History, group: Sequence[PostingTerms], postings: Sequence[PostingTerms], scope: str, halves: Sequence[Half],
    ahead: set[HalfDay],
) -> tuple[dt.date, str, dt.date, dt.date]:  # fmt: skip
    """Chain.end, ended_by, known and listed. A date whose sessions are all to come does not belong to it yet."""
    last = None if any(posting.end is None for posting in group) else max(p.end for p in group if p.end)
    today = local_date(history.as_of) if history.as_of else None
    if today and (last is None or ahead or today < last):
        unfinished = any(day == today for day, _ in ahead)
        begun = bool(halves) and halves[-1].date == today
        known, end = (today - DAY if late else today for late in (unfinished, unfinished and not begun))
        return min(end, last or end), "as_of", min(known, last or known), last or today
    if last is None:
        raise ValueError("an open posting needs an as_of")
    follows = min((one for one in postings if one.start > last), key=lambda p: (p.start, p.id), default=None)
    same = follows is not None and scope_of(follows, scope) == scope_of(group[0], scope)
    return last, "posting_end" if follows is None else "gap" if same else "recipient_change", last, last


def walk(chain: Chain, programme: Programme, calendar: Calendar, *, hoped: bool, purpose: str = "continuity") -> list[Segment]:
    """The segments of a chain in order. `hoped` reads pending half-days as attended, otherwise as absent; `purpose`
    (continuity, accumulate) names the setting of `[ordered]` by which ordered work counts."""
    ordered = effects(chain.halves, chain.postings, programme, calendar, purpose)
    return _Walk(chain, programme, ordered, hoped).run()


class _Walk:
    """One pass over the half-days of a chain."""

    def __init__(self, chain: Chain, programme: Programme, ordered: Sequence[str], hoped: bool) -> None:
        self.chain, self.ordered = chain, ordered
        pending = "A" if hoped else "X"
        self.letters = [pending if half.status == "P" else half.status for half in chain.halves]
        self.cap = 2 * programme.setting("leave.cap_workdays")
        self.leave_days = programme.setting("leave.break_run_calendar_days")
        self.run_limit = 2 * programme.setting("absence.break_run_workdays")
        self.total_limit = 2 * programme.setting("absence.break_total_workdays")
        self.found: list[Segment] = []

    def run(self) -> list[Segment]:
        place, first = 0, True
        while (begin := self._begin(place, first)) is not None:
            place, first = self._segment(begin, self.chain.start if first and begin == 0 else self._day(begin)), False
        return self.found

    def _begin(self, place: int, first: bool) -> int | None:
        if first and self.letters and self.letters[0] in "AOL":
            return 0
        return next((n for n in range(place, len(self.letters)) if self.letters[n] == "A"), None)

    def _day(self, place: int) -> dt.date:
        return self.chain.halves[place].date

    def _segment(self, begin: int, start: dt.date) -> int:
        """Walk one segment from `begin`; gives the place from which the next may begin."""
        seen: list[Seen] = []
        absent = leave = 0
        run = begin
        for place in range(begin, len(self.letters)):
            letter = self.letters[place]
            absent, leave = absent + (letter == "X"), leave + (letter == "L")
            run = run if letter == self.letters[run] else place
            kind = self._broken(letter, run, place, absent)
            if kind is not None:
                first, last = self._breaking(kind, run, place)
                self._close(start, seen[: first - begin], Break(kind, self._day(first), self._day(last)))
                return last + 1
            seen.append(Seen(self.chain.halves[place], letter, self._effect(place, letter, leave)))
        self.found.append(Segment(start, self.chain.end, tuple(seen), self.chain.ended_by, None, self.chain))
        return len(self.letters)

    def _broken(self, letter: str, run: int, place: int, absent: int) -> str | None:
        if letter == "X" and place - run + 1 >= self.run_limit:
            return "absence_run"
        if letter == "X" and absent >= self.total_limit:
            return "absence_total"
        if letter == "L" and (self._day(place) - self._day(run)).days + 1 > self.leave_days:
            return "leave_run"
        return "ordered" if letter == "O" and self.ordered[place] == "break" else None

    def _breaking(self, kind: str, run: int, place: int) -> tuple[int, int]:
        """First and last place of what broke it: a whole run; of ordered work only what is not credited."""
        if kind == "absence_total":
            return place, place
        last, letter, ordered = place, self.letters[place], self.ordered[place]
        while last + 1 < len(self.letters) and (self.letters[last + 1], self.ordered[last + 1]) == (letter, ordered):
            last += 1
        return (place if kind == "ordered" else run), last

    def _effect(self, place: int, letter: str, leave: int) -> str:
        if letter == "A" or (letter == "L" and leave <= self.cap):
            return CREDITED
        return CREDITED if letter == "O" and self.ordered[place] == "count" else DEBT

    def _close(self, start: dt.date, seen: Sequence[Seen], broken: Break) -> None:
        """End a broken segment with its last credited half-day; without one there was none."""
        last = max((n for n, one in enumerate(seen) if one.effect == CREDITED), default=None)
        if last is not None:
            kept = tuple(seen[: last + 1])
            self.found.append(Segment(start, kept[-1].half.date, kept, "break", broken, self.chain))


def postings_in(segment: Segment) -> Iterable[PostingTerms]:
    """The postings of the chain that touch the segment's dates, in order."""
    return (p for p in segment.chain.postings if p.start <= segment.end and (p.end is None or p.end >= segment.start))
