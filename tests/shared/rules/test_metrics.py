"""Every metric of the language is counted from what is on record, and counts what its definition says (rules.md §6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from shared.rules.facts import Agreement, Arrival, Facts, Figure, Item, Registration, Stay
from shared.rules.history import Half, History
from shared.rules.inquiry import Inquiry, Subject
from shared.rules.kinds import evaluate, growth
from shared.rules.load import Rule
from shared.rules.result import Result
from shared.rules.schema import METRICS
from tests.shared.rules.golden_cases import official
from tests.shared.rules.kinds import asked

PROGRAMME, QUOTA = asked.rule_of("zhongzhan-2021", "ZZ-31")
HEADCOUNT = PROGRAMME.rule("ZZ-09a")
MAY = dt.date(2024, 5, 20)
NEXT = dt.date(2024, 5, 21)


def ask(
    metric: str, facts: Facts, *, kind: Rule = QUOTA, halves: tuple[Half, ...] = (), people: int = 1, subject: str = "supporter",
    where: Mapping[str, Any] | None = None, terms: Mapping[str, Any] | None = None, **keys: Any,
) -> Result:  # fmt: skip
    """Judge a rule on one metric in the month of May 2024; of a headcount on 20 May."""
    period = "month" if kind is QUOTA else "day"
    given = {"metric": metric, "op": ">=", "value": 1, "unit": METRICS[metric].unit, "period": period, **keys}
    rule = replace(kind, subject=subject, where=where or {}, keys=given)
    posted = [asked.posting(PROGRAMME, id=f"P{n}", person_id=f"D{n}", **(terms or {})) for n in range(people)]
    histories = [History(p.person_id, (p,), tuple(half for half in halves if half.posting_id == p.id)) for p in posted]
    name = {"month": "2024-05", "day": "2024-05-20"}.get(given["period"], "")
    return evaluate(Inquiry(PROGRAMME, official(), rule, Subject(subject, "X1"), name, tuple(histories), facts))


def logged(metric: str, *, days: tuple[dt.date, ...] = (MAY, NEXT), **over: Any) -> Facts:
    return Facts(items=tuple(Item(f"{metric}-{day}", metric, day, **over) for day in days))


ONE_A_DAY = [name for name, metric in METRICS.items() if metric.items and name not in ("trainees_completed", "activity", "four_ones")]
HALVES = (Half(MAY, "am", "P0", True, "A", clinic="A"), Half(MAY, "pm", "P0", True, "A", clinic="A"),
          Half(NEXT, "am", "P0", True, "X"), Half(NEXT, "pm", "P0", True, "L", "sick"))  # fmt: skip
OF_THEIR_OWN = {
    "on_site_half_days", "outpatient_half_days", "on_site_days", "trainees_completed", "activity", "four_ones", "mentees",
    "featured_specialties", "centres_level2", "person_trips", "beds_managed", "donated_drug_value", "arrival_rate",
    "posted_persons", "posted_non_physician", "team_size", "team_mid_level_clinicians", "pairs_recipients", "pairs_areas",
    "outpatient_emergency_visits",
}  # fmt: skip
"""Metrics with a test of their own below."""


def test_every_metric_has_a_test() -> None:
    assert set(METRICS) == {*ONE_A_DAY, *OF_THEIR_OWN}


@pytest.mark.parametrize("metric", ONE_A_DAY)
def test_entries_of_the_logs_count_once_a_date(metric: str) -> None:
    assert ask(metric, logged(metric)).number == 2
    assert ask(metric, logged(metric, days=(MAY, MAY))).number == 1
    assert ask(metric, logged(metric, days=(dt.date(2024, 4, 30), dt.date(2024, 6, 1)))).number == 0


@pytest.mark.parametrize("metric", ["guidelines_made", "new_techniques"])
def test_things_with_a_name_count_one_by_one(metric: str) -> None:
    two = Facts(items=(Item("1", metric, MAY, title="甲"), Item("2", metric, MAY, title="乙"), Item("3", metric, MAY, title="乙")))
    assert ask(metric, two).number == 2


def test_rounds_of_two_clinics_on_one_date_are_one_and_per_clinic_one_each() -> None:
    both = Facts(items=(Item("1", "ward_rounds", MAY, clinic="A"), Item("2", "ward_rounds", MAY, clinic="B")))
    assert ask("ward_rounds", both).number == 1
    found = ask("ward_rounds", both, per=["clinic"], terms={"clinics": ("A", "B")})
    assert found.groups == {"A": 1, "B": 1}


@pytest.mark.parametrize(("metric", "number"), [("trainings", 2), ("ward_rounds", 1), ("survey_visits", 1)])
def test_what_is_held_online_counts_for_training_only(metric: str, number: int) -> None:
    mixed = Facts(items=(Item("1", metric, MAY, channel="online"), Item("2", metric, NEXT, channel="onsite")))
    assert ask(metric, mixed).number == number


def test_a_channel_nobody_told_does_not_match_and_is_told() -> None:
    blank = Facts(items=(Item("1", "trainings", MAY), Item("2", "trainings", NEXT, channel="online")))
    found = ask("trainings", blank, where={"channel": ["onsite", "online"]})
    assert (found.number, found.warnings) == (1, ("where_unknown",))


def test_a_count_by_specialty_takes_that_of_the_posting_and_of_an_entry_its_own() -> None:
    surgeon = {"specialty": "surgery"}
    assert ask("on_site_half_days", Facts(), halves=HALVES, per=["specialty"], terms=surgeon, subject="doctor").groups == {"surgery": 2}
    told = Facts(items=(Item("1", "trainings", MAY, group="surgery"), Item("2", "trainings", NEXT, group="ent"), Item("3", "trainings", NEXT)))
    assert ask("trainings", told, per=["specialty"], terms=surgeon).groups == {"surgery": 1}


def test_a_count_by_physician_takes_who_was_there_or_is_named() -> None:
    assert ask("on_site_half_days", Facts(), halves=HALVES, per=["doctor"]).groups == {"D0": 2}
    told = Facts(items=(Item("1", "trainings", MAY, person_id="D0"), Item("2", "trainings", NEXT, person_id="D1")))
    assert ask("trainings", told, per=["doctor"], people=2).groups == {"D0": 1, "D1": 1}


def test_a_state_nobody_reported_names_its_metric_and_what_is_asked() -> None:
    found = ask("featured_specialties", Facts(), value=2)
    assert (found.metric, found.unit, found.threshold) == ("featured_specialties", "item", 2)
    assert found.explanation == "特色专科未报"


def test_half_days_on_site_and_their_dates() -> None:
    assert ask("on_site_half_days", Facts(), halves=HALVES).number == 2
    assert ask("on_site_days", Facts(), halves=HALVES).number == 1


def test_outpatient_half_days_are_attended_at_the_clinic_of_the_entry() -> None:
    def entry(half: str, clinic: str, person: str = "D0") -> Item:
        return Item(f"{half}{clinic}", "outpatient", MAY, 12, None, person, clinic, half=half)

    assert ask("outpatient_half_days", Facts(outpatient=(entry("am", "A"), entry("am", "A"))), halves=HALVES).number == 1
    assert ask("outpatient_half_days", Facts(outpatient=(entry("am", "B"),)), halves=HALVES).number == 0
    assert ask("outpatient_half_days", Facts(outpatient=(entry("am", "A", "D9"),)), halves=HALVES).number == 0
    absent = Item("x", "outpatient", NEXT, 3, None, "D0", "A", half="am")
    assert ask("outpatient_half_days", Facts(outpatient=(absent,)), halves=HALVES).number == 0


def test_work_on_a_rest_day_counts_for_quotas() -> None:
    saturday = dt.date(2024, 5, 18)
    half = Half(saturday, "am", "P0", False, "A", clinic="A")
    entry = Item("s", "outpatient", saturday, 5, None, "D0", "A", half="am")
    assert ask("outpatient_half_days", Facts(outpatient=(entry,)), halves=(half,)).number == 1


def test_a_stay_belongs_to_the_period_of_its_last_day_and_a_person_counts_once() -> None:
    def stay(person: str, first: dt.date, last: dt.date) -> Stay:
        return Stay(person + str(first), person, first, last)

    each = {"metric": "duration", "op": ">=", "value": 1, "unit": "month"}
    long = stay("甲", dt.date(2024, 4, 10), dt.date(2024, 5, 9))
    short = stay("乙", dt.date(2024, 4, 10), dt.date(2024, 5, 8))
    after = stay("丙", dt.date(2024, 5, 2), dt.date(2024, 6, 30))
    again = stay("甲", dt.date(2024, 4, 20), dt.date(2024, 5, 31))
    assert ask("trainees_completed", Facts(stays=(long, short, after, again)), each=each).number == 1
    days = each | {"value": 29, "unit": "day"}
    assert ask("trainees_completed", Facts(stays=(long, short, after)), each=days).number == 2


def test_activity_is_what_was_recorded_as_such_and_what_the_logs_hold() -> None:
    kinds = ["outpatient", "teaching", "ward_round", "surgery"]
    entry = Item("o", "outpatient", MAY, 9, None, "D0", "A", half="am", evidence=("log",))
    facts = Facts(
        items=(Item("1", "trainings", MAY, channel="onsite"), Item("2", "trainings", NEXT, channel="online"),
               Item("3", "ward_rounds", MAY), Item("4", "surgeries", MAY, group="guided"),
               Item("5", "activity", MAY, group="surgery")),
        outpatient=(entry,),
    )  # fmt: skip
    found = ask("activity", facts, halves=HALVES, per=kinds)
    assert found.groups == {"outpatient": 1, "teaching": 1, "ward_round": 1, "surgery": 1}
    assert "log" in found.evidence


def test_the_four_ones_are_counted_by_kind() -> None:
    found = ask("four_ones", logged("four_ones", group="weak_link"), per=["urgent_need", "weak_link"])
    assert found.groups == {"urgent_need": 0, "weak_link": 2}


def test_sums_and_states() -> None:
    gifts = Facts(items=(Item("1", "donated_drug_value", MAY, 4000), Item("2", "donated_drug_value", NEXT, 2500)))
    beds = Facts(items=(Item("1", "beds_managed", MAY, 4), Item("2", "beds_managed", NEXT, 6)))
    pupils = Facts(items=(Item("1", "mentees", MAY, title="甲"), Item("2", "mentees", NEXT, title="甲")))
    assert ask("donated_drug_value", gifts).number == 6500
    assert ask("beds_managed", beds).number == 6
    assert ask("mentees", pupils).number == 1


@pytest.mark.parametrize("metric", ["featured_specialties", "centres_level2"])
def test_what_only_a_report_can_tell_is_not_reported_without_one(metric: str) -> None:
    assert ask(metric, Facts()).value == "not_reported"
    assert ask(metric, Facts(figures=(Figure(metric, "2024-05", None),))).value == "not_reported"
    assert ask(metric, Facts(figures=(Figure(metric, "2024-05", 2, ("e",)),))).evidence == ("e",)
    over_the_years = Facts(figures=(Figure(metric, "2023", 1), Figure(metric, "2024", 3)))
    assert ask(metric, over_the_years, period="programme").number == 3


def test_trips_are_confirmed_arrivals_of_the_period() -> None:
    arrivals = (Arrival("P0", MAY), Arrival("P1", NEXT), Arrival("P1", NEXT), Arrival("P2", dt.date(2024, 6, 3)))
    assert ask("person_trips", Facts(arrivals=arrivals)).number == 2


@pytest.mark.parametrize(("came", "percent"), [(0, 0), (2, 66), (3, 100)])
def test_the_arrival_rate_is_cut_and_never_rounded_up(came: int, percent: int) -> None:
    arrivals = tuple(Arrival(f"P{n}", dt.date(2024, 1, 4)) for n in range(came))
    found = ask("arrival_rate", Facts(arrivals=arrivals), people=3, value=100, period="posting_start", grace_workdays=3, subject="team")
    assert (found.number, found.value) == (percent, "met" if percent == 100 else "not_met")


def test_an_arrival_after_the_days_of_grace_is_too_late() -> None:
    for day, number in ((dt.date(2024, 1, 4), 100), (dt.date(2024, 1, 5), 0)):
        facts = Facts(arrivals=(Arrival("P0", day),))
        found = ask("arrival_rate", facts, value=100, period="posting_start", grace_workdays=3, subject="team")
        assert found.number == number


def test_people_in_post_on_a_date() -> None:
    came = tuple(Arrival(f"P{n}", dt.date(2024, 1, 2)) for n in range(2))
    physicians = {"kind": HEADCOUNT, "subject": "team", "people": 3}
    assert ask("team_size", Facts(), **physicians).number == 3
    assert ask("posted_persons", Facts(arrivals=came), **physicians).number == 2
    assert ask("team_mid_level_clinicians", Facts(), terms={"title_rank": "attending"}, **physicians).number == 3
    assert ask("team_mid_level_clinicians", Facts(), terms={"title_rank": "physician"}, **physicians).number == 0


def test_who_is_no_physician_says_the_registration_and_without_one_the_missing_title() -> None:
    came = tuple(Arrival(f"P{n}", dt.date(2024, 1, 2)) for n in range(2))
    told = (Registration("P0", role_type="nurse"), Registration("P1", role_type="physician"))
    untitled = {"kind": HEADCOUNT, "subject": "team", "people": 2, "terms": {"title_rank": None}}
    assert ask("posted_non_physician", Facts(arrivals=came), **untitled).number == 2
    assert ask("posted_non_physician", Facts(arrivals=came, registrations=told), **untitled).number == 1
    assert ask("posted_non_physician", Facts(arrivals=came), **untitled | {"terms": {"title_rank": "attending"}}).number == 0


def test_pairs_in_force_on_a_date() -> None:
    first = dt.date(2024, 1, 1)
    pairs = (Agreement("1", "R1", first, None, "AREA1"), Agreement("2", "R2", first, MAY, "AREA1"), Agreement("3", "R3", NEXT, None, "AREA2"))
    for metric, number in (("pairs_recipients", 2), ("pairs_areas", 1)):
        assert ask(metric, Facts(agreements=pairs), kind=HEADCOUNT).number == number


def test_visits_grow_from_year_to_year_and_months_make_a_year() -> None:
    programme, rule = asked.rule_of("zhongzhan-2021", "ZZ-07")
    months = tuple(Figure("outpatient_emergency_visits", f"2023-{month:02d}", 1000) for month in range(1, 13))
    facts = Facts(figures=(*months, Figure("outpatient_emergency_visits", "2024", 12600)))
    inquiry = asked.ask(programme, rule, facts=facts, period="2024")
    assert growth.figure(inquiry, "2023") == 12000
    assert growth.evaluate(inquiry).detail["percent"] == "5.000"
    fewer = replace(inquiry, facts=Facts(figures=facts.figures[1:]))
    assert growth.evaluate(fewer).value == "not_reported"
