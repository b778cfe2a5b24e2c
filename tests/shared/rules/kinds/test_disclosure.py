"""disclosure: a notice of enough workdays for each application, over before it."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.calendar import at
from shared.rules.durations import DAY
from shared.rules.facts import Application, Disclosure, Facts
from shared.rules.kinds import evaluate
from shared.rules.result import Result
from tests.shared.rules.kinds import asked

PROGRAMME, RULE = asked.rule_of("zhongzhan-2021", "ZZ-41")
MID, SENIOR = RULE.get("gate")
MONDAY = dt.date(2024, 10, 14)


def judged(*facts: Disclosure | Application, **over) -> Result:
    notices = tuple(one for one in facts if isinstance(one, Disclosure))
    asked_for = tuple(one for one in facts if isinstance(one, Application))
    return evaluate(asked.ask(PROGRAMME, RULE, facts=Facts(disclosures=notices, applications=asked_for), **over))


@pytest.mark.parametrize(("last", "applied", "value"), [
    (MONDAY + 3 * DAY, MONDAY + 30 * DAY, "not_met"),  # four workdays
    (MONDAY + 4 * DAY, MONDAY + 4 * DAY, "not_met"),  # not over yet
    (MONDAY + 4 * DAY, MONDAY + 5 * DAY, "met"),
    (MONDAY + 7 * DAY, MONDAY + 8 * DAY, "met"),
])  # fmt: skip
def test_five_workdays_that_end_before_the_application(last: dt.date, applied: dt.date, value: str) -> None:
    assert judged(Disclosure("D1", MID, MONDAY, last), Application("D1", MID, applied)).value == value


def test_holidays_are_no_workdays_of_a_notice() -> None:
    """30 September to 8 October 2024 holds two workdays only."""
    long = Disclosure("D1", MID, dt.date(2024, 9, 30), dt.date(2024, 10, 8))
    assert judged(long, Application("D1", MID, MONDAY)).value == "not_met"


def test_every_application_has_a_notice_of_its_own() -> None:
    first = Disclosure("D1", MID, MONDAY, MONDAY + 4 * DAY)
    both = (first, Application("D1", MID, MONDAY + 7 * DAY), Application("D1", SENIOR, MONDAY + 400 * DAY))
    found = judged(*both)
    assert (found.value, found.detail["unannounced"]) == ("not_met", [SENIOR])
    assert judged(*both, Disclosure("D1", SENIOR, MONDAY + 371 * DAY, MONDAY + 378 * DAY)).value == "met"


def test_workdays_that_nobody_published_are_not_sure() -> None:
    monday = dt.date(2031, 3, 3)
    found = judged(Disclosure("D1", MID, monday, monday + 4 * DAY), Application("D1", MID, monday + 7 * DAY))
    assert (found.value, found.best, found.worst) == ("provisional", "met", "not_met")


def test_before_any_application_a_notice_is_enough_from_the_day_after_it_ended() -> None:
    """004 §六: the notice is made public first. On its last day it still hangs."""
    notice, friday = Disclosure("D1", MID, MONDAY, MONDAY + 4 * DAY), MONDAY + 4 * DAY
    for day, value in ((friday, "open"), (friday + DAY, "met")):
        known = Facts(disclosures=(notice,))
        assert evaluate(asked.ask(PROGRAMME, RULE, facts=known, as_of=at(day, dt.time(18, 0)))).value == value


def test_an_application_for_something_else_needs_no_notice() -> None:
    other = Application("D1", "another_gate", MONDAY + 7 * DAY)
    assert judged(Disclosure("D1", MID, MONDAY, MONDAY + 4 * DAY), other).value == "met"


def test_one_notice_does_not_serve_two_applications_for_the_same_gate() -> None:
    """Whoever applies again next year is made public again."""
    notice, first, again = Disclosure("D1", MID, MONDAY, MONDAY + 4 * DAY), Application("D1", MID, MONDAY + 7 * DAY), MONDAY + 370 * DAY
    assert judged(notice, first).value == "met"
    assert judged(notice, first, Application("D1", MID, again)).value == "not_met"
    second = Disclosure("D1", MID, MONDAY + 330 * DAY, MONDAY + 340 * DAY)
    assert judged(notice, second, first, Application("D1", MID, again)).value == "met"


@pytest.mark.parametrize(("day", "value"), [(MONDAY + 19 * DAY, "open"), (MONDAY + 20 * DAY, "not_met"), (MONDAY + 21 * DAY, "not_met")])
def test_an_application_still_planned_leaves_time_for_its_notice(day: dt.date, value: str) -> None:
    found = judged(Application("D1", MID, MONDAY + 20 * DAY, ("a1",)), as_of=at(day, dt.time(9)))
    assert (found.value, found.evidence) == (value, ("a1",))


def test_a_planned_application_whose_notice_ended_is_announced() -> None:
    notice, planned = Disclosure("D1", MID, MONDAY, MONDAY + 4 * DAY), Application("D1", MID, MONDAY + 20 * DAY)
    assert judged(notice, planned, as_of=at(MONDAY + 10 * DAY, dt.time(9))).value == "met"
