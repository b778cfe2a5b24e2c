"""An invented posting and its facts, written the way people talk about a week. Everything here is a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from shared.calendar import Calendar, at, days_between
from shared.progress.fold import DayFact, FactRecord, PostingTerms, fold_day
from shared.rules.load import Programme, shipped
from tests.shared.official import OFFICIAL

DEMO = shipped()["zhongzhan-demo"]
MONDAY = dt.date(2026, 11, 16)
"""The Monday of 2026-W47: five ordinary workdays."""
LONG_AFTER = at(dt.date(2027, 3, 1), dt.time(9))


def terms(**over: Any) -> PostingTerms:
    """A resident at clinics A and B from March to December 2026."""
    given: dict[str, Any] = {
        "id": "P1", "person_id": "D1", "programme_id": DEMO.id, "supporter_id": "S1", "recipient_id": "R1",
        "clinics": ("A", "B"), "mode": "resident", "seat_id": None, "specialty": "internal",
        "title_rank": "attending", "recipient_level": "basic", "team_id": "PAIR/resident",
        "start": dt.date(2026, 3, 2), "end": dt.date(2026, 12, 31),
    }  # fmt: skip
    return PostingTerms(**(given | over))


def rounds(**over: Any) -> PostingTerms:
    """A rounds posting at A and B: Monday, Tuesday morning at A; Wednesday, Thursday morning at B."""
    week = [(0, "am", "A"), (0, "pm", "A"), (1, "am", "A"), (2, "am", "B"), (2, "pm", "B"), (3, "am", "B")]
    first, last = dt.date(2026, 10, 12), dt.date(2027, 4, 11)
    roster = {(day, half): clinic for day in days_between(first, last) for weekday, half, clinic in week
              if day.weekday() == weekday}  # fmt: skip
    return terms(**({"mode": "rounds", "team_id": "PAIR/rounds", "start": first, "end": last, "roster": roster} | over))


@dataclass
class Story:
    """Facts of one posting in the order they were written."""

    posting: PostingTerms = field(default_factory=terms)
    facts: list[FactRecord] = field(default_factory=list)

    def write(self, kind: str, when: dt.datetime, /, **payload: Any) -> str:
        """Append a fact; gives its entry id."""
        seq = len(self.facts) + 1
        entry = f"e{seq}"
        self.facts.append(FactRecord(entry, kind, seq, when, {"posting_id": self.posting.id, **payload}))
        return entry

    def tap(self, direction: str, day: dt.date, time: str, clinic: str = "A", flags: Iterable[str] = ()) -> str:
        """A check-in or check-out at a wall-clock time."""
        when = at(day, dt.time.fromisoformat(time))
        return self.write("attendance.recorded", when, direction=direction, clinic_id=clinic, flags=list(flags),
                          service_date=day.isoformat(), effective_at=iso(when))  # fmt: skip

    def present(self, day: dt.date, half: str = "both", clinic: str = "A") -> Story:
        """There for a half-day, or for both with one pair."""
        came, left = {"am": ("07:50", "12:05"), "pm": ("13:55", "17:35"), "both": ("07:50", "17:40")}[half]
        self.tap("in", day, came, clinic)
        self.tap("out", day, left, clinic)
        return self

    def outpatient(self, day: dt.date, half: str, clinic: str = "A", visits: int | None = 20, **over: Any) -> str:
        """An outpatient half-day log."""
        given = {"type": "outpatient", "service_date": day.isoformat(), "session": half, "clinic_id": clinic,
                 "department": "内科", "counts": {"visits": visits}, "record_ref": [f"MZ{day:%m%d}{half}"]}  # fmt: skip
        return self.write("worklog.recorded", at(day, dt.time(18)), **(given | over))

    def diary(self, day: dt.date, *kinds: str, filed: dt.datetime | None = None, **over: Any) -> str:
        """A diary with one activity per kind."""
        filed = filed or at(day, dt.time(20))
        given = {"service_date": day.isoformat(), "text": "上午门诊,下午查房。", "photo_sha256": ["ab"],
                 "activities": [{"kind": kind, "count": 1, "people": None, "record_ref": []} for kind in kinds],
                 "filed_at": iso(filed)}  # fmt: skip
        return self.write("diary.submitted", filed, **(given | over))

    def leave(self, first: dt.date, last: dt.date, *, filed: dt.datetime | None = None, by: str | None = "recipient_admin",
              decision: str = "approved", **over: Any) -> Story:  # fmt: skip
        """A leave slip, decided unless `by` is None; filed a week ahead unless told."""
        filed = filed or at(first - dt.timedelta(days=7), dt.time(9))
        leave_id = f"L{len(self.facts) + 1}"
        given = {"leave_id": leave_id, "type": "personal", "from": first.isoformat(), "to": last.isoformat(),
                 "from_session": "am", "to_session": "pm", "filed_at": iso(filed)}  # fmt: skip
        self.write("leave.requested", filed, **(given | over))
        if by:
            self.write("leave.decided", filed, leave_id=leave_id, decision=decision, level=by, actor={"role": by})
        return self

    def ordered(self, first: dt.date, last: dt.date, *, decision: str | None = "accepted", **over: Any) -> Story:
        """Ordered work, decided unless `decision` is None."""
        ordered_id = f"O{len(self.facts) + 1}"
        given = {"ordered_id": ordered_id, "kind": "government", "doc_no": "卫函〔2026〕1号", "issuer_level": "county",
                 "from": first.isoformat(), "to": last.isoformat(), "from_session": "am", "to_session": "pm"}  # fmt: skip
        self.write("ordered_work.filed", at(first, dt.time(8)), **(given | over))
        if decision:
            self.write("ordered_work.decided", at(first, dt.time(9)), ordered_id=ordered_id, decision=decision)
        return self

    def correction(self, day: dt.date, what: str, claimed: str | None = None, *, filed: dt.datetime | None = None,
                   decision: str | None = "approved", by: str = "recipient_admin", judge: str = "M1",
                   asker: str = "doctor", **over: Any) -> str:  # fmt: skip
        """A correction request for clinic A, decided unless `decision` is None; gives its correction id."""
        filed = filed or at(day, dt.time(20))
        correction_id = f"C{len(self.facts) + 1}"
        given = {"correction_id": correction_id, "service_date": day.isoformat(), "sessions": ["am"], "clinic_id": "A",
                 "what": what, "claimed_at": iso(at(day, dt.time.fromisoformat(claimed))) if claimed else None,
                 "filed_at": iso(filed), "actor": {"person": "D1", "role": asker}}  # fmt: skip
        self.write("correction.requested", filed, **(given | over))
        if decision:
            actor = {"person": judge, "role": by}
            self.write("correction.decided", filed, correction_id=correction_id, decision=decision, actor=actor)
        return correction_id

    def fold(self, day: dt.date, as_of: dt.datetime = LONG_AFTER, *, programme: Programme = DEMO,
             calendar: Calendar = OFFICIAL) -> DayFact:  # fmt: skip
        """The day fact."""
        return fold_day(programme, calendar, self.posting, self.facts, day, as_of)

    def folded(self, days: Iterable[dt.date], as_of: dt.datetime = LONG_AFTER, **over: Any) -> list[DayFact]:
        """The day facts of several dates that lie in the posting."""
        return [self.fold(day, as_of, **over) for day in days if self.posting.holds(day)]


def iso(instant: dt.datetime) -> str:
    """The instant as payloads write it."""
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"


def evening(day: dt.date) -> dt.datetime:
    """19:00 of a date, when all sessions have ended."""
    return at(day, dt.time(19))


def later(day: dt.date, days: int) -> dt.date:
    """The date some days on."""
    return day + dt.timedelta(days=days)


def without_end(posting: PostingTerms) -> PostingTerms:
    """The same posting, still open."""
    return replace(posting, end=None)


def seen(story: Story, day: dt.date = MONDAY, half: str = "am", **over: Any) -> tuple[str, str | None]:
    """Status and reason of one half-day of the story."""
    found = story.fold(day, **over).halves[half]
    return found.status, found.reason
