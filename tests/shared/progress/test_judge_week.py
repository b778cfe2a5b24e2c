"""Weekly quotas of residents: ZZ-13 (outpatient) and ZZ-14 (ward rounds)."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.calendar import at, iso_week, week_days
from shared.progress.judge import State, judge_week
from tests.shared.official import OFFICIAL
from tests.shared.progress.posted import DEMO, MONDAY, Story, evening, later, terms, without_end

SUNDAY = later(MONDAY, 6)
OVER = at(later(MONDAY, 12), dt.time(9))


def week(story, monday=MONDAY, as_of=OVER, rule="ZZ-13", calendar=OFFICIAL):
    """The one state of the rule for the story's week."""
    facts = story.folded(week_days(iso_week(monday)), as_of, calendar=calendar)
    states = judge_week(DEMO, calendar, [story.posting], facts, iso_week(monday), as_of)
    (found,) = [state for state in states if state.rule_id == rule]
    return found


def outpatients(count, monday=MONDAY, posting=None):
    """A resident with that many attended outpatient half-days from Monday morning on, one a day."""
    story = Story(posting or terms())
    for n in range(count):
        story.present(later(monday, n), "am").outpatient(later(monday, n), "am")
    return story


def with_rounds(*days):
    story = Story()
    for n in days:
        story.diary(later(MONDAY, n), "ward_round")
    return story


@pytest.mark.parametrize(("count", "value"), [(0, "not_met"), (2, "not_met"), (3, "met"), (4, "met")])
def test_three_outpatient_half_days_a_week(count, value):
    state = week(outpatients(count))
    assert (state.value, state.number, state.effective_threshold, state.n_workdays) == (value, count, 3, 5)


@pytest.mark.parametrize(("days", "value"), [((0,), "not_met"), ((0, 3), "met"), ((0, 2, 4), "met")])
def test_two_ward_rounds_a_week(days, value):
    state = week(with_rounds(*days), rule="ZZ-14")
    assert (state.value, state.number, state.unit) == (value, len(days), "time")


def test_ward_and_teaching_round_of_one_day_are_two():
    story = Story()
    story.diary(MONDAY, "ward_round", "teaching_round")
    assert week(story, rule="ZZ-14").value == "met"


def test_a_resident_is_judged_by_the_rules_of_residents_only():
    states = judge_week(DEMO, OFFICIAL, [terms()], [], "2026-W47", OVER)
    assert [state.rule_id for state in states] == ["ZZ-13", "ZZ-14"]


def test_met_early_is_met_and_a_running_week_is_open():
    assert week(outpatients(3), as_of=evening(later(MONDAY, 2))).value == "met"
    early = week(outpatients(2), as_of=at(later(MONDAY, 1), dt.time(12, 10)))
    assert (early.value, early.provisional, early.missing()) == ("open", False, 1)


def test_an_unattended_log_is_kept_and_not_counted():
    story = outpatients(2)
    story.outpatient(later(MONDAY, 2), "am")
    assert (week(story).number, week(story).value) == (2, "not_met")


def test_an_outpatient_half_day_on_a_rest_day_counts_when_scanned():
    story = outpatients(2)
    story.present(later(MONDAY, 5), "am").outpatient(later(MONDAY, 5), "am")
    assert (week(story).number, week(story).value) == (3, "met")


def test_two_sessions_of_one_day_are_two_half_days():
    story = outpatients(1)
    story.present(MONDAY, "pm").outpatient(MONDAY, "pm")
    assert week(story).number == 2


def test_g20b_a_posting_that_starts_on_wednesday_owes_two_and_two():
    posting = terms(start=dt.date(2026, 11, 18))
    story = outpatients(2, later(MONDAY, 2), posting)
    assert (week(story).n_workdays, week(story).effective_threshold, week(story).value) == (3, 2, "met")
    assert week(story, rule="ZZ-14").effective_threshold == 2


@pytest.mark.parametrize(
    ("monday", "thresholds"),
    [
        (dt.date(2026, 9, 28), (2, 2)),
        (dt.date(2026, 4, 6), (3, 2)),
        (dt.date(2026, 9, 14), (3, 2)),
        (dt.date(2025, 12, 29), (3, 2)),
    ],
)
def test_g20_thresholds_of_holiday_weeks(monday, thresholds):
    story = Story(terms(start=dt.date(2025, 10, 9)))
    after = at(later(monday, 30), dt.time(9))
    found = tuple(week(story, monday, after, rule).effective_threshold for rule in ("ZZ-13", "ZZ-14"))
    assert found == thresholds


def test_g20_a_week_of_holidays_is_waived_with_its_reason():
    state = week(Story(terms(start=dt.date(2026, 1, 5))), dt.date(2026, 2, 16))
    assert (state.value, state.waived_reason, state.effective_threshold) == ("waived", "n = 0", 0)
    assert "免计" in state.explanation


@pytest.mark.parametrize(("days", "n", "threshold"), [(1, 4, 3), (2, 3, 2), (4, 1, 1), (5, 0, 0)])
def test_days_of_leave_lower_the_threshold(days, n, threshold):
    story = Story().leave(MONDAY, later(MONDAY, days - 1), by="county_officer")
    assert (week(story).n_workdays, week(story).effective_threshold) == (n, threshold)


def test_ordered_work_lowers_the_threshold_too():
    assert week(Story().ordered(MONDAY, later(MONDAY, 1))).effective_threshold == 2


