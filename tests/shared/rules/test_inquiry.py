"""What a question to the rules stands on: the half-days of its dates, and of those who stood in."""

from __future__ import annotations

from shared.rules.coverage import Substitution
from shared.rules.facts import Facts
from shared.rules.history import Half, History
from shared.rules.inquiry import Inquiry, Subject
from shared.rules.kinds import evaluate
from tests.factories.service import ZHONGZHAN, absent, day, history, posting
from tests.shared.rules.golden_cases import official

CALENDAR = official()
SPAN = ("2025-01-01", "2025-12-31")


def asked(rule, *histories, kind="doctor", period="", facts=None):
    return Inquiry(ZHONGZHAN, CALENDAR, ZHONGZHAN.rule(rule), Subject(kind, "X"), period, histories, facts or Facts())


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
