"""Every rule of every shipped programme is judged over its subject and period: a value, a sentence, and no guess."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from shared.directory import published
from shared.rules import deadlines
from shared.rules.history import History
from shared.rules.inquiry import Inquiry, Subject
from shared.rules.kinds import evaluate
from shared.rules.load import Programme, Rule, shipped
from shared.rules.result import MET, NOT_APPLICABLE, PROVISIONAL, VALUES
from shared.rules.terms import PostingTerms
from tests.shared.rules.kinds import asked as build

RULES = [(programme, rule) for programme in shipped().values() for rule in programme.rules]
PERIODS = {
    "day": "{0:%Y-%m-%d}", "week": "{0.year}-W20", "two_weeks": "{1:%Y-%m-%d}/2w", "month": "{0:%Y}-05", "quarter": "{0:%Y}-Q2",
    "half_year": "{0:%Y}-H1", "year": "{0:%Y}", "posting": "P1", "posting_start": "P1", "programme": "programme",
    "once": "once",
}  # fmt: skip
FILTERED = [(programme, rule) for programme, rule in RULES if set(rule.where) - {"channel"}]
"""Rules that ask something of their subject; `channel` is a filter of items."""
NOTHING_TO_JUDGE = {"sanction", "credit", "incentive", "reference"}
"""Kinds that answer a finding, an application or point elsewhere: without one they do not apply."""
NOTHING_WRONG = {"constraint", "window", "funding", "approval"}
"""Kinds that look for what is wrong: without any record nothing is."""


def year_of(programme: Programme) -> int:
    """The second year of the programme, or its only one."""
    return min(programme.effective_from.year + 1, (programme.effective_to or dt.date.max).year)


def posting(programme: Programme, rule: Rule, year: int) -> PostingTerms:
    """A posting that fits the rule's `where`, over the whole year."""
    where = {key: value[0] if isinstance(value, list) else str(value).removeprefix(">=") for key, value in rule.where.items()}
    return PostingTerms(
        id="P1", person_id="D1", programme_id=programme.id, supporter_id=where.get("supporter", "S1"), recipient_id="R1",
        clinics=("C1",), mode=where.get("mode", next(iter(programme.modes))), seat_id="seat", team_id="team",
        specialty=where.get("specialty", "internal_medicine"), title_rank=where.get("title_rank", "attending"),
        recipient_level=where.get("recipient_level", "basic"), start=dt.date(year, 1, 1), end=dt.date(year, 12, 31), roster={},
        clinic_names={"C1": "柳岸卫生院"},
    )  # fmt: skip


def asked(programme: Programme, rule: Rule) -> Inquiry:
    """The rule over one subject with one posting, all of the second year of the programme, and no record of anything."""
    year = year_of(programme)
    day = dt.date(year, 5, 12)
    monday = dt.date(year, 1, 1) - dt.timedelta(days=dt.date(year, 1, 1).weekday())
    period = PERIODS[rule.get("period")].format(day, monday) if rule.get("period") else _unnamed(programme, rule)
    terms = posting(programme, rule, year)
    attributes = {"recipient_level": terms.recipient_level, "supporter": terms.supporter_id, "title_rank": terms.title_rank}
    as_of = dt.datetime(year + 1, 2, 1, tzinfo=dt.UTC)
    history = History("D1", (terms,), (), as_of)
    subject = Subject(rule.subject, "subject", attributes)
    return Inquiry(programme, published.calendar(), rule, subject, period, (history,), as_of=as_of)


def _unnamed(programme: Programme, rule: Rule) -> str:
    """The period of a rule that names none: that of a document's first deadline, the year of growth."""
    year = year_of(programme)
    if rule.kind != "document" or not {"on", "every"} & set(rule.get("due")) or "within_hours" in rule.get("due"):
        return str(year) if rule.kind == "growth" else ""
    years = range(programme.effective_from.year, year + 1)
    found = [one.period for y in years for one in deadlines.of_year(programme, published.calendar(), rule, y)]
    assert found, "every dated document is due in the first two years of its programme"
    return str(found[0])


@pytest.mark.parametrize(("programme", "rule"), RULES, ids=[f"{p.id}-{r.id}" for p, r in RULES])
def test_a_rule_without_any_record_is_judged_and_never_met_by_guess(programme: Programme, rule: Rule):
    found = evaluate(asked(programme, rule))
    assert found.value in VALUES
    assert (found.value == NOT_APPLICABLE) == (rule.kind in NOTHING_TO_JUDGE), found.explanation
    assert (found.value == PROVISIONAL) == found.provisional
    assert re.search(r"[一-鿿]{2}", found.explanation)
    assert not re.search(r"[a-z]+_[a-z]+|None", found.explanation), found.explanation
    expected_met = rule.kind in NOTHING_WRONG or rule.get("op") in ("<=", "<")
    assert expected_met or found.value != MET, found.explanation


@pytest.mark.parametrize(("programme", "rule"), FILTERED, ids=lambda one: getattr(one, "id", ""))
def test_a_rule_whose_filter_does_not_fit_is_not_applicable(programme: Programme, rule: Rule):
    whole = asked(programme, rule)
    other = Inquiry(
        whole.programme, whole.calendar, rule, Subject(rule.subject, "subject", dict.fromkeys(rule.where, "another")),
        whole.period, (), as_of=whole.as_of,
    )  # fmt: skip
    assert evaluate(other).value == NOT_APPLICABLE


def test_without_a_posting_no_registration_is_owed_yet() -> None:
    found = evaluate(build.ask(*build.rule_of("county-tcm-stationing", "ZD-14")))
    assert (found.value, "派驻登记" in found.explanation) == ("not_reported", True)
