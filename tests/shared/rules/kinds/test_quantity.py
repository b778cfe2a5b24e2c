"""quota: which part of a period is owed, by whom, in which groups, and what the sentence says."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from shared.calendar import at
from shared.rules.facts import Agreement, Arrival, Facts, Item, Waiver
from shared.rules.history import Half, History
from shared.rules.inquiry import Inquiry, Subject
from shared.rules.kinds import evaluate
from shared.rules.load import Rule
from shared.rules.result import Result
from tests.shared.rules.golden_cases import official
from tests.shared.rules.kinds import asked

ZHONGZHAN, COUNTY_TCM, SUQIAN = (asked.PROGRAMMES[name] for name in ("zhongzhan-2021", "county-tcm-stationing", "suqian-key-areas-2023"))
KINDS = ("outpatient", "teaching", "ward_round", "surgery")


def activities(*kinds: str) -> Facts:
    day = dt.date(2024, 5, 20)
    return Facts(items=tuple(Item(kind, "activity", day, group=kind) for kind in kinds))


@pytest.mark.parametrize(("interpretation", "done", "value"), [
    ("each", KINDS, "met"), ("each", KINDS[:3], "not_met"), ("any", KINDS[3:], "met"), ("any", (), "not_met"),
])  # fmt: skip
def test_activities_are_read_as_each_kind_or_as_any(interpretation: str, done: tuple[str, ...], value: str) -> None:
    rule = SUQIAN.rule("SQ-05")
    read = asked.like(rule, interpretation=interpretation)
    assert evaluate(asked.ask(SUQIAN, read, facts=activities(*done))).value == value


def test_a_kind_that_cannot_occur_is_left_out_with_its_reason() -> None:
    free = Waiver("SQ-05", "2024-Q2", "not_applicable", "受援机构没有手术室", ("w1",), "surgery")
    found = evaluate(asked.ask(SUQIAN, SUQIAN.rule("SQ-05"), facts=replace(activities(*KINDS[:3]), waivers=(free,))))
    assert (found.value, set(found.groups)) == ("met", set(KINDS[:3]))
    assert "受援机构没有手术室" in found.explanation
    assert "w1" in found.evidence
    other = replace(free, period="2024-Q1")
    assert evaluate(asked.ask(SUQIAN, SUQIAN.rule("SQ-05"), facts=replace(activities(*KINDS[:3]), waivers=(other,)))).value == "not_met"


def test_when_no_kind_can_occur_nothing_applies() -> None:
    waivers = tuple(Waiver("SQ-05", "2024-Q2", "not_applicable", "停业装修", (), kind) for kind in KINDS)
    assert evaluate(asked.ask(SUQIAN, SUQIAN.rule("SQ-05"), facts=Facts(waivers=waivers))).value == "not_applicable"


def checked(*terms: tuple[str, dt.date, dt.date], done: tuple[str, ...] = ()) -> Result:
    """ZD-16, each posted physician checked once a month, in May 2026."""
    posted = [asked.posting(COUNTY_TCM, id=f"P-{who}", person_id=who, start=first, end=last) for who, first, last in terms]
    facts = Facts(items=tuple(Item(who, "supporter_checks", dt.date(2026, 5, 20), person_id=who) for who in done))
    histories = asked.unserved(*posted)
    return evaluate(asked.ask(COUNTY_TCM, COUNTY_TCM.rule("ZD-16"), histories=histories, facts=facts, period="2026-05"))


def test_only_physicians_posted_for_half_of_the_month_are_owed_a_check() -> None:
    """May 2026 has 19 workdays; from the 19th on there are 9, from the 18th on 10."""
    whole, last_year = ("D1", dt.date(2026, 3, 2), dt.date(2026, 8, 31)), ("D2", dt.date(2025, 3, 2), dt.date(2025, 8, 31))
    assert checked(whole, last_year, done=("D1",)).groups == {"D1": 1}
    for first, groups in ((dt.date(2026, 5, 19), {"D1": 1}), (dt.date(2026, 5, 18), {"D1": 1, "D3": 0})):
        assert checked(whole, ("D3", first, dt.date(2026, 8, 31)), done=("D1",)).groups == groups


def test_without_posted_physicians_no_check_is_owed() -> None:
    found = checked(("D2", dt.date(2025, 3, 2), dt.date(2025, 8, 31)))
    assert (found.value, found.waived_reason) == ("waived", "partial_window")


def month_of(rule: Rule, start: dt.date) -> Result:
    return evaluate(asked.ask(ZHONGZHAN, rule, histories=[History("D1", (asked.fitting(ZHONGZHAN, rule, start=start),), ())]))


def test_a_physician_owes_a_month_half_of_whose_workdays_are_inside_the_posting() -> None:
    """May 2024 has 21 workdays: eleven are enough."""
    may = official().workdays(dt.date(2024, 5, 1), dt.date(2024, 5, 31))
    assert len(may) == 21
    assert month_of(ZHONGZHAN.rule("ZZ-12"), may[-11]).value == "not_met"
    assert month_of(ZHONGZHAN.rule("ZZ-12"), may[-10]).value == "waived"


def test_a_year_is_owed_however_late_the_first_posting_came() -> None:
    rule = ZHONGZHAN.rule("ZZ-06")
    late = asked.posting(ZHONGZHAN, start=dt.date(2024, 11, 4))
    assert evaluate(asked.ask(ZHONGZHAN, rule, histories=[History("D1", (late,), ())], period="2024")).value == "not_met"


@pytest.mark.parametrize(("programme", "rule", "period", "value"), [
    (ZHONGZHAN, "ZZ-31", "2021", "waived"),  # from 2 July: two days less than half a year
    (ZHONGZHAN, "ZZ-31", "2022", "not_met"),
    (SUQIAN, "SQ-15", "2023", "not_met"),  # from 1 July: six months
])  # fmt: skip
def test_a_year_is_owed_when_the_programme_covers_six_months_of_it(programme, rule: str, period: str, value: str) -> None:
    assert evaluate(asked.ask(programme, programme.rule(rule), period=period)).value == value


def test_an_institution_owes_a_half_year_as_far_as_its_agreement_reaches() -> None:
    rule = ZHONGZHAN.rule("ZZ-28")
    for first, value in ((dt.date(2024, 4, 1), "not_met"), (dt.date(2024, 4, 15), "waived")):
        facts = Facts(agreements=(Agreement("A1", "R1", first, None),))
        assert evaluate(asked.ask(ZHONGZHAN, rule, facts=facts)).value == value


def test_a_year_is_owed_however_late_the_agreement_came() -> None:
    agreed = Facts(agreements=(Agreement("A1", "R1", dt.date(2024, 11, 4), None),))
    assert evaluate(asked.ask(ZHONGZHAN, ZHONGZHAN.rule("ZZ-06"), facts=agreed, period="2024")).value == "not_met"


def test_a_programme_without_an_end_is_never_over() -> None:
    rule = ZHONGZHAN.rule("ZZ-05")
    zero = Facts(figures=(asked.Figure("featured_specialties", "2026", 0),))
    found = evaluate(asked.ask(COUNTY_TCM, rule, facts=zero, as_of=at(dt.date(2026, 11, 25), dt.time(9))))
    assert (COUNTY_TCM.effective_to, found.value) == (None, "open")


def test_a_duty_over_the_programme_is_open_until_the_programme_ends() -> None:
    rule = ZHONGZHAN.rule("ZZ-05")
    served = History("D1", (asked.posting(ZHONGZHAN, end=dt.date(2024, 6, 28)),), ())
    one = Facts(items=())
    none = replace(one, figures=())
    assert evaluate(asked.ask(ZHONGZHAN, rule, histories=[served], facts=none, as_of=at(dt.date(2025, 3, 3), dt.time(9)))).value == "not_reported"
    zero = Facts(figures=(asked.Figure("featured_specialties", "2024", 0),))
    for day, value in ((dt.date(2025, 12, 31), "open"), (dt.date(2026, 1, 1), "not_met")):
        assert evaluate(asked.ask(ZHONGZHAN, rule, histories=[served], facts=zero, as_of=at(day, dt.time(9)))).value == value


def test_a_waived_month_still_says_what_is_asked() -> None:
    found = month_of(ZHONGZHAN.rule("ZZ-12"), dt.date(2024, 5, 31))
    asked_for = ZHONGZHAN.rule("ZZ-12").get("value")
    assert (found.waived_reason, found.number, found.threshold, found.effective_threshold) == ("partial_window", None, asked_for, asked_for)
    assert (found.unit, found.metric, found.local_settings, found.n_workdays) == ("bed", "beds_managed", ("partial_window",), None)
    assert found.explanation == "2024年5月管理病床免计:派驻天数不足"


def test_arrivals_are_judged_when_the_days_of_grace_are_over() -> None:
    """ZZ-25: start on Tuesday 2 January 2024, three workdays later is Friday the 5th."""
    rule = ZHONGZHAN.rule("ZZ-25")
    start = dt.date(2024, 1, 2)
    batch = [asked.posting(ZHONGZHAN, id=f"P{n}", person_id=f"D{n}", start=start) for n in (1, 2)]
    later = asked.posting(ZHONGZHAN, id="P3", person_id="D3", start=dt.date(2024, 3, 1))
    histories = asked.unserved(*batch, later)
    one, both = ((Arrival("P1", start),), (Arrival("P1", start), Arrival("P2", dt.date(2024, 1, 5))))
    for arrivals, day, value in ((one, dt.date(2024, 1, 5), "open"), (one, dt.date(2024, 1, 6), "not_met"), (both, dt.date(2024, 1, 5), "met")):
        found = evaluate(asked.ask(ZHONGZHAN, rule, histories=histories, facts=Facts(arrivals=arrivals), period="P1",
                                   as_of=at(day, dt.time(9))))  # fmt: skip
        assert found.value == value, (day, found.explanation)


def week(done: int, day: dt.date, *, status: str = "A") -> Inquiry:
    """ZZ-13 in the week of Monday 20 May 2024: so many outpatient half-days on its first mornings, judged on a date at 9."""
    one = asked.fitting(ZHONGZHAN, ZHONGZHAN.rule("ZZ-13"))
    monday = dt.date(2024, 5, 20)
    days = [monday + dt.timedelta(days=n) for n in range(5)]
    halves = [Half(d, half, one.id, True, (status if half == "am" else "X") if d < day else "", clinic="A")
              for d in days for half in ("am", "pm")]  # fmt: skip
    logs = tuple(Item(f"{d}", "outpatient", d, 9, None, one.person_id, "A", half="am") for d in days[:done])
    return Inquiry(ZHONGZHAN, official(), ZHONGZHAN.rule("ZZ-13"), Subject("doctor", "D1"), "2024-W21",
                   (History("D1", (one,), tuple(halves)),), Facts(outpatient=logs), at(day, dt.time(9)))  # fmt: skip


def test_the_sentence_of_a_running_week_says_when_it_can_be_made_up() -> None:
    found = evaluate(week(2, dt.date(2024, 5, 23)))
    assert (found.value, found.explanation) == ("open", "本周门诊 2/3 个半天,还差 1 个;周四、周五各可补 1 个")
    assert evaluate(week(0, dt.date(2024, 5, 23))).explanation == "本周门诊 0/3 个半天,还差 3 个;周四、周五各可补 2 个"


def test_a_running_month_says_so_too_and_half_days_over_which_something_is_planned_are_no_room() -> None:
    rule = ZHONGZHAN.rule("ZZ-13")
    inquiry = week(2, dt.date(2024, 5, 23))
    monthly = replace(inquiry, rule=asked.like(rule, period="month"), period="2024-05")
    assert evaluate(monthly).explanation == "本月门诊 2/3 个半天,还差 1 个;周四、周五各可补 1 个"
    history = inquiry.histories[0]
    free = tuple(replace(half, status="L") if (half.date.day, half.half) == (24, "am") else half for half in history.halves)
    assert evaluate(replace(monthly, histories=(replace(history, halves=free),))).explanation.endswith("周四、周五各可补 1 个")
    gone = tuple(replace(half, status="L") if half.date.day == 24 else half for half in history.halves)
    assert evaluate(replace(monthly, histories=(replace(history, halves=gone),))).explanation.endswith("周四可补 1 个")


def test_each_clinic_is_made_up_where_the_roster_goes_there() -> None:
    """Monday to Wednesday are over; Thursday is at A and Friday at B."""
    rule = asked.like(ZHONGZHAN.rule("ZZ-13"), per=["clinic"], value=1)
    inquiry = week(0, dt.date(2024, 5, 23))
    history = inquiry.histories[0]
    halves = tuple(replace(half, clinic="B") if half.date.day == 24 else half for half in history.halves)
    for roster, said in (({(half.date, half.half): half.clinic for half in halves}, ("周四可补 1 个", "周五可补 1 个")),
                         ({}, ("周四、周五各可补 1 个", "周四、周五各可补 1 个"))):  # fmt: skip
        one = replace(history.postings[0], clinics=("A", "B"), roster=roster)
        found = evaluate(replace(inquiry, rule=rule, histories=(replace(history, postings=(one,), halves=halves),), names={"A": "甲站", "B": "乙站"}))
        assert found.explanation == f"本周甲站门诊 0/1 个半天,还差 1 个;{said[0]};乙站门诊 0/1 个半天,还差 1 个;{said[1]}"


def test_rounds_can_be_made_up_once_on_each_date_without_one() -> None:
    """Thursday's round is done in the morning: in the afternoon only Friday is left."""
    rule, thursday = ZHONGZHAN.rule("ZZ-14"), dt.date(2024, 5, 23)
    inquiry = replace(week(0, thursday), rule=rule, as_of=at(thursday, dt.time(13)))
    done = Facts(items=(Item("r", "ward_rounds", thursday, person_id="D1"),))
    assert evaluate(replace(inquiry, facts=done)).explanation == "本周查房 1/2 次,还差 1 次;周五可补 1 次"
    assert evaluate(inquiry).explanation == "本周查房 0/2 次,还差 2 次;周四、周五各可补 1 次"


