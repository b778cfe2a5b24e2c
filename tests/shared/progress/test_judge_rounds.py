"""Weekly quotas per clinic (ZZ-19, ZZ-20) and the two-week window of a task force (ZZ-11)."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.calendar import at, two_weeks_days, week_days
from shared.progress.judge import judge_two_weeks, judge_week
from tests.shared.official import OFFICIAL
from tests.shared.progress.posted import DEMO, MONDAY, Story, evening, later, rounds, terms

OVER = at(later(MONDAY, 30), dt.time(9))


def week(story, rule, as_of=OVER):
    facts = story.folded(week_days("2026-W47"), as_of)
    states = judge_week(DEMO, OFFICIAL, [story.posting], facts, "2026-W47", as_of)
    assert {state.rule_id for state in states} == {"ZZ-19", "ZZ-20"}
    return next(state for state in states if state.rule_id == rule)


def g16b():
    """A: Monday both, Tuesday morning, two of them outpatient. B: Wednesday both, both outpatient."""
    story = Story(rounds())
    for days, half, clinic, logged in ((0, "am", "A", True), (0, "pm", "A", False), (1, "am", "A", True),
                                       (2, "am", "B", True), (2, "pm", "B", True)):  # fmt: skip
        story.present(later(MONDAY, days), half, clinic)
        if logged:
            story.outpatient(later(MONDAY, days), half, clinic)
    return story


def test_g16b_on_site_is_judged_for_each_clinic():
    state = week(g16b(), "ZZ-19")
    assert (state.value, state.groups, state.number) == ("not_met", {"A": 3, "B": 2}, 2)
    assert (state.threshold, state.effective_threshold, state.n_workdays) == (3, 3, 5)
    assert state.missing() == 1


def test_g16b_outpatient_is_met_at_both():
    state = week(g16b(), "ZZ-20")
    assert (state.value, state.groups) == ("met", {"A": 2, "B": 2})


def test_one_more_half_day_at_the_second_clinic_meets_it():
    state = week(g16b().present(later(MONDAY, 3), "am", "B"), "ZZ-19")
    assert (state.value, state.groups) == ("met", {"A": 3, "B": 3})


def test_one_outpatient_half_day_less_at_one_clinic_fails():
    story = Story(rounds())
    story.facts = [fact for fact in g16b().facts if fact.payload.get("session") != "pm"]
    assert (week(story, "ZZ-20").value, week(story, "ZZ-20").groups) == ("not_met", {"A": 2, "B": 1})


def test_more_at_one_clinic_does_not_help_the_other():
    story = g16b().present(later(MONDAY, 4), "both", "A")
    assert (week(story, "ZZ-19").value, week(story, "ZZ-19").groups) == ("not_met", {"A": 5, "B": 2})


def test_n_counts_workdays_whatever_the_roster_says():
    assert week(Story(rounds()).leave(MONDAY, MONDAY), "ZZ-19").n_workdays == 4
    off_roster = later(MONDAY, 4)
    assert week(Story(rounds()).leave(off_roster, off_roster), "ZZ-19").n_workdays == 4


def test_a_missing_rostered_half_day_keeps_the_week_provisional_until_its_window_ends():
    as_of = at(later(MONDAY, 7), dt.time(9))  # Wednesday to Friday may still be corrected; Thursday morning is at B
    state = week(g16b(), "ZZ-19", as_of)
    assert (state.value, state.best, state.worst) == ("provisional", "met", "not_met")


# ---- task force


def force(start=dt.date(2026, 11, 18), **over):
    return Story(terms(mode="taskforce", recipient_level="creating", team_id="PAIR/taskforce", start=start, **over))


def window(*stories, name="2026-11-16/2w", as_of=OVER):
    facts = [fact for story in stories for fact in story.folded(two_weeks_days(name), as_of)]
    return judge_two_weeks(DEMO, OFFICIAL, [story.posting for story in stories], facts, name, as_of)


@pytest.mark.parametrize(("days", "value"), [((), "not_met"), ((3,), "met"), ((3, 8), "met")])
def test_one_day_on_site_in_two_weeks(days, value):
    story = force()
    for n in days:
        story.present(later(MONDAY, n), "am")
    (state,) = window(story)
    assert (state.rule_id, state.value, state.number, state.period) == ("ZZ-11", value, len(days), "2026-11-16/2w")
    assert state.subject == "team:PAIR/taskforce"


def test_both_half_days_of_a_date_are_one_day():
    (state,) = window(force().present(later(MONDAY, 3)))
    assert state.number == 1


def test_members_of_a_team_are_counted_together_and_a_date_once():
    one = force().present(later(MONDAY, 3), "am")
    other = force(id="P2", person_id="D2").present(later(MONDAY, 3), "pm").present(later(MONDAY, 4), "am")
    (state,) = window(one, other)
    assert (state.number, state.judged_with) == (2, ("P1", "P2"))


def test_a_rest_day_on_site_counts():
    (state,) = window(force().present(later(MONDAY, 5), "am"))
    assert state.value == "met"


@pytest.mark.parametrize(
    ("end", "value"),
    [(dt.date(2026, 11, 23), "waived"), (dt.date(2026, 11, 24), "not_met")],  # 6 and 7 days inside
)
def test_a_window_with_fewer_than_seven_days_inside_is_waived(end, value):
    (state,) = window(force(end=end))
    assert state.value == value
    assert state.waived_reason == ("partial_window" if value == "waived" else None)
    assert ("partial_window" in state.local_settings) is (value == "waived")


def test_windows_count_from_the_week_of_the_teams_first_posting():
    assert window(force(start=dt.date(2026, 11, 9))) == []
    (state,) = window(force(start=dt.date(2026, 11, 9)), name="2026-11-23/2w")
    assert state.period == "2026-11-23/2w"
    early = force(start=dt.date(2026, 11, 4), id="P0", end=dt.date(2026, 11, 5))
    assert len(window(early, force())) == 1


def test_only_a_recipient_that_is_creating_owes_a_task_force():
    assert window(Story(terms(mode="taskforce", recipient_level="basic"))) == []
    assert window(Story(terms(mode="taskforce", recipient_level=None))) == []


def test_a_running_window_is_open_and_says_until_when():
    (state,) = window(force(), as_of=evening(later(MONDAY, 3)))
    assert state.value == "open"
    assert state.explanation == "本两周现场指导 0/1 天,还差 1 天;到11月27日还有 6 个工作日可补"


def test_a_forgotten_check_out_of_a_task_force_is_pending_while_it_may_be_corrected():
    story = force()
    story.tap("in", later(MONDAY, 11), "07:50")
    (state,) = window(story, as_of=at(later(MONDAY, 14), dt.time(9)))
    assert (state.value, state.best, state.worst) == ("provisional", "met", "not_met")
    (state,) = window(story)
    assert state.value == "not_met"
