"""continuity, accumulation and credits of the rules, from the history of a physician or of a team's seats."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from shared.calendar import at
from shared.rules.accumulate import Credit
from shared.rules.durations import DAY
from shared.rules.facts import Facts
from shared.rules.history import History
from shared.rules.kinds import evaluate
from shared.rules.result import Result
from tests.shared.rules.kinds import asked

ZHONGZHAN = asked.PROGRAMMES["zhongzhan-2021"]
START = dt.date(2024, 1, 2)


def team(*seats: tuple[str | None, dt.date]) -> Result:
    """ZZ-09c: one holder for each seat from 2 January 2024 to a date."""
    rule = ZHONGZHAN.rule("ZZ-09c")
    people = [asked.fitting(ZHONGZHAN, rule, id=f"P{n}", person_id=f"D{n}", seat_id=seat, start=START, end=end)
              for n, (seat, end) in enumerate(seats)]  # fmt: skip
    return evaluate(asked.ask(ZHONGZHAN, rule, histories=[asked.history(ZHONGZHAN, one) for one in people]))


def test_every_seat_of_a_team_is_filled_twelve_months_and_the_worst_one_speaks() -> None:
    year = dt.date(2025, 1, 1)
    assert team(("S1", year), ("S2", year)).value == "met"
    found = team(("S1", year), ("S2", dt.date(2024, 11, 29)))
    assert (found.value, found.number) == ("not_met", 10)


def test_the_seat_that_is_least_far_along_speaks_whatever_its_days() -> None:
    ends = [dt.date(2024, 8, 20), dt.date(2024, 9, 10), dt.date(2024, 8, 30)]
    found = team(*((f"S{n}", end) for n, end in enumerate(ends)))
    assert found.detail["segments"][0]["length"] == {"months": 7, "days": 19}


def test_a_seat_nobody_sat_on_is_the_worst_of_all() -> None:
    rule, now = ZHONGZHAN.rule("ZZ-09c"), at(START + 40 * DAY, dt.time(9))
    people = [asked.fitting(ZHONGZHAN, rule, id=f"P{n}", person_id=f"D{n}", seat_id=f"S{n}", start=start, end=None)
              for n, start in enumerate((START, START + 90 * DAY))]  # fmt: skip
    served = [replace(asked.history(ZHONGZHAN, replace(people[0], end=START + 40 * DAY)), postings=(people[0],), as_of=now),
              History("D1", (people[1],), (), now)]  # fmt: skip
    found = evaluate(asked.ask(ZHONGZHAN, rule, histories=served, as_of=now))
    assert (found.value, found.number, found.detail["segments"]) == ("open", 0, [])


def test_a_team_without_a_registered_seat_is_not_reported() -> None:
    assert team((None, dt.date(2024, 12, 31))).value == "not_reported"


def test_the_sentence_says_how_long_and_when_it_was_reached() -> None:
    rule = ZHONGZHAN.rule("ZZ-37")
    one = asked.fitting(ZHONGZHAN, rule, start=START, end=dt.date(2024, 7, 31))
    found = evaluate(asked.ask(ZHONGZHAN, rule, histories=[asked.history(ZHONGZHAN, one)]))
    assert (found.value, found.unit, found.threshold) == ("met", "month", 6)
    assert "2024年7月1日已满" in found.explanation
    assert {"leave.cap_workdays", "continuity.rest_tail"} <= set(found.local_settings)


def test_credits_of_the_rule_are_added_and_need_their_document() -> None:
    gate, credit_rule = ZHONGZHAN.rule("ZZ-04"), ZHONGZHAN.rule("ZZ-38")
    one = asked.posting(ZHONGZHAN, start=START, end=dt.date(2024, 7, 1))
    served = asked.history(ZHONGZHAN, one)
    aid = Credit("K1", "aid_xinjiang", dt.date(2020, 1, 1), dt.date(2020, 6, 30), doc_no="援疆〔2020〕1号")
    for last, value, months in ((dt.date(2020, 6, 30), "met", 12), (dt.date(2020, 6, 29), "not_met", 11)):
        found = evaluate(asked.ask(ZHONGZHAN, gate, histories=[served], facts=Facts(credits=(replace(aid, last=last),))))
        assert (found.value, found.number) == (value, months)
    found = evaluate(asked.ask(ZHONGZHAN, credit_rule, facts=Facts(credits=(aid, replace(aid, id="K2", doc_no=None)))))
    assert (found.value, found.number, found.threshold) == ("open", 1, 2)
    mentoring = replace(aid, counts="mentoring")
    assert evaluate(asked.ask(ZHONGZHAN, credit_rule, facts=Facts(credits=(mentoring,)))).value == "not_applicable"


def test_postings_lie_inside_the_dates_of_the_clause() -> None:
    programme, rule = asked.rule_of("shanxi-2012", "SX-03")
    inside = asked.posting(programme, id="P1")
    outside = asked.posting(programme, id="P2", start=dt.date(2013, 1, 1) - DAY)
    found = evaluate(asked.ask(programme, rule, histories=[asked.history(programme, inside), asked.history(programme, outside)]))
    assert (found.value, found.detail["outside"], found.number) == ("not_met", ["P2"], 1)
