"""Due dates of 2026 as the calendar of deadlines has them, and how each form of `due` is laid out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.rules import deadlines
from shared.rules.load import Rule, shipped
from tests.factories.service import day
from tests.shared.rules.golden_cases import official

ZHONGZHAN, SUQIAN = shipped()["zhongzhan-2021"], shipped()["suqian-key-areas-2023"]
COUNTY_TCM, SHANXI, FUKANG = (shipped()[name] for name in ("county-tcm-stationing", "shanxi-2012", "fukang-mulei-2009"))


def due_like(**due: Any) -> Rule:
    """A document rule with this `due`."""
    rule = ZHONGZHAN.rule("ZZ-27")
    return replace(rule, keys={**rule.keys, "due": due})


@pytest.mark.parametrize(
    ("programme", "rule", "year", "expected"),
    [
        (SUQIAN, "SQ-20", 2026, [("2026-H1", "2026-06-20", "2026-06-18"), ("2026-H2", "2026-12-20", "2026-12-18")]),
        (SUQIAN, "SQ-13", 2026, [("2026", "2026-07-31", "2026-07-31")]),
        (SHANXI, "SX-34", 2026, [("2026-H1", "2026-06-30", "2026-06-30"), ("2026-H2", "2026-12-31", "2026-12-31")]),
        (SHANXI, "SX-33", 2013, [("2013", "2013-12-31", "2013-12-31")]),
        (SHANXI, "SX-33", 2014, []),
        (ZHONGZHAN, "ZZ-29", 2026, [("2026", "2026-12-31", "2026-12-31")]),
    ],
)
def test_the_dates_of_the_documents(programme: Any, rule: str, year: int, expected: list[tuple[str, str, str]]) -> None:
    found = deadlines.of_year(programme, official(), programme.rule(rule), year)
    assert [(one.period, one.nominal, one.effective) for one in found] == [(p, day(n), day(e)) for p, n, e in expected]


def test_the_quarterly_table_is_named_by_the_quarter_reported_on() -> None:
    found = deadlines.of_year(ZHONGZHAN, official(), ZHONGZHAN.rule("ZZ-27"), 2026)
    assert [(one.period, one.effective) for one in found] == [
        ("2025-Q4", day("2026-01-09")), ("2026-Q1", day("2026-04-10")), ("2026-Q2", day("2026-07-10")), ("2026-Q3", day("2026-10-10")),
    ]  # fmt: skip


def test_a_roster_is_for_the_next_month_and_a_summary_for_this_one() -> None:
    roster = deadlines.of_year(COUNTY_TCM, official(), COUNTY_TCM.rule("ZD-03"), 2026)
    summary = deadlines.of_year(COUNTY_TCM, official(), COUNTY_TCM.rule("ZD-13"), 2026)
    assert (len(roster), len(summary)) == (12, 12)
    assert (roster[9].period, roster[9].nominal, roster[9].effective) == ("2026-11", day("2026-10-31"), day("2026-10-30"))
    assert (roster[11].period, summary[10].period, summary[10].effective) == ("2027-01", "2026-11", day("2026-11-30"))


def test_a_date_may_roll_forward() -> None:
    first = deadlines.of_year(COUNTY_TCM, official(), COUNTY_TCM.rule("ZD-06"), 2026)
    assert (first[9].nominal, first[9].effective) == (day("2026-10-01"), day("2026-10-08"))


@pytest.mark.parametrize(("end", "expected"), [("2026-09-04", "2026-09-18"), ("2026-09-30", "2026-10-20")])
def test_ten_workdays_after_a_posting_ends(end: str, expected: str) -> None:
    (found,) = deadlines.of_posting(ZHONGZHAN, official(), ZHONGZHAN.rule("ZZ-26"), "P1", day(end))
    assert (found.posting, found.period, found.effective) == ("P1", None, day(expected))


def test_an_open_posting_and_other_forms_have_no_date_of_a_posting() -> None:
    assert deadlines.of_posting(ZHONGZHAN, official(), ZHONGZHAN.rule("ZZ-26"), "P1", None) == []
    assert deadlines.of_posting(ZHONGZHAN, official(), ZHONGZHAN.rule("ZZ-27"), "P1", day("2026-09-04")) == []
    assert deadlines.of_year(ZHONGZHAN, official(), ZHONGZHAN.rule("ZZ-26"), 2026) == []


def test_a_diary_is_due_so_many_hours_after_the_attended_day() -> None:
    (found,) = deadlines.of_date(COUNTY_TCM, official(), COUNTY_TCM.rule("ZD-12"), day("2026-11-18"))
    assert (found.period, found.nominal) == ("2026-11-18", day("2026-11-20"))


def test_what_belongs_before_an_application_is_due_on_its_day() -> None:
    (found,) = deadlines.of_date(ZHONGZHAN, official(), ZHONGZHAN.rule("ZZ-39"), day("2026-11-18"))
    assert found.nominal == found.effective == day("2026-11-18")
    assert deadlines.of_date(ZHONGZHAN, official(), ZHONGZHAN.rule("ZZ-27"), day("2026-11-18")) == []


def test_data_are_cut_off_before_the_nominal_date_and_reminders_are_workdays_before_the_effective_one() -> None:
    first, second = deadlines.of_year(SUQIAN, official(), SUQIAN.rule("SQ-20"), 2026)
    assert (first.cutoff, second.cutoff) == (day("2026-06-10"), day("2026-12-10"))
    assert first.reminders == (day("2026-06-11"), day("2026-06-16"), day("2026-06-18"))
    late = SUQIAN.setting("remind.escalate_after_workdays")
    assert first.escalate_on == official().add_workdays(first.effective, late)


def test_a_day_the_month_lacks_is_its_last_day() -> None:
    monthly = deadlines.of_year(ZHONGZHAN, official(), due_like(every="month", day=31, roll="backward"), 2026)
    assert [one.nominal.day for one in monthly][:4] == [31, 28, 31, 30]
    (leap,) = deadlines.of_year(ZHONGZHAN, official(), due_like(on="--02-29", roll="backward"), 2026)
    assert (leap.nominal, leap.effective) == (day("2026-02-28"), day("2026-02-28"))  # a Saturday worked in return


def test_a_date_in_a_year_without_calendar_is_provisional() -> None:
    found = deadlines.of_year(ZHONGZHAN, official(), ZHONGZHAN.rule("ZZ-27"), 2027)
    assert all(one.provisional for one in found)
    assert not any(one.provisional for one in deadlines.of_year(ZHONGZHAN, official(), ZHONGZHAN.rule("ZZ-27"), 2025))


def test_a_date_of_a_published_year_is_sure_although_what_follows_it_lies_in_the_next() -> None:
    """The escalation of 31 December 2026 lies in 2027, whose calendar is not published; the due date does not."""
    (summary,) = deadlines.of_year(ZHONGZHAN, official(), ZHONGZHAN.rule("ZZ-29"), 2026)
    assert (summary.effective, summary.escalate_on.year, summary.provisional) == (day("2026-12-31"), 2027, False)
    first = deadlines.of_year(ZHONGZHAN, official(), ZHONGZHAN.rule("ZZ-27"), 2027)[0]
    assert (first.period, first.nominal, first.provisional) == ("2026-Q4", day("2027-01-10"), True)
    (after,) = deadlines.of_posting(ZHONGZHAN, official(), ZHONGZHAN.rule("ZZ-26"), "P1", day("2026-12-25"))
    assert (after.effective.year, after.provisional) == (2027, True)


@pytest.mark.parametrize(("month", "effective"), [(1, "2026-01-30"), (2, "2026-02-28"), (5, "2026-05-29"), (10, "2026-10-30"), (11, "2026-11-30")])
def test_the_last_workday_of_a_month(month: int, effective: str) -> None:
    """28 February 2026 is a Saturday worked in return."""
    found = deadlines.of_year(COUNTY_TCM, official(), COUNTY_TCM.rule("ZD-13"), 2026)[month - 1]
    assert (found.period, found.effective) == (f"2026-{month:02d}", day(effective))


def test_every_document_rule_has_its_dates_in_one_of_the_three_ways() -> None:
    for programme in shipped().values():
        for rule in (one for one in programme.rules if one.kind == "document"):
            years = range(programme.effective_from.year, programme.effective_from.year + 4)
            dated = [one for year in years for one in deadlines.of_year(programme, official(), rule, year)]
            posted = deadlines.of_posting(programme, official(), rule, "P1", day("2026-09-04"))
            on_a_day = deadlines.of_date(programme, official(), rule, day("2026-11-18"))
            assert [bool(dated), bool(posted), bool(on_a_day)].count(True) == 1, rule.id


def test_the_last_ten_days_of_may_are_a_window() -> None:
    assert deadlines.window_of(FUKANG.rule("FK-11"), 2026) == (day("2026-05-21"), day("2026-05-31"))
    assert deadlines.window_of(FUKANG.rule("FK-04"), 2026) is None
