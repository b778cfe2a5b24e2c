"""Questions about a rule, with just as much on record as a test wants. Everything here is a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from shared.attendance.session import HALVES
from shared.calendar import days_between, iso_week, two_weeks
from shared.rules.days import Pattern
from shared.rules.facts import Agreement, Arrival, Facts, Figure, Item, Stay
from shared.rules.history import Half, History
from shared.rules.inquiry import Inquiry, Subject
from shared.rules.load import Programme, Rule, shipped
from shared.rules.terms import PostingTerms
from tests.shared.rules.golden_cases import official

PROGRAMMES = {name: programme for name, programme in shipped().items() if name != "zhongzhan-demo"}
YEAR = {"shanxi-2012": 2013, "fukang-mulei-2009": 2009, "county-tcm-stationing": 2026, "suqian-key-areas-2023": 2024,
        "zhongzhan-2021": 2024}  # fmt: skip
RULES = [(programme.id, rule.id) for programme in PROGRAMMES.values() for rule in programme.rules]
CLINICS = ("A", "B")


def rule_of(programme_id: str, rule_id: str) -> tuple[Programme, Rule]:
    """A shipped programme and one of its rules."""
    programme = PROGRAMMES[programme_id]
    return programme, programme.rule(rule_id)


def like(rule: Rule, **keys: Any) -> Rule:
    """The rule with some keys said otherwise."""
    return replace(rule, keys={**rule.keys, **keys})


def of_kind(*kinds: str) -> list[tuple[str, str]]:
    """(programme id, rule id) of every shipped rule of these kinds."""
    return [(p.id, rule.id) for p in PROGRAMMES.values() for rule in p.rules if rule.kind in kinds]


def period_of(programme: Programme, rule: Rule, day: dt.date | None = None) -> str:
    """The name of a whole period of the rule inside the programme."""
    year = YEAR[programme.id]
    day = day or dt.date(year, 5, 22)
    return {
        "week": iso_week(day), "two_weeks": two_weeks(dt.date(year, 1, 1), day), "month": f"{day:%Y-%m}", "quarter": f"{year}-Q2",
        "half_year": f"{year}-H1", "year": str(year), "posting": "P1", "posting_start": "", "day": "",
    }.get(rule.get("period") or "", "")  # fmt: skip


def posting(programme: Programme, **over: Any) -> PostingTerms:
    """A posting over the whole year that fits every `where` of the shipped rules it can fit."""
    year = YEAR[programme.id]
    given: dict[str, Any] = {
        "id": "P1", "person_id": "D1", "programme_id": programme.id, "supporter_id": "市人民医院", "recipient_id": "R1",
        "clinics": CLINICS[:1], "mode": next(iter(programme.modes)), "seat_id": "S1", "specialty": "surgery", "title_rank": "chief",
        "recipient_level": "basic", "team_id": "T1", "start": dt.date(year, 1, 1), "end": dt.date(year, 12, 31),
    }  # fmt: skip
    return PostingTerms(**(given | over))


def fitting(programme: Programme, rule: Rule, **over: Any) -> PostingTerms:
    """A posting that the rule's `where` fits."""
    wanted = {name: value if isinstance(value, str) else value[0] for name, value in rule.where.items() if name not in ("channel", "supporter")}
    wanted["title_rank"] = wanted.get("title_rank", "chief").removeprefix(">=")
    return posting(programme, **(wanted | over))


def history(programme: Programme, *postings: PostingTerms, status: str = "A", away: Sequence[dt.date] = (), **over: Any) -> History:
    """Every duty half-day (in modes without duty: every workday) of these postings with one status; X on dates away."""
    halves = []
    for one in postings:
        mode, pattern = programme.modes[one.mode], Pattern.of(programme, one)
        for day in days_between(one.start, one.end or one.start):
            owed = pattern.owed(official(), day)
            for half in HALVES:
                if owed[half] or (mode.duty != "workdays" and official().is_workday(day)):
                    found = "X" if day in away else status
                    clinic = one.roster.get((day, half)) or one.clinics[day.day % len(one.clinics)]
                    halves.append(Half(day, half, one.id, owed[half], found, clinic=clinic, evidence=(f"{one.id}-{day}-{half}",)))
    return History(postings[0].person_id if postings else "D1", postings, tuple(halves), **over)


def unserved(*postings: PostingTerms) -> list[History]:
    """A history for each posting, without a half-day in it."""
    return [History(one.person_id, (one,), ()) for one in postings]


def ask(programme: Programme, rule: Rule, *, histories: Sequence[History] = (), facts: Facts | None = None, period: str | None = None,
        as_of: dt.datetime | None = None, **attributes: Any) -> Inquiry:  # fmt: skip
    """The question about a rule in a whole period."""
    known = {"supporter": "市人民医院", "recipient_level": "basic"} | attributes
    return Inquiry(programme, official(), rule, Subject(rule.subject, "X1", known),
                   period_of(programme, rule) if period is None else period, tuple(histories), facts or Facts(), as_of)  # fmt: skip


