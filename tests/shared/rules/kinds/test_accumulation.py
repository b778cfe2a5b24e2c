"""accumulate: where counting starts, and both readings while a decision is waited for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from shared.rules.history import History
from shared.rules.kinds import evaluate
from shared.rules.result import Result
from tests.shared.rules.kinds import asked

PROGRAMME, RULE = asked.rule_of("zhongzhan-2021", "ZZ-04")
YEAR = asked.history(PROGRAMME, asked.posting(PROGRAMME, start=dt.date(2024, 1, 1), end=dt.date(2024, 12, 31)))


def judged(history: History, count_since: str | None = None) -> Result:
    settings = {**PROGRAMME.settings, "accumulate": {**PROGRAMME.settings["accumulate"], "count_since": count_since}}
    inquiry = asked.ask(replace(PROGRAMME, settings=settings), RULE, histories=[history])
    since = {"title": dt.date(2024, 7, 1)}
    return evaluate(replace(inquiry, subject=replace(inquiry.subject, since=since)))


def test_what_lies_before_the_title_counts_only_where_the_programme_does_not_ask_for_it() -> None:
    assert (judged(YEAR).value, judged(YEAR).number) == ("met", 12)
    assert (judged(YEAR, "title").value, judged(YEAR, "title").number) == ("not_met", 6)


def test_half_days_that_wait_for_a_decision_give_both_readings() -> None:
    waiting = tuple(replace(half, status="P") if half.date.month == 12 else half for half in YEAR.halves)
    found = judged(replace(YEAR, halves=waiting))
    assert (found.value, found.best, found.worst) == ("provisional", "met", "not_met")
    sure = judged(YEAR)
    assert (sure.best, sure.worst) == (None, None)