def test_the_sentence_of_a_week_that_is_over_states_the_number_only() -> None:
    found = evaluate(week(2, dt.date(2024, 5, 27)))
    assert (found.value, found.explanation) == ("not_met", "5月20日至26日门诊 2/3 个半天,差 1 个,未达标")


def test_half_days_that_wait_for_a_decision_give_both_readings() -> None:
    found = evaluate(week(3, dt.date(2024, 5, 27), status="P"))
    assert (found.value, found.best, found.worst, found.number) == ("provisional", "met", "not_met", 0)
    assert found.explanation.endswith("另有 5 个半天待定,最好达标,最差未达标")


def test_the_settings_that_touched_a_week_are_named() -> None:
    used = evaluate(week(2, dt.date(2024, 5, 27))).local_settings
    assert {"session.min_minutes", "week.prorate", "week.subtract"} <= set(used)
    assert not any(name.startswith(("leave.", "correction.")) for name in used)
    assert "correction.max_per_month" in evaluate(week(3, dt.date(2024, 5, 27), status="P")).local_settings


def test_leave_shortens_the_week_and_names_its_settings() -> None:
    inquiry = week(2, dt.date(2024, 5, 27))
    history = inquiry.histories[0]
    halves = tuple(replace(half, status="L", reason="sick") if half.date >= dt.date(2024, 5, 22) else half for half in history.halves)
    found = evaluate(replace(inquiry, histories=(replace(history, halves=halves),)))
    assert (found.n_workdays, found.threshold, found.effective_threshold, found.value) == (2, 3, 2, "met")
    assert "leave.approve" in found.local_settings


def test_a_week_of_leave_only_owes_nothing() -> None:
    inquiry = week(0, dt.date(2024, 5, 27))
    history = inquiry.histories[0]
    halves = tuple(replace(half, status="L", reason="sick") for half in history.halves)
    found = evaluate(replace(inquiry, histories=(replace(history, halves=halves),)))
    assert (found.value, found.waived_reason, found.n_workdays, found.effective_threshold) == ("waived", "n = 0", 0, 0)
