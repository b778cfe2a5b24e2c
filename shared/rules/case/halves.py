"""From the events of a case to the status of every half-day (continuity.md §1, §6.3). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from shared.attendance.session import HALVES, DayAttendance, Tap, pair_day
from shared.calendar import at as instant_at
from shared.calendar import days_between, local_date
from shared.rules import days
from shared.rules.case.leave import Cover, covers_of, leave_split
from shared.rules.case.model import Case, Event
from shared.rules.days import PENDING, VALID, Correction, HalfDay, Pattern
from shared.rules.history import Half, History
from shared.rules.terms import PostingTerms

_COUNTING = frozenset("ABC")


@dataclass(frozen=True)
class Day:
    """One date of a physician: attendance by scans as it counts, half-days claimed outright, refusals by half-day."""

    sure: DayAttendance
    hoped: DayAttendance
    claimed: dict[str, str]
    asked: dict[str, str]
    refused: str | None
    weak: bool
    scanned: bool


_SILENT = Day(DayAttendance(), DayAttendance(), {}, {}, None, weak=False, scanned=False)
"""A date without scan or correction."""


class Attendance:
    """What the events of a case say of one physician's half-days. Made once, asked for each date."""

    def __init__(self, case: Case, doctor: str) -> None:
        self.case, self.doctor = case, doctor
        self.windows = case.programme.session_windows
        self.postings = case.postings_of(doctor)
        mine = [event for event in case.events if event.doctor == doctor and known(case, event)]
        self.presents = [event for event in mine if event.kind in ("present", "substitute")]
        self.absents = [event for event in mine if event.kind == "absent"]
        self.away = [event for event in mine if event.kind in ("leave", "ordered")]
        self.scans = [event for event in mine if event.kind == "scan"]
        self.corrections = {event.id: event for event in mine if event.kind == "correction"}
        self.verdicts = days.correction_verdicts(map(self._terms, self.corrections.values()), case.programme, case.calendar)
        self.told = {event.first[0] for event in (*self.scans, *self.corrections.values())}
        self._days: dict[dt.date, Day] = {}

    def _terms(self, event: Event) -> Correction:
        decided = event.get("decided_at") or event.get("filed_at")
        late = self.case.as_of is not None and decided > self.case.as_of
        decision = "pending" if late else event.get("decision")
        by = event.get("decided_by")
        return Correction(event.id, event.first[0], event.get("filed_at"), decision, decided_by=by, own=by == self.doctor)

    def on(self, day: dt.date) -> Day:
        """The date, from scans and corrections."""
        if day not in self._days:
            self._days[day] = self._day(day) if day in self.told else _SILENT
        return self._days[day]

    def _day(self, day: dt.date) -> Day:
        scans = [event for event in self.scans if event.first[0] == day]
        asked = [event for event in self.corrections.values() if event.first[0] == day]
        valid = [event for event in asked if self.verdicts[event.id][0] == VALID]
        open_ = [event for event in asked if self.verdicts[event.id][0] in (VALID, PENDING)]
        taps = [tap for event in scans for tap in self._taps(event)]
        return Day(
            pair_day(self.windows, self._corrected(taps, valid)),
            pair_day(self.windows, self._corrected([replace(tap, counts=True) for tap in taps], open_)),
            self._outright(valid), self._outright(open_),
            next((self.verdicts[event.id][1] for event in asked if event not in open_), None),
            any(not tap.counts for tap in taps), bool(scans or asked),
        )  # fmt: skip

    def _taps(self, event: Event) -> Iterable[Tap]:
        grade = event.get("grade")
        counts = grade in _COUNTING and (grade != "C" or event.get("countersigned"))
        for direction in ("in", "out"):
            if event.get(direction) is not None:
                at = instant_at(event.first[0], event.get(direction))
                yield Tap(event.id, direction, self.clinic(event), at, counts)

    def _corrected(self, taps: Sequence[Tap], corrections: Iterable[Event]) -> list[Tap]:
        """The taps with the missing times of approved claims; times that were scanned stay as they are."""
        found = list(taps)
        for event in corrections:
            clinic = self.clinic(event)
            there = {tap.direction for tap in found if tap.clinic_id == clinic}
            whole = event.get("in") is not None and event.get("out") is not None and not there
            for direction in ("in", "out"):
                if event.get(direction) is not None and (whole or direction not in there):
                    at = instant_at(event.first[0], event.get(direction))
                    found.append(Tap(event.id, direction, clinic, at, corrected=True))
        return found

    def _outright(self, corrections: Iterable[Event]) -> dict[str, str]:
        halves = [(event, event.get("half")) for event in corrections if event.get("half")]
        return {half: self.clinic(event) for event, named in halves for half in HALVES if named in ("both", half)}

    def away_on(self, at: HalfDay) -> bool:
        """Whether an event says that the physician was not there."""
        return any(event.covers(at) for event in self.absents)

    def clinic(self, event: Event) -> str:
        """The clinic of an event: named, else the first of the physician's posting on that date."""
        return event.get("clinic") or next((p.clinics[0] for p in self.postings if p.holds(event.first[0])), "C1")

    def present(self, at: HalfDay, posting: PostingTerms | None, duty: bool) -> tuple[str | None, bool | None]:
        """(clinic, record_ref) where the physician was present by an event or by default; (None, None) elsewhere."""
        if self.away_on(at):
            return None, None
        for event in self.presents:
            if event.covers(at) and (posting is None or self.clinic(event) in posting.clinics or event.kind == "substitute"):
                told = event.get("record_ref")
                return self.clinic(event), bool(told) if told is not None else None
        if not (self.case.present and duty and posting) or any(event.covers(at) for event in self.away):
            return None, None
        if self.on(at[0]).scanned:
            return None, None
        return posting.roster.get(at) or posting.clinics[0], None


