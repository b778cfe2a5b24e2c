"""Fold everything recorded for one posting and date into one day fact. Pure, idempotent, order-free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shared.attendance.flags import two_places
from shared.attendance.grade import Graded, Inputs, grade
from shared.attendance.session import HALVES, DayAttendance, HalfAttendance, Tap, intervals, pair_day
from shared.calendar import Calendar
from shared.progress import grades
from shared.progress.chain import is_burst, raised_on_diary
from shared.progress.diaries import Log, log_of
from shared.progress.facts import DayFact, FactRecord, HalfFact, PostingTerms
from shared.progress.objections import Disputed
from shared.progress.reading import Decisions, Facts, Request, orders_of, requests_of, slips_of, taps_of
from shared.progress.spots import MISSED, missed, spots_of
from shared.rules import days
from shared.rules.days import PENDING, VALID, Order, Pattern, Slip
from shared.rules.load import Programme

__all__ = ["DayFact", "FactRecord", "Facts", "HalfFact", "PostingTerms", "fold_day"]


@dataclass(frozen=True)
class _Ground:
    """What every part of one folding looks at."""

    programme: Programme
    calendar: Calendar
    posting: PostingTerms
    pattern: Pattern
    day: dt.date
    as_of: dt.datetime


@dataclass(frozen=True)
class _Presence:
    """Attendance as it counts, as it would count if every open decision about it went well, and as it was scanned."""

    sure: DayAttendance
    possible: DayAttendance
    scanned: DayAttendance
    taps: tuple[Tap, ...]
    granted: Mapping[str, str]
    asked: Mapping[str, str]
    raised: tuple[str, ...]
    refused: Mapping[str, str]
    corrections: int
    evidence: tuple[str, ...]
    missed: Mapping[str, tuple[str, tuple[str, ...]]]


def fold_day(
    programme: Programme, calendar: Calendar, posting: PostingTerms, facts: Iterable[FactRecord] | Facts,
    day: dt.date, as_of: dt.datetime,
) -> DayFact:  # fmt: skip
    """The day fact of a posting and date as known at `as_of`.

    `facts` are the facts of the posting that touch the date, in any order, each once or more; facts of other dates do
    no harm, and those of the calendar month are needed where corrections were asked for (their monthly limit).
    Whoever folds many days makes `Facts.of(...)` once and hands it to each.
    """
    pattern = Pattern.of(programme, posting)
    on = _Ground(programme, calendar, posting, pattern, day, as_of)
    known = facts if isinstance(facts, Facts) else Facts.of(facts)
    presence, covers = _presence(on, known), _covers(on, known)
    log = log_of(programme, known, day)
    owed = pattern.owed(calendar, day)
    halves = {half: _half(on, half, owed[half], presence, covers[half], log) for half in HALVES}
    log = log.due(programme, [half for half in HALVES if halves[half].status == "A"])
    used = {entry for half in halves.values() for entry in half.evidence}
    return DayFact(
        posting_id=posting.id, date=day, duty=owed, rest_day=not calendar.is_workday(day), halves=halves,
        ward_rounds=log.rounds(), teaching_rounds=log.rounds("teaching_round"), activities=log.activities,
        diary=log.diary, record_refs=log.record_refs, corrections=presence.corrections,
        flags=tuple(sorted({*presence.raised, *(flag for half in halves.values() for flag in half.flags)})),
        evidence=tuple(sorted({*used, *log.evidence})), provisional=calendar.is_provisional(day),
        pending=any(half.status == "P" or half.pending or half.cover_pending for half in halves.values()),
        spots=tuple(one.to_fact() for one in spots_of(known, day)),
    )  # fmt: skip


def _presence(on: _Ground, known: Facts) -> _Presence:
    """Pair the day's taps twice: with what counts now, and with every open decision granted."""
    decisions, disputed, spots = Decisions.of(known), Disputed.of(known), spots_of(known, on.day)
    graded = grades.graded(known, on.day, decisions, on.calendar, on.as_of)
    taps = grades.applied(taps_of(known, on.day, decisions, disputed.open, disputed.upheld), graded)
    requests = requests_of(known)
    verdicts = days.correction_verdicts((request.terms for request in requests), on.programme, on.calendar)
    today = [(request, *verdicts[request.terms.id]) for request in requests if request.terms.date == on.day]
    granted = [request for request, verdict, _ in today if verdict == VALID]
    hoped = [request for request, verdict, _ in today if verdict in (VALID, PENDING)]
    sure, raised = _not_in_two_places(_applied(taps, granted), decisions)
    open_month = _weak_may_count(on)
    possible = _applied(grades.hoped(taps, open_month=open_month), hoped)
    windows = on.programme.session_windows
    return _Presence(
        sure=pair_day(windows, sure), possible=pair_day(windows, possible),
        scanned=pair_day(windows, grades.hoped(taps, open_month=True)), taps=(*sure, *possible),
        granted=_outright(granted), asked=_outright(hoped),
        raised=tuple(sorted({*raised, *(flag for tap in taps for flag in tap.flags), *_burst(on, known, graded),
                             *raised_on_diary(known, on.day)})),
        refused={half: why for request, _, why in today if request not in hoped for half in request.sessions()},
        corrections=len(granted), evidence=tuple(entry for request in hoped for entry in request.evidence),
        missed={half: missed(spots, half, decisions) for half in HALVES},
    )  # fmt: skip


