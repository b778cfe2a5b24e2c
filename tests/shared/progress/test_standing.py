"""How long somebody served, from day facts: the same figures as the golden cases, leave and orders by their type."""

from __future__ import annotations

import datetime as dt

from shared.calendar import at, days_between
from shared.progress import standing
from shared.progress.state import State
from shared.rules import case, explain
from shared.rules.load import shipped
from tests.shared.official import OFFICIAL
from tests.shared.progress.posted import DEMO, Story, terms

START, END = dt.date(2026, 3, 2), dt.date(2026, 9, 30)
LATER = at(dt.date(2026, 10, 20), dt.time(9))


def served(story: Story, last: dt.date = END) -> Story:
    """On every workday that no leave slip lies over, both half-days."""
    away = {day for fact in story.facts if fact.kind in ("leave.requested", "ordered_work.filed")
            for day in days_between(dt.date.fromisoformat(fact.payload["from"]), dt.date.fromisoformat(fact.payload["to"]))}  # fmt: skip
    for day in OFFICIAL.workdays(story.posting.start, last):
        if day not in away:
            story.present(day)
    return story


def judged(story: Story, as_of: dt.datetime = LATER) -> dict[str, State]:
    """Rule id -> state, judged from the day facts up to `as_of`."""
    last = min(story.posting.end or dt.date.max, as_of.date())
    facts = story.folded(days_between(story.posting.start, last), as_of)
    return {state.rule_id: state for state in standing.judge_standing(DEMO, OFFICIAL, [story.posting], facts, as_of)}


def test_day_facts_give_the_figures_that_a_case_gives() -> None:
    story = Story(terms(start=START, end=END))
    story.leave(dt.date(2026, 4, 13), dt.date(2026, 4, 24), by="supporter_admin")
    story.leave(dt.date(2026, 6, 1), dt.date(2026, 6, 3))
    found = judged(served(story))["ZZ-37"]
    written = b"""{"programme": "zhongzhan-demo", "postings": [{"start": "2026-03-02", "end": "2026-09-30"}], "events": [
      {"kind": "leave", "from": "2026-04-13", "to": "2026-04-24"}, {"kind": "leave", "from": "2026-06-01", "to": "2026-06-03"}],
      "questions": [{"ask": "continuity", "rule": "ZZ-37"}]}"""
    (answer,) = explain.answer(case.load(written, shipped(), OFFICIAL, lambda _: b""))["answers"]
    assert (found.value, found.number) == ("met", 6)
    assert found.detail["met_on"] == answer["met_on"] == "2026-09-04"
    for mine, theirs in zip(found.detail["segments"], answer["segments"], strict=True):
        assert mine["half_days"] == theirs["half_days"]
    assert [line["reason"] for line in found.detail["lines"]] == ["personal", "personal"]


def test_a_running_posting_tells_its_earliest_completion_and_its_debt() -> None:
    story = Story(terms(start=START, end=dt.date(2026, 12, 31)))
    as_of = at(dt.date(2026, 7, 31), dt.time(19))
    served(story, dt.date(2026, 7, 31))
    story.facts = [fact for fact in story.facts if fact.payload.get("service_date") not in ("2026-05-21", "2026-05-22")]
    found = judged(story, as_of)["ZZ-37"]
    shown = standing.shown(found, 10)
    assert found.value == "open"
    assert shown is not None
    assert (shown["earliest"], shown["debt"], shown["met_on"]) == ("2026-09-03", 4, None)
    assert "最早 2026年9月3日满" in found.explanation


def test_ordered_meetings_are_credited_up_to_their_limit() -> None:
    story = Story(terms(start=START, end=END))
    for first, last in (((6, 1), (6, 3)), ((7, 1), (7, 1))):
        story.ordered(dt.date(2026, *first), dt.date(2026, *last), kind="meeting", issuer_level="supporter")
    (segment,) = judged(served(story))["ZZ-37"].detail["segments"]
    assert (segment["half_days"]["ordered"], segment["half_days"]["debt"]) == (8, 2)


def test_accumulation_stands_beside_continuity_and_rules_that_do_not_apply_give_nothing() -> None:
    found = judged(served(Story(terms(start=START, end=END))))
    assert set(found) == {"ZZ-04", "ZZ-37"}
    assert (found["ZZ-04"].value, found["ZZ-04"].detail["total"]) == ("not_met", {"months": 6, "days": 29})
    rounds = Story(terms(start=START, end=END, mode="taskforce"))
    assert "ZZ-37" not in judged(rounds)


def test_dates_nobody_folded_stand_without_a_record() -> None:
    posting = terms(start=START, end=END)
    (state,) = [s for s in standing.judge_standing(DEMO, OFFICIAL, [posting], [], LATER) if s.rule_id == "ZZ-37"]
    assert (state.value, state.number, state.detail["segments"]) == ("not_met", 0, [])
    assert standing.shown(state, 10) == {
        "months": 0, "days": 0, "met_on": None, "earliest": None, "debt": 0, "leave": 0, "leave_cap": 10, "lines": [],
    }  # fmt: skip


def test_every_posting_of_the_person_gets_the_common_state() -> None:
    first = terms(id="P1", start=START, end=dt.date(2026, 5, 31))
    second = terms(id="P2", start=dt.date(2026, 6, 1), end=END)
    facts = [fact for posting in (first, second) for fact in served(Story(posting), posting.end).folded(days_between(posting.start, posting.end))]
    states = [s for s in standing.judge_standing(DEMO, OFFICIAL, [first, second], facts, LATER) if s.rule_id == "ZZ-37"]
    assert [(s.subject, s.value, s.judged_with) for s in states] == [
        ("posting:P1", "met", ("P1", "P2")), ("posting:P2", "met", ("P1", "P2")),
    ]  # fmt: skip
