"""One resident's posting in the week of 23 November 2026, its days said in a word each."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from notifier.domain.post import Post
from shared.directory import published
from shared.progress.fold import DayFact, HalfFact
from shared.progress.state import State
from shared.rules.days import Slip
from shared.rules.load import shipped
from tests.factories.service import day, posting
from tests.notifier.conftest import wall

PROGRAMME = shipped()["zhongzhan-demo"]
DIARIES = replace(PROGRAMME, rules=(*PROGRAMME.rules, shipped()["county-tcm-stationing"].rule("ZD-12")))
"""The same programme, and a diary for each attended day."""
CALENDAR = published.calendar()
MON, TUE, WED, THU, FRI, SAT = (dt.date(2026, 11, n) for n in range(23, 29))


def half(word: str, duty: bool = True) -> HalfFact:
    """attended, missing, open, leave, pending, absent, future."""
    known = {
        "attended": HalfFact("A"), "missing": HalfFact("P", reason="window_open"), "open": HalfFact("P", reason="window_open", open=True),
        "leave": HalfFact("L"), "pending": HalfFact("P", reason="decision_pending"), "absent": HalfFact("X", reason="no_scan"),
        "future": HalfFact("", reason="future"),
    }  # fmt: skip
    return known[word]


def fact(when: dt.date, am: str, pm: str | None = None, **more) -> DayFact:
    """A folded date."""
    halves = {"am": half(am), "pm": half(pm or am)}
    return DayFact("P1", when, {"am": True, "pm": True}, False, halves, **more)


def post(now: str, *facts: DayFact, **more) -> Post:
    """The posting as of an instant."""
    terms = more.pop("terms", None) or posting("2026-09-01", "2027-03-31", programme_id=PROGRAMME.id, specialty="内科")
    days = {one.date: one for one in facts}
    return Post(terms, more.pop("programme", PROGRAMME), more.pop("calendar", CALENDAR), wall(now), days=days, name="林知远", **more)


def slip(first: str, last: str, decision: str = "approved") -> Slip:
    """Leave over whole days."""
    return Slip("l1", "personal", (day(first), "am"), (day(last), "pm"), wall("2026-11-01T08:00"), decision)


def weekly(number: int, threshold: int = 3, **more) -> State:
    """The state of 门诊 in week 48."""
    told = {"value": "open" if number < threshold else "met", "rule_id": "ZZ-13", "period": "2026-W48", **more}
    return State(
        programme_id=PROGRAMME.id, rule_id=told["rule_id"], subject_kind="posting", subject_id="P1",
        period_kind=told.get("period_kind", "week"), period=told["period"], value=told["value"], number=number, threshold=threshold,
        effective_threshold=threshold, unit=told.get("unit", "half_day"), metric=told.get("metric", "outpatient_half_days"),
        explanation="每周出门诊不少于 3 个半天", detail=told.get("detail", {}),
    )  # fmt: skip
