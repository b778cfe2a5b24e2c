"""What happens in the demo world: every act of every person with its time, from a seed. Pure; nothing is stored here.

Ordinary life: most days go well, some people are late, forget to check out, stay away or write their diary late.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from services.suite.demo.leave import Leave, leaves
from services.suite.demo.names import TEXTS
from services.suite.demo.world import GUEST, Physician, World
from shared.calendar import SHANGHAI, Calendar, days_between, monday_of

OPENS = {"am": dt.time(8, 0), "pm": dt.time(14, 0)}
CLOSES = {"am": dt.time(12, 0), "pm": dt.time(17, 30)}
EXTRA = (
    ("training", 12), ("mentoring", 1), ("consultation", 2), ("difficult_case", 4), ("lecture", 25), ("referral_up", 1),
    ("remote_consultation", 2),
)  # fmt: skip
"""Further activities of a day: kind and usual number of people."""
RARELY = 4
"""Per cent of taps without the screen's code; whoever has more of them lets the phone say where it is."""


@dataclass(frozen=True)
class Act:
    """One thing a person does: tap, half_day, diary, leave or decide, with what the use case needs beyond the person."""

    at: dt.datetime
    person: str
    kind: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Habits:
    """What a physician tends to do; chances are per cent and per day. `place`: taps carry the phone's place."""

    outpatient: frozenset[tuple[int, str]]
    rounds: frozenset[int]
    four_taps: int
    late: int
    forgets: int
    absent: int
    tardy_diary: int
    no_diary: int
    poster: int
    place: bool


def acts(world: World, calendar: Calendar) -> list[Act]:
    """Every act from the first to the last day of the play, in order of time."""
    away = leaves(world, calendar)
    found: list[Act] = []
    for slip in away:
        found += _leave(slip)
    visits = _visits(world, calendar)
    for one in world.physicians:
        habits = habits_of(world, one)
        for day in days_between(world.start, world.today):
            if one.number == GUEST and day == world.today:
                continue  # whoever tries the product signs in as this physician and finds today untouched
            duty = _duty(one, day, calendar, visits)
            duty = {half: clinic for half, clinic in duty.items() if not any(s.covers(one, day, half) for s in away)}
            if duty:
                found += _day(world, one, habits, day, duty)
    return sorted(found, key=lambda act: (act.at, act.person, act.kind))


def habits_of(world: World, one: Physician) -> Habits:
    """The habits of a physician; one in eight is careless."""
    rng = Random(f"{world.seed}/{one.code}/habits")
    careless = 3 if rng.random() < 0.125 else 1
    halves = [(weekday, half) for weekday in range(5) for half in ("am", "pm")]
    agrees = Random(f"{world.seed}/{one.code}/place").random() < 0.7
    found = Habits(
        outpatient=frozenset(rng.sample(halves, rng.choice((4, 4, 5)))), rounds=frozenset(rng.sample(range(5), 3)),
        four_taps=rng.choice((10, 30, 60)), late=3 * careless, forgets=2 * careless, absent=careless,
        tardy_diary=5 * careless, no_diary=2 * careless, poster=rng.choice((4, 10, 25)), place=agrees,
    )  # fmt: skip
    return found if found.poster == RARELY else replace(found, place=True)


def _duty(one: Physician, day: dt.date, calendar: Calendar, visits: set[tuple[int, dt.date]]) -> dict[str, str]:
    """Session -> clinic where the physician is meant to be; nobody works on a holiday."""
    if not calendar.is_workday(day):
        return {}
    if one.mode == "rounds":
        return {session: clinic for weekday, session, clinic in one.pattern if weekday == day.weekday()}
    if one.mode == "taskforce" and (one.number, day) not in visits:
        return {}
    return {"am": one.clinics[0], "pm": one.clinics[0]}


def _visits(world: World, calendar: Calendar) -> set[tuple[int, dt.date]]:
    """Task force: about one day in each two weeks, the leader always and the others mostly together (ZZ-11)."""
    found: set[tuple[int, dt.date]] = set()
    team = [one for one in world.physicians if one.mode == "taskforce"]
    monday = monday_of(world.start)
    while team and monday <= world.today:
        rng = Random(f"{world.seed}/{team[0].posting}/{monday}")
        window = days_between(max(monday, world.start), min(monday + dt.timedelta(days=13), world.end))
        days = [day for day in window if calendar.is_workday(day)]
        if days and rng.random() < 0.9:
            day = rng.choice(days)
            found |= {(one.number, day) for one in team if one.leader or rng.random() < 0.8}
        monday += dt.timedelta(days=14)
    return found


def _day(world: World, one: Physician, habits: Habits, day: dt.date, duty: dict[str, str]) -> Iterator[Act]:
    rng = Random(f"{world.seed}/{one.code}/{day}")
    if rng.randrange(100) < habits.absent:
        return
    if len(duty) == 2 and rng.randrange(100) < habits.absent:
        duty = {"am": duty["am"]}
    yield from _taps(one, habits, day, duty, rng)
    seen = [half for half in sorted(duty) if _sees_patients(one, habits, day, half, rng)]
    for half in seen:
        if rng.random() < 0.96:
            yield _half_day(one, day, half, duty[half], rng)
    yield from _diary(one, habits, day, duty, rng)


