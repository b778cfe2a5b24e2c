"""The month roll-up (golden case G39) and the sentences people read."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.calendar import at, days_between
from shared.progress.judge import State, judge_month, judge_week
from shared.rules import words
from shared.rules.schema import METRICS, UNITS
from tests.shared.official import OFFICIAL
from tests.shared.progress.posted import DEMO, MONDAY, Story, evening, later, rounds, terms

AFTER = at(dt.date(2026, 12, 20), dt.time(9))
SPAN = days_between(dt.date(2026, 10, 26), dt.date(2026, 12, 6))


def month(story, as_of=AFTER, rule="ZZ-13", name="2026-11"):
    states = judge_month(DEMO, OFFICIAL, [story.posting], story.folded(SPAN, as_of), name, as_of)
    (found,) = [state for state in states if state.rule_id == rule]
    return found


def outpatients(story, monday, count):
    """So many outpatient half-days from Monday morning on, mornings first."""
    for n in range(count):
        day, half = later(monday, n % 5), ("am", "pm")[n // 5]
        story.present(day, half).outpatient(day, half)


def g39():
    story = Story()
    for monday, count in ((dt.date(2026, 11, 2), 3), (dt.date(2026, 11, 9), 2), (MONDAY, 4), (dt.date(2026, 11, 23), 3),
                          (dt.date(2026, 11, 30), 1)):  # fmt: skip
        outpatients(story, monday, count)
    return story


def test_g39_the_monthly_roll_up_of_november_2026():
    state = month(g39())
    assert (state.number, state.threshold, state.effective_threshold) == (3, 4, 4)
    assert state.detail == {
        "value_by_date": 13, "unit": "half_day", "deficits": [{"week": "2026-W46", "missing": 1}],
    }  # fmt: skip
    assert (state.value, state.period_kind, state.period, state.subject) == (
        "not_met",
        "month",
        "2026-11",
        "posting:P1",
    )


def test_g39_the_week_of_30_november_belongs_to_december():
    state = month(g39(), name="2026-12")
    weeks = [deficit["week"] for deficit in state.detail["deficits"]]
    assert weeks[0] == "2026-W49"
    assert state.detail["value_by_date"] == 0


def test_g39_says_so_in_one_sentence():
    assert month(g39()).explanation == "11月门诊:4 周中 3 周达标,共 13 个半天;11月9日至15日差 1 个"


def test_a_month_survives_json():
    state = month(g39())
    assert State.from_dict(state.to_dict()) == state


def test_a_running_month_counts_the_weeks_that_are_decided():
    story = Story()
    outpatients(story, dt.date(2026, 11, 2), 3)
    outpatients(story, dt.date(2026, 11, 9), 3)
    state = month(story, evening(MONDAY))
    assert (state.value, state.number, state.threshold) == ("open", 2, 2)


def test_a_month_with_a_lost_week_is_not_met_while_it_runs():
    assert month(Story(), evening(MONDAY)).value == "not_met"


def test_a_pending_week_makes_the_month_provisional():
    story = g39()
    story.tap("in", dt.date(2026, 11, 13), "07:50")
    story.outpatient(dt.date(2026, 11, 13), "am")
    story.correction(dt.date(2026, 11, 13), "missing_out", "12:00", decision=None)
    state = month(story)
    assert (state.value, state.provisional, state.number, state.threshold) == ("provisional", True, 3, 4)


def test_a_month_of_leave_is_waived():
    story = Story().leave(dt.date(2026, 10, 26), dt.date(2026, 12, 6), by="county_officer")
    state = month(story)
    assert (state.value, state.threshold, state.waived_reason) == ("waived", 0, "n = 0")


def test_a_month_per_clinic_shows_what_each_clinic_got():
    story = Story(rounds())
    for n in (0, 7):
        story.present(later(MONDAY, n), "both", "A").present(later(MONDAY, n + 1), "am", "A")
        story.present(later(MONDAY, n + 2), "both", "B").present(later(MONDAY, n + 3), "am", "B")
    state = month(story, rule="ZZ-19")
    assert state.groups == {"A": 6, "B": 6}
    assert (state.number, state.threshold) == (2, 4)


# ---- sentences


def sentence(story, as_of, rule="ZZ-13"):
    facts = story.folded(days_between(MONDAY, later(MONDAY, 6)), as_of)
    states = judge_week(DEMO, OFFICIAL, [story.posting], facts, "2026-W47", as_of)
    return next(state.explanation for state in states if state.rule_id == rule)


def with_outpatients(count):
    story = Story()
    outpatients(story, MONDAY, count)
    return story


@pytest.mark.parametrize(
    ("count", "as_of", "expected"),
    [
        (2, evening(later(MONDAY, 2)), "本周门诊 2/3 个半天,还差 1 个;周四、周五各可补 1 个"),
        (1, evening(later(MONDAY, 2)), "本周门诊 1/3 个半天,还差 2 个;周四、周五各可补 2 个"),
        (1, at(later(MONDAY, 4), dt.time(12)), "本周门诊 1/3 个半天,还差 2 个;剩余时间已不够补齐"),
        (2, at(later(MONDAY, 4), dt.time(12)), "本周门诊 2/3 个半天,还差 1 个;周五可补 1 个"),
        (2, evening(later(MONDAY, 5)), "本周门诊 2/3 个半天,还差 1 个"),
        (1, at(MONDAY, dt.time(12, 30)), "本周门诊 1/3 个半天,还差 2 个;到11月20日还有 5 个工作日可补"),
        (3, evening(later(MONDAY, 2)), "本周门诊 3/3 个半天,已达标"),
        (2, AFTER, "11月16日至22日门诊 2/3 个半天,差 1 个,未达标"),
    ],
)
def test_the_sentence_says_what_is_missing_and_when_it_can_be_made_up(count, as_of, expected):
    assert sentence(with_outpatients(count), as_of) == expected


def test_the_sentence_of_rounds_counts_times():
    story = Story()
    story.diary(MONDAY, "ward_round")
    assert sentence(story, evening(later(MONDAY, 2)), "ZZ-14") == "本周查房 1/2 次,还差 1 次;周四、周五各可补 1 次"


def test_days_of_leave_are_not_offered():
    story = with_outpatients(2).leave(later(MONDAY, 3), later(MONDAY, 3), from_session="pm")
    story.leave(later(MONDAY, 4), later(MONDAY, 4))
    expected = "本周门诊 2/3 个半天,还差 1 个;周四可补 1 个"
    assert sentence(story, evening(later(MONDAY, 2))) == expected


def test_the_sentence_of_rounds_names_each_clinic_and_its_rostered_days():
    posting = rounds(clinic_names={"A": "府城中心", "B": "王封中心"})
    story = Story(posting).present(MONDAY, "both", "A").present(later(MONDAY, 1), "am", "A")
    assert sentence(story, evening(later(MONDAY, 1)), "ZZ-19") == (
        "本周府城中心现场 3/3 个半天,已达标;王封中心现场 0/3 个半天,还差 3 个;周三、周四各可补 1 个"
    )


def test_the_sentence_of_a_provisional_week_names_both_readings():
    story = with_outpatients(2)
    story.tap("in", later(MONDAY, 4), "07:50")
    story.outpatient(later(MONDAY, 4), "am")
    text = sentence(story, at(later(MONDAY, 7), dt.time(9)))
    assert text.startswith("11月16日至22日门诊 2/3 个半天,差 1 个;另有 ")
    assert text.endswith("个半天待定,最好达标,最差未达标")


def test_the_line_of_the_scan_page_starts_with_the_week():
    assert words.week_line(["门诊 1/3", "查房 0/2"]) == "本周门诊 1/3 · 查房 0/2"
    assert words.week_line([]) == ""


def test_every_metric_unit_and_result_has_its_words():
    assert set(words.METRICS) == set(METRICS)
    assert set(words.UNITS) == set(UNITS)
    assert set(words.RESULTS) == {"met", "not_met", "open", "waived", "not_applicable", "not_reported", "not_evaluable",
                                  "provisional"}  # fmt: skip


def test_spans_name_the_month_twice_only_when_it_changes():
    assert words.span(dt.date(2026, 11, 9), dt.date(2026, 11, 15)) == "11月9日至15日"
    assert words.span(dt.date(2026, 11, 30), dt.date(2026, 12, 6)) == "11月30日至12月6日"


def test_a_resident_that_left_on_tuesday_is_not_told_to_come_on_friday():
    story = Story(terms(end=later(MONDAY, 1)))
    assert sentence(story, evening(later(MONDAY, 2))) == "本周门诊 0/2 个半天,还差 2 个"
