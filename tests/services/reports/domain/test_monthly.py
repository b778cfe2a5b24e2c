"""The data object: a pure function of its source, in canonical JSON, with a hash that ignores when it was made."""

import copy
import datetime as dt
import random
from dataclasses import replace

import pytest

from services.reports.domain.figures import not_reported, reported
from services.reports.domain.monthly import figures_sha256, form_no, monthly_clinic
from services.reports.domain.source import MonthSource
from shared.ledger.entry import jcs
from tests.services.reports.monthly_world import fact, half, posting, world

MADE = dt.datetime(2026, 12, 9, 1, 2, 3, tzinfo=dt.UTC)


def test_the_same_source_gives_the_same_bytes():
    first, second = monthly_clinic(world(8), MADE), monthly_clinic(world(8), MADE)
    assert jcs(first) == jcs(second)


def test_the_order_in_which_facts_are_read_changes_nothing():
    source = world(8)
    days, states = list(source.days.items()), list(source.states)
    random.Random(1).shuffle(days)
    random.Random(1).shuffle(states)
    assert jcs(monthly_clinic(replace(source, days=dict(days), states=tuple(states)), MADE)) == jcs(
        monthly_clinic(source, MADE)
    )


def test_the_hash_ignores_when_it_was_made_and_nothing_else():
    first, later = monthly_clinic(world(3), MADE), monthly_clinic(world(3), MADE + dt.timedelta(hours=1))
    assert first["head"]["generated_at"] != later["head"]["generated_at"]
    assert figures_sha256(first) == figures_sha256(later)
    changed = copy.deepcopy(first)
    changed["presence"][0]["attended"]["value"] += 1
    assert figures_sha256(changed) != figures_sha256(first)


@pytest.mark.parametrize(("people", "month"), [(0, "2026-11"), (1, "2026-02"), (8, "2026-10"), (60, "2026-11")])
def test_every_statistic_has_one_of_three_states(people, month):
    states = {"reported": {"value", "num"}, "not_reported": set(), "not_applicable": {"reason"}}
    seen = set()

    def walk(value):
        if isinstance(value, dict) and "state" in value:
            assert value["state"] in states
            assert not states[value["state"]] or states[value["state"]] & set(value)
            seen.add(value["state"])
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(item)

    walk(monthly_clinic(world(people, month), MADE))
    assert "not_reported" in seen


def test_the_head_names_what_the_figures_stand_on():
    head = monthly_clinic(world(3), MADE)["head"]
    assert head["form_no"] == "zhongzhan-demo-R01-202611-01"
    assert (head["version"], head["data_cutoff"], head["generated_at"]) == (
        0, "2026-12-09T06:10:00.000+08:00", "2026-12-09T09:02:03.000+08:00",
    )  # fmt: skip
    assert head["rules_version"].startswith("sha256:")
    assert head["sentence"].startswith("应到 63 人天,实到 ")
    assert {"label": "半天最低分钟数", "value": "180"} in head["local_settings"]


def test_the_form_number_changes_with_programme_recipient_and_month():
    source = world(1)
    others = [
        replace(source, month="2026-12"),
        replace(source, recipient_code="R02"),
        replace(source, programme=replace(source.programme, id="p2")),
    ]
    assert len({form_no(source), *map(form_no, others)}) == 4


def test_an_empty_month_says_so_and_invents_nothing():
    report = monthly_clinic(world(0), MADE)
    assert report["head"]["sentence"] == "2026年11月名册无派驻人员。"
    assert report["summary"]["attended"]["state"] == "not_applicable"
    assert report["presence"] == report["diaries"] == report["anomalies"] == []


def test_grades_are_not_invented():
    evidence = monthly_clinic(world(2), MADE)["evidence"]
    assert evidence["grades"] == dict.fromkeys("ABCD", not_reported())
    assert evidence["verified_share"] == not_reported()
    assert evidence["ungraded"] == evidence["attended"]


def test_the_verified_share_is_a_and_b_of_all_attended():
    day = dt.date(2026, 11, 3)
    graded = [
        {"am": half("A", day, "am", grade=first), "pm": half("A", day, "pm", grade=second)}
        for first, second in ("AB", "CD")
    ]
    days = {(f"p0{n}", day): fact(f"p0{n}", day, halves=halves) for n, halves in enumerate(graded)}
    evidence = monthly_clinic(world(2, days=days, states=()), MADE)["evidence"]
    assert evidence["grades"] == {name: reported(1) for name in "ABCD"}
    assert evidence["verified_share"]["percent"] == "50.0"


def test_what_is_not_collected_yet_is_not_reported():
    report = monthly_clinic(world(1), MADE)
    assert report["specialty_summaries"] == report["registrations"] == report["supervision"] == not_reported()


def test_signatures_are_asked_for_by_workday_and_nobody_has_signed():
    rows = monthly_clinic(world(1, county="青禾区卫生健康委员会"), MADE)["signatures"]
    assert [(row["role"], row["due"]) for row in rows] == [
        ("prepared_by", "2026-12-03"), ("recipient_admin", "2026-12-07"), ("supporter_admin", "2026-12-09"),
        ("county_officer", "2026-12-10"),
    ]  # fmt: skip
    assert {row["name"] for row in rows} == {None}
    assert rows[3]["unit"] == "青禾区卫生健康委员会"


def test_dates_nobody_has_folded_are_named():
    source = world(1)
    days = {key: value for key, value in source.days.items() if key[1].day != 3}
    assert monthly_clinic(replace(source, days=days), MADE)["gaps"] == [{"name": "王伟", "days": 1}]


def test_texts_are_normalised_before_they_are_hashed():
    decomposed, composed = "Zoe\u0308 王", "Zo\u00eb 王"
    first = monthly_clinic(world(1, names=(decomposed,)), MADE)
    assert first["presence"][0]["name"] == composed
    assert figures_sha256(first) == figures_sha256(monthly_clinic(world(1, names=(composed,)), MADE))


def test_people_without_a_roster_never_lift_attendance_above_duty():
    lines = (posting(0), posting(1, mode="taskforce"))
    day = dt.date(2026, 11, 3)
    none = {"am": False, "pm": False}
    days = {("p00", day): fact("p00", day), ("p01", day): fact("p01", day, duty=none)}
    report = monthly_clinic(world(2, postings=lines, days=days, states=()), MADE)
    assert (report["summary"]["attended"]["value"], report["summary"]["duty_half_days"]["value"]) == (2, 2)


def test_the_strip_shows_each_half_day_once():
    day = dt.date(2026, 11, 3)
    halves = {"am": half("A", day, "am", corrected=True), "pm": half("A", day, "pm", flags=("late_sync",))}
    report = monthly_clinic(world(1, days={("p00", day): fact("p00", day, halves=halves)}, states=()), MADE)
    strip = report["strip"][0]
    assert (strip["am"][2], strip["pm"][2]) == ("△", "▲")
    assert len(strip["am"]) == len(strip["pm"]) == 30


def test_a_source_counts_to_the_cutoff_and_not_beyond():
    source: MonthSource = world(1, cutoff=dt.datetime(2026, 11, 8, 4, 0, tzinfo=dt.UTC))
    report = monthly_clinic(source, MADE)
    assert report["head"]["counted_to"] == "2026-11-08"
    assert report["summary"]["duty_half_days"]["value"] == 10
    assert set(report["strip"][0]["am"][8:]) == {" "}
