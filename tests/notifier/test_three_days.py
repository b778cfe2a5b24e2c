"""The worked example of reminders.md §3 on a controlled clock: a missed Monday climbs; leave and holidays silence it."""

import datetime as dt

import pytest
import sqlalchemy as sa

from notifier.models import InboxItem, Preference, ReminderRule
from notifier.usecases import reminders
from shared import clock
from shared.directory.models import Posting
from shared.progress import store as progress
from tests.notifier.conftest import House, wall

MON, TUE, WED, THU = "2026-10-12", "2026-10-13", "2026-10-14", "2026-10-15"
BEFORE = "2026-10-08"


@pytest.fixture
def week(house: House) -> House:
    """P1 alone, attended until Monday 12 October, with officers who read."""
    house.officers()
    for day in ("2026-10-08", "2026-10-09", "2026-10-10"):
        attend(house, day)
    return house


def attend(house, day):
    house.tap("P1", f"{day}T07:50")
    house.tap("P1", f"{day}T17:40", "out")


def night(house, day):
    house.fold("2026-09-28", day, f"{dt.date.fromisoformat(day) + dt.timedelta(days=1)}T02:20")


def of_p1(house):
    return [one for one in house.told() if one[1] != "P2"]


def contact(house, at):
    with clock.at(wall(at)), house.rt.db.transaction() as session:
        progress.put_contact(session, house.people["P1"], None, {"count": 0, "sessions": []})


def test_a_missed_monday_climbs_step_by_step(week):
    week.tick(f"{MON}T08:15")
    week.tick(f"{MON}T08:33")
    assert of_p1(week) == [("D01.1", "P1", "sent", None), ("R01.1", "R1", "sent", None)]
    night(week, MON)
    week.slot(f"{TUE}T07:40", "07:50")
    assert sorted(of_p1(week)[2:]) == [("D03.1", "P1", "sent", None), ("P4.4", "R1", "digested", "level")]
    week.slot(f"{TUE}T08:08", "08:20")
    assert [one for one in of_p1(week) if one[0] == "G01.1"] == [("G01.1", "R1", "sent", None)]
    attend(week, TUE)
    contact(week, f"{TUE}T09:00")
    night(week, TUE)
    week.slot(f"{WED}T09:40", "09:50")
    assert ("P5.5", "R1", "sent", None) in of_p1(week)


def test_leave_filed_afterwards_closes_what_was_told_and_stops_the_ladder(week):
    week.tick(f"{MON}T08:15")
    night(week, MON)
    week.slot(f"{TUE}T07:40", "07:50")
    with clock.at(wall(f"{TUE}T08:30")):
        week.append("correction.requested", "P1", {
            "correction_id": "c", "service_date": MON, "sessions": ["am", "pm"], "what": "missing_both", "clinic_id": "x",
        }, days=(dt.date(2026, 10, 12), dt.date(2026, 10, 12)))  # fmt: skip
    week.fold(MON, MON, f"{TUE}T08:31")
    week.folded("P1", MON, f"{TUE}T08:32")
    states = {one[0]: one[2:] for one in of_p1(week)}
    assert states["D01.1"] == ("done", "correction")
    assert states["D03.1"] == ("done", "explained")
    assert states["P4.4"] == ("done", "explained")
    contact(week, f"{TUE}T09:00")
    night(week, TUE)
    week.slot(f"{WED}T09:40", "09:50")
    assert "P5.5" not in {one[0] for one in of_p1(week)}


def test_leave_filed_before_the_morning_silences_the_session_and_the_next_day(week):
    with clock.at(wall(f"{MON}T06:30")):
        week.leave("P1", MON, MON)
    week.tick(f"{MON}T08:15")
    week.tick(f"{MON}T08:33")
    assert of_p1(week) == [("R01.1", "R1", "sent", None)], "the seat is empty all the same"
    night(week, MON)
    week.slot(f"{TUE}T07:40", "07:50")
    assert {one[0] for one in of_p1(week)} == {"R01.1"}


def test_a_registered_substitute_who_has_checked_in_fills_the_seat(week):
    with clock.at(wall(f"{MON}T06:30")):
        seat = _seat(week)
        week.append("substitution.recorded", "P1", {
            "seat": seat, "who": week.people["P2"], "for": week.people["P1"], "half_days": [{"date": MON, "session": "am"}],
        }, role="recipient_admin", days=(dt.date(2026, 10, 12), dt.date(2026, 10, 12)))  # fmt: skip
    week.tap("P2", f"{MON}T07:55")
    week.tick(f"{MON}T08:33")
    assert "R01.1" not in {one[0] for one in of_p1(week)}


def _seat(house):
    with house.rt.db.read() as session:
        return session.scalars(sa.select(Posting.seat_id).where(Posting.code == "P1")).one()


def test_holidays_hold_everything_and_friday_is_told_after_them(week):
    for at in ("2026-10-05T07:40", "2026-10-05T09:40", "2026-10-05T12:20"):
        week.slot(at)
    assert week.told() == []


def test_a_choice_for_the_app_alone_keeps_the_push_away_and_the_message_there(week):
    with week.rt.db.transaction() as session:
        session.add(Preference(person_id=week.people["P1"], type="D01", level="in_app", changed_at=wall(f"{MON}T07:00")))
    week.tick(f"{MON}T08:15")
    assert of_p1(week) == [("D01.1", "P1", "in_app", "level")]
    with week.rt.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(InboxItem)) == 1


def test_a_row_switched_off_is_dropped_with_its_reason(week):
    with week.rt.db.transaction() as session:
        session.add(ReminderRule(type="D01", enabled=False, changed_at=wall(f"{MON}T07:00"), changed_by=None))
    week.tick(f"{MON}T08:15")
    assert of_p1(week) == [("D01.1", "P1", "dropped", "switched-off")]
    assert week.inbox("P1") == []


def test_one_push_a_day_the_rest_in_the_app(week):
    night(week, MON)
    week.slot(f"{TUE}T07:40", "07:50")
    week.slot(f"{TUE}T12:20", "12:30")
    week.slot("2026-10-15T12:20", "12:30")
    sent = [one for one in of_p1(week) if one[1] == "P1" and one[2] == "sent"]
    kept = [one for one in of_p1(week) if one[1] == "P1" and one[2] == "in_app"]
    assert [one[0] for one in sent] == ["D03.1", "D04.1"]
    assert {one[3] for one in kept} == {"cap-day"}


def test_after_an_outage_the_morning_session_is_gone_and_the_day_before_still_told(week):
    night(week, MON)
    week.tick(f"{TUE}T12:01")
    week.slot(f"{TUE}T07:40")
    week.send(f"{TUE}T12:02")
    assert [(one[0], one[2]) for one in of_p1(week) if one[1] == "P1"] == [("D03.1", "sent")]


def test_asking_twice_changes_nothing(week):
    night(week, MON)
    week.slot(f"{TUE}T07:40", "07:50")
    with clock.at(wall(f"{TUE}T07:55")):
        found = reminders.slot(week.rt, ("missed", "gaps", "risk", "ladder", "approvals"), wall(f"{TUE}T07:40"))
    assert found == ([], [])
