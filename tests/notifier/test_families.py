"""Every family reads its facts from the tables of the house: planned, told, and closed when the fact changed."""

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from notifier.models import Reminder
from notifier.store import posts
from services.identity.usecases import devices
from shared import clock, outbox
from shared.directory.models import Posting
from shared.progress import store as progress
from shared.progress.asked import OpenAsk
from shared.progress.models import ObligationState
from shared.progress.state import State
from tests.notifier.conftest import BY_NAME, House, wall
from tests.notifier.domain.scene import PROGRAMME

MON, TUE, WED = "2026-10-12", "2026-10-13", "2026-10-14"


@pytest.fixture
def office(house: House) -> House:
    """The small world with officers who read."""
    house.codes = house.officers()
    return house


def state(house, rule_id, kind, key, period, value="open", **more):
    told = State(PROGRAMME.id, rule_id, kind, key, more.pop("period_kind", "month"), period, value, more.pop("number", 0), 1, 1,
                 more.pop("unit", "item"), more.pop("metric", "document"), **more)  # fmt: skip
    with house.rt.db.transaction() as session:
        session.merge(ObligationState(
            programme_id=PROGRAMME.id, rule_id=rule_id, subject=told.subject, period=period, recipient_id=_p1(house).recipient_id,
            value=value, state=told.to_dict(), judged_at=wall("2026-10-01T02:20"),
        ))  # fmt: skip
    return told


def _p1(house):
    with house.rt.db.read() as session:
        return session.scalars(sa.select(Posting).where(Posting.code == "P1")).one()


def of_type(house, kind):
    return [one for one in house.told() if one[0].startswith(kind)]


def test_a_roster_that_is_due_is_told_and_closed_when_it_was_published(office):
    recipient = _p1(office).recipient_id
    due = {"effective": "2026-10-30"}
    state(office, "ZZ-35", "recipient", recipient, "2026-11", detail=due)
    office.slot("2026-10-28T09:05", "09:20")
    assert of_type(office, "R04") == [("R04.2", "R1", "sent", None)]
    office.sweep("2026-10-28T09:30")
    assert of_type(office, "R04") == [("R04.2", "R1", "sent", None)]
    state(office, "ZZ-35", "recipient", recipient, "2026-11", value="met", detail=due)
    office.sweep("2026-10-28T09:40")
    assert of_type(office, "R04") == [("R04.2", "R1", "done", "done")]


def test_a_late_document_climbs_to_the_level_above(office):
    state(office, "ZZ-35", "recipient", _p1(office).recipient_id, "2026-11", detail={"effective": "2026-10-30"})
    office.slot("2026-11-03T09:05", "09:20")
    assert sorted(of_type(office, "R04")) == [("R04.-2", "A1", "sent", None), ("R04.-2", "R1", "sent", None)]


def test_what_was_sent_between_planning_and_sending_is_dropped(office):
    recipient, due = _p1(office).recipient_id, {"effective": "2026-10-30"}
    state(office, "ZZ-35", "recipient", recipient, "2026-11", detail=due)
    office.slot("2026-10-28T09:05")
    state(office, "ZZ-35", "recipient", recipient, "2026-11", value="met", detail=due)
    office.send("2026-10-28T09:20")
    assert of_type(office, "R04") == [("R04.2", "R1", "dropped", "done")]


def ask(house, asked_at, kind="correction", role="recipient_admin"):
    p1 = _p1(house)
    one = OpenAsk("0190aaaa-0000-7000-8000-000000000001", kind, p1.id, role, p1.recipient_id, wall(asked_at), p1.person_id, p1.id,
                  dt.date(2026, 10, 12), dt.date(2026, 10, 12))  # fmt: skip
    with house.rt.db.transaction() as session:
        progress.put_requests(session, p1.id, [one])


def test_a_request_that_waits_is_a_line_then_a_push_and_gone_when_decided(office):
    ask(office, f"{MON}T09:00")
    office.slot(f"{TUE}T07:40", "07:50")
    assert of_type(office, "R02") == [("R02.9", "R1", "digested", "level")]
    office.slot(f"{WED}T09:40", "09:50")
    assert ("R02.1", "R1", "sent", None) in of_type(office, "R02")
    with office.rt.db.transaction() as session:
        progress.put_requests(session, _p1(office).id, [])
    office.sweep(f"{WED}T10:10")
    assert {one[2:] for one in of_type(office, "R02")} == {("done", "done")}


def test_leave_filed_in_the_night_is_told_in_the_morning(office):
    ask(office, f"{MON}T06:30", "leave")
    office.tick(f"{MON}T07:01")
    assert of_type(office, "R02") == [("R02.0", "R1", "sent", None)]
    with office.rt.db.read() as session:
        assert session.scalars(sa.select(Reminder.title).where(Reminder.type == "R02")).one() == "1 人今天起请假待审批"


def test_continuity_at_risk_reaches_the_physician_and_both_hospitals(office):
    p1 = _p1(office)
    segment = {"start": "2026-09-01", "met_on": None, "length": {"months": 1, "days": 12}, "half_days": {"debt": 900, "absent": 0}}
    state(office, "ZZ-09c", "posting", p1.id, "programme", period_kind="programme", metric="continuity", unit="month", detail={"segments": [segment]})
    office.slot(f"{MON}T17:50", "18:00")
    assert sorted(of_type(office, "D06")) == [("D06.1", "A1", "sent", None), ("D06.1", "P1", "sent", None), ("D06.1", "R1", "sent", None)]


