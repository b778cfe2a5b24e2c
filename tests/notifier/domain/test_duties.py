"""Documents and counts: told on the rule's own lead days, upwards when late, never once they are done."""

import datetime as dt
from dataclasses import replace

import pytest

from notifier.domain import duties
from notifier.domain.duties import Duty
from shared.calendar import days_between
from shared.progress.state import State
from shared.rules import deadlines
from shared.rules.load import shipped
from tests.notifier.domain.scene import CALENDAR

OFFICES = {"recipient_admin": "R", "supporter_admin": "S", "county_officer": "C", "city_officer": "T", "province_officer": "V",
           "quality_office": "S", "hr_officer": "S", "finance_officer": "C"}  # fmt: skip


def holders(role, scope):
    return [f"{role}@{scope}"]


def vacant(*roles):
    return lambda role, scope: [] if role in roles else holders(role, scope)


def document(programme_id, rule_id, period, value="open", **more):
    programme = shipped()[programme_id]
    rule = programme.rule(rule_id)
    year = int(more.pop("year", period[:4]))
    (due,) = [one for one in deadlines.of_year(programme, CALENDAR, rule, year) if one.period == period]
    state = State(programme_id, rule_id, rule.subject, "subject", "half_year", period, value, 0, 1, 1, "item", "document",
                  detail={"effective": f"{due.effective}"})  # fmt: skip
    return Duty(state, programme, CALENDAR, OFFICES, **more)


def counted(programme_id, rule_id, kind, period, number, value="open"):
    programme = shipped()[programme_id]
    rule = programme.rule(rule_id)
    state = State(programme_id, rule_id, rule.subject, "subject", kind, period, value, number, rule.get("value"), rule.get("value"),
                  rule.get("unit"), rule.get("metric"))  # fmt: skip
    return Duty(state, programme, CALENDAR, OFFICES)


def told(duty, year, row=None, holders=holders):
    days = days_between(dt.date(year, 1, 1), dt.date(year + 1, 1, 31))
    found = [(day, case) for day in days for case in duties.owed(duty, day, holders)]
    return [(f"{day:%m-%d}", case.step, case.most) for day, case in found if case.answered is None and row in (None, case.type)]


@pytest.mark.parametrize(("period", "days"), [
    ("2026-H1", [("06-11", 5, "digest"), ("06-16", 2, "push"), ("06-18", 0, "push")]),
    ("2026-H2", [("12-11", 5, "digest"), ("12-16", 2, "push"), ("12-18", 0, "push")]),
])  # fmt: skip
def test_the_half_year_evaluation_of_2026(period, days):
    found = told(document("suqian-key-areas-2023", "SQ-20", period), 2026, "K02")
    assert [one for one in dict.fromkeys(found) if one[1] >= 0] == days


def test_what_was_sent_is_asked_for_no_more():
    assert told(document("suqian-key-areas-2023", "SQ-20", "2026-H1", "met"), 2026) == []


def test_two_workdays_late_the_level_above_is_told_and_the_owner_reads_a_copy():
    duty = document("zhongzhan-demo", "ZZ-27", "2026-Q3")
    late = [case for day in days_between(dt.date(2026, 10, 9), dt.date(2026, 10, 31)) for case in duties.owed(duty, day, holders) if case.step < 0]
    assert {case.person_id for case in late} == {"supporter_admin@S", "recipient_admin@R", "county_officer@C"}
    assert {case.words.title for case in late} == {late[0].words.title}
    assert late[0].type == "S04"


def test_a_vacant_level_is_skipped():
    duty = document("zhongzhan-demo", "ZZ-35", "2026-12", year="2026")
    late = [case for day in days_between(dt.date(2026, 11, 27), dt.date(2026, 12, 10))
            for case in duties.owed(duty, day, vacant("supporter_admin")) if case.step < 0]  # fmt: skip
    assert {case.person_id for case in late} == {"recipient_admin@R", "county_officer@C"}


def test_the_roster_of_the_next_month_is_due_on_the_last_workday_of_this_one():
    found = told(document("zhongzhan-demo", "ZZ-35", "2026-06", year="2026"), 2026, "R04")
    assert [day for day, step, _ in found if step >= 0] == ["05-22", "05-27", "05-29"]  # 31 May is a Sunday
    found = told(document("zhongzhan-demo", "ZZ-35", "2026-09", year="2026"), 2026, "R04")
    assert [day for day, step, _ in found if step >= 0] == ["08-24", "08-27", "08-31"]
    found = told(document("zhongzhan-demo", "ZZ-35", "2024-03", year="2024"), 2024, "R04")
    assert [day for day, step, _ in found if step >= 0] == ["02-22", "02-27", "02-29"]


def test_the_physicians_own_part_has_a_row_of_its_own():
    programme = shipped()["zhongzhan-demo"]
    rule = programme.rule("ZZ-26")
    (due,) = deadlines.of_posting(programme, CALENDAR, rule, "P1", dt.date(2026, 9, 4))
    detail = {"effective": f"{due.effective}"}
    state = State(programme.id, rule.id, "doctor", "D1", "posting", "P1", "open", 0, 1, 1, "item", "document", detail=detail)
    duty = Duty(state, programme, CALENDAR, OFFICES, person_id="D1")
    cases = [case for day in days_between(dt.date(2026, 9, 1), due.effective) for case in duties.owed(duty, day, holders)]
    assert {case.type for case in cases if case.person_id == "D1"} == {"D11"}
    assert {case.type for case in cases if case.person_id != "D1"} == {"Y03"}


@pytest.mark.parametrize(("programme_id", "rule_id", "kind", "period", "days"), [
    ("zhongzhan-demo", "ZZ-31", "year", "2026", ["09-30", "10-30", "11-30", "12-24", "12-31"]),
    ("fukang-mulei-2009", "FK-14", "half_year", "2026-H2", ["12-03", "12-24", "12-31"]),
    ("shanxi-2012", "SX-22", "month", "2026-05", ["05-22", "05-27"]),
])  # fmt: skip
def test_inspections_are_asked_for_while_they_can_still_be_planned(programme_id, rule_id, kind, period, days):
    duty = counted(programme_id, rule_id, kind, period, 0)
    assert sorted({day for day, *_ in told(duty, 2026, "K01")}) == days
    assert told(replace(duty, state=replace(duty.state, value="met")), 2026) == []


def test_a_count_says_what_is_there_and_what_is_missing():
    duty = counted("zhongzhan-demo", "ZZ-31", "year", "2026", 1)
    case = next(iter(duties.owed(duty, dt.date(2026, 9, 30), holders)))
    assert f" 1/{duty.state.threshold} " in case.words.title
    assert case.words.text == f"还差 {duty.state.threshold - 1},12月31日 前完成。"


def test_every_rule_of_the_shipped_programmes_names_a_row_and_somebody():
    for programme in shipped().values():
        for rule in programme.rules:
            if rule.kind == "document" and rule.remind:
                assert duties.ROW_OF_RULE.get(rule.id, "Y03") in {"R04", "S04", "L02", "L04", "K02", "Y01", "Y02", "Y03"}
                for role in rule.remind:
                    duty = Duty(replace(document("zhongzhan-demo", "ZZ-27", "2026-Q3").state, rule_id=rule.id), programme, CALENDAR, OFFICES)
                    assert duties._above(duty, role, holders)
