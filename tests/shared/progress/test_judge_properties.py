"""Properties of folding and judging that hold for any week (continuity.md §5, properties)."""

from __future__ import annotations

import datetime as dt
import random

from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import at, iso_week, week_days
from shared.progress.judge import judge_two_weeks, judge_week
from tests.shared.official import MONDAY_TO_FRIDAY, OFFICIAL
from tests.shared.progress.posted import DEMO, LONG_AFTER, MONDAY, Story, later, rounds, terms

MONDAYS = st.sampled_from([later(dt.date(2026, 3, 2), 7 * n) for n in range(43)])
HALVES = st.sampled_from(("am", "pm"))
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("present"), st.integers(0, 6), HALVES, st.sampled_from("AB")),
        st.tuples(st.just("outpatient"), st.integers(0, 6), HALVES, st.sampled_from("AB")),
        st.tuples(st.just("open"), st.integers(0, 6), HALVES, st.sampled_from("AB")),
        st.tuples(st.just("leave"), st.integers(0, 6), st.sampled_from(("approved", "rejected")), st.integers(0, 2)),
        st.tuples(st.just("ordered"), st.integers(0, 6), st.sampled_from(("accepted", "rejected")), st.integers(0, 2)),
        st.tuples(st.just("round"), st.integers(0, 6), st.sampled_from(("ward_round", "teaching_round")), st.just(0)),
    ),
    max_size=14,
)
POSTINGS = st.sampled_from((terms(), rounds(start=dt.date(2026, 3, 2)), terms(start=dt.date(2026, 6, 17))))


def tell(posting, monday, events):
    """A story of these events in the week of a Monday."""
    story = Story(posting)
    for kind, n, what, more in events:
        day = later(monday, n)
        if kind == "present":
            story.present(day, what, str(more))
        elif kind == "outpatient":
            story.outpatient(day, what, str(more))
        elif kind == "open":
            story.tap("in", day, {"am": "07:50", "pm": "13:50"}[what], str(more))
        elif kind == "leave":
            story.leave(day, later(day, int(more)), decision=what, by="county_officer")
        elif kind == "ordered":
            story.ordered(day, later(day, int(more)), decision=what)
        else:
            story.diary(day, what)
    return story


def judged(story, monday, as_of=LONG_AFTER, calendar=OFFICIAL):
    name = iso_week(monday)
    facts = story.folded(week_days(name), as_of, calendar=calendar)
    return judge_week(DEMO, calendar, [story.posting], facts, name, as_of)


@given(POSTINGS, MONDAYS, EVENTS, st.sampled_from((OFFICIAL, MONDAY_TO_FRIDAY)))
def test_a_weeks_effective_threshold_never_exceeds_the_rules_threshold(posting, monday, events, calendar):
    for state in judged(tell(posting, monday, events), monday, calendar=calendar):
        assert 0 <= state.effective_threshold <= state.threshold
        assert (state.value == "waived") is (state.effective_threshold == 0)


@given(POSTINGS, MONDAYS, EVENTS, st.integers(0, 10_000))
def test_the_order_of_facts_changes_no_judgement(posting, monday, events, seed):
    story = tell(posting, monday, events)
    shuffled = Story(posting, list(story.facts))
    random.Random(seed).shuffle(shuffled.facts)
    assert judged(shuffled, monday) == judged(story, monday)


@given(POSTINGS, MONDAYS, EVENTS, st.integers(0, 6), HALVES)
def test_an_attended_half_day_more_never_lowers_a_number(posting, monday, events, n, half):
    events = [event for event in events if event[0] != "open" and (event[1], event[2]) != (n, half)]
    here = [(*event[:3], "A") if event[0] == "present" else event for event in events]  # one clinic: nobody is in two
    before = {state.rule_id: state.number for state in judged(tell(posting, monday, here), monday)}
    after = {
        state.rule_id: state.number
        for state in judged(tell(posting, monday, [*here, ("present", n, half, "A")]), monday)
    }
    assert before.keys() == after.keys()
    assert all(after[rule] >= before[rule] for rule in before)


@given(POSTINGS, MONDAYS, EVENTS, st.integers(0, 40 * 24).map(lambda hours: dt.timedelta(hours=hours)))
def test_a_result_is_provisional_exactly_when_it_says_so_and_its_readings_are_there(posting, monday, events, since):
    for state in judged(tell(posting, monday, events), monday, at(monday, dt.time()) + since):
        assert (state.value == "provisional") is state.provisional
        assert ((state.best, state.worst) == (None, None)) is not state.provisional
        assert state.explanation


@given(MONDAYS, EVENTS)
def test_once_every_window_is_over_nothing_is_pending_but_what_awaits_a_decision(monday, events):
    story = tell(terms(), monday, events)
    for day in week_days(iso_week(monday)):
        fact = story.fold(day)
        waiting = [half.reason for half in fact.halves.values() if half.status == "P"]
        assert set(waiting) <= {"decision_pending"}
        for half, seen in fact.halves.items():
            assert not fact.duty[half] or seen.status in ("A", "O", "L", "P", "X")


@given(EVENTS, st.integers(0, 13))
def test_any_attended_date_meets_the_two_week_day(events, n):
    posting = terms(mode="taskforce", recipient_level="creating", team_id="PAIR/taskforce", start=MONDAY)
    story = tell(posting, MONDAY, [event for event in events if event[0] not in ("present", "open")])
    day = later(MONDAY, n)
    story.present(day, "am")
    (state,) = judge_two_weeks(DEMO, OFFICIAL, [posting], story.folded([day]), f"{MONDAY}/2w", LONG_AFTER)
    assert (state.value, state.number) == ("met", 1)
