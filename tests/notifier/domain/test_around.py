"""Rows about offices, phones, seats and the ends of postings."""

import datetime as dt
from dataclasses import replace

import pytest

from notifier.domain import check_out, contact, continuity, digest, postings, requests, seats
from notifier.domain.check_in import Presence
from notifier.domain.postings import Standing
from notifier.domain.requests import Waiting
from shared.attendance.session import SessionWindows, Tap
from shared.calendar import at
from shared.rules.durations import DAY
from tests.notifier.conftest import wall
from tests.notifier.domain.scene import CALENDAR, FRI, MON, SAT, THU, TUE, WED, fact, post, weekly

WINDOWS = SessionWindows((dt.time(8), dt.time(12)), (dt.time(14), dt.time(17, 30)), 180, 30)
OFFICES = {"recipient_admin": "R", "supporter_admin": "S", "county_officer": "C"}


def holders(role, scope):
    return [f"{role}@{scope}"]


def owed(cases):
    return [(case.type, case.step, case.person_id) for case in cases if case.answered is None]


# ---- D02


@pytest.mark.parametrize(("half", "taps", "said"), [
    ("pm", [("in", "07:50")], None),  # one check-in for the day: asked once, after the last session
    ("am", [("in", "07:50")], "goes-on"),
    ("pm", [("in", "13:50"), ("out", "17:31")], "checked-out"),
    ("pm", [], "checked-out"),
    ("pm", [("in", "18:00")], "checked-out"),
])  # fmt: skip
def test_an_open_check_in_is_asked_for_after_the_last_session_at_the_clinic(half, taps, said):
    made = tuple(Tap(f"{way}{time}", way, "c1", at(MON, dt.time.fromisoformat(time))) for way, time in taps)
    seen = Presence(WINDOWS, MON, half, duty=True, clinics=frozenset({"c1"}), taps=made, next_clinics=frozenset({"c1"}))
    assert check_out.silence(seen) == said
    assert check_out.due_at(WINDOWS, MON, "pm") == wall("2026-11-23T17:35")
    elsewhere = replace(seen, next_clinics=frozenset({"c2"}))
    assert check_out.silence(elsewhere) == (None if said == "goes-on" else said)


# ---- D06


def segment(debt=0, absent=0, **more):
    return {"start": "2026-09-01", "met_on": None, "length": {"months": 2, "days": 23}, "half_days": {"debt": debt, "absent": absent}, **more}


def standing_state(**more):
    return weekly(2, threshold=12, metric="continuity", period="programme", period_kind="programme", rule_id="ZZ-09c",
                  detail={"segments": [segment(**more)]})  # fmt: skip


@pytest.mark.parametrize(("words", "more", "answered"), [
    (("attended", "missing", "missing"), {}, None),  # the third absent workday on end would break
    (("attended", "attended", "missing"), {}, "safe"),
    (("attended", "attended", "missing"), {"absent": 8}, None),  # the fifth in all would break
    (("attended", "attended", "attended"), {"absent": 8}, "safe"),
    (("attended", "attended", "attended"), {"debt": 400}, None),
    (("attended", "attended", "attended"), {"met_on": "2026-11-01"}, None),
])  # fmt: skip
def test_one_more_absent_day_would_break_or_the_debt_can_no_longer_be_repaid(words, more, answered):
    days = [fact(day, word) for day, word in zip((MON, TUE, WED), words, strict=True)]
    found = list(continuity.at_risk(post(f"{WED}T17:50", *days), [standing_state(**more)], WED, ["office"]))
    if more.get("met_on"):
        assert found == []
        return
    assert {case.answered for case in found} == {answered}
    assert [case.person_id for case in found] == ["D1", "office"]
    assert found[0].words.text == "再有 1 个工作日未记录,将影响连续派驻(已满 2 个月 23 天)。"
    assert found[0].key == "D06:ZZ-09c|posting:P1|2026-09-01|1"


# ---- D07


def test_a_phone_with_unsent_records_is_told_after_a_day_and_after_three():
    found = list(contact.unsent(contact.Reported("D1", wall("2026-11-23T10:00"), 2)))
    assert [(case.step, case.due_at, case.answered) for case in found] == [
        (1, wall("2026-11-24T10:00"), None), (2, wall("2026-11-26T10:00"), None),
    ]  # fmt: skip
    assert found[0].words.title == "手机里有 2 条未发送"
    assert {case.answered for case in contact.unsent(contact.Reported("D1", wall("2026-11-23T10:00"), 0))} == {"sent"}


# ---- R01


def test_one_message_names_all_empty_seats_of_a_recipient():
    one = seats.Seated("s1", "R", "内科", WINDOWS, MON, "am", present=False)
    found = list(seats.empty([one, replace(one, seat_id="s2", specialty="儿科"), replace(one, seat_id="s3", present=True)], {"R": ["office"]}))
    assert [(case.due_at, case.words.title) for case in found] == [(wall("2026-11-23T08:33"), "上午 2 个岗位无人")]
    assert owed(seats.empty([replace(one, present=True)], {"R": ["office"]})) == []


# ---- R02


def waiting(asked, kind="correction", begins=MON, role="recipient_admin"):
    return Waiting(f"{kind}{asked}", kind, role, "R", wall(asked), begins, tuple(OFFICES.items()))


