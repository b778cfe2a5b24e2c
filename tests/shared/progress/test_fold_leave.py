"""Leave and ordered work over half-days: who approved, filed when, and what presence does to it."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.calendar import at
from tests.shared.progress.posted import MONDAY, Story, evening, later, rounds, seen

FRIDAY = later(MONDAY, 4)


# ---- leave


def test_leave_filed_ahead_and_approved_at_the_right_level_is_leave():
    story = Story().leave(MONDAY, later(MONDAY, 2))
    assert seen(story) == ("L", None)
    assert seen(story, later(MONDAY, 3)) == ("X", "no_scan")
    assert story.fold(MONDAY).halves["am"].cover == "L"


@pytest.mark.parametrize(
    ("days", "by", "expected"),
    [
        (3, "recipient_admin", ("L", None)),
        (4, "recipient_admin", ("X", "leave_level")),  # 4 workdays need the supporter
        (4, "supporter_admin", ("L", None)),
        (10, "supporter_admin", ("L", None)),
        (11, "supporter_admin", ("X", "leave_level")),
        (11, "county_officer", ("L", None)),
        (1, "city_officer", ("L", None)),  # a higher level may approve what a lower one may
    ],
)
def test_the_length_of_the_slip_names_the_lowest_level_that_may_approve_it(days, by, expected):
    last = later(MONDAY, days - 1 + 2 * ((days - 1) // 5))
    assert seen(Story().leave(MONDAY, last, by=by)) == expected


def test_half_days_of_a_weekend_do_not_lengthen_a_slip():
    assert seen(Story().leave(later(MONDAY, 3), later(MONDAY, 7), by="recipient_admin"), later(MONDAY, 7)) == (
        "L",
        None,
    )


def test_a_slip_of_a_rounds_physician_counts_rostered_half_days_only():
    assert seen(Story(rounds()).leave(MONDAY, FRIDAY, by="recipient_admin")) == ("L", None)


@pytest.mark.parametrize(
    ("filed", "kind", "expected"),
    [
        (at(MONDAY, dt.time(8)), "personal", ("L", None)),  # at the start of the first session
        (at(MONDAY, dt.time(8, 0, 1)), "personal", ("X", "leave_late")),
        (at(later(MONDAY, 3), dt.time(23, 59, 59)), "sick", ("L", None)),  # 24:00 of the 3rd workday
        (at(later(MONDAY, 4), dt.time()), "sick", ("X", "leave_late")),
        (at(later(MONDAY, 3), dt.time(9)), "emergency", ("L", None)),
        (at(later(MONDAY, 3), dt.time(9)), "annual", ("X", "leave_late")),
    ],
)
def test_leave_must_be_filed_in_time(filed, kind, expected):
    assert seen(Story().leave(MONDAY, MONDAY, filed=filed, type=kind)) == expected


def test_leave_from_the_afternoon_may_be_filed_in_the_morning():
    story = Story().leave(MONDAY, MONDAY, filed=at(MONDAY, dt.time(11)), from_session="pm")
    assert seen(story) == ("X", "no_scan")
    assert seen(story, half="pm") == ("L", None)


def test_a_slip_is_pending_until_it_is_decided_whenever_that_is():
    story = Story().leave(MONDAY, MONDAY, by=None)
    assert seen(story) == ("P", "decision_pending")
    half = story.fold(MONDAY).halves["am"]
    assert (half.cover_pending, half.pending, half.cover) == (True, False, "")


def test_an_endorsed_slip_waits_for_the_higher_level():
    assert seen(Story().leave(MONDAY, FRIDAY, decision="endorsed")) == ("P", "decision_pending")


@pytest.mark.parametrize("decision", ["rejected", "returned"])
def test_a_refused_slip_covers_nothing(decision):
    assert seen(Story().leave(MONDAY, MONDAY, decision=decision)) == ("X", "leave_refused")


def test_leave_in_the_days_to_come_is_known_as_leave():
    assert seen(Story().leave(FRIDAY, FRIDAY), FRIDAY, as_of=evening(MONDAY)) == ("L", None)


def test_presence_wins_over_leave():
    story = Story().leave(MONDAY, MONDAY).present(MONDAY, "am")
    assert seen(story) == ("A", None)
    assert seen(story, half="pm") == ("L", None)


def test_cancelled_leave_covers_what_was_left_of_it():
    story = Story().leave(MONDAY, later(MONDAY, 2))
    story.write("leave.cancelled", evening(MONDAY), leave_id="L1", **{"from": later(MONDAY, 1).isoformat()})
    assert seen(story) == ("L", None)
    assert seen(story, later(MONDAY, 1)) == ("X", "no_scan")


def test_leave_cancelled_as_a_whole_covers_nothing():
    story = Story().leave(MONDAY, later(MONDAY, 2))
    story.write("leave.cancelled", evening(MONDAY), leave_id="L1", **{"from": MONDAY.isoformat()})
    assert seen(story) == ("X", "no_scan")


def test_leave_over_a_rest_day_is_no_duty():
    story = Story().leave(FRIDAY, later(FRIDAY, 2))
    assert seen(story, later(FRIDAY, 1)) == ("", None)


# ---- ordered work


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({}, ("O", None)),
        ({"issuer_level": "province"}, ("O", None)),
        ({"issuer_level": "supporter"}, ("X", "order_issuer")),
        ({"issuer_level": "supporter", "kind": "meeting"}, ("O", None)),
        ({"issuer_level": "supporter", "kind": "travel"}, ("O", None)),
        ({"doc_no": None}, ("X", "order_issuer")),
        ({"decision": "rejected"}, ("X", "order_issuer")),
        ({"decision": None}, ("P", "decision_pending")),
    ],
)
def test_ordered_work_needs_a_document_from_a_high_enough_issuer(over, expected):
    assert seen(Story().ordered(MONDAY, MONDAY, **over)) == expected


def test_ordered_work_comes_before_leave():
    assert seen(Story().leave(MONDAY, MONDAY).ordered(MONDAY, MONDAY)) == ("O", None)


def test_revoked_ordered_work_covers_nothing():
    story = Story().ordered(MONDAY, MONDAY)
    story.write("ordered_work.revoked", evening(MONDAY), ordered_id="O1")
    assert seen(story) == ("X", "no_scan")
