"""What may be on record about a document, and what must come of it. (result, question) pairs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from shared.calendar import at
from shared.rules.deadlines import of_year
from shared.rules.durations import DAY
from shared.rules.facts import Application, Document, Facts
from shared.rules.inquiry import Inquiry
from shared.rules.load import Programme, Rule
from tests.shared.rules.golden_cases import official
from tests.shared.rules.kinds import asked

Scene = Iterator[tuple[str, Inquiry]]


def document(programme: Programme, rule: Rule) -> Scene:
    due_form = rule.get("due")
    if due_form.get("every") == "attended_day":
        yield from _diaries(programme, rule)
    elif "before" in due_form:
        yield from _before(programme, rule)
    elif "after" in due_form:
        yield from _dated(programme, rule, None, dt.date(asked.YEAR[programme.id], 9, 30))
    else:
        own = asked.YEAR[programme.id]
        years = [own, *range(programme.effective_from.year, programme.effective_from.year + 8)]
        one = next(found for year in years for found in of_year(programme, official(), rule, year)
                   if found.nominal >= programme.effective_from and (found.period or "")[:4] <= str(year))  # fmt: skip
        yield from _dated(programme, rule, one.period, one.nominal)


def _dated(programme: Programme, rule: Rule, period: str | None, nominal: dt.date) -> Scene:
    end = None if period else nominal
    one = asked.posting(programme, **({"end": end} if end else {}))
    last = official().add_workdays(nominal, rule.get("due")["workdays"]) if end else nominal
    roll = rule.get("due").get("roll")
    effective = official().first_workday_on_or_after(last) if roll == "forward" else official().last_workday_on_or_before(last)

    def filed(day: dt.date | None, as_of: dt.datetime | None = None, **over: Any) -> Inquiry:
        documents = tuple(_document(rule, period, None if period else one.id, day, group, **over) for group in _groups(rule)) if day else ()
        return asked.ask(programme, rule, histories=[asked.history(programme, one)], facts=Facts(documents=documents),
                         period=period or one.id, as_of=as_of)  # fmt: skip

    yield "met", filed(effective)
    yield "met", filed(effective + 9 * DAY)
    yield "not_met", filed(None)
    yield "not_met", filed(effective, acknowledged={})
    yield "open", filed(None, at(effective, dt.time(9)))
    if rule.get("seals") or rule.get("copies"):
        yield "not_met", filed(effective, seals=(), copies=())
    if rule.get("min_photos") or rule.get("min_chars"):
        yield "not_met", filed(effective, photos=0, chars=0)


def _groups(rule: Rule) -> list[str | None]:
    return {"specialty": ["surgery"], "doctor": ["D1"], "clinic": ["A"]}.get((rule.get("per") or [""])[0], [None])


def _document(rule: Rule, period: str | None, posting_id: str | None, day: dt.date, group: str | None, **over: Any) -> Document:
    given: dict[str, Any] = {
        "acknowledged": dict.fromkeys(rule.get("to"), day), "seals": tuple(rule.get("seals") or ()),
        "copies": tuple(rule.get("copies") or ()), "photos": 9, "chars": 500, "group": group,
    }  # fmt: skip
    return Document("F1", rule.id, period, posting_id, day, **(given | over))


def _diaries(programme: Programme, rule: Rule) -> Scene:
    first = dt.date(asked.YEAR[programme.id], 3, 2)
    one = asked.posting(programme, start=first, end=first + 4 * DAY)
    served = asked.history(programme, one)
    days = sorted({half.date for half in served.halves})

    def written(count: int, hour: int = 20, as_of: dt.datetime | None = None) -> Inquiry:
        documents = tuple(Document(f"F{n}", rule.id, None, one.id, day, date=day, chars=200, filed_at=at(day, dt.time(hour)))
                          for n, day in enumerate(days[:count]))  # fmt: skip
        return asked.ask(programme, rule, histories=[served], facts=Facts(documents=documents), period="", as_of=as_of)

    yield "met", written(len(days))
    yield "not_met", written(len(days) - 1)
    yield "open", written(len(days) - 1, as_of=at(days[-1], dt.time(20)))


def _before(programme: Programme, rule: Rule) -> Scene:
    day = dt.date(asked.YEAR[programme.id], 10, 8)
    made = (_document(rule, None, None, day, None),)

    def applied(on: dt.date | None, documents: tuple[Document, ...]) -> Inquiry:
        asked_for = (Application("D1", "apply_associate_senior", on),) if on else ()
        return asked.ask(programme, rule, facts=Facts(documents=documents, applications=asked_for), period="")

    yield "met", applied(day, made)
    yield "not_met", applied(day - DAY, made)
    yield "not_met", applied(day, ())
    yield "open", applied(None, ())
