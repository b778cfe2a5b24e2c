"""What a question to the rules stands on: the half-days of its dates, and of those who stood in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from shared.calendar import at
from shared.rules.coverage import Substitution
from shared.rules.facts import Facts
from shared.rules.history import Half, History
from shared.rules.inquiry import Inquiry, Subject
from shared.rules.kinds import evaluate
from tests.factories.service import ZHONGZHAN, absent, day, history, posting
from tests.shared.rules.golden_cases import official

CALENDAR = official()
SPAN = ("2025-01-01", "2025-12-31")
EFFECTIVE = (day("2021-07-02"), day("2025-12-31"))


def asked(rule, *histories, kind="doctor", period="", facts=None, as_of=None):
    return Inquiry(ZHONGZHAN, CALENDAR, ZHONGZHAN.rule(rule), Subject(kind, "X"), period, histories, facts or Facts(), as_of)


def posted(*spans, **keys):
    return [History(f"D{n}", (posting(*span, id=f"P{n}", person_id=f"D{n}", **keys),), ()) for n, span in enumerate(spans)]


def ends(found):
    return found[0], found[-1]


@pytest.mark.parametrize(("spans", "today", "first", "last"), [
    ([], None, *EFFECTIVE), ([], "2024-05-20", *EFFECTIVE), ([SPAN], None, day(SPAN[0]), day(SPAN[1])),
    ([("2025-02-03", "2025-03-31"), ("2025-06-02", "2025-08-29")], None, day("2025-02-03"), day("2025-08-29")),
    ([("2025-02-03", "2025-08-29"), ("2025-06-02", "2025-06-30")], None, day("2025-02-03"), day("2025-08-29")),
    ([("2025-02-03", None)], "2025-05-20", day("2025-02-03"), day("2025-05-20")),
    ([("2025-02-03", None)], None, day("2025-02-03"), day("2025-02-03")),
    ([("2025-02-03", None)], "2025-01-06", day("2025-02-03"), day("2025-02-03")),
    ([("2025-02-03", "2025-09-30"), ("2025-06-02", None)], "2025-07-01", day("2025-02-03"), day("2025-07-01")),
])  # fmt: skip
def test_without_a_period_people_are_asked_over_all_their_postings_and_else_over_the_programme(spans, today, first, last):
    as_of = at(day(today), dt.time(9)) if today else None
    assert ends(asked("ZZ-37", *posted(*spans), as_of=as_of).days()) == (first, last)
    assert ends(asked("ZZ-37", *posted(*spans), kind="pair", as_of=as_of).days()) == EFFECTIVE


def test_a_programme_without_an_end_reaches_to_the_day_of_judging():
    endless = replace(asked("ZZ-05"), programme=replace(ZHONGZHAN, effective_to=None))
    assert ends(endless.days()) == (EFFECTIVE[0], EFFECTIVE[0])
    for today, last in (("2026-05-20", "2026-05-20"), ("2020-05-20", "2021-07-02")):
        assert ends(replace(endless, as_of=at(day(today), dt.time(9))).days()) == (EFFECTIVE[0], day(last))


def test_a_posting_is_a_period_of_its_own_and_its_days_of_grace_another():
    """The holidays end on 4 February 2025: the third workday after the 3rd is Friday the 7th."""
    both = posted(("2025-02-03", "2025-03-31"), ("2025-06-02", "2025-08-29"))
    assert ends(asked("ZZ-15", *both, period="P1").days()) == (day("2025-06-02"), day("2025-08-29"))
    arrival = asked("ZZ-25", *both, period="P0", kind="team")
    assert ends(arrival.days()) == (day("2025-02-03"), arrival.arrival_due(both[0].postings[0])) == (day("2025-02-03"), day("2025-02-07"))


@pytest.mark.parametrize(("span", "touches"), [
    (("2025-11-10", "2025-11-16"), False), (("2025-11-10", "2025-11-17"), True), (("2025-11-23", "2025-12-31"), True),
    (("2025-11-24", "2025-12-31"), False), (("2025-11-10", None), True), (("2025-11-24", None), False),
])  # fmt: skip
def test_a_posting_touches_a_period_when_it_holds_one_of_its_dates(span, touches):
    assert bool(asked("ZZ-13", *posted(span), period="2025-W47").touching) is touches


@pytest.mark.parametrize(("rule", "period", "now", "over"), [
    ("ZZ-13", "2025-W47", None, True), ("ZZ-13", "2025-W47", "2025-11-23", False), ("ZZ-13", "2025-W47", "2025-11-24", True),
    ("ZZ-37", "", "2030-01-01", False), ("ZZ-15", "P0", "2025-12-31", False), ("ZZ-15", "P0", "2026-01-01", True),
    ("ZZ-15", "P1", "2030-01-01", False),
])  # fmt: skip
def test_a_period_is_over_from_the_midnight_after_its_last_date(rule, period, now, over):
    as_of = at(day(now), dt.time(0)) if now else None
    assert asked(rule, *posted(SPAN, ("2025-02-03", None)), period=period, as_of=as_of).over() is over


@pytest.mark.parametrize(("mine", "named", "about"), [
    ("2025-H1", "2025-H1", True), ("2025-H1", "2025-H2", False), ("2025-H1", None, False), ("", None, True), ("", "once", True), ("once", "", True),
    ("programme", "once", True), ("", "2025", False), ("2025", "", False),
])  # fmt: skip
def test_what_is_owed_once_goes_without_a_name(mine, named, about):
    assert asked("ZZ-28", period=mine).about(named) is about


def test_the_half_days_of_a_week_are_those_of_its_dates():
    found = asked("ZZ-13", history(CALENDAR, posting(*SPAN)), period="2025-W47").by_date
    assert (sorted(found)[0], sorted(found)[-1], sum(map(len, found.values()))) == (day("2025-11-17"), day("2025-11-21"), 10)


def test_a_seat_of_a_rule_with_a_filter_is_still_filled_by_who_stands_in_without_a_posting():
    mine = posting(*SPAN, seat_id="T1", recipient_level="below_basic")
    holder = history(CALENDAR, mine, spells=[absent("2025-04-14", "2025-04-16")])
    dates = CALENDAR.workdays(day("2025-04-14"), day("2025-04-16"))
    other = History("B", (), tuple(Half(date, half, "", False, "A", clinic="C1") for date in dates for half in ("am", "pm")))
    record = Substitution("T1", "B", "D1", (day("2025-04-14"), "am"), (day("2025-04-16"), "pm"))
    alone = evaluate(asked("ZZ-09c", holder, other, kind="team"))
    filled = evaluate(asked("ZZ-09c", holder, other, kind="team", facts=Facts(substitutions=(record,))))
    assert (alone.value, len(alone.detail["segments"])) == ("not_met", 2)
    assert (filled.value, filled.detail["met_on"]) == ("met", "2025-12-31")