def workdays(programme: Programme, rule: Rule, count: int) -> list[dt.date]:
    """So many workdays inside the period (and window) of a rule."""
    probe = ask(programme, rule, histories=[History("D1", (fitting(programme, rule),), ())])
    days = [day for day in probe.days() if official().is_workday(day)]
    return days[:count]


def counted(programme: Programme, rule: Rule, number: int) -> Inquiry:
    """The question about a quota with exactly `number` of what it counts on record, in every group."""
    metric, one = rule.get("metric"), fitting(programme, rule)
    if metric in ("outpatient_half_days", "on_site_half_days", "on_site_days"):
        return _attended(programme, rule, number)
    base = history(programme, one, status="")
    facts = Facts()
    per = rule.get("per") or [None]
    groups = {"clinic": list(one.clinics), "doctor": [one.person_id]}.get(per[0] or "", list(per))
    if metric == "trainees_completed":
        facts = Facts(stays=tuple(_stay(programme, rule, n, group) for group in groups for n in range(number)))
    elif metric == "person_trips":
        days = workdays(programme, rule, number)
        facts = Facts(arrivals=tuple(Arrival(f"P{n}", day) for n, day in enumerate(days)))
    elif metric == "arrival_rate":
        team = [replace(one, id=f"P{n}", person_id=f"D{n}") for n in range(100)]
        base = History("T1", tuple(team), ())
        facts = Facts(arrivals=tuple(Arrival(p.id, p.start) for p in team[:number]))
    else:
        facts = Facts(items=tuple(item for group in groups for item in _items(programme, rule, number, group)))
    return ask(programme, rule, histories=[base], facts=facts)


def _items(programme: Programme, rule: Rule, number: int, group: str | None) -> list[Item]:
    metric = rule.get("metric")
    if metric in ("donated_drug_value", "beds_managed"):
        return [Item("i", metric, workdays(programme, rule, 1)[0], number)] if number else []
    each = rule.get("each")
    value = each["value"] if each else 1
    per = rule.get("per") or []
    clinic, person = (group if per == [name] else None for name in ("clinic", "doctor"))
    kind = group if per not in (["clinic"], ["doctor"]) else None
    return [Item(f"{group}-{n}", metric, day, value, kind, person, clinic, title=f"项目{n}", channel="onsite")
            for n, day in enumerate(workdays(programme, rule, number))]  # fmt: skip


def _stay(programme: Programme, rule: Rule, number: int, group: str | None) -> Stay:
    last = dt.date(YEAR[programme.id], 6, 30)
    return Stay(f"S{number}", f"T{number}-{group}", dt.date(last.year, 7 - rule.get("each")["value"], 1), last, clinic=group)


def _attended(programme: Programme, rule: Rule, number: int) -> Inquiry:
    """Attended half-days (days) of the rule's week or weeks, in each clinic; outpatient logged on each of them."""
    days = workdays(programme, rule, 10)
    clinics = CLINICS if rule.get("per") else CLINICS[:1]
    roster = {(day, half): clinic for day, half, clinic in ((days[0], "am", "A"), (days[0], "pm", "B"))}
    one = fitting(programme, rule, clinics=clinics, roster=roster)
    slots = [(day, half) for day in days for half in HALVES]
    if rule.get("metric") == "on_site_days":
        slots = [(day, "am") for day in days]
    halves = [Half(*slots[2 * n + place if len(clinics) > 1 else n], one.id, True, "A", clinic=clinic)
              for place, clinic in enumerate(clinics) for n in range(number)]  # fmt: skip
    logged = tuple(Item(f"o{n}", "outpatient", half.date, 1, None, "D1", half.clinic, half=half.half) for n, half in enumerate(halves))
    return ask(programme, rule, histories=[History("D1", (one,), tuple(sorted(halves, key=lambda half: half.at)))],
               facts=Facts(outpatient=logged))  # fmt: skip


def in_post(programme: Programme, rule: Rule, number: int) -> Inquiry:
    """The question about a headcount with `number` people (pairs, areas) in force."""
    if rule.get("metric") in ("pairs_recipients", "pairs_areas"):
        first = programme.effective_from
        pairs = tuple(Agreement(f"A{n}", f"R{n}", first, None, f"AREA{n}") for n in range(number))
        return ask(programme, rule, facts=Facts(agreements=pairs))
    blank = {"title_rank": None} if rule.get("metric") == "posted_non_physician" else {}
    people = [fitting(programme, rule, id=f"P{n}", person_id=f"D{n}", **blank) for n in range(max(number, 1))]
    arrivals = tuple(Arrival(p.id, p.start) for p in people[:number])
    return ask(programme, rule, histories=unserved(*people), facts=Facts(arrivals=arrivals))


def figures(base: int | None, value: int | None, metric: str = "outpatient_emergency_visits") -> Facts:
    """Two yearly figures; None = not reported."""
    told = (("2023", base), ("2024", value))
    return Facts(figures=tuple(Figure(metric, year, number) for year, number in told if number is not None))
