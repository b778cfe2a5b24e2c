"""coverage: seats of the clause, gaps within the limit, and how many are filled at one time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from shared.calendar import at
from shared.rules.coverage import Substitution
from shared.rules.facts import Facts
from shared.rules.history import Half, History
from shared.rules.kinds import evaluate
from shared.rules.load import Rule
from shared.rules.result import Result
from tests.shared.rules.kinds import asked

FUKANG = asked.PROGRAMMES["fukang-mulei-2009"]
TWO_SEATS = FUKANG.rule("FK-02")
MARCH = dt.date(2009, 3, 3)
END = dt.date(2009, 4, 30)


def holder(seat: str, **over) -> History:
    one = asked.posting(FUKANG, id=f"P-{seat}", person_id=f"D-{seat}", seat_id=seat, mode="outpatient_seat", end=END)
    return asked.history(FUKANG, one, **over)


def judged(*histories: History, rule: Rule = TWO_SEATS, facts: Facts | None = None, **over) -> Result:
    return evaluate(asked.ask(FUKANG, rule, histories=histories, facts=facts, **over))


def test_both_seats_filled_are_met_and_an_empty_day_is_a_gap_of_its_seat() -> None:
    assert judged(holder("S1"), holder("S2")).value == "met"
    found = judged(holder("S1"), holder("S2", away=[MARCH]))
    assert (found.value, found.groups) == ("not_met", {"S1": 0, "S2": 2})


def test_a_registered_substitute_fills_the_seat() -> None:
    there = tuple(Half(MARCH, half, "", True, "A", clinic="A") for half in ("am", "pm"))
    stand_in = History("D9", (), there)
    known = Facts(substitutions=(Substitution("S2", "D9", "D-S2", (MARCH, "am"), (MARCH, "pm"), ("s1",)),))
    found = judged(holder("S1"), holder("S2", away=[MARCH]), stand_in, facts=known)
    assert found.value == "met"
    assert "s1" in found.evidence
    assert judged(holder("S1"), holder("S2", away=[MARCH]), stand_in).value == "not_met"


def test_who_stands_in_need_not_match_what_the_rule_asks_of_its_own_postings() -> None:
    """A colleague posted in another mode fills the seat on the days that were registered, and no other day."""
    rule, other = replace(TWO_SEATS, where={"mode": ["outpatient_seat"]}), asked.posting(FUKANG, id="P9", person_id="D9", mode="event")
    stand_in = replace(asked.history(FUKANG, other), halves=tuple(Half(MARCH, half, "P9", True, "A", clinic="A") for half in ("am", "pm")))
    known = Facts(substitutions=(Substitution("S2", "D9", "D-S2", (MARCH, "am"), (MARCH, "pm"), ("s1",)),))
    assert judged(holder("S1"), holder("S2", away=[MARCH]), stand_in, rule=rule, facts=known).value == "met"
    assert judged(holder("S1"), holder("S2", away=[MARCH]), stand_in, rule=rule).value == "not_met"
    found = judged(holder("S1"), holder("S2", away=[MARCH, MARCH + dt.timedelta(days=1)]), stand_in, rule=rule, facts=known)
    assert found.groups == {"S1": 0, "S2": 2}


def test_a_seat_too_few_is_not_met_and_no_seat_at_all_is_not_reported() -> None:
    assert judged(holder("S1")).value == "not_met"
    found = judged()
    assert (found.value, found.explanation) == ("not_reported", "没有登记席位,应有 2 个")


def test_gaps_up_to_the_limit_are_allowed_and_one_more_is_not() -> None:
    for limit, value in ((1, "not_met"), (2, "met"), (3, "met")):
        assert judged(holder("S1"), holder("S2", away=[MARCH]), rule=asked.like(TWO_SEATS, max_gap_half_days=limit)).value == value


def test_so_many_seats_are_filled_at_one_time() -> None:
    """Each seat is empty on one day: within its own limit, but never both on the same day."""
    rule = asked.like(TWO_SEATS, max_gap_half_days=2)
    apart = judged(holder("S1", away=[MARCH]), holder("S2", away=[MARCH + dt.timedelta(days=1)]), rule=rule)
    together = judged(holder("S1", away=[MARCH]), holder("S2", away=[MARCH]), rule=rule)
    assert (apart.value, apart.detail["too_few_half_days"]) == ("met", 0)
    assert (together.value, together.detail["too_few_half_days"]) == ("not_met", 2)
    both = judged(holder("S1", away=[MARCH]), holder("S2"), rule=asked.like(TWO_SEATS, max_gap_half_days=2, min_present=2))
    assert (both.value, both.detail["too_few_half_days"]) == ("not_met", 2)


def test_a_half_day_that_waits_for_a_decision_gives_both_readings() -> None:
    second = holder("S2")
    halves = tuple(replace(half, status="P") if half.date == MARCH else half for half in second.halves)
    found = judged(holder("S1"), replace(second, halves=halves))
    assert (found.value, found.best, found.worst) == ("provisional", "met", "not_met")


def test_a_seat_whose_holder_left_is_empty_while_the_others_go_on() -> None:
    left = asked.posting(FUKANG, id="P-S2", person_id="D-S2", seat_id="S2", mode="outpatient_seat", end=dt.date(2009, 4, 29))
    found = judged(holder("S1"), asked.history(FUKANG, left))
    assert (found.value, found.groups) == ("not_met", {"S1": 0, "S2": 2})


def test_while_the_seats_are_held_it_is_open_as_long_as_none_is_empty() -> None:
    now = at(END, dt.time(9))
    seats = [replace(holder(name), as_of=now) for name in ("S1", "S2")]
    assert judged(*seats, as_of=now).value == "open"
