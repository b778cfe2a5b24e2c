"""inspection and approval: what was drawn and registered, and what not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from shared.calendar import at
from shared.rules.durations import DAY
from shared.rules.facts import Facts, Inspection, Registration
from shared.rules.kinds import evaluate
from shared.rules.result import Result
from tests.shared.rules.kinds import asked

MAY = dt.date(2009, 5, 20)
DRAWN = Inspection("I1", MAY, 5, 1, "phone", "seed", ("i1",))


def inspected(*draws: Inspection, as_of: dt.datetime | None = None) -> Result:
    programme, rule = asked.rule_of("fukang-mulei-2009", "FK-15")
    return evaluate(asked.ask(programme, rule, facts=Facts(inspections=draws), as_of=as_of))


@pytest.mark.parametrize(("over", "value"), [
    ({}, "met"), ({"seed": None}, "not_met"), ({"recorded": 0}, "not_met"), ({"method": "unannounced"}, "not_met"),
    ({"date": dt.date(2009, 3, 31)}, "not_met"), ({"date": dt.date(2009, 7, 1)}, "not_met"), ({"date": dt.date(2009, 6, 30)}, "met"),
])  # fmt: skip
def test_a_list_drawn_with_a_seed_and_recorded_by_a_method_of_the_rule_in_the_quarter(over, value: str) -> None:
    assert inspected(replace(DRAWN, **over)).value == value


def test_until_the_quarter_ends_it_is_open() -> None:
    assert [inspected(as_of=at(day, dt.time(9))).value for day in (dt.date(2009, 6, 30), dt.date(2009, 7, 1))] == ["open", "not_met"]


def registered(**acknowledged: dt.date | None) -> Result:
    """Two trips of one day each, on 2 and 3 March 2026, and when each registration was acknowledged."""
    programme, rule = asked.rule_of("county-tcm-stationing", "ZD-14")
    first = dt.date(2026, 3, 2)
    trips = [asked.posting(programme, id=f"P{n}", start=first + n * DAY, end=first + n * DAY, roster={(first + n * DAY, "am"): "A"})
             for n in (0, 1)]  # fmt: skip
    facts = Facts(registrations=tuple(Registration(name, acknowledged_on=day) for name, day in acknowledged.items()))
    return evaluate(asked.ask(programme, rule, histories=[asked.history(programme, one) for one in trips], facts=facts))


def test_each_trip_is_registered_before_it_begins_and_the_others_are_named() -> None:
    first = dt.date(2026, 3, 2)
    assert registered(P0=first, P1=first).value == "met"
    found = registered(P0=first, P1=first + 2 * DAY)
    assert (found.value, found.detail["unregistered"], found.number) == ("not_met", ["P1"], 1)
    assert registered(P0=first).detail["unregistered"] == ["P1"]
