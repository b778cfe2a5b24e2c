"""For each kind without a count: what may be on record, and what must come of it. (result, question) pairs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from shared.calendar import at
from shared.rules.accumulate import Credit
from shared.rules.durations import DAY, due
from shared.rules.facts import (
    Application,
    Change,
    Disclosure,
    Facts,
    Finding,
    Inspection,
    Payment,
    Registration,
    Tick,
)
from shared.rules.inquiry import Inquiry
from shared.rules.load import Programme, Rule
from tests.shared.rules.golden_cases import official
from tests.shared.rules.kinds import asked
from tests.shared.rules.kinds.papers import document

Scene = Iterator[tuple[str, Inquiry]]
CONFIRMERS = {"supporter": "supporter_admin", "county": "county_officer", "city": "city_officer", "province": "province_officer"}


def continuity(programme: Programme, rule: Rule) -> Scene:
    months, year = rule.get("value"), asked.YEAR[programme.id]
    start = dt.date(year, 1, 1)
    end = due(start, months)

    def served(last: dt.date, **over: Any) -> Inquiry:
        one = asked.fitting(programme, rule, start=start, end=last, **over)
        return asked.ask(programme, rule, histories=[asked.history(programme, one)], period="")

    short = official().add_workdays(end + DAY, -6)
    yield "met", served(end)
    yield "met", served(end + 40 * DAY)
    yield "not_met", served(short)
    if rule.where:
        yield "not_applicable", served(end, **({"mode": "rounds", "roster": {}} if "mode" in rule.where else {"recipient_level": "creating"}))
    one = asked.fitting(programme, rule, start=start, end=end)
    pending = asked.history(programme, one)
    halves = tuple(replace(half, status="P") if half.date == short else half for half in pending.halves)
    yield "provisional", asked.ask(programme, rule, histories=[replace(pending, halves=halves)], period="")


def accumulate(programme: Programme, rule: Rule) -> Scene:
    start = dt.date(asked.YEAR[programme.id], 1, 1)

    def served(last: dt.date, *known: Credit) -> Inquiry:
        one = asked.posting(programme, start=start, end=last)
        return asked.ask(programme, rule, histories=[asked.history(programme, one)], facts=Facts(credits=known))

    yield "met", served(due(start, 12))
    yield "not_met", served(due(start, 11))
    aid = Credit("K1", "aid_tibet", dt.date(2020, 1, 1), dt.date(2020, 1, 31), doc_no="援藏〔2020〕1号")
    yield "met", served(due(start, 11), aid)
    yield "not_met", served(due(start, 11), replace(aid, counts="mentoring"))


def credit(programme: Programme, rule: Rule) -> Scene:
    one = Credit("K1", rule.get("counts")[0], dt.date(2020, 1, 1), dt.date(2020, 6, 30), doc_no="援外〔2020〕1号")
    yield "met", asked.ask(programme, rule, facts=Facts(credits=(one,)))
    yield "open", asked.ask(programme, rule, facts=Facts(credits=(replace(one, doc_no=None),)))
    yield "not_applicable", asked.ask(programme, rule)


def coverage(programme: Programme, rule: Rule) -> Scene:
    def seats(count: int, **over: Any) -> Inquiry:
        people = [asked.posting(programme, id=f"P{n}", person_id=f"D{n}", seat_id=f"S{n}", mode="outpatient_seat") for n in range(count)]
        return asked.ask(programme, rule, histories=[asked.history(programme, one, **over) for one in people])

    yield "met", seats(rule.get("slots"))
    yield "not_met", seats(rule.get("slots"), away=[dt.date(2009, 3, 3)])
    if rule.get("slots") > 1:
        yield "not_met", seats(rule.get("slots") - 1)
    yield "not_reported", asked.ask(programme, rule)


def growth(programme: Programme, rule: Rule) -> Scene:
    for value, base, now in (("met", 12000, 12600), ("not_met", 12000, 12599), ("met", 12000, 12601), ("not_evaluable", 0, 5),
                             ("not_reported", None, 12600), ("not_reported", 12000, None)):  # fmt: skip
        yield value, asked.ask(programme, rule, facts=asked.figures(base, now), period="2024")


def eligibility(programme: Programme, rule: Rule) -> Scene:
    def registered(known: Registration | None, **over: Any) -> Inquiry:
        one = asked.posting(programme, **over)
        return asked.ask(programme, rule, histories=[asked.history(programme, one, status="")],
                         facts=Facts(registrations=(known,) if known else ()), period="")  # fmt: skip

    start = dt.date(asked.YEAR[programme.id], 1, 1)
    senior = start.replace(year=start.year - 3) - DAY
    good = Registration("P1", ("dept_head",), category="tcm", title_since=senior)
    yield "met", registered(good, title_rank="attending")
    yield "not_reported", registered(None, title_rank=None)
    if rule.get("requires") == ["title_rank>=attending", "senior_attending"]:
        yield "not_met", registered(replace(good, title_since=start), title_rank="attending")
        yield "not_met", registered(good, title_rank="physician")
        yield "met", registered(None, title_rank="associate_chief")
    else:
        yield "not_met", registered(replace(good, flags=(), category="nursing"))


def evidence(programme: Programme, rule: Rule) -> Scene:
    one = asked.posting(programme, end=dt.date(asked.YEAR[programme.id], 3, 31))
    served = asked.history(programme, one)
    days = sorted({half.date for half in served.halves})
    least = -(-len(days) * Fraction(rule.get("min_ratio")).numerator // Fraction(rule.get("min_ratio")).denominator)

    def told(count: int) -> Inquiry:
        known = set(days[:count])
        halves = tuple(replace(half, record_ref=half.date in known) for half in served.halves)
        return asked.ask(programme, rule, histories=[replace(served, halves=halves)], period="")

    yield "met", told(least)
    yield "not_met", told(least - 1)
    yield "met", told(least + 1)
    yield "not_reported", asked.ask(programme, rule, period="")


def funding(programme: Programme, rule: Rule) -> Scene:
    one = asked.posting(programme)
    owed = rule.get("amount") or 100

    def paid(amount: int, use: str = "salary") -> Inquiry:
        return asked.ask(programme, rule, histories=[asked.history(programme, one)], period="",
                         facts=Facts(payments=(Payment(one.id, amount, use, one.start),)))  # fmt: skip

    yield "met", paid(owed)
    yield "not_met", paid(owed, "banquet") if rule.get("uses") else paid(owed - 1)
    yield "not_reported", asked.ask(programme, rule, histories=[asked.history(programme, one)], period="")


def approval(programme: Programme, rule: Rule) -> Scene:
    roster = {(day, "am"): "A" for day in (dt.date(2026, 3, 2), dt.date(2026, 3, 3))}
    one = asked.posting(programme, start=dt.date(2026, 3, 2), end=dt.date(2026, 3, 3), roster=roster)

    def registered(on: dt.date | None, status: str = "A") -> Inquiry:
        return asked.ask(programme, rule, histories=[asked.history(programme, one, status=status)], period="",
                         facts=Facts(registrations=(Registration(one.id, acknowledged_on=on),)))  # fmt: skip

    yield "met", registered(one.start)
    yield "not_met", registered(one.start + DAY)
    yield "not_met", registered(None)
    yield "open", registered(None, status="")


def inspection(programme: Programme, rule: Rule) -> Scene:
    day = dt.date(asked.YEAR[programme.id], 5, 20)

    def visited(recorded: int, seed: str | None = "ab12", as_of: dt.datetime | None = None) -> Inquiry:
        one = Inspection("I1", day, 5, recorded, rule.get("methods")[0], seed)
        return asked.ask(programme, rule, facts=Facts(inspections=(one,)), as_of=as_of)

    yield "met", visited(rule.get("min_sample"))
    yield "met", visited(rule.get("min_sample") + 1)
    yield "not_met", visited(rule.get("min_sample") - 1)
    yield "not_met", visited(rule.get("min_sample"), seed=None)
    yield "open", visited(0, as_of=at(day, dt.time(9)))


def sanction(programme: Programme, rule: Rule) -> Scene:
    role = CONFIRMERS[rule.get("confirm_by")]
    day = dt.date(asked.YEAR[programme.id], 5, 20)
    found = Finding(rule.get("trigger"), "confirmed", day, role, "经办人甲", "D1")

    def on_record(*findings: Finding, as_of: dt.datetime | None = None) -> Inquiry:
        return asked.ask(programme, rule, facts=Facts(findings=findings), period="", as_of=as_of)

    yield "not_met", on_record(found)
    yield "not_applicable", on_record()
    yield "open", on_record(replace(found, decision="under_review", confirmed_on=None))
    yield "met", on_record(replace(found, decision="rejected", confirmed_on=None))
    yield "met", on_record(replace(found, officer=None))
    if rule.get("confirm_by") != "supporter":
        yield "met", on_record(replace(found, by_role="supporter_admin"))
    if rule.get("ban_months"):
        end = due(day, rule.get("ban_months"))
        yield "not_met", on_record(found, as_of=at(end, dt.time(9)))
        yield "met", on_record(found, as_of=at(end + DAY, dt.time(9)))


def disclosure(programme: Programme, rule: Rule) -> Scene:
    gate = rule.get("gate")[0]
    first = dt.date(2024, 10, 14)
    last = official().add_workdays(first, rule.get("min_workdays") - 1)

    def notice(end: dt.date, applied: dt.date | None) -> Inquiry:
        asked_for = (Application("D1", gate, applied),) if applied else ()
        return asked.ask(programme, rule, period="",
                         facts=Facts(disclosures=(Disclosure("D1", gate, first, end),), applications=asked_for))  # fmt: skip

    yield "met", notice(last, last + DAY)
    yield "not_met", notice(last, last)
    yield "not_met", notice(official().add_workdays(last, -1), last + 30 * DAY)
    yield "met", notice(last, None)
    yield "open", asked.ask(programme, rule, period="")


def constraint(programme: Programme, rule: Rule) -> Scene:
    change = Change(rule.get("forbid"), dt.date(2024, 5, 20))

    def wanted(*changes: Change) -> Inquiry:
        return asked.ask(programme, rule, facts=Facts(changes=changes), period="")

    yield "met", wanted()
    yield "open", wanted(change)
    yield "met", wanted(replace(change, decision="approved", by_role=CONFIRMERS[rule.get("confirm_by")]))
    yield "not_met", wanted(replace(change, decision="approved", by_role="recipient_admin"))


def incentive(programme: Programme, rule: Rule) -> Scene:
    applied = (Application("D1", rule.get("gate")[0], dt.date(2024, 10, 8)),)
    yield "met", asked.ask(programme, rule, facts=Facts(applications=applied), period="")
    yield "not_applicable", asked.ask(programme, rule, period="")


def checklist(programme: Programme, rule: Rule) -> Scene:
    period = asked.period_of(programme, rule)
    items = rule.get("items")

    def ticked(*answers: tuple[str, bool]) -> Inquiry:
        ticks = tuple(Tick(rule.id, period, item, yes, (item,)) for item, yes in answers)
        return asked.ask(programme, rule, facts=Facts(ticks=ticks))

    yield "met", ticked(*((item, True) for item in items))
    yield "not_reported", ticked(*((item, True) for item in items[:-1]))
    yield "not_met", ticked(*((item, item != items[0]) for item in items))


def window(programme: Programme, rule: Rule) -> Scene:
    first, last = (dt.date.fromisoformat(rule.get(name)) for name in ("start", "end"))

    def posted(start: dt.date, end: dt.date | None) -> Inquiry:
        one = asked.posting(programme, start=start, end=end)
        served = asked.history(programme, replace(one, end=end or start))
        return asked.ask(programme, rule, histories=[replace(served, postings=(one,))], period="", as_of=at(last, dt.time(9)))

    yield "met", posted(first, last)
    yield "not_met", posted(first - DAY, last)
    yield "not_met", posted(first, last + DAY)
    yield "open", posted(first, None)
    yield "not_applicable", asked.ask(programme, rule, period="")


def reference(programme: Programme, rule: Rule) -> Scene:
    yield "not_applicable", asked.ask(programme, rule, period="")


SCENES: Mapping[str, Callable[[Programme, Rule], Scene]] = {
    "continuity": continuity, "accumulate": accumulate, "credit": credit, "coverage": coverage, "document": document,
    "growth": growth, "eligibility": eligibility, "evidence": evidence, "funding": funding, "approval": approval,
    "inspection": inspection, "sanction": sanction, "disclosure": disclosure, "constraint": constraint,
    "incentive": incentive, "checklist": checklist, "window": window, "reference": reference,
}  # fmt: skip
