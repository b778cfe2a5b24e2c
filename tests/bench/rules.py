"""Months of many physicians judged by the rules alone: months on end so far and every weekly quota, without database.

    python -m tests.bench.rules [--physician-months 10000]
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from shared.calendar import midnight_after, month_days, weeks_of_month
from shared.rules.facts import Facts, Item
from shared.rules.history import History
from shared.rules.inquiry import Inquiry, Subject
from shared.rules.kinds import evaluate
from shared.rules.load import Rule
from shared.rules.result import Result
from tests.bench.keep import keep
from tests.factories import service
from tests.shared.official import OFFICIAL

MONTHS = tuple(f"2026-{number:02d}" for number in range(4, 10))
FIRST, LAST = dt.date(2026, 3, 30), dt.date(2026, 9, 30)
"""Six months, each whole; the weeks of April begin on 30 March."""
CONTINUITY = service.ZHONGZHAN.rule("ZZ-37")
WEEKLY = tuple(
    rule for rule in service.ZHONGZHAN.rules
    if (rule.kind, rule.subject, rule.get("period")) == ("quota", "doctor", "week") and rule.where in ({}, CONTINUITY.where)
)  # fmt: skip


def physician(number: int) -> History:
    """A resident's half-days with some leave, ordered work, absence and half-days that wait for a decision."""
    chance = random.Random(number)
    kinds = (service.leave, service.leave, service.ordered, service.absent, service.pending)
    days = [FIRST + dt.timedelta(days=chance.randrange(180)) for _ in range(6)]
    spells = [chance.choice(kinds)(day, day + dt.timedelta(days=chance.randrange(4))) for day in days]
    one = service.posting(FIRST, LAST, id=f"P{number}", person_id=f"D{number}")
    return service.history(OFFICIAL, one, spells=spells)


def logged(history: History) -> Facts:
    """Outpatient work on most mornings, rounds and trainings now and then."""
    days = sorted({half.date for half in history.halves if half.status == "A"})
    outpatient = [Item(f"o{n}", "outpatient", day, 12, clinic="C1", half="am", person_id=history.person_id)
                  for n, day in enumerate(days) if n % 5 < 3]  # fmt: skip
    items = [Item(f"w{n}", "ward_rounds", day, clinic="C1", person_id=history.person_id) for n, day in enumerate(days) if n % 3 == 0]
    return Facts(items=tuple(items), outpatient=tuple(outpatient))


def judged(history: History, facts: Facts, month: str) -> Iterator[Result]:
    """What a month's end asks of a physician: the months on end so far, and each weekly quota of each of its weeks."""
    as_of = midnight_after(month_days(month)[-1])
    subject, known = Subject("doctor", history.person_id), (replace(history, as_of=as_of),)

    def ask(rule: Rule, period: str) -> Result:
        return evaluate(Inquiry(service.ZHONGZHAN, OFFICIAL, rule, subject, period, known, facts, as_of))

    yield ask(CONTINUITY, "")
    for week in weeks_of_month(month):
        for rule in WEEKLY:
            yield ask(rule, week)


def bare(history: History) -> Counter[str]:
    """The same half-days only counted by status."""
    return Counter(half.status for half in history.halves)


def run(physician_months: int) -> dict[str, Any]:
    """Judge that many months of physicians, six each, on one core."""
    number = -(-physician_months // len(MONTHS))
    histories = [physician(one) for one in range(number)]
    facts = [logged(history) for history in histories]
    results: Counter[str] = Counter()
    started = time.process_time()
    for history, known in zip(histories, facts, strict=True):
        for month in MONTHS:
            results.update(found.value for found in judged(history, known, month))
    rules_seconds = time.process_time() - started
    started = time.process_time()
    for history in histories:
        for _ in MONTHS:
            bare(history)
    bare_seconds = time.process_time() - started
    months = number * len(MONTHS)
    return {
        "physician_months": months, "half_days": sum(len(history.halves) for history in histories),
        "weekly_rules": len(WEEKLY), "judgements": results.total(), "results": dict(sorted(results.items())),
        "cpu_seconds": round(rules_seconds, 2), "ms_per_physician_month": round(rules_seconds / months * 1000, 3),
        "bare_cpu_seconds": round(bare_seconds, 3), "cpu_ratio": round(rules_seconds / bare_seconds, 1),
    }  # fmt: skip


def main() -> None:
    """Print one JSON object and keep it under var/bench/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--physician-months", type=int, default=10_000)
    keep("rules", run(parser.parse_args().physician_months))


if __name__ == "__main__":
    main()