def test_arrivals_successors_and_handovers_are_read_from_what_was_recorded(office):
    office.slot("2026-09-02T09:05", "09:20")
    assert {one[:2] for one in of_type(office, "R05")} == {("R05.1", "R1")}
    p1 = _p1(office)
    office.append("posting.arrival_confirmed", "P1", {"posting_id": p1.id, "date": "2026-09-01"}, "recipient_admin",
                  days=(dt.date(2026, 9, 1), dt.date(2026, 9, 1)))  # fmt: skip
    office.slot("2026-09-04T09:05", "09:20")
    with office.rt.db.read() as session:
        rows = session.execute(sa.select(Reminder.subject).where(Reminder.type == "R05", Reminder.step == 2)).scalars().all()
    assert rows == [f"posting:{office.ids['P2']}"]
    office.slot("2027-03-17T09:05", "09:20")
    assert ("S01.10", "A1") in {one[:2] for one in of_type(office, "S01")}
    assert {one[1] for one in of_type(office, "S02")} == {"A1", "P2"}


def test_a_result_is_told_at_once_and_once(office):
    with clock.at(wall(f"{MON}T08:00")):
        leave_id = office.leave("P1", "2026-10-15", "2026-10-15")
    day = dt.date(2026, 10, 15)
    with clock.at(wall(f"{MON}T10:00")):
        office.append("leave.decided", "P1", {"leave_id": leave_id, "decision": "approved", "level": 1}, "recipient_admin", days=(day, day))
    for minute in ("10:01", "10:02"):
        office.folded("P1", "2026-10-15", f"{MON}T{minute}")
    assert of_type(office, "D10") == [("D10.1", "P1", "sent", None)]


def test_an_unsent_record_is_told_a_day_later_unless_the_phone_came_back(office):
    def report(at, count):
        with clock.at(wall(at)), office.rt.db.transaction() as session:
            progress.put_contact(session, office.people["P1"], None, {"count": count, "sessions": []})

    report(f"{MON}T10:00", 2)
    office.tick(f"{TUE}T10:01")
    office.send(f"{TUE}T10:15")
    assert of_type(office, "D07") == [("D07.1", "P1", "sent", None)]
    report(f"{TUE}T11:00", 0)
    office.sweep(f"{TUE}T11:10")
    assert of_type(office, "D07") == [("D07.1", "P1", "done", "done")]


def test_a_new_phone_is_told_to_its_person_and_to_the_supporter(office):
    with clock.at(wall(f"{MON}T09:00")), office.rt.db.transaction() as session:
        devices.add(office.rt, session, office.people["P1"], {"kty": "EC", "crv": "P-256", "x": "a" * 43, "y": "b" * 43}, None, "sign_in")
        session.execute(sa.text("UPDATE outbox_message SET state = 'done' WHERE consumer NOT LIKE 'notifier.%'"))
    outbox.drain(office.rt, BY_NAME, clock_now=wall(f"{MON}T09:01"))
    assert sorted(of_type(office, "X03")) == [("X03.1", "P1", "sent", None), ("X03.2", "A1", "digested", "level")]


def test_the_second_to_last_duty_day_asks_for_the_weeks_missing_half_days(office):
    told = state(office, "ZZ-13", "posting", _p1(office).id, "2026-W42", period_kind="week", metric="outpatient_half_days", unit="half_day")
    with office.rt.db.transaction() as session:
        row = session.get(ObligationState, (PROGRAMME.id, "ZZ-13", told.subject, "2026-W42"))
        row.state = replace(told, threshold=3, effective_threshold=3, number=1).to_dict()
    office.slot("2026-10-15T12:20", "12:30")
    assert of_type(office, "D04") == [("D04.1", "P1", "sent", None)]


def test_a_large_house_is_planned_in_pieces(office, monkeypatch):
    monkeypatch.setattr(posts, "AT_ONCE", 1)
    monkeypatch.setattr(posts.chunks, "__defaults__", (1,))
    office.fold("2026-10-08", MON, f"{TUE}T02:20")
    office.slot(f"{TUE}T07:40", "07:50")
    assert of_type(office, "D03") == [("D03.1", "P1", "sent", None)]
    with office.rt.db.read() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM outbox_message WHERE consumer = 'notifier.plan_piece'")) >= 4


def test_the_leader_and_the_task_force_are_read_from_the_team(office):
    office.slot("2026-10-15T12:20", "12:30")
    assert of_type(office, "L01") == [], "this programme asks for no diary"
    p2 = office.ids["P2"]
    state(office, "ZZ-11", "posting", p2, "2026-10-12/2w", period_kind="two_weeks", metric="on_site_days", unit="day")
    office.slot("2026-10-21T09:10", "09:25")
    assert sorted(of_type(office, "L03")) == [("L03.1", "A1", "sent", None), ("L03.1", "P2", "sent", None)]


def test_a_digest_counts_its_open_lines_and_comes_once(office):
    ask(office, f"{MON}T09:00")
    office.slot(f"{TUE}T07:40", "07:50")
    office.slot(f"{TUE}T08:08", "08:20")
    assert of_type(office, "G01") == [("G01.1", "R1", "sent", None)]
    with office.rt.db.read() as session:
        row = session.scalars(sa.select(Reminder).where(Reminder.type == "G01")).one()
    assert (row.title, row.text) == ("今日待办 1 项", "申请待审批 1 项")
