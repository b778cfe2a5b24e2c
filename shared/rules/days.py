"""What a half-day is owed and what covers it: duty, leave, ordered work, corrections (continuity.md §1). Pure.

A half-day is (date, "am" | "pm"); pairs compare in time order.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shared.attendance.session import HALVES
from shared.calendar import Calendar, days_between, local_date
from shared.rules.load import Mode, Programme
from shared.rules.schema import APPROVERS, ISSUERS
from shared.rules.terms import PostingTerms

HalfDay = tuple[dt.date, str]
VALID, PENDING, INVALID = "valid", "pending", "invalid"
_SHORT_NOTICE = frozenset({"sick", "emergency"})
_ANY_ISSUER = frozenset({"meeting", "travel"})


@dataclass(frozen=True)
class Pattern:
    """The duty pattern of a posting: its mode, its dates (both included, end None = open) and its roster."""

    mode: Mode
    start: dt.date
    end: dt.date | None
    roster: Mapping[HalfDay, str] = field(default_factory=dict)

    @classmethod
    def of(cls, programme: Programme, terms: PostingTerms) -> Pattern:
        """The pattern of a posting by its programme's modes."""
        return cls(programme.modes[terms.mode], terms.start, terms.end, terms.roster)

    def owed(self, calendar: Calendar, day: dt.date) -> dict[str, bool]:
        """Which sessions of a date are duty half-days (§1.1): both on workdays, the rostered ones, or none."""
        inside = self.start <= day and (self.end is None or day <= self.end)
        if not inside or self.mode.duty == "none":
            return dict.fromkeys(HALVES, False)
        if self.mode.duty == "roster":
            return {half: (day, half) in self.roster for half in HALVES}
        workday = calendar.is_workday(day)
        return {half: workday and half in self.mode.sessions for half in HALVES}

    def usual(self, calendar: Calendar, day: dt.date) -> tuple[str, ...]:
        """The sessions that would be owed on a date if the posting held it: a roster goes on week by week, on workdays.

        A roster that is empty says nothing and owes every workday, so that no gap is taken for a rest.
        """
        if self.mode.duty == "none" or not calendar.is_workday(day):
            return ()
        if self.mode.duty == "roster" and self.roster:
            return tuple(half for half in self.mode.sessions if (day.weekday(), half) in self._weekly)
        return self.mode.sessions

    @functools.cached_property
    def _weekly(self) -> frozenset[tuple[int, str]]:
        """The weekday and session of every rostered half-day."""
        return frozenset((day.weekday(), half) for day, half in self.roster)


@dataclass(frozen=True)
class Slip:
    """A leave slip over the half-days first..last. `decision`: pending, approved, rejected; `level` of who approved.

    `only`: just the mornings ("am") or afternoons ("pm") between, None = all of it.
    """

    id: str
    type: str
    first: HalfDay
    last: HalfDay
    filed_at: dt.datetime
    decision: str
    level: int = 0
    evidence: tuple[str, ...] = ()
    only: str | None = None

    def covers(self, half: HalfDay) -> bool:
        """Whether the slip lies over this half-day."""
        return self.first <= half <= self.last and self.only in (None, half[1])


@dataclass(frozen=True)
class Order:
    """Ordered work over the half-days first..last; `issuer_level` is one of ISSUERS."""

    id: str
    kind: str
    doc_no: str | None
    issuer_level: str | None
    first: HalfDay
    last: HalfDay
    decision: str
    evidence: tuple[str, ...] = ()
    only: str | None = None

    def covers(self, half: HalfDay) -> bool:
        """Whether the order lies over this half-day."""
        return self.first <= half <= self.last and self.only in (None, half[1])


@dataclass(frozen=True)
class Correction:
    """A request to supply what a scan missed on one date; `outage`: a declared site outage, outside the limit."""

    id: str
    date: dt.date
    filed_at: dt.datetime
    decision: str
    outage: bool = False
    decided_by: str | None = None
    own: bool = False


def slip_verdict(slip: Slip, programme: Programme, calendar: Calendar, pattern: Pattern) -> tuple[str, str]:
    """Whether a slip is valid as a whole, and why not: leave_late, leave_refused, leave_level (§1.3, 3).

    Filed in time: by the start of its first session; sickness and emergency until 24:00 of the
    `late_filing_workdays`-th workday after its first date. The level follows the ladder `[leave] approve`.
    """
    start, _ = programme.session_windows.on(slip.first[1], slip.first[0])
    days = programme.setting("leave.late_filing_workdays")
    grace = local_date(slip.filed_at) <= calendar.add_workdays(slip.first[0], days)
    if not (slip.filed_at <= start or (slip.type in _SHORT_NOTICE and grace)):
        return INVALID, "leave_late"
    if slip.decision == "pending":
        return PENDING, "decision_pending"
    if slip.decision != "approved":
        return INVALID, "leave_refused"
    if slip.level < level_needed(programme, duty_half_days(slip, calendar, pattern)):
        return INVALID, "leave_level"
    return VALID, ""