def _burst(on: _Ground, known: Facts, graded: Mapping[str, Any]) -> tuple[str, ...]:
    """`burst_entry` on a date of the time since grades: days folded before were not looked at for it."""
    return ("burst_entry",) if graded and is_burst(known, on.day) else ()


def _applied(taps: Sequence[Tap], requests: Iterable[Request]) -> list[Tap]:
    changed = list(taps)
    for request in requests:
        changed = request.applied(changed)
    return changed


def _outright(requests: Iterable[Request]) -> dict[str, str]:
    """Half-days claimed without times, with the clinic."""
    return {half: request.payload["clinic_id"] for request in requests for half in request.halves()}


def _not_in_two_places(taps: list[Tap], decisions: Decisions) -> tuple[list[Tap], tuple[str, ...]]:
    """Take out the taps of intervals that overlap at two clinics until somebody has decided (red flag)."""
    raised = [
        flag for flag in two_places(intervals(taps))
        if not any(decisions.clears(entry, flag.code) for entry in flag.evidence)
    ]  # fmt: skip
    doubted = {entry for flag in raised for entry in flag.evidence}
    kept = [replace(tap, counts=False) if tap.entry_id in doubted else tap for tap in taps]
    return kept, tuple(flag.code for flag in raised)


@dataclass(frozen=True)
class _Cover:
    """What lies over a half-day: valid cover (O, L), whether some awaits a decision, why refused cover fails."""

    valid: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    pending: bool = False
    refused: str | None = None
    evidence: tuple[str, ...] = ()


def _covers(on: _Ground, known: Facts) -> dict[str, _Cover]:
    judged: list[tuple[str, Order | Slip, tuple[str, str]]]
    judged = [("O", order, days.order_verdict(order, on.programme)) for order in orders_of(known)]
    judged += [("L", slip, days.slip_verdict(slip, on.programme, on.calendar, on.pattern)) for slip in slips_of(known)]
    found = {}
    for half in HALVES:
        here = [(letter, span, *verdict) for letter, span, verdict in judged if span.covers((on.day, half))]
        found[half] = _Cover(
            valid=tuple(letter for letter, _, verdict, _ in here if verdict == VALID),
            kinds={letter: span.kind if isinstance(span, Order) else span.type for letter, span, verdict, _ in here if verdict == VALID},
            pending=any(verdict == PENDING for _, _, verdict, _ in here),
            refused=next((why for _, _, verdict, why in here if verdict == days.INVALID), None),
            evidence=tuple(entry for _, span, _, _ in here for entry in span.evidence),
        )
    return found


