"""工作量: sums of what was written down; what was not is 未报."""

import datetime as dt

from services.reports.domain.figures import not_reported, reported
from services.reports.domain.workload import ROWS, figure, workload
from tests.services.reports.monthly_world import fact, half, world

DAY = dt.date(2026, 11, 3)


def outpatient(status="A", **over):
    log = {
        "visits": 21,
        "department": "内科",
        "record_ref": [],
        "unattended": status != "A",
        "clinic_id": "c1",
        "entry_id": "e",
    }
    return fact("p00", DAY, halves={"am": half(status, DAY, "am", outpatient=log | over), "pm": half("A", DAY, "pm")})


def activity(kind, count=1, people=None):
    return fact("p00", DAY, activities=({"kind": kind, "count": count, "people": people, "record_ref": []},))


def test_nothing_written_down_is_not_reported_for_every_figure():
    assert {key: figure(key, [fact("p00", DAY)]) for key, *_ in ROWS} == {key: not_reported() for key, *_ in ROWS}


def test_visits_are_those_of_the_logs_and_a_true_zero_counts():
    assert figure("outpatient_visits", [outpatient(), outpatient(visits=0)]) == reported(21)
    assert figure("outpatient_visits", [outpatient(visits=0)]) == reported(0)
    assert figure("outpatient_visits", [outpatient(visits=None)]) == not_reported()


def test_a_logged_half_day_counts_only_where_the_physician_was():
    assert figure("outpatient_half_days", [outpatient(), outpatient("X")]) == reported(1)
    assert figure("outpatient_half_days", [outpatient("X")]) == reported(0)


def test_teaching_rounds_are_a_true_zero_once_rounds_are_reported():
    assert figure("teaching_rounds", [fact("p00", DAY, ward_rounds=2)]) == reported(0)
    assert figure("ward_rounds", [fact("p00", DAY, ward_rounds=2)]) == reported(2)


def test_rounds_written_down_as_none_are_a_true_zero():
    assert figure("ward_rounds", [activity("ward_round", 0)]) == reported(0)


def test_lectures_count_times_and_attendees_apart():
    facts = [activity("lecture", 1, 30), activity("lecture", 2)]
    assert (figure("lectures", facts), figure("lecture_attendees", facts)) == (reported(3), reported(30))
    assert figure("lecture_attendees", [activity("lecture", 2)]) == not_reported()


def test_mentees_are_not_summed_over_days():
    assert figure("mentees", [activity("mentoring", 1, 3), activity("mentoring", 1, 2)]) == reported(3)


def test_a_total_names_how_many_people_are_missing():
    source = world(2, days={("p00", DAY): activity("surgery_guided", 2), ("p01", DAY): fact("p01", DAY)}, states=())
    row = next(row for row in workload(source) if row["key"] == "surgeries_guided")
    assert row["total"] == {"state": "reported", "value": 2, "missing": 1, "missing_unit": "人"}


def test_figures_of_the_institution_are_not_summed_from_people():
    row = next(row for row in workload(world(2)) if row["key"] == "outpatient_visits_his")
    assert (row["total"], row["by_posting"], row["src"]) == (not_reported(), {}, "H")


def test_an_empty_month_does_not_apply():
    assert all(row["total"]["state"] != "reported" for row in workload(world(0)))