def duty_half_days(span: Slip | Order, calendar: Calendar, pattern: Pattern) -> int:
    """The duty half-days a slip or order lies over."""
    days = days_between(span.first[0], span.last[0])
    return sum(owed and span.covers((day, half)) for day in days for half, owed in pattern.owed(calendar, day).items())


def level_needed(programme: Programme, half_days: int) -> int:
    """The lowest approval level for a slip of this many duty half-days: the first rung whose limit holds it."""
    for rung in programme.setting("leave.approve"):
        limit = rung.get("up_to_workdays")
        if limit is None or half_days <= 2 * limit:
            return int(APPROVERS[rung["by"]])
    raise AssertionError("the last rung has no limit")  # approve_ladder refuses any other file


def order_verdict(order: Order, programme: Programme) -> tuple[str, str]:
    """Whether ordered work covers: accepted, with a document number, from an issuer high enough (§1.3, 2)."""
    if order.decision == "pending":
        return PENDING, "decision_pending"
    lowest = ISSUERS.index(programme.setting("ordered.min_issuer"))
    high_enough = order.kind in _ANY_ISSUER or (
        order.issuer_level in ISSUERS and ISSUERS.index(order.issuer_level) >= lowest
    )
    if order.decision != "accepted" or not order.doc_no or not high_enough:
        return INVALID, "order_issuer"
    return VALID, ""


def correction_verdicts(
    corrections: Iterable[Correction], programme: Programme, calendar: Calendar
) -> dict[str, tuple[str, str]]:
    """The verdict of every correction of a posting (§1.2): in time, within the monthly limit, decided by another.

    The limit counts approved and pending requests of the date's calendar month in order of filing; refused, late and
    outage requests do not use it up.
    """
    limit = programme.setting("correction.max_per_month")
    used: dict[tuple[int, int], int] = {}
    verdicts: dict[str, tuple[str, str]] = {}
    for item in sorted(corrections, key=lambda c: (c.filed_at, c.id)):
        month = (item.date.year, item.date.month)
        if not window_open(programme, calendar, item.date, item.filed_at):
            verdicts[item.id] = INVALID, "correction_late"
        elif item.decision not in ("approved", "pending") or item.own or not _may_decide(item):
            verdicts[item.id] = INVALID, "correction_refused"
        elif not item.outage and used.get(month, 0) >= limit:
            verdicts[item.id] = INVALID, "correction_limit"
        else:
            used[month] = used.get(month, 0) + (not item.outage)
            verdicts[item.id] = (VALID, "") if item.decision == "approved" else (PENDING, "decision_pending")
    return verdicts


def _may_decide(item: Correction) -> bool:
    return item.decision == "pending" or item.decided_by in ("recipient_admin", "county_officer")


def window_open(programme: Programme, calendar: Calendar, day: dt.date, as_of: dt.datetime) -> bool:
    """Whether a correction of the date may still be filed: until 24:00 of the n-th workday after it (§1.2)."""
    return local_date(as_of) <= calendar.add_workdays(day, programme.setting("correction.window_workdays"))


def session_over(programme: Programme, at: HalfDay, as_of: dt.datetime | None) -> bool:
    """Whether the session of a half-day has ended; `as_of` None = everything is over."""
    if as_of is None or at[0] < local_date(as_of):
        return True
    return at[0] == local_date(as_of) and programme.session_windows.on(at[1], at[0])[1] <= as_of


def half_status(
    *, duty: bool, attended: bool, covers: Iterable[str], undecided: bool, ended: bool, window: bool, why_absent: str
) -> tuple[str, str | None]:
    """Status and reason of a half-day, first match wins (§1.3); "" with `future` while its session has not ended.

    `covers` holds "O" or "L" for valid cover over the half-day; `undecided`: attendance or cover awaits a decision.
    """
    found = set(covers)
    if attended:
        return "A", None
    if not duty:
        return "", None
    if found:
        return ("O" if "O" in found else "L"), None
    if undecided:
        return "P", "decision_pending"
    if not ended:
        return "", "future"
    return ("P", "window_open") if window else ("X", why_absent)