def _half(on: _Ground, half: str, owed: bool, presence: _Presence, cover: _Cover, log: Log) -> HalfFact:
    sure, possible = presence.sure.half(half), presence.possible.half(half)
    red, checked = presence.missed[half]
    attended = (bool(sure and sure.attended) or half in presence.granted) and not red
    hoped = (bool(possible and possible.attended) or half in presence.asked) and red != "upheld"
    ended = on.as_of >= on.programme.session_windows.on(half, on.day)[1]
    window = days.window_open(on.programme, on.calendar, on.day, on.as_of)
    status, reason = days.half_status(
        duty=owed,
        attended=attended,
        covers=cover.valid,
        undecided=hoped or cover.pending,
        ended=ended,
        window=window,
        why_absent=(MISSED if red else None) or presence.refused.get(half) or cover.refused
        or _why_absent(possible, presence.scanned.half(half)),
    )
    correctable = ended and window and (owed or bool(possible and possible.open))
    clinic = _clinic(on, half, presence, owed)
    entries = {entry for seen in (sure, possible) if seen for entry in seen.evidence}
    corrected = bool(sure and sure.corrected) or half in presence.granted
    asked = presence.evidence if corrected or (hoped and not attended) else ()
    shown = sure or possible
    graded = _graded(half, presence, sure if sure and sure.attended else presence.scanned.half(half) or shown)
    letter = "O" if "O" in cover.valid else "L" if cover.valid else ""
    return HalfFact(
        status=status, clinic_id=clinic, minutes=sure.minutes if sure else 0, late=bool(sure and sure.late),
        outpatient=log.outpatient(half, clinic, attended), in_at=shown.in_at if shown else None,
        out_at=shown.out_at if shown else None, open=bool(shown and shown.open),
        corrected=corrected, reason=reason, grade=graded.grade if graded else None,
        grade_version=graded.version if graded else None, grade_reason=graded.reason if graded else None,
        cover=letter, cover_kind=cover.kinds.get(letter, ""),
        cover_pending=cover.pending and not attended, pending=not attended and (hoped or correctable),
        flags=tuple(sorted({*_flags(sure, presence), *((MISSED,) if red else ())})),
        evidence=tuple(sorted({*entries, *asked, *cover.evidence, *checked})),
    )  # fmt: skip


def _clinic(on: _Ground, half: str, presence: _Presence, owed: bool) -> str | None:
    """Where the half-day was attended, else where it might be: by a scan, a request, the roster, the usual clinic."""
    sure, possible = presence.sure.half(half), presence.possible.half(half)
    scanned = next((seen.clinic_id for seen in (sure, possible) if seen and seen.attended), None)
    claimed = presence.granted.get(half) or presence.asked.get(half)
    seen = sure or possible
    usual = on.posting.roster.get((on.day, half)) or (on.posting.clinics[0] if owed and on.posting.clinics else None)
    return scanned or claimed or (seen.clinic_id if seen else usual)


def _flags(sure: HalfAttendance | None, presence: _Presence) -> tuple[str, ...]:
    pairs = presence.sure.pairs if sure else ()
    ours = [pair for pair in pairs if sure and pair.clinic_id == sure.clinic_id]
    tapped = {flag for pair in ours for tap in (pair.came, pair.left) if tap for flag in tap.flags}
    return tuple(sorted({*tapped, *(sure.flags if sure else ())}))


def _graded(half: str, presence: _Presence, seen: HalfAttendance | None) -> Graded | None:
    """The grade of what bounds the half-day; one that was granted without times is a correction."""
    if half in presence.granted and not (seen and seen.attended):
        return grade(Inputs(corrected=True))
    return grades.of_half(presence.taps, seen.evidence) if seen else None


def _weak_may_count(on: _Ground) -> bool:
    """Whether weak evidence may still be made better: correction window or month are open (evidence.md §9)."""
    window = days.window_open(on.programme, on.calendar, on.day, on.as_of)
    return window or grades.month_open(on.programme, on.calendar, on.day, on.as_of)


def _why_absent(seen: HalfAttendance | None, scanned: HalfAttendance | None) -> str:
    """Why a half-day without cover is absent (continuity.md §6.5): open, split_session, short, no_scan; weak_evidence
    where what was scanned would have been enough."""
    if scanned and scanned.attended and not (seen and seen.attended):
        return "weak_evidence"
    if seen is None:
        return "no_scan"
    if "split_session" in seen.flags:
        return "split_session"
    return "open" if seen.open else "short"