def _taps(one: Physician, habits: Habits, day: dt.date, duty: dict[str, str], rng: Random) -> Iterator[Act]:
    """One pair over both sessions, or one for each."""
    together = len(set(duty.values())) == 1 and len(duty) == 2 and rng.randrange(100) >= habits.four_taps
    spans = [("am", "pm")] if together else [(half, half) for half in sorted(duty)]
    for first, last in spans:
        late = rng.randrange(100) < habits.late
        minutes = rng.randint(32, 55) if late else -rng.randint(2, 25)
        weak = rng.randrange(100) < habits.poster
        yield Act(_time(day, OPENS[first], minutes, rng), one.code, "tap", {
            "clinic": duty[first], "direction": "in", "code": not weak, "place": habits.place,
        })  # fmt: skip
        if rng.randrange(100) >= habits.forgets:
            yield Act(_time(day, CLOSES[last], rng.randint(1, 14), rng), one.code, "tap", {
                "clinic": duty[last], "direction": "out", "code": not weak, "place": habits.place,
            })  # fmt: skip


def _sees_patients(one: Physician, habits: Habits, day: dt.date, half: str, rng: Random) -> bool:
    """Residents have their outpatient half-days of the week; rounds are outpatient work but for every other afternoon.
    Make-up workdays have an outpatient morning: the week is short enough."""
    if one.mode == "rounds":
        return half == "am" or rng.random() < 0.5
    return one.mode == "resident" and (
        (day.weekday(), half) in habits.outpatient or (day.weekday() > 4 and half == "am")
    )


def _half_day(one: Physician, day: dt.date, half: str, clinic: str, rng: Random) -> Act:
    visits = rng.randint(8, 34)
    return Act(_time(day, CLOSES[half], rng.randint(15, 40), rng), one.code, "half_day", {
        "service_date": day.isoformat(), "session": half, "clinic": clinic, "department": one.specialty,
        "visits": visits, "record_ref": [f"MZ{day:%y%m%d}{one.number + 1:02d}"] if rng.random() < 0.85 else [],
        "notes": "",
    })  # fmt: skip


def _diary(one: Physician, habits: Habits, day: dt.date, duty: dict[str, str], rng: Random) -> Iterator[Act]:
    """Most in the evening, some days later, a few never; one in eight with a photo."""
    if rng.randrange(100) < habits.no_diary:
        return
    later = rng.choice((1, 3, 4)) if rng.randrange(100) < habits.tardy_diary else 0
    activities = _activities(one, habits, day, duty, rng)
    photo = rng.randrange(2**32) if rng.random() < 0.12 else None
    text = " ".join(rng.sample(TEXTS, rng.choice((1, 1, 2))))
    when = _time(day + dt.timedelta(days=later), dt.time(18, 0), rng.randint(5, 190), rng)
    yield Act(when, one.code, "diary", {
        "service_date": day.isoformat(), "text": text + _figures(rng), "activities": activities, "photo": photo,
    })  # fmt: skip


def _figures(rng: Random) -> str:
    """What makes one evening's text differ from another's: its own numbers."""
    return f"今日接诊{rng.randint(8, 34)}人次,电话随访{rng.randint(2, 29)}人,发放宣教材料{rng.randint(10, 90)}份。"


def _activities(
    one: Physician, habits: Habits, day: dt.date, duty: dict[str, str], rng: Random
) -> list[dict[str, Any]]:  # fmt: skip
    found: list[dict[str, Any]] = []
    if one.mode == "resident" and (day.weekday() in habits.rounds or day.weekday() > 4) and rng.random() < 0.92:
        kind = "teaching_round" if rng.random() < 0.3 else "ward_round"
        found.append(
            {"kind": kind, "count": 1, "people": rng.randint(2, 6), "record_ref": [f"ZY{rng.randint(1000, 9999)}"]}
        )
    if one.mode == "taskforce" or rng.random() < 0.25:
        kind, people = rng.choice(EXTRA)
        found.append({"kind": kind, "count": 1, "people": people + rng.randint(0, 4), "record_ref": []})
    if one.mode == "rounds" and "pm" in duty:
        found.append({"kind": "ward_round", "count": 1, "people": rng.randint(2, 5), "record_ref": []})
    return found


def _leave(slip: Leave) -> Iterator[Act]:
    yield Act(slip.filed_at, slip.person, "leave", {"slip": slip.key, "body": slip.body()})
    if slip.decided_at is not None:
        yield Act(slip.decided_at, slip.by, "decide", {
            "slip": slip.key, "decision": slip.decision, "note": slip.note,
        })  # fmt: skip


def _time(day: dt.date, base: dt.time, minutes: int, rng: Random) -> dt.datetime:
    """A wall-clock time in Shanghai, some seconds past the minute."""
    start = dt.datetime.combine(day, base, SHANGHAI)
    return start + dt.timedelta(minutes=minutes, seconds=rng.randrange(60))
