"""Six months on end at one recipient: the golden cases worked out by hand, readings, projections and flags."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.rules.continuity import evaluate
from tests.factories.service import (
    ZHONGZHAN,
    absent,
    day,
    history,
    leave,
    ordered,
    pending,
    posting,
    settings,
    worked,
)
from tests.shared.rules.golden_cases import official

CALENDAR = official()
LONG = ("2026-03-02", "2026-09-30")
YEAR = ("2026-03-02", "2026-12-31")
SATURDAYS = ("2026-03-07", "2026-03-14", "2026-03-21", "2026-03-28", "2026-06-06", "2026-06-13", "2026-06-27", "2026-07-04")


def judged(*postings, spells=(), programme=ZHONGZHAN, months=6, scope="recipient", as_of=None, calendar=CALENDAR):
    made = history(calendar, *postings, spells=spells, programme=programme, as_of=as_of)
    return evaluate(made, programme, calendar, months=months, scope=scope)


def told(found, number=0):
    """The answer and one of its segments as flat figures."""
    answer = found.to_dict()
    one = answer["segments"][number]
    return {**one, **one["half_days"], "result": answer["result"], "met_on": answer["met_on"], "segment_met_on": one["met_on"]}


GOLDEN = {
    "G01 plain": (("2026-03-02", "2026-09-01"), [], {}, {
        "result": "met", "due": "2026-09-01", "met_on": "2026-09-01", "credited": 256, "rest_tail": False}),
    "G02 rest tail": (("2026-01-05", "2026-07-03"), [], {}, {
        "result": "met", "due": "2026-07-04", "met_on": "2026-07-04", "rest_tail": True, "credited": 244}),
    "G02b switched off": (("2026-01-05", "2026-07-03"), [], {"continuity.rest_tail": False}, {
        "result": "not_met", "met_on": None, "rest_tail": False}),
    "G02c a duty day left": (("2026-01-05", "2026-07-02"), [], {}, {"result": "not_met", "shortfall_half_days": 2}),
    "G02d long tail": (("2026-04-08", "2026-09-30"), [], {}, {"result": "not_met", "due": "2026-10-07", "rest_tail": False}),
    "G03 holiday start": (("2026-01-01", "2026-06-30"), [], {}, {
        "result": "met", "start": "2026-01-01", "met_on": "2026-06-30", "credited": 240}),
    "G04 leave within the cap": (("2026-03-02", "2026-09-01"), [leave("2026-04-13", "2026-04-17")], {}, {
        "result": "met", "met_on": "2026-09-01", "attended": 246, "credited": 256, "leave": 10, "leave_over_cap": 0}),
    "G05 leave over the cap": (LONG, [leave("2026-04-13", "2026-04-24"), leave("2026-06-01", "2026-06-03", reason="sick")], {}, {
        "result": "met", "met_on": "2026-09-04", "debt": 6, "leave": 26, "leave_over_cap": 6, "effective_end": "2026-09-27"}),
    "G05b too short": (("2026-03-02", "2026-09-01"), [leave("2026-04-13", "2026-04-24"), leave("2026-06-01", "2026-06-03")], {}, {
        "result": "not_met", "effective_end": "2026-08-27", "length": {"months": 5, "days": 26}, "shortfall_half_days": 6}),
    "G07 two days absent": (LONG, [absent("2026-05-21", "2026-05-22")], {}, {
        "result": "met", "met_on": "2026-09-03", "debt": 4, "debt_at_due": 4}),
    "G08 run over a weekend": (YEAR, [absent("2026-05-21", "2026-05-22"), absent("2026-05-25")], {}, {
        "result": "met", "met_on": "2026-11-25", "start": "2026-03-02", "end": "2026-05-20", "credited": 110,
        "break": {"kind": "absence_run", "from": "2026-05-21", "to": "2026-05-25"}, "segment_met_on": None}),
    "G09 run over a worked Saturday": (YEAR, [absent("2026-05-07", "2026-05-09")], {}, {
        "result": "met", "met_on": "2026-11-10", "end": "2026-05-06", "credited": 88, "shortfall_half_days": None}),
    "G10 long leave": (YEAR, [leave("2026-05-06", "2026-06-10")], {}, {
        "result": "met", "met_on": "2026-12-10", "end": "2026-04-30", "credited": 86,
        "break": {"kind": "leave_run", "from": "2026-05-06", "to": "2026-06-10"}}),
    "G11 epidemic order": (LONG, [ordered("2026-06-08", "2026-06-18", reason="epidemic")], {}, {
        "result": "met", "met_on": "2026-09-14", "debt": 18, "ordered": 18}),
    "G13 year boundary": (("2025-10-09", "2026-04-08"), [], {}, {"result": "met", "met_on": "2026-04-08", "credited": 250}),
    "G14 month end": (("2025-08-29", "2026-02-28"), [], {}, {
        "result": "met", "due": "2026-02-28", "met_on": "2026-02-28", "credited": 244}),
    "G21 early rotation": (("2026-03-02", "2026-08-21"), [], {}, {"result": "not_met", "length": {"months": 5, "days": 20}}),
    "G27 absence after due": (LONG, [absent("2026-05-21", "2026-05-22"), absent("2026-09-02")], {}, {
        "result": "met", "met_on": "2026-09-04", "debt_at_due": 4, "debt": 6}),
    "G35 weekend work": (LONG, [absent("2026-05-21", "2026-05-22"), *map(worked, SATURDAYS)], {}, {
        "result": "met", "met_on": "2026-09-03", "debt": 4, "duty": 298, "attended": 294}),
}  # fmt: skip


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name):
    span, spells, changes, expected = GOLDEN[name]
    found = told(judged(posting(*span), spells=spells, programme=settings(changes)))
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(("name", "start"), [("G08 run over a weekend", "2026-05-26"), ("G09 run over a worked Saturday", "2026-05-11"),
                                             ("G10 long leave", "2026-06-11")])  # fmt: skip
def test_after_a_break_the_next_segment_starts_on_the_next_attended_date(name, start):
    span, spells, _, _ = GOLDEN[name]
    found = judged(posting(*span), spells=spells)
    assert [one.ended_by for one in found.segments] == ["break", "posting_end"]
    assert found.segments[1].start == day(start)


def test_g13_the_year_boundary_parts_61_and_64_workdays():
    assert len(CALENDAR.workdays(day("2025-10-09"), day("2025-12-31"))) == 61
    assert len(CALENDAR.workdays(day("2026-01-01"), day("2026-04-08"))) == 64


def test_g12_a_due_date_in_an_unpublished_year_is_provisional_with_both_readings():
    found = judged(posting("2026-11-23", None), as_of="2026-12-31T18:00")
    assert (found.result, found.segments[0].due) == ("provisional", dt.date(2027, 5, 22))
    assert found.best == found.worst == ("open", None)
    assert found.segments[0].projected_on == dt.date(2027, 5, 22)


def test_g24_joined_postings_are_one_segment_other_recipients_are_two():
    first, second = ("2026-03-02", "2026-05-31"), ("2026-06-01", "2026-09-01")
    same = judged(posting(*first), posting(*second, id="P2"))
    moved = (posting(*first), posting(*second, id="P2", recipient_id="R2"))
    other, programme = judged(*moved), judged(*moved, scope="programme")
    assert (same.met_on, same.segments[0].postings) == (day("2026-09-01"), ("P1", "P2"))
    assert (other.result, [one.ended_by for one in other.segments]) == ("not_met", ["recipient_change", "posting_end"])
    assert [one.shortfall for one in other.segments] == [None, 120]
    assert [one.length.to_dict() for one in other.segments] == [{"months": 2, "days": 30}, {"months": 3, "days": 1}]
    assert (programme.met_on, programme.segments[0].recipient) == (day("2026-09-01"), None)


def test_scope_pair_ends_where_the_supporter_changes():
    found = judged(posting("2026-03-02", "2026-05-31"), posting("2026-06-01", "2026-09-01", id="P2", supporter_id="S2"), scope="pair")
    assert (found.result, len(found.segments)) == ("not_met", 2)


@pytest.mark.parametrize(("second", "ended_by"), [("2026-06-01", "posting_end"), ("2026-06-02", "gap")])
def test_one_duty_day_between_two_postings_parts_them(second, ended_by):
    found = judged(posting("2026-03-02", "2026-05-29"), posting(second, "2026-09-01", id="P2"))
    assert found.segments[0].ended_by == ended_by


def test_a_posting_without_duty_neither_starts_nor_joins_a_chain():
    taskforce = posting("2026-01-05", "2026-03-01", id="P0", mode="taskforce")
    found = judged(taskforce, posting("2026-03-02", "2026-09-01"))
    assert [(one.start, one.postings) for one in found.segments] == [(day("2026-03-02"), ("P1",))]
    assert judged(taskforce).result == "not_applicable"


def test_two_clinics_of_one_recipient_count_together_and_a_half_day_once():
    overlapping = posting("2026-06-01", "2026-12-31", id="P2", clinics=("C2",))
    found = told(judged(posting("2026-03-02", "2026-07-31"), overlapping, spells=[absent("2026-12-30", "2026-12-31")]))
    duty = 2 * len(CALENDAR.workdays(day(YEAR[0]), day(YEAR[1])))
    assert (found["postings"], found["duty"], found["met_on"]) == (["P1", "P2"], duty, "2026-09-01")


# --- as of an instant


def test_leave_that_is_still_to_come_counts_nothing_yet():
    found = told(judged(posting(*LONG), spells=[leave("2026-05-25", "2026-05-29")], as_of="2026-05-20T18:00"))
    assert (found["ended_by"], found["end"], found["leave"], found["duty"]) == ("as_of", "2026-05-20", 0, 110)
    assert (found["result"], found["projected_on"]) == ("open", "2026-09-01")


@pytest.mark.parametrize(
    ("as_of", "end", "result", "attended"),
    [
        ("2026-09-01T07:00", "2026-08-31", "open", 254), ("2026-09-01T12:30", "2026-09-01", "open", 255),
        ("2026-09-01T17:30", "2026-09-01", "met", 256),
    ],
)  # fmt: skip
def test_a_due_date_is_met_only_when_its_last_session_is_over(as_of, end, result, attended):
    found = told(judged(posting(*LONG), as_of=as_of))
    assert (found["end"], found["result"], found["attended"]) == (end, result, attended)


def test_what_is_missing_in_the_morning_holds_the_half_days_of_today():
    found = told(judged(posting(*LONG), spells=[absent("2026-05-21")], as_of="2026-09-01T12:30"))
    assert (found["shortfall_half_days"], found["projected_on"]) == (3, "2026-09-02")


def test_a_projection_repays_debt_and_ends_with_the_posting():
    debt = [absent("2026-05-21", "2026-05-22")]
    assert told(judged(posting(*LONG), spells=debt, as_of="2026-06-30T18:00"))["projected_on"] == "2026-09-03"
    assert told(judged(posting("2026-03-02", None), spells=debt, as_of="2026-06-30T18:00"))["projected_on"] == "2026-09-03"
    short = told(judged(posting("2026-03-02", "2026-09-02"), spells=debt, as_of="2026-06-30T18:00"))
    assert (short["projected_on"], short["result"]) == (None, "open")


def test_a_projection_may_end_in_a_rest_tail():
    assert told(judged(posting("2026-01-05", "2026-07-03"), as_of="2026-05-29T18:00"))["projected_on"] == "2026-07-04"


def test_an_open_posting_needs_an_as_of():
    with pytest.raises(ValueError, match="as_of"):
        judged(posting("2026-03-02", None))


# --- pending half-days


def test_a_pending_half_day_before_completion_gives_both_readings():
    found = judged(posting(*LONG), spells=[pending("2026-05-21", "2026-05-22")])
    assert (found.result, found.best, found.worst) == (
        "provisional", ("met", day("2026-09-01")), ("met", day("2026-09-03")),
    )  # fmt: skip
    assert (found.segments[0].half_days["pending"], found.segments[0].half_days["debt"]) == (4, 4)
    assert [(line.status, line.effect) for line in found.lines] == [("P", "debt")]


def test_a_pending_half_day_after_completion_changes_nothing():
    found = judged(posting(*LONG), spells=[pending("2026-09-02")])
    assert (found.result, found.met_on) == ("met", day("2026-09-01"))


def test_a_pending_run_that_may_break_makes_it_provisional_though_both_readings_are_met():
    found = judged(posting(*YEAR), spells=[pending("2026-05-06", "2026-05-08")])
    assert (found.result, found.best, found.worst) == (
        "provisional", ("met", day("2026-09-01")), ("met", day("2026-11-08")),
    )  # fmt: skip


# --- settings, orders, flags


def test_ordered_work_may_count_or_break():
    order = [ordered("2026-06-08", "2026-06-18")]
    counted = told(judged(posting(*LONG), spells=order, programme=settings({"ordered.continuity": "count"})))
    broken = told(judged(posting(*LONG), spells=order, programme=settings({"ordered.continuity": "break"})))
    assert (counted["met_on"], counted["debt"]) == ("2026-09-01", 0)
    assert (broken["end"], broken["break"]["kind"], broken["break"]["to"]) == ("2026-06-05", "ordered", "2026-06-18")


def test_credited_meetings_before_a_breaking_order_stay_in_the_segment():
    spells = [ordered("2026-06-08", "2026-06-09", reason="meeting"), ordered("2026-06-10")]
    found = told(judged(posting(*LONG), spells=spells, programme=settings({"ordered.continuity": "break"})))
    assert (found["end"], found["break"]) == ("2026-06-09", {"kind": "ordered", "from": "2026-06-10", "to": "2026-06-10"})


def test_meetings_are_credited_up_to_the_limit_of_each_month():
    spells = [ordered("2026-06-08", "2026-06-10", reason="meeting"), ordered("2026-07-01", reason="meeting")]
    found = told(judged(posting(*LONG), spells=spells))
    assert (found["ordered"], found["debt"], found["met_on"]) == (8, 2, "2026-09-02")


def test_travel_is_credited_at_the_ends_of_a_posting_only():
    spells = [ordered(one, reason="travel") for one in ("2026-03-02", "2026-06-08", "2026-09-30")]
    found = told(judged(posting(*LONG), spells=spells))
    assert (found["start"], found["debt"], found["met_on"]) == ("2026-03-02", 2, "2026-09-02")


def test_a_programme_that_credits_no_travel_credits_none():
    spells = [ordered(one, reason="travel") for one in ("2026-06-08", "2026-09-30")]
    found = told(judged(posting(*LONG), spells=spells, programme=settings({"ordered.travel_workdays_per_end": 0})))
    assert (found["ordered"], found["debt"]) == (4, 4)


@pytest.mark.parametrize(
    ("reason", "approved", "flags"),
    [("rotation", False, ("early_rotation",)), ("illness", False, ("early_rotation",)), ("illness", True, ()),
     ("ordered", True, ()), ("completed", False, ())],
)  # fmt: skip
def test_g21_who_is_rotated_out_early_is_flagged_unless_illness_or_order_is_approved(reason, approved, flags):
    assert judged(posting("2026-03-02", "2026-08-21", end_reason=reason, end_approved=approved)).flags == flags


def test_rotation_is_not_early_where_the_posting_goes_on_was_met_or_waits_for_a_decision():
    going_on = posting("2026-03-02", "2026-05-31", end_reason="rotation"), posting("2026-06-01", "2026-09-01", id="P2")
    assert judged(*going_on).flags == ()
    assert judged(posting(*LONG, end_reason="rotation")).flags == ()
    assert judged(posting("2026-03-02", "2026-09-01", end_reason="rotation"), spells=[pending("2026-06-08")]).flags == ()


def test_a_rotation_before_the_months_were_met_elsewhere_stays_early():
    early = posting("2026-03-02", "2026-05-29", end_reason="rotation")
    found = judged(early, posting("2026-06-01", "2026-12-31", id="P2", recipient_id="R2"))
    assert (found.result, found.flags) == ("met", ("early_rotation",))


def test_corrections_and_medical_records_are_counted_by_date():
    spells = [worked("2026-04-01", corrected=True), worked("2026-04-02", half="am", corrected=True),
              worked("2026-04-03", record_ref=True), worked("2026-04-07", record_ref=False)]  # fmt: skip
    assert judged(posting("2026-04-01", "2026-04-10"), spells=spells).flags == ("corrections:2", "record_ref:1/7")


def test_members_of_an_answer_stand_in_the_order_of_the_examples():
    answer = judged(posting(*LONG)).to_dict()
    assert list(answer) == ["scope", "months", "result", "met_on", "provisional", "segments", "lines", "flags"]
    assert list(answer["segments"][0]) == [
        "postings", "recipient", "start", "end", "ended_by", "break", "due", "met_on", "rest_tail", "effective_end", "length",
        "half_days", "shortfall_half_days", "provisional", "projected_on",
    ]  # fmt: skip