def known(case: Case, event: Event) -> bool:
    """Whether an event was made by `as_of`: what was filed later is not there yet."""
    filed = event.get("filed_at")
    return case.as_of is None or filed is None or filed <= case.as_of


def history_of(case: Case, doctor: str) -> History:
    """The physician's postings and every half-day of them, and the half-days attended off duty."""
    attendance = Attendance(case, doctor)
    halves: list[Half] = []
    for posting in attendance.postings:
        covers = covers_of(case, posting)
        pattern = Pattern(case.programme.modes[posting.mode], posting.start, posting.end, posting.roster)
        last = posting.end or (local_date(case.as_of) if case.as_of else posting.start)
        for day in days_between(posting.start, last):
            owed = pattern.owed(case.calendar, day)
            for half in HALVES:
                found = _half(case, attendance, posting, (day, half), owed[half], covers)
                if found.duty or found.status:
                    halves.append(found)
    halves += _stand_ins(attendance, {half.at for half in halves})
    halves.sort(key=lambda half: (half.at, half.posting_id))
    return History(doctor, tuple(attendance.postings), tuple(halves), case.as_of, leave_split(case, doctor))


def _stand_ins(attendance: Attendance, known_: set[HalfDay]) -> list[Half]:
    """Half-days on which a physician without a posting there filled somebody's seat."""
    return [
        Half(day, half, "", False, "A", clinic=event.get("clinic"))
        for event in attendance.presents
        if event.kind == "substitute"
        for day in days_between(event.first[0], event.last[0])
        for half in HALVES
        if event.covers((day, half)) and (day, half) not in known_ and not attendance.away_on((day, half))
    ]


def _half(
    case: Case, attendance: Attendance, posting: PostingTerms, at: HalfDay, duty: bool, covers: Sequence[Cover]
) -> Half:
    day, half = at
    seen = attendance.on(day)
    here = [cover for cover in covers if cover.event.covers(at)]
    clinic, told = attendance.present(at, posting, duty)
    sure, hoped = seen.sure.half(half), seen.hoped.half(half)
    by_scan = sure.clinic_id if sure and sure.attended and sure.clinic_id in posting.clinics else None
    where = clinic or by_scan or (seen.claimed.get(half) if seen.claimed.get(half) in posting.clinics else None)
    might = bool(hoped and hoped.attended) or half in seen.asked
    ended = case.as_of is None or case.as_of >= case.programme.session_windows.on(half, day)[1]
    valid = [cover for cover in here if cover.verdict == VALID]
    status, reason = days.half_status(
        duty=duty, attended=where is not None and ended, covers=[cover.letter for cover in valid],
        undecided=might or any(cover.verdict == PENDING for cover in here), ended=ended,
        window=case.as_of is not None and days.window_open(case.programme, case.calendar, day, case.as_of),
        why_absent=seen.refused or next((c.why for c in here if c.verdict == days.INVALID), None) or _why(attendance, seen, at),
    )  # fmt: skip
    if status in ("L", "O"):
        reason = next(cover.reason for cover in valid if cover.letter == status)
    corrected = not clinic and (half in seen.claimed or bool(sure and sure.corrected)) and status == "A"
    usual = posting.roster.get(at) or posting.clinics[0]
    return Half(day, half, posting.id, duty, status, None if reason == "future" else reason, where or usual, told, corrected)


def _why(attendance: Attendance, seen: Day, at: HalfDay) -> str:
    """Why a half-day without cover is absent."""
    if any(event.covers(at) for event in attendance.absents):
        return "absent"
    might = seen.hoped.half(at[1])
    if seen.weak and might is not None and might.attended:
        return "weak_evidence"
    if might is None:
        return "no_scan"
    if "split_session" in might.flags:
        return "split_session"
    return "open" if might.open else "short"
