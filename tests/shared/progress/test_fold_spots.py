"""Spot checks and objections in the day fact: only `not_found`, and only a party's dispute, touch a half-day."""

from __future__ import annotations

import pytest

from shared.progress.fold import DayFact
from tests.shared.progress.posted import LONG_AFTER, MONDAY, Story, at, dt, iso, seen


def checked(result: str | None = None, *kinds: str, half: str = "am", origin: str = "drawn") -> tuple[Story, str | None]:
    """A day attended with both half-days, a check in one of them, and what was said of it; with the decision's entry."""
    story = Story().present(MONDAY)
    about = {"check_id": "S1", "service_date": MONDAY.isoformat(), "session": half, "origin": origin, "outside_required": False}
    issued = at(MONDAY, dt.time(9, 12))
    story.write("spotcheck.issued", issued, **about, issued_at=iso(issued), deadline=iso(issued + dt.timedelta(minutes=30)),
                session_end=iso(at(MONDAY, dt.time(12))))  # fmt: skip
    for kind in kinds:
        said = {"verdict": kind, "effective_at": iso(issued + dt.timedelta(minutes=50))} if kind in ("late", "in_time") else {}
        story.write("spotcheck.answered" if said else f"spotcheck.{kind}", issued, **about, **said)
    return story, story.write("spotcheck.decided", issued, **about, result=result) if result else None


@pytest.mark.parametrize(("kinds", "result"), [
    ((), None), (("lapsed",), None), (("late",), None), (("busy",), None), (("in_time",), None), ((), "present"),
    (("lapsed",), "excused"), ((), "void"),
])  # fmt: skip
def test_nothing_but_not_found_touches_the_half_day(kinds, result):
    story, _ = checked(result, *kinds)
    assert seen(story) == ("A", None)
    assert "spot_missed" not in story.fold(MONDAY).flags


def test_not_found_waits_for_a_decision_about_the_red_flag_on_its_half_day_alone():
    story, decision = checked("not_found", "lapsed")
    assert seen(story) == ("P", "decision_pending")
    assert seen(story, half="pm") == ("A", None)
    found = story.fold(MONDAY)
    assert found.halves["am"].flags == ("spot_missed",)
    assert "spot_missed" in found.flags
    assert decision in found.halves["am"].evidence


@pytest.mark.parametrize(("said", "status"), [("dismissed", ("A", None)), ("upheld", ("X", "spot_missed"))])
def test_the_flag_is_decided_by_a_person(said, status):
    story, decision = checked("not_found")
    story.write("flag.decided", LONG_AFTER, target=decision, flag="spot_missed", decision=said)
    assert seen(story) == status


def test_a_later_decision_replaces_the_first():
    story, _ = checked("not_found")
    story.write("spotcheck.decided", LONG_AFTER, check_id="S1", service_date=MONDAY.isoformat(), session="am", result="present")
    assert seen(story) == ("A", None)


def test_leave_still_covers_a_half_day_in_which_nobody_was_found():
    story, _ = checked("not_found")
    story.leave(MONDAY, MONDAY)
    assert seen(story) == ("L", None)


def test_the_day_keeps_its_checks_and_a_day_without_any_is_stored_as_before():
    story, _ = checked("not_found", "busy", origin="named")
    kept = story.fold(MONDAY)
    assert [(one["check_id"], one["session"], one["origin"], one["state"]) for one in kept.spots] == [("S1", "am", "named", "not_found")]
    assert DayFact.from_dict(kept.to_dict()) == kept
    plain = Story().present(MONDAY).fold(MONDAY)
    assert "spots" not in plain.to_dict()
    assert DayFact.from_dict(plain.to_dict()) == plain


def test_a_half_day_voided_before_its_issue_is_a_check_too():
    story = Story().present(MONDAY)
    story.write("spotcheck.decided", LONG_AFTER, check_id="S9", service_date=MONDAY.isoformat(), session="pm", origin="drawn",
                outside_required=True, result="void", reason_code="late")  # fmt: skip
    assert [(one["state"], one["reason"], one["outside"]) for one in story.fold(MONDAY).spots] == [("void", "late", True)]


def objected(reason: str = "not_present", kind: str = "entry", decision: str | None = None) -> Story:
    story = Story()
    came = story.tap("in", MONDAY, "07:50")
    story.tap("out", MONDAY, "12:05")
    story.write("objection.filed", LONG_AFTER, objection_id="J1", target_kind=kind, target=came, reason_code=reason,
                days=[MONDAY.isoformat()] * 2)  # fmt: skip
    if decision:
        story.write("objection.decided", LONG_AFTER, objection_id="J1", target=came, decision=decision, days=[MONDAY.isoformat()] * 2)
    return story


@pytest.mark.parametrize(("story", "status"), [
    (objected(), ("P", "decision_pending")), (objected(decision="upheld"), ("X", "no_scan")),
    (objected(decision="rejected"), ("A", None)), (objected("grade_low", "grade"), ("A", None)),
    (objected("other"), ("A", None)), (objected("grade_low", decision="upheld"), ("A", None)),
])  # fmt: skip
def test_only_a_dispute_of_presence_takes_a_record_out_while_it_waits(story, status):
    assert seen(story) == status
