"""headcount: every date of a team's postings, or of an institution's agreements and programme, is tested."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from shared.calendar import at
from shared.rules.durations import DAY
from shared.rules.facts import Agreement, Arrival, Change, Facts, Registration
from shared.rules.kinds import evaluate
from shared.rules.result import Result
from shared.rules.terms import PostingTerms
from tests.shared.rules.kinds import asked

SHANXI, FUKANG, ZHONGZHAN = (asked.PROGRAMMES[name] for name in ("shanxi-2012", "fukang-mulei-2009", "zhongzhan-2021"))
NEW_YEAR, LAST_DAY = dt.date(2013, 1, 1), dt.date(2013, 12, 31)


def posted(rule: str, *terms: PostingTerms, programme=SHANXI, arrived: dt.date | None = None, **over) -> Result:
    arrivals = tuple(Arrival(one.id, arrived or one.start) for one in terms)
    facts = Facts(arrivals=arrivals, **over.pop("facts", {}))
    one = asked.like(programme.rule(rule), **over.pop("keys", {}))
    return evaluate(asked.ask(programme, one, histories=asked.unserved(*terms), facts=facts, **over))


def five(**over) -> list[PostingTerms]:
    return [asked.posting(SHANXI, id=f"P{n}", person_id=f"D{n}", **over) for n in range(5)]


def test_five_people_all_year_are_met_and_four_on_one_day_are_listed() -> None:
    assert posted("SX-04", *five()).value == "met"
    gone, *rest = five()
    left = asked.posting(SHANXI, id=gone.id, person_id=gone.person_id, end=dt.date(2013, 6, 28))
    heir = asked.posting(SHANXI, id="P9", person_id="D9", start=dt.date(2013, 7, 1))
    found = posted("SX-04", left, heir, *rest)
    assert (found.value, found.number, found.detail["dates"]) == ("not_met", 4, [["2013-06-29", "2013-06-30"]])
    assert "2013年6月29日至6月30日" in found.explanation


@pytest.mark.parametrize(("op", "number", "worst", "value"), [
    (">=", 2, 2, "met"), (">=", 3, 2, "not_met"), (">", 2, 2, "not_met"), ("<=", 3, 3, "met"), ("<", 3, 3, "not_met"), ("<", 4, 3, "met"),
])  # fmt: skip
def test_of_a_lower_limit_the_fewest_are_told_and_of_an_upper_one_the_most(op: str, number: int, worst: int, value: str) -> None:
    guest = asked.posting(SHANXI, id="P9", person_id="D9", start=dt.date(2013, 5, 1), end=dt.date(2013, 5, 31))
    found = posted("SX-04", *five()[:2], guest, keys={"op": op, "value": number})
    assert (found.value, found.number, found.threshold) == (value, worst, number)


def test_dates_before_the_first_and_after_the_last_posting_are_dates_of_the_programme_too() -> None:
    found = posted("SX-04", *five(start=NEW_YEAR + DAY, end=LAST_DAY - DAY))
    assert found.detail["dates"] == [["2013-01-01", "2013-01-01"], ["2013-12-31", "2013-12-31"]]


def test_nobody_posted_is_a_number_and_not_an_unreported_figure() -> None:
    found = posted("SX-04")
    assert (found.value, found.number, found.detail["dates"]) == ("not_met", 0, [["2013-01-01", "2013-12-31"]])


def test_an_agreement_says_from_when_on_people_are_owed() -> None:
    agreed = (Agreement("A1", "R1", dt.date(2013, 3, 1), dt.date(2013, 11, 30)),)
    assert posted("SX-04", *five(start=dt.date(2013, 3, 1), end=dt.date(2013, 11, 30)), facts={"agreements": agreed}).value == "met"


def test_between_two_agreements_nobody_is_owed() -> None:
    spans = [(dt.date(2013, 3, 1), dt.date(2013, 5, 31)), (dt.date(2013, 7, 1), dt.date(2013, 11, 30))]
    team = [asked.posting(SHANXI, id=f"P{n}-{first}", person_id=f"D{n}", start=first, end=last) for first, last in spans for n in range(5)]
    found = posted("SX-04", *team, facts={"agreements": tuple(Agreement(f"A{first}", "R1", first, last) for first, last in spans)})
    assert (found.value, found.number) == ("met", 5)


def test_a_team_without_anybody_is_not_reported_unless_the_rule_is_for_some_teams_only() -> None:
    rule = ZHONGZHAN.rule("ZZ-10")
    found = evaluate(asked.ask(ZHONGZHAN, replace(rule, where={})))
    assert (found.value, found.number, found.explanation) == ("not_reported", None, "中级以上医师未报")
    assert evaluate(asked.ask(ZHONGZHAN, rule)).value == "not_applicable"


def test_who_has_not_arrived_is_not_in_post() -> None:
    found = posted("SX-04", *five(), arrived=NEW_YEAR + 2 * DAY)
    assert found.detail["dates"] == [["2013-01-01", "2013-01-02"]]


def test_days_to_come_are_not_judged() -> None:
    team = five(end=dt.date(2013, 6, 28))
    assert posted("SX-04", *team, as_of=at(dt.date(2013, 6, 28), dt.time(9))).value == "met"
    assert posted("SX-04", *team, as_of=at(dt.date(2013, 6, 29), dt.time(9))).value == "not_met"
    assert posted("SX-04", *team, as_of=at(NEW_YEAR - DAY, dt.time(9))).value == "open"


@pytest.mark.parametrize(("number", "value"), [(0, "met"), (2, "met"), (3, "not_met")])
def test_at_most_two_are_no_physicians_and_the_most_is_shown(number: int, value: str) -> None:
    others = [asked.posting(SHANXI, id=f"P{n}", person_id=f"D{n}", title_rank=None) for n in range(number)]
    found = posted("SX-06", *others)
    assert (found.value, found.number) == (value, number)


def test_the_date_with_the_most_people_decides_a_limit() -> None:
    months = [(dt.date(2013, 1, 1), dt.date(2013, 12, 31)), (dt.date(2013, 5, 1), dt.date(2013, 5, 31)), (dt.date(2013, 5, 20), dt.date(2013, 6, 7))]
    others = [asked.posting(SHANXI, id=f"P{n}", person_id=f"D{n}", title_rank=None, start=first, end=last)
              for n, (first, last) in enumerate(months)]  # fmt: skip
    found = posted("SX-06", *others)
    assert (found.value, found.number, found.detail["dates"]) == ("not_met", 3, [["2013-05-20", "2013-05-31"]])


def test_only_the_named_hospitals_and_ranks_count() -> None:
    one = asked.posting(FUKANG, title_rank="attending")
    young = asked.posting(FUKANG, title_rank="physician")
    assert posted("FK-07", one, programme=FUKANG).value == "met"
    assert posted("FK-07", young, programme=FUKANG).value == "not_met"
    assert posted("FK-07", one, programme=FUKANG, supporter="市疾控中心").value == "not_applicable"


def test_fixed_people_places_and_times_change_by_an_amendment_only() -> None:
    rule = ZHONGZHAN.rule("ZZ-10")
    team = [asked.fitting(ZHONGZHAN, rule, id=f"P{n}", person_id=f"D{n}") for n in range(2)]
    for amended, value in ((True, "met"), (False, "not_met")):
        moved = (Change("person", dt.date(2024, 5, 20), amended=amended, evidence=("c1",)),)
        found = posted("ZZ-10", *team, programme=ZHONGZHAN, facts={"changes": moved})
        assert (found.value, found.evidence) == (value, ("c1",))


def test_pairs_are_tested_once_on_the_agreements_in_force() -> None:
    pairs = tuple(Agreement(f"A{n}", f"R{n}", NEW_YEAR, dt.date(2013, 6, 30) if n == 0 else None) for n in range(57))
    for day, value in ((dt.date(2013, 6, 30), "met"), (dt.date(2013, 7, 1), "not_met")):
        found = evaluate(asked.ask(SHANXI, SHANXI.rule("SX-02"), facts=Facts(agreements=pairs), as_of=at(day, dt.time(9))))
        assert found.value == value
    assert evaluate(asked.ask(SHANXI, SHANXI.rule("SX-02"))).value == "not_reported"


@pytest.mark.parametrize(("role", "rank", "number"), [
    ("nurse", "chief", 1), ("nurse", None, 1), ("physician", None, 0), (None, None, 1), (None, "chief", 0),
])  # fmt: skip
def test_a_nurse_is_who_is_registered_as_one_and_else_who_has_no_rank(role, rank, number) -> None:
    one = asked.fitting(SHANXI, SHANXI.rule("SX-06"), title_rank=rank)
    found = posted("SX-06", one, facts={"registrations": (Registration(one.id, role_type=role),)})
    assert found.number == number


def test_each_shortage_is_one_span_however_often_the_number_changed_in_it() -> None:
    stay = [asked.posting(SHANXI, id=f"S{n}", person_id=f"E{n}") for n in range(2)]
    ends = {1: dt.date(2013, 2, 28), 3: dt.date(2013, 3, 31), 5: dt.date(2013, 6, 30), 7: dt.date(2013, 7, 31), 9: LAST_DAY}
    some = [asked.posting(SHANXI, id=f"P{month}{n}", person_id=f"D{month}{n}", start=dt.date(2013, month, 1), end=end)
            for month, end in ends.items() for n in range(2 if month in (3, 7) else 3)]  # fmt: skip
    found = posted("SX-04", *stay, *some)
    assert found.detail["dates"] == [["2013-03-01", "2013-04-30"], ["2013-07-01", "2013-08-31"]]


def test_a_posting_whose_title_nobody_recorded_is_left_out_with_a_warning() -> None:
    known, unknown = (asked.posting(FUKANG, id=f"P{n}", person_id=f"D{n}", title_rank=rank) for n, rank in enumerate(("attending", None)))
    found = posted("FK-07", known, unknown, programme=FUKANG)
    assert (found.value, found.number, found.warnings) == ("met", 1, ("where_unknown",))