@pytest.mark.parametrize("half", ["am", "pm"])
def test_leave_over_one_half_day_lowers_nothing(half):
    story = Story().leave(MONDAY, MONDAY, from_session=half, to_session=half)
    assert week(story).n_workdays == 5


def test_a_day_of_leave_on_which_someone_came_counts_as_a_workday():
    assert week(Story().leave(MONDAY, MONDAY).present(MONDAY, "am")).n_workdays == 5


def test_invalid_leave_lowers_nothing():
    assert week(Story().leave(MONDAY, MONDAY, decision="rejected")).n_workdays == 5


def test_two_postings_in_one_week_are_judged_together():
    first = outpatients(2, posting=terms(end=later(MONDAY, 1)))
    second = outpatients(1, later(MONDAY, 2), terms(id="P2", recipient_id="R2", start=later(MONDAY, 2)))
    facts = [fact for story in (first, second) for fact in story.folded(week_days("2026-W47"))]
    states = judge_week(DEMO, OFFICIAL, [first.posting, second.posting], facts, "2026-W47", OVER)
    mine = [state for state in states if state.rule_id == "ZZ-13"]
    assert [state.subject for state in mine] == ["posting:P1", "posting:P2"]
    assert {(state.number, state.value, state.judged_with) for state in mine} == {(3, "met", ("P1", "P2"))}


def test_people_are_never_judged_together():
    one, other = outpatients(3), outpatients(1, posting=terms(id="P2", person_id="D2"))
    facts = [fact for story in (one, other) for fact in story.folded(week_days("2026-W47"))]
    states = judge_week(DEMO, OFFICIAL, [one.posting, other.posting], facts, "2026-W47", OVER)
    numbers = {state.subject: state.number for state in states if state.rule_id == "ZZ-13"}
    assert numbers == {"posting:P1": 3, "posting:P2": 1}


def test_a_posting_that_does_not_touch_the_week_has_no_state():
    assert judge_week(DEMO, OFFICIAL, [terms(end=dt.date(2026, 11, 15))], [], "2026-W47", OVER) == []


# ---- provisional


def pending_third():
    """Two good half-days, and a logged third whose check-out is missing; Friday's window is open until Wednesday."""
    story = outpatients(2)
    story.tap("in", later(MONDAY, 4), "07:50")
    story.outpatient(later(MONDAY, 4), "am")
    return story


def test_a_pending_half_day_that_could_change_it_makes_the_week_provisional():
    state = week(pending_third(), as_of=at(later(MONDAY, 7), dt.time(9)))
    assert (state.value, state.provisional, state.best, state.worst) == ("provisional", True, "met", "not_met")


def test_once_the_window_is_over_the_week_is_final():
    state = week(pending_third(), as_of=at(later(MONDAY, 10), dt.time()))
    assert (state.value, state.provisional, state.best, state.worst) == ("not_met", False, None, None)


def test_a_pending_half_day_without_a_log_cannot_change_the_outpatient_count():
    story = outpatients(2)
    story.tap("in", later(MONDAY, 4), "07:50")
    assert week(story, as_of=at(later(MONDAY, 7), dt.time(9))).value == "not_met"


def test_a_pending_half_day_cannot_change_a_week_that_is_met():
    story = outpatients(3)
    story.tap("in", later(MONDAY, 4), "07:50")
    story.outpatient(later(MONDAY, 4), "am")
    assert week(story, as_of=at(later(MONDAY, 7), dt.time(9))).value == "met"


def test_a_slip_awaiting_its_decision_makes_the_week_provisional():
    story = outpatients(2).leave(later(MONDAY, 3), later(MONDAY, 4), by=None)
    state = week(story)
    assert (state.value, state.best, state.worst) == ("provisional", "met", "not_met")
    assert state.n_workdays == 5


def test_a_week_in_a_year_without_calendar_is_provisional():
    story = Story(without_end(terms()))
    monday = dt.date(2026, 12, 28)  # 1 January 2027 lies in it
    state = week(story, monday, at(dt.date(2027, 1, 20), dt.time(9)))
    assert (state.value, state.provisional, state.best, state.worst) == ("provisional", True, "not_met", "not_met")
    assert "放假安排尚未公布" in state.explanation


# ---- what a state carries


def test_a_state_names_its_versions_evidence_and_local_settings():
    story = outpatients(3)
    state = week(story)
    assert (state.rules_version, state.calendar_version) == (DEMO.sha256, OFFICIAL.version)
    assert set(state.evidence) == {fact.entry_id for fact in story.facts}
    assert state.local_settings == (
        "session.am", "session.min_minutes", "session.pm", "week.prorate", "week.subtract",
    )  # fmt: skip
    assert State.from_dict(state.to_dict()) == state


def test_leave_that_lowered_the_threshold_is_evidence_and_names_its_settings():
    state = week(outpatients(2).leave(later(MONDAY, 3), later(MONDAY, 3)))
    assert {"e7", "e8"} <= set(state.evidence)
    assert {"leave.approve", "leave.late_filing_workdays"} <= set(state.local_settings)


def test_rounds_rest_on_no_scan_setting():
    assert week(with_rounds(0), rule="ZZ-14").local_settings == ("week.prorate", "week.subtract")


def test_the_week_line_of_the_scan_page():
    assert (week(outpatients(1)).short(), week(Story(), rule="ZZ-14").short()) == ("门诊 1/3", "查房 0/2")
    assert week(Story().leave(MONDAY, SUNDAY, by="county_officer")).short() == ""
