"""Counting items and comparing them: thresholds at, below and above; readings; filters."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.rules.load import shipped
from shared.rules.quota import Item, Reading, matches, reading, tally, verdict

DAY = dt.date(2026, 11, 16)
RULE = shipped()["zhongzhan-demo"].rule("ZZ-13")


def item(half="am", clinic="A", sure=True, day=DAY):
    return Item((day, half, clinic), day, clinic, sure)


def read(number, threshold=3, *, over=True, waived=False, rule=RULE):
    return reading(rule, {"": number}, threshold, over=over, waived=waived).value


def test_equal_items_count_once():
    assert tally([item(), item(), item("pm")], [""], hoped=False) == {"": 2}


def test_groups_are_named_even_when_nothing_counts_for_them():
    assert tally([item(clinic="A")], ["A", "B"], hoped=False) == {"A": 1, "B": 0}


def test_unsure_items_count_only_when_hoped_for():
    items = [item(), item("pm", sure=False)]
    assert (tally(items, [""], hoped=False), tally(items, [""], hoped=True)) == ({"": 1}, {"": 2})


@pytest.mark.parametrize(("number", "value"), [(2, "not_met"), (3, "met"), (4, "met")])
def test_a_period_that_is_over_is_met_or_not(number, value):
    assert read(number) == value


@pytest.mark.parametrize(("number", "value"), [(2, "open"), (3, "met"), (4, "met")])
def test_met_early_is_met_and_a_running_period_is_open(number, value):
    assert read(number, over=False) == value


def test_nothing_owed_is_waived_whatever_was_done():
    assert read(0, 0, waived=True) == "waived"
    assert read(5, 0, waived=True) == "waived"


def test_every_group_must_meet_the_threshold():
    assert reading(RULE, {"A": 3, "B": 2}, 3, over=True, waived=False).value == "not_met"
    assert reading(RULE, {"A": 3, "B": 3}, 3, over=True, waived=False).value == "met"


@pytest.mark.parametrize(
    ("op", "number", "over", "value"),
    [
        ("<=", 3, False, "open"), ("<=", 4, False, "not_met"), ("<=", 3, True, "met"),
        ("<", 3, False, "not_met"), (">", 4, False, "met"), (">", 3, True, "not_met"),
        ("==", 3, False, "open"), ("==", 3, True, "met"), ("==", 2, True, "not_met"),
    ],
)  # fmt: skip
def test_other_comparisons_are_final_only_when_nothing_can_change_them(op, number, over, value):
    rule = type(RULE)(**{**vars(RULE), "keys": {**RULE.keys, "op": op}})
    assert read(number, over=over, rule=rule) == value


def values(sure, *others, unpublished=False):
    found = verdict(Reading({}, 3, sure), [Reading({}, 3, other) for other in others], unpublished=unpublished)
    return found.value, found.best, found.worst, found.provisional


def test_readings_that_agree_are_final():
    assert values("met", "met", "met") == ("met", "met", "met", False)
    assert values("open", "open") == ("open", "open", "open", False)


def test_readings_that_differ_are_provisional_with_both():
    assert values("not_met", "met", "not_met") == ("provisional", "met", "not_met", True)
    assert values("open", "met") == ("provisional", "met", "open", True)
    assert values("not_met", "waived") == ("provisional", "waived", "not_met", True)


def test_a_calendar_that_is_not_published_makes_a_result_provisional():
    assert values("met", "met", unpublished=True) == ("provisional", "met", "met", True)


def test_waived_comes_before_provisional():
    assert values("waived", "open", unpublished=True) == ("waived", "waived", "waived", False)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, True),
        ({"mode": ["resident"]}, True),
        ({"mode": "resident"}, True),
        ({"mode": ["rounds", "taskforce"]}, False),
        ({"mode": ["resident"], "specialty": ["surgery"]}, False),
        ({"specialty": ["internal", "surgery"]}, True),
        ({"title_rank": ">=attending"}, True),
        ({"title_rank": ">=chief"}, False),
        ({"title_rank": "associate_chief"}, True),
        ({"recipient_level": ["basic"]}, False),  # unknown never matches
        ({"channel": ["online"]}, True),  # a filter on items, not on the subject
    ],
)
def test_all_filters_must_match(where, found):
    attributes = {
        "mode": "resident", "specialty": "internal", "title_rank": "associate_chief", "recipient_level": None,
    }  # fmt: skip
    assert matches(where, attributes) is found
