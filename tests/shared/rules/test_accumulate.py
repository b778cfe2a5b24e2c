"""Twelve months in all: postings and credits united, ratios, caps, rounds and the days that do not count."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from shared.calendar import Calendar
from shared.rules.accumulate import Credit, evaluate
from shared.rules.durations import Length
from shared.rules.load import Rule
from tests.factories.service import ZHONGZHAN, absent, day, history, leave, ordered, pending, posting, settings
from tests.shared.rules.golden_cases import official

CALENDAR = official()
ONE_YEAR = ZHONGZHAN.rule("ZZ-04")
MENTORING = {"counts": ["mentoring"], "ratio": Fraction(1, 3), "toward": ["accumulate"], "cap_months": 2}


def ruled(keys, programme=ZHONGZHAN):
    """The programme with one more credit rule."""
    known = programme.rule("ZZ-38")
    rule = Rule(**{**vars(known), "id": "XX-01", "keys": keys})
    return replace(programme, rules=(*programme.rules, rule))


def summed(*postings, credits_=(), spells=(), programme=ZHONGZHAN, since=None, as_of=None, calendar=CALENDAR):
    made = history(calendar, *postings, spells=spells, programme=programme, as_of=as_of)
    return evaluate(made, programme, calendar, ONE_YEAR, credits_, day(since) if since else None)


def credit(first, last, counts="aid_xinjiang", **keys):
    return Credit(keys.pop("id", "K1"), counts, day(first), day(last), **keys)


def parts(found):
    return [(part.sources, *part.length.to_dict().values()) for part in found.parts]


def test_g17_days_of_overlapping_postings_count_once():
    found = summed(posting("2025-03-01", "2025-08-31"), posting("2025-07-01", "2025-12-31", id="P2", recipient_id="R2"))
    assert (found.total, found.result, parts(found)) == (Length(10, 0), "not_met", [(("P1", "P2"), 10, 0)])


def test_g18_aid_to_xinjiang_counts_beside_a_posting():
    found = summed(posting("2026-03-02", "2026-09-01"), credits_=[credit("2024-02-01", "2024-07-31")])
    assert (found.total, found.result) == (Length(12, 0), "met")
    assert parts(found) == [(("K1",), 6, 0), (("P1",), 6, 0)]


def test_g18b_a_month_less_is_not_enough():
    found = summed(posting("2026-03-02", "2026-09-01"), credits_=[credit("2024-02-01", "2024-06-30")])
    assert (found.total, found.result) == (Length(11, 0), "not_met")


def test_g18c_thirty_remaining_days_make_a_month():
    found = summed(posting("2024-09-10", "2024-12-25"), posting("2025-02-17", "2025-11-30", id="P2"))
    assert (found.total, found.result) == (Length(13, 0), "met")
    assert parts(found) == [(("P1",), 3, 16), (("P2",), 9, 14)]


def test_g19_mentoring_at_a_third_is_capped_at_two_months():
    found = summed(credits_=[credit("2025-01-01", "2025-09-30", "mentoring")], programme=ruled(MENTORING))
    assert (found.total, found.parts[0].to_dict()["ratio"]) == (Length(2, 0), "1/3")
    uncapped = {key: value for key, value in MENTORING.items() if key != "cap_months"}
    assert summed(credits_=[credit("2025-01-01", "2025-09-30", "mentoring")], programme=ruled(uncapped)).total == Length(3, 0)


def test_a_cap_limits_the_sum_of_a_kind_over_several_credits():
    several = [credit("2025-01-01", "2025-05-31", "mentoring"), credit("2025-07-01", "2025-11-30", "mentoring", id="K2")]
    found = summed(credits_=several, programme=ruled(MENTORING))
    assert (found.total, parts(found)) == (Length(2, 0), [(("K1",), 1, 20), (("K2",), 0, 10)])


def test_a_cap_of_nothing_is_a_cap():
    assert summed(credits_=[credit("2025-01-01", "2025-05-31", cap_months=0)]).total == Length(0, 0)


def test_a_credit_that_touches_a_posting_is_measured_with_it():
    found = summed(posting("2026-03-02", "2026-05-31"), credits_=[credit("2026-01-15", "2026-03-01")])
    assert parts(found) == [(("K1", "P1"), 4, 17)]


def test_a_credit_at_a_ratio_counts_only_days_that_nothing_else_counts():
    half = [credit("2026-01-01", "2026-06-30", ratio=Fraction(1, 2))]
    found = summed(posting("2026-03-02", "2026-05-31"), credits_=half)
    assert parts(found) == [(("K1",), 1, 0), (("P1",), 2, 30), (("K1",), 0, 15)]  # (2 m 1 d) / 2, 61 days cut to 30


def test_credits_are_taken_in_falling_ratio():
    third, half = (credit("2026-01-01", "2026-01-31", ratio=Fraction(1, n), id=f"K{n}") for n in (3, 2))
    assert parts(summed(credits_=[third, half])) == [(("K2",), 0, 15)]


def test_a_credit_the_programme_does_not_name_is_listed_with_nothing():
    unknown = credit("2026-03-10", "2026-03-20", "emergency_order", ratio=Fraction(1))
    found = summed(posting("2026-03-02", "2026-05-31"), credits_=[unknown])
    assert parts(found) == [(("P1",), 2, 30), (("K1",), 0, 0)]


def test_a_credit_without_a_kind_is_taken_as_named():
    assert summed(credits_=[credit("2024-01-01", "2024-06-30", None)]).total == Length(6, 0)


def test_unrepaid_debt_shortens_a_posting_and_broken_segments_count():
    short = summed(posting("2026-03-02", "2026-09-01"), spells=[absent("2026-05-21", "2026-05-22")])
    assert (short.total, short.parts[0].last) == (Length(5, 29), day("2026-08-30"))
    broken = summed(posting("2026-03-02", "2026-12-31"), spells=[absent("2026-05-21", "2026-05-25")])
    assert parts(broken) == [(("P1",), 2, 19), (("P1",), 7, 6)]


def test_a_split_posting_has_one_allowance_of_leave():
    slips = [leave("2026-04-13", "2026-04-24"), leave("2026-07-06", "2026-07-10")]
    whole = summed(posting("2026-03-02", "2026-09-01"), spells=slips)
    split = summed(posting("2026-03-02", "2026-05-31"), posting("2026-06-01", "2026-09-01", id="P2"), spells=slips)
    assert whole.total == split.total == Length(5, 24)


def test_ordered_work_is_credited_or_bridged_by_its_setting():
    order = [ordered("2026-06-08", "2026-06-18", reason="epidemic")]
    assert summed(posting("2026-03-02", "2026-09-01"), spells=order).total == Length(6, 0)
    bridged = settings({"ordered.accumulate": "bridge"})
    assert summed(posting("2026-03-02", "2026-09-01"), spells=order, programme=bridged).total == Length(5, 18)


def test_there_is_no_rest_tail():
    assert summed(posting("2026-01-05", "2026-07-03")).total == Length(5, 29)


@pytest.mark.parametrize(("shortest", "months"), [(2, 9), (3, 7), (8, 0)])
def test_stays_shorter_than_the_minimum_count_nothing(shortest, months):
    found = summed(
        posting("2026-03-02", "2026-12-31"), spells=[absent("2026-05-21", "2026-05-25")],
        programme=settings({"accumulate.min_stay_months": shortest}),
    )  # fmt: skip
    assert found.total.months == months


def test_days_before_licence_or_title_count_nothing():
    found = summed(posting("2026-03-02", "2026-09-01"), credits_=[credit("2024-02-01", "2024-07-31")], since="2026-04-02")
    assert parts(found) == [(("P1",), 5, 0)]


def rounds(start, end, id="P1", weekdays=(0, 1, 2), **keys):
    roster = {(date, half): "C1" for date in CALENDAR.workdays(day(start), day(end)) if date.weekday() in weekdays for half in ("am", "pm")}
    return posting(start, end, id=id, mode="rounds", roster=roster, **keys)


def test_rounds_count_attended_half_days():
    made = rounds("2026-03-02", "2026-09-01")
    days = len(made.roster) // 2
    found = summed(made)
    assert found.total == Length(*divmod(days, 22)) == Length(3, 11)
    assert summed(made, spells=[absent("2026-03-02", "2026-03-03")]).total == Length(3, 9)
    assert summed(made, spells=[absent("2026-03-02", half="am")]).total == Length(3, 10)  # half a day is no day


@pytest.mark.parametrize(("shortest", "total"), [(3, Length(3, 11)), (4, Length(0, 0))])
def test_rounds_shorter_than_the_minimum_count_nothing(shortest, total):
    assert summed(rounds("2026-03-02", "2026-09-01"), programme=settings({"accumulate.min_stay_months": shortest})).total == total


def test_rounds_add_nothing_on_days_already_counted():
    both = summed(posting("2026-03-02", "2026-05-31"), rounds("2026-03-02", "2026-06-30", "P2", recipient_id="R2"))
    assert parts(both) == [(("P1",), 2, 30), (("P2",), 0, 14)]
    twice = summed(rounds("2026-03-02", "2026-04-30"), rounds("2026-03-02", "2026-04-30", "P2", recipient_id="R2"))
    assert parts(twice) == [(("P1",), 1, 4)]


def test_dates_of_rounds_fall_out_of_a_credit_at_a_ratio():
    third = [credit("2026-03-02", "2026-03-08", ratio=Fraction(1, 2))]
    found = summed(rounds("2026-03-02", "2026-03-08"), credits_=third)
    assert parts(found) == [(("P1",), 0, 3), (("K1",), 0, 2)]  # Thursday to Sunday


def test_pending_half_days_matter_only_when_they_decide():
    spell = [pending("2026-05-21", "2026-05-22")]
    near = summed(posting("2026-03-02", "2026-09-01"), credits_=[credit("2024-02-01", "2024-07-31")], spells=spell)
    assert (near.result, near.best, near.worst, near.total) == ("provisional", "met", "not_met", Length(11, 29))
    far = summed(posting("2026-03-02", "2026-09-01"), spells=spell)
    assert (far.result, far.best, far.worst) == ("not_met", "not_met", "not_met")


def test_a_year_without_a_calendar_is_in_doubt_only_where_its_days_decide():
    calendar = Calendar.of(CALENDAR.days, {2026})
    assert summed(posting("2026-12-01", "2027-03-31"), calendar=calendar).result == "provisional"
    done = [credit("2020-01-01", "2020-12-31")]
    assert summed(posting("2026-12-01", "2027-03-31"), credits_=done, calendar=calendar).result == "met"
    assert summed(credits_=[credit("2024-02-01", "2024-07-31")], calendar=calendar).result == "not_met"


def test_a_running_posting_leaves_it_open():
    assert summed(posting("2026-03-02", "2026-09-01"), as_of="2026-06-30T18:00").result == "open"


def test_a_physician_with_neither_posting_nor_credit_is_not_concerned():
    assert summed().result == "not_applicable"


def test_members_of_an_answer_stand_in_the_order_of_the_examples():
    answer = summed(posting("2026-03-02", "2026-09-01")).to_dict()
    assert list(answer) == ["required_months", "result", "total", "parts", "gate", "provisional"]
    assert answer["parts"][0] == {
        "sources": ["P1"], "from": "2026-03-02", "to": "2026-09-01", "ratio": "1", "months": 6, "days": 0,
    }  # fmt: skip