@pytest.mark.parametrize(("today", "pushed"), [
    (MON, []), (TUE, []), (WED, [(1, "recipient_admin@R")]),
    (THU, [(1, "recipient_admin@R"), (2, "recipient_admin@R"), (2, "supporter_admin@S")]), (SAT, []),
    (dt.date(2026, 12, 1), [(1, "recipient_admin@R"), (2, "recipient_admin@R"), (2, "supporter_admin@S"), (3, "recipient_admin@R"),
                            (3, "county_officer@C")]),
])  # fmt: skip
def test_an_old_request_climbs_and_each_workday_has_its_line(today, pushed):
    found = list(requests.approvals([waiting("2026-11-23T09:00"), waiting("2026-11-23T10:00", "leave")], CALENDAR, today, holders))
    assert [(case.step, case.person_id) for case in found if case.most == "push"] == pushed
    assert [case.step for case in found if case.most == "digest"] == ([9] if today != SAT else [])
    assert {case.words.title for case in found} <= {"2 项申请待审批"}


@pytest.mark.parametrize(("kind", "begins", "title"), [
    ("leave", MON, "1 人今天起请假待审批"), ("leave", TUE, "1 人11月24日起请假待审批"), ("leave", WED, None), ("correction", MON, None),
])  # fmt: skip
def test_leave_that_begins_soon_is_told_when_it_is_filed(kind, begins, title):
    found = list(requests.urgent(waiting("2026-11-23T06:30", kind, begins), CALENDAR, holders))
    assert [case.words.title for case in found] == ([title] if title else [])
    assert all(case.due_at == wall("2026-11-23T06:30") and case.step == 0 for case in found)


# ---- postings


def standing(**more):
    terms = replace(post("2026-11-23T09:00").terms, start=dt.date(2026, 11, 20), end=dt.date(2026, 12, 31), seat_id="X1")
    return Standing(post("2026-11-23T09:00", terms=terms), OFFICES, ("leader",), **more)


@pytest.mark.parametrize(("today", "found"), [
    (MON, [("R05", 1, "recipient_admin@R")]), (WED, [("R05", 2, "recipient_admin@R")]), (THU, [("R05", 3, "county_officer@C")]),
    (TUE, []), (FRI, []),
])  # fmt: skip
def test_an_arrival_nobody_confirmed(today, found):
    assert owed(postings.arrival(standing(), today, holders)) == found
    assert owed(postings.arrival(standing(arrived=True), today, holders)) == []


def test_a_seat_without_a_successor_and_a_handover_without_signatures():
    found = {day: owed(postings.successor(standing(succeeded=False), day, holders)) for day in (dt.date(2026, 12, n) for n in range(1, 32))}
    assert {f"{day:%m-%d}": cases for day, cases in found.items() if cases} == {
        "12-03": [("S01", 20, "supporter_admin@S")], "12-17": [("S01", 10, "supporter_admin@S")],
        "12-24": [("S01", 5, "supporter_admin@S"), ("S01", 5, "county_officer@C")],
    }  # fmt: skip
    assert owed(postings.handover(standing(), dt.date(2026, 12, 31), holders)) == [("S02", 0, "supporter_admin@S"), ("S02", 0, "leader")]
    assert owed(postings.handover(standing(handed_over=True), dt.date(2026, 12, 31), holders)) == []
    assert owed(postings.successor(standing(), dt.date(2026, 12, 17), holders)) == []


def test_a_trip_without_registration_is_one_line():
    found = list(postings.unregistered(standing(attended=True, registered=False), MON, holders))
    asks = standing().post.programme.asks_registration
    assert [(case.type, case.answered, case.most) for case in found] == ([("S03", None, "digest")] if asks else [])
    assert owed(postings.unregistered(standing(attended=True, registered=True), MON, holders)) == []


@pytest.mark.parametrize(("day", "number", "found"), [(9, 0, ["L03"]), (9, 1, []), (8, 0, [])])
def test_the_tenth_day_of_the_window(day, number, found):
    state = weekly(number, threshold=1, metric="on_site_days", period="2026-11-16/2w", period_kind="two_weeks", rule_id="ZZ-11", unit="day")
    today = dt.date(2026, 11, 16) + day * DAY
    cases = postings.task_force(state, post(f"{today}T09:10"), today, ["leader", "office"])
    assert [case.type for case in cases if case.answered is None] == found * 2


# ---- digests


@pytest.mark.parametrize(("kind", "day", "due"), [
    ("G01", MON, True), ("G01", SAT, False), ("G01", dt.date(2026, 10, 10), True), ("G01", dt.date(2026, 10, 5), False),
    ("G02", MON, True), ("G02", TUE, False), ("G02", dt.date(2026, 10, 8), True), ("G02", dt.date(2026, 10, 10), False),
])  # fmt: skip
def test_digests_come_on_workdays_and_on_the_first_workday_of_the_week(kind, day, due):
    assert digest.due(kind, CALENDAR, day) == due


def test_a_digest_has_five_lines_most_urgent_first_and_no_name():
    lines = {"R04": 1, "P4": 2, "R02": 4, "S03": 1, "Y04": 3, "D06": 1, "X03": 1}
    case = digest.case("G01", "office", lines, MON)
    assert case.words.title == "今日待办 13 项"
    assert case.words.text.startswith("到岗情况(次日) 2 项;连续派驻需要注意 1 项;申请待审批 4 项;")
    assert case.words.text.endswith(";另有 4 项")
    assert case.answered is None
    assert digest.case("G01", "office", {}, MON).answered == "nothing"
    assert digest.case("G02", "county", lines, MON).key == "G02|person:county|2026-W48|1"
