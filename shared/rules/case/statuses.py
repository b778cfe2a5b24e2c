"""The half-days of a physician of a case with their statuses: events -> History (continuity.md §1.3, §6.3). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shared.attendance.session import HALVES
from shared.calendar import days_between, local_date
from shared.rules import days
from shared.rules.case.covers import Cover, covers_of, leave_split
from shared.rules.case.model import Case, Event
from shared.rules.case.presence import NOTHING, DayMarks, Place, Verdicts, marks_of
from shared.rules.days import PENDING, Correction, Pattern
from shared.rules.history import Half, History
from shared.rules.terms import PostingTerms

_MARKS = ("present", "absent", "scan", "correction", "substitute")


@dataclass(frozen=True)
class Seen:
    """One half-day of a physician, of whatever posting. `owner`: the posting it belongs to, None outside all of them.

    `place`: where it was attended; `hoped`: where it may turn out to have been. `cover` as in covers.Cover.
    """

    owner: PostingTerms | None
    duty: bool
    status: str
    reason: str | None
    place: Place | None
    hoped: Place | None
    cover: Cover
    usual: str
    marks: DayMarks


@dataclass(frozen=True)
class Physician:
    """The postings and events of one physician, indexed once; half-days are worked out when they are asked for."""

    case: Case
    id: str
    postings: tuple[PostingTerms, ...]
    patterns: Mapping[str, Pattern]
    by_date: Mapping[dt.date, tuple[Event, ...]]
    verdicts: Verdicts
    covers: Mapping[dt.date, tuple[Cover, ...]]
    refs: bool
    _known: dict[dt.date, dict[str, Seen]] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case, doctor: str) -> Physician:
        """Index what the case says of this physician."""
        postings = case.postings_of(doctor)
        patterns = {p.id: Pattern.of(case.programme, p) for p in postings}
        by_date: dict[dt.date, list[Event]] = {}
        for event in case.events_of(doctor, *_MARKS):
            for day in event.days():
                by_date.setdefault(day, []).append(event)
        refs = any(event.get("record_ref") is not None for event in case.events_of(doctor, "present"))
        return cls(
            case, doctor, postings, patterns, {day: tuple(found) for day, found in by_date.items()},
            _verdicts(case, doctor), covers_of(case, doctor, patterns), refs,
        )  # fmt: skip

    def on(self, day: dt.date) -> dict[str, Seen]:
        """Both half-days of a date."""
        if day not in self._known:
            marks = self._marks(day)
            held = [posting for posting in self.postings if posting.holds(day)]
            owed = {posting.id: self.patterns[posting.id].owed(self.case.calendar, day) for posting in held}
            self._known[day] = {half: self._seen((day, half), held, owed, marks) for half in HALVES}
        return self._known[day]

    def usual_clinic(self, day: dt.date) -> str:
        """The first clinic of the physician's posting on the date; "" outside every posting."""
        return next((p.clinics[0] for p in self.postings if p.holds(day)), "")

    def _marks(self, day: dt.date) -> DayMarks:
        events = self.by_date.get(day)
        if not events:
            return NOTHING
        case = self.case
        hope = case.as_of is not None and days.window_open(case.programme, case.calendar, day, case.as_of)
        windows = case.programme.session_windows
        return marks_of(windows, day, events, self.verdicts, self.usual_clinic(day), weak_may_count=hope, as_of=case.as_of)

    def _seen(
        self, at: days.HalfDay, held: Sequence[PostingTerms], owed: Mapping[str, Mapping[str, bool]], marks: DayMarks
    ) -> Seen:
        day, half = at
        due = [posting for posting in held if owed[posting.id][half]]
        due.sort(key=lambda posting: at not in posting.roster)  # a rostered half-day says more than a workday
        cover = _together([cover for cover in self.covers.get(day, ()) if cover.lies_over(at)])
        place = marks.seen.get(half) if held else None
        usual = (due[0].roster.get(at) or due[0].clinics[0]) if due else self.usual_clinic(day)
        if place is None and held and half in marks.stand_in:
            place = Place(self._seat_clinic(at, usual))
        presumed = self.case.present and not marks.scanned and half not in marks.absent and not cover.removes
        if place is None and due and presumed:
            place = Place(usual)
        owner = _owner(held, due, place)
        ended = self._ended(at)
        hoped = marks.hoped.get(half)
        status, reason = self._status(bool(due), place if ended else None, hoped, cover, marks, at, ended)
        return Seen(owner, bool(due), status, reason, place if ended else None, hoped, cover, usual, marks)

    def _status(
        self, duty: bool, place: Place | None, hoped: Place | None, cover: Cover, marks: DayMarks,
        at: days.HalfDay, ended: bool,
    ) -> tuple[str, str | None]:  # fmt: skip
        case = self.case
        window = case.as_of is not None and days.window_open(case.programme, case.calendar, at[0], case.as_of)
        status, reason = days.half_status(
            duty=duty, attended=place is not None, covers=cover.valid, undecided=hoped is not None or cover.pending,
            ended=ended, window=window,
            why_absent=marks.refused.get(at[1]) or cover.refused or marks.why_absent(at[1]),
        )  # fmt: skip
        return status, cover.reason if status in ("L", "O") else None if status == "" else reason

    def history(self) -> History:
        """Every duty half-day of the postings, and what was attended beside."""
        halves = [half for posting in self.postings for half in self._halves(posting)] + list(self._stand_ins())
        covers = {cover for found in self.covers.values() for cover in found}
        split = bool(covers) and leave_split(self.case, covers, self.patterns.values())
        ordered = tuple(sorted(halves, key=lambda half: (half.at, half.posting_id)))
        return History(self.id, self.postings, ordered, self.case.as_of, split)

    def _stand_ins(self) -> Iterator[Half]:
        """Half-days on which somebody without a posting of their own filled a seat."""
        for day, events in self.by_date.items():
            if any(event.kind == "substitute" for event in events) and not any(p.holds(day) for p in self.postings):
                for half, seen in self.on(day).items():
                    if half in seen.marks.stand_in and self._ended((day, half)):
                        yield Half(day, half, "", False, "A")

    def _seat_clinic(self, at: days.HalfDay, usual: str) -> str:
        """Where a substitute works: at the own clinic where the seat has it too, else at the seat's first."""
        seats = [event.get("seat") for event in self.by_date[at[0]] if event.kind == "substitute" and event.covers(at)]
        there = [c for p in self.case.postings if p.seat_id in seats and p.holds(at[0]) for c in p.clinics]
        return usual if usual in there or not there else there[0]

    def _ended(self, at: days.HalfDay) -> bool:
        return days.session_over(self.case.programme, at, self.case.as_of)

    def _halves(self, posting: PostingTerms) -> Iterator[Half]:
        last = posting.end or (local_date(self.case.as_of) if self.case.as_of else posting.start)
        for day in days_between(posting.start, last):
            for half, seen in self.on(day).items():
                ours = seen.owner is not None and seen.owner.id == posting.id
                if ours and (seen.duty or seen.status == "A" or seen.cover.valid):
                    yield self._half(posting.id, (day, half), seen)

    def _half(self, posting_id: str, at: days.HalfDay, seen: Seen) -> Half:
        place = seen.place
        ref = None if place is None or not self.refs else bool(place.record_ref)
        evidence = (place.event,) if place and place.event else seen.cover.evidence
        status = seen.status or "".join(seen.cover.valid[:1])
        return Half(
            *at, posting_id, seen.duty, status, seen.reason, place.clinic if place else seen.usual, ref,
            bool(place and place.corrected), evidence,
        )  # fmt: skip


