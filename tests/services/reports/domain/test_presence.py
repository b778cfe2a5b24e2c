"""到岗情况: half-days by status, the rate and what lies under it."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from services.reports.domain.figures import not_applicable, not_reported, reported
from services.reports.domain.presence import NO_ROSTER, presence, presence_total
from shared.calendar import at
from tests.services.reports.monthly_world import fact, half, posting, world

DAY = dt.date(2026, 11, 3)


def source(*facts, **over):
    """One posting with exactly these day facts."""
    line = posting(0, **over.pop("line", {}))
    days = {(line.id, item.date): item for item in facts}
    return world(1, postings=(line,), days=days, states=(), **over)


def row(*facts, **over):
    return presence(source(*facts, **over))[0]


def test_each_duty_half_day_has_one_status():
    found = row(
        fact("p00", DAY, "A", "X"),
        fact("p00", dt.date(2026, 11, 4), "L", "O"),
        fact("p00", dt.date(2026, 11, 5), "P", "A"),
    )
    counts = {
        key: found[key]["value"]
        for key in ("duty_half_days", "attended", "ordered", "absent", "pending", "leave_within_cap")
    }
    assert counts == {
        "duty_half_days": 6,
        "attended": 2,
        "ordered": 1,
        "absent": 1,
        "pending": 1,
        "leave_within_cap": 1,
    }


def test_the_rate_leaves_out_ordered_work_and_leave_within_the_cap():
    found = row(fact("p00", DAY, "A", "X"), fact("p00", dt.date(2026, 11, 4), "L", "O"))
    assert (found["attendance_rate"]["num"], found["attendance_rate"]["den"]) == (1, 2)


def test_leave_beyond_the_cap_stays_in_the_denominator():
    found = row(fact("p00", DAY, "L", "L"), fact("p00", dt.date(2026, 11, 4), "A", "A"), line={"leave_before": 19})
    assert (found["leave_within_cap"]["value"], found["leave_over_cap"]["value"]) == (1, 1)
    assert found["attendance_rate"]["den"] == 3


def test_a_pending_half_day_makes_the_rate_provisional():
    assert row(fact("p00", DAY, "A", "P"))["attendance_rate"]["provisional"] is True
    assert "provisional" not in row(*month_of("A"))["attendance_rate"]


def month_of(status):
    return [fact("p00", dt.date(2026, 11, n), status, status) for n in range(1, 31)]


def test_work_on_a_rest_day_is_no_duty_and_never_lifts_the_rate():
    rest = {"am": False, "pm": False}
    found = row(fact("p00", DAY, "A", "X"), fact("p00", dt.date(2026, 11, 7), "A", "A", duty=rest))
    assert (found["attended"]["value"], found["duty_half_days"]["value"]) == (1, 2)
    assert found["attendance_rate"]["percent"] == "50.0"


def test_a_posting_nobody_has_folded_is_not_reported():
    found = row()
    assert found["attended"] == not_reported()
    assert found["attendance_rate"] == not_reported()
    total = presence_total([found, row(fact("p00", DAY, "A", "A"))])
    assert total["attended"] == {"state": "reported", "value": 2, "missing": 1, "missing_unit": "人"}


def test_dates_nobody_has_folded_make_the_figures_provisional():
    assert row(fact("p00", DAY, "A", "A"))["duty_half_days"] == reported(2, provisional=True)


def test_a_mode_without_daily_duty_has_attendance_but_no_rate():
    duty = {"am": False, "pm": False}
    found = row(fact("p00", DAY, "A", "A", duty=duty), line={"mode": "taskforce"})
    assert found["attended"] == reported(2)
    assert found["duty_half_days"] == found["attendance_rate"] == not_applicable(NO_ROSTER)


def test_u34_a_session_that_has_not_ended_is_not_counted():
    today = fact("p00", DAY, "A", "X", halves={"am": half("A", DAY, "am"), "pm": half("", DAY, "pm", reason="future")})
    during = row(today, cutoff=at(DAY, dt.time(15)))
    after = row(today, cutoff=at(DAY, dt.time(17, 30)))
    assert (during["duty_half_days"]["value"], during["pending"]["value"]) == (1, 0)
    assert (after["duty_half_days"]["value"], after["pending"]["value"]) == (2, 1)


def test_late_corrections_and_record_numbers():
    halves = {"am": half("A", DAY, "am", late=True), "pm": half("X", DAY, "pm")}
    found = row(fact("p00", DAY, halves=halves, corrections=1, record_refs=("MZ1",)), fact("p00", dt.date(2026, 11, 4)))
    assert (found["late_count"]["value"], found["corrections"]["value"], found["scan_only_days"]["value"]) == (1, 1, 1)
    assert found["record_ref_ratio"]["percent"] == "50.0"


@given(st.lists(st.sampled_from("AOLPX"), min_size=2, max_size=40), st.integers(0, 40))
def test_u44_no_rate_is_above_100_percent(statuses, before):
    days = [dt.date(2026, 11, 1) + dt.timedelta(days=n) for n in range(len(statuses) // 2)]
    facts = [fact("p00", day, statuses[2 * n], statuses[2 * n + 1]) for n, day in enumerate(days)]
    rate = row(*facts, line={"leave_before": before})["attendance_rate"]
    assert rate["state"] == "not_applicable" or 0 <= rate["num"] <= rate["den"]
