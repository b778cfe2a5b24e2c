"""From ledger facts to day facts, states and the week's line; refolding changes nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from services.identity import actors as identity
from services.progress import actors
from services.progress.usecases.rebuild import rebuild
from shared import clock, ledger, outbox
from shared.directory.models import Organisation, Posting
from shared.events import DayTouched
from shared.ids import new_id
from shared.progress import lookup
from shared.progress.models import DayFactRow, ObligationState
from shared.service import Job, Runtime
from tests.factories.directory import directory, id_of

MONDAY = dt.date(2026, 11, 23)


def world(rt: Runtime) -> str:
    """The small world, imported before its postings begin; gives the resident's posting."""
    with clock.at(dt.datetime(2026, 8, 28, tzinfo=dt.UTC)):
        directory(rt)
    return id_of(rt, "posting", "P1")


def instant(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A wall time in Shanghai."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.SHANGHAI)


def record(rt: Runtime, posting: str, kind: str, at: dt.datetime, **payload: Any) -> None:
    """Append a fact of the posting with its message, as a use case does."""
    person = id_of(rt, "person", "D1")
    day = clock.local_date(at)
    with clock.at(at), rt.db.transaction() as session:
        appended = ledger.append(
            session, rt.keys, kind=kind, stream=ledger.Stream.posting(posting), subject=posting, days=(day, day),
            actor=ledger.Actor(person, "doctor", None),
            payload={"posting_id": posting, "client_event_id": new_id(), "service_date": day.isoformat(), **payload},
        )  # fmt: skip
        outbox.put(session, DayTouched(appended.entry_id, posting, day.isoformat(), day.isoformat()))


def tap(rt: Runtime, posting: str, direction: str, at: dt.datetime) -> None:
    record(rt, posting, "attendance.recorded", at, direction=direction, direction_source="tapped", method="rotating",
           clinic_id=id_of(rt, "clinic", "SQ1"), effective_at=clock.iso(at), strength="fresh", flags=[])  # fmt: skip


def attend_morning(rt: Runtime, posting: str, day: dt.date) -> None:
    tap(rt, posting, "in", instant(day, 7, 52))
    tap(rt, posting, "out", instant(day, 12, 1))


def outpatient(rt: Runtime, posting: str, day: dt.date) -> None:
    record(rt, posting, "worklog.recorded", instant(day, 12, 5), type="outpatient", session="am", department="内科",
           clinic_id=id_of(rt, "clinic", "SQ1"), counts={"visits": 12}, record_ref=["MZ1"], notes="",
           unattended=False, filed_at=clock.iso(instant(day, 12, 5)))  # fmt: skip


def jobs() -> dict[str, Job]:
    quiet = Job("notifier.close_done", "notify", lambda rt, session, payload, prepared: None)
    return {job.name: job for job in (*actors.JOBS, *identity.JOBS, quiet)}


def drain(rt: Runtime, at: dt.datetime) -> int:
    return outbox.drain(rt, jobs(), clock_now=at)


def state(rt: Runtime, posting: str, rule: str, period: str) -> Any:
    with rt.db.read() as session:
        found = lookup.states(session, subjects=[f"posting:{posting}"], periods=[period])
    return next(one for one in found if one.rule_id == rule)


def test_an_attended_outpatient_morning_moves_the_week_line(rt: Runtime) -> None:
    posting = world(rt)
    attend_morning(rt, posting, MONDAY)
    drain(rt, instant(MONDAY, 12, 2))
    assert state(rt, posting, "ZZ-13", "2026-W48").number == 0
    outpatient(rt, posting, MONDAY)
    drain(rt, instant(MONDAY, 12, 30))
    found = state(rt, posting, "ZZ-13", "2026-W48")
    assert (found.number, found.effective_threshold, found.value) == (1, 3, "open")
    with rt.db.read() as session:
        assert "门诊 1/3" in lookup.week(session, posting, MONDAY).line


def test_an_outpatient_log_without_attendance_is_kept_and_not_counted(rt: Runtime) -> None:
    posting = world(rt)
    outpatient(rt, posting, MONDAY)
    drain(rt, instant(MONDAY, 18))
    with rt.db.read() as session:
        fact = lookup.day(session, posting, MONDAY)
    assert fact is not None
    assert fact.halves["am"].outpatient is not None
    assert fact.halves["am"].outpatient["unattended"] is True
    assert state(rt, posting, "ZZ-13", "2026-W48").number == 0


def test_three_mornings_meet_the_week_before_it_is_over(rt: Runtime) -> None:
    posting = world(rt)
    for n in range(3):
        attend_morning(rt, posting, MONDAY + dt.timedelta(n))
        outpatient(rt, posting, MONDAY + dt.timedelta(n))
    drain(rt, instant(MONDAY + dt.timedelta(2), 19))
    assert state(rt, posting, "ZZ-13", "2026-W48").value == "met"


def test_working_a_message_twice_changes_nothing(rt: Runtime) -> None:
    posting = world(rt)
    attend_morning(rt, posting, MONDAY)
    drain(rt, instant(MONDAY, 13))
    before = snapshot(rt)
    with clock.at(instant(MONDAY, 13)), rt.db.transaction() as session:
        actors.fold_day(rt, session, {"entry_id": "nightly:again", "posting_id": posting,
                                       "day_from": f"{MONDAY}", "day_to": f"{MONDAY}"}, None)  # fmt: skip
    assert snapshot(rt) == before


def snapshot(rt: Runtime) -> list[Any]:
    with rt.db.read() as session:
        days = session.execute(sa.select(DayFactRow.posting_id, DayFactRow.date, DayFactRow.fact)).all()
        states = session.execute(sa.select(ObligationState.rule_id, ObligationState.period, ObligationState.state)).all()
        return sorted(map(str, [*days, *states]))


def test_the_night_makes_unrecorded_half_days_absent_once_their_window_is_over(rt: Runtime) -> None:
    posting = world(rt)
    later = instant(MONDAY + dt.timedelta(7), 2, 20)
    with clock.at(later), rt.db.transaction() as session:
        actors.nightly(rt, session, {"fire_at": "x"}, None)
    drain(rt, later)
    with rt.db.read() as session:
        monday, friday = (lookup.day(session, posting, MONDAY + dt.timedelta(n)) for n in (0, 4))
    assert monday is not None
    assert friday is not None
    assert (monday.halves["am"].status, friday.halves["am"].status) == ("X", "P")


def test_a_rebuild_changes_nothing_and_a_changed_row_is_named(rt: Runtime) -> None:
    posting = world(rt)
    for n in range(2):
        attend_morning(rt, posting, MONDAY + dt.timedelta(n))
        outpatient(rt, posting, MONDAY + dt.timedelta(n))
    drain(rt, instant(MONDAY + dt.timedelta(1), 13))
    with clock.at(instant(MONDAY + dt.timedelta(6), 9)):
        assert rebuild(rt, "2026-11") == []
        with rt.db.transaction() as session:
            row = session.get_one(DayFactRow, (posting, MONDAY))
            row.fact = {**row.fact, "ward_rounds": 9}
        (difference, *others) = rebuild(rt, "2026-11")
        assert (difference.where, difference.members, others) == (f"{MONDAY}", ("ward_rounds",), [])
        assert rebuild(rt, "2026-11") == []


def test_the_standing_of_an_earlier_posting_stays_with_its_own_recipient(rt: Runtime) -> None:
    posting = world(rt)
    with rt.db.transaction() as session:
        now = session.get_one(Posting, posting)
        other = Organisation(id=new_id(), code="ELSEWHERE", name="另一家卫生院", kind="recipient")
        earlier = Posting(
            id=new_id(), code="P0", person_id=now.person_id, programme_id=now.programme_id, pair_id=new_id(),
            supporter_id=now.supporter_id, recipient_id=other.id, clinics=list(now.clinics), mode=now.mode, team_leader=False,
            start=dt.date(2026, 6, 1), end=dt.date(2026, 7, 31),
        )  # fmt: skip
        session.add_all([other, earlier])
        wanted = {f"posting:{posting}": now.recipient_id, f"posting:{earlier.id}": other.id}
    attend_morning(rt, posting, MONDAY)
    drain(rt, instant(MONDAY, 13))
    with rt.db.read() as session:
        query = sa.select(ObligationState.subject, ObligationState.recipient_id).where(ObligationState.period == "programme")
        found = dict(session.execute(query).tuples().all())
    assert {subject: found[subject] for subject in wanted} == wanted