def _owner(
    held: Sequence[PostingTerms], due: Sequence[PostingTerms], place: Place | None
) -> PostingTerms | None:
    """One half-day is used once: by the posting it was attended for, else by the one that owes it (§2.4)."""
    at_clinic = [p for p in (*due, *held) if place is not None and place.clinic in p.clinics]
    return next(iter((*at_clinic, *due, *held)), None)


def _together(found: Sequence[Cover]) -> Cover:
    """Everything that lies over one half-day: ordered work before leave."""
    if len(found) < 2:
        return found[0] if found else Cover()
    valid = sorted((cover for cover in found if cover.valid), key=lambda cover: cover.valid, reverse=True)
    return Cover(
        valid=tuple(letter for cover in valid for letter in cover.valid), reason=valid[0].reason if valid else None,
        pending=any(cover.pending for cover in found), removes=True,
        refused=next((cover.refused for cover in found if cover.refused), None),
        evidence=tuple(sorted({name for cover in found for name in cover.evidence})),
    )  # fmt: skip


def _verdicts(case: Case, doctor: str) -> Verdicts:
    """The verdict of every correction as known at `as_of`; with everything known what is undecided was refused."""
    requests = [_request(event, case.as_of) for event in case.events_of(doctor, "correction")
                if case.as_of is None or event.keys["filed_at"] <= case.as_of]  # fmt: skip
    found = days.correction_verdicts(requests, case.programme, case.calendar)
    if case.as_of is not None:
        return found
    closed = days.INVALID, "correction_refused"
    return {name: closed if verdict[0] == PENDING else verdict for name, verdict in found.items()}


def _request(event: Event, as_of: dt.datetime | None) -> Correction:
    decided = event.get("decided_at") or event.keys["filed_at"]
    decision = event.get("decision") if as_of is None or decided <= as_of else "pending"
    own = event.get("decided_by") in ("doctor", event.doctor)
    return Correction(event.id, event.first[0], event.keys["filed_at"], decision, decided_by=event.get("decided_by"), own=own)


