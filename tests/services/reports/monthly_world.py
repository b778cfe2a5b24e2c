"""An invented month of one recipient: any number of people, names and dates; every figure follows from the arguments."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.reports.domain.source import (
    ModeLine,
    MonthSource,
    PostingLine,
    ProgrammeLine,
    RuleLine,
    SeatLine,
    Setting,
)
from shared.calendar import Calendar, at, days_between, iso_week, month_days, week_days, weeks_of_month
from shared.progress.fold import DayFact, HalfFact
from shared.progress.judge import State

HALVES = ("am", "pm")
CALENDAR = Calendar.of({dt.date(2026, 2, d): "rest" for d in range(16, 24)}, (2025, 2026))
MODES = {
    "resident": ModeLine("resident", "驻点", "workdays"),
    "rounds": ModeLine("rounds", "巡诊", "roster"),
    "taskforce": ModeLine("taskforce", "工作专班", "none"),
}
RULES = (
    RuleLine("ZZ-13", "outpatient_half_days", 3, "half_day", "week", False, ("resident",)),
    RuleLine("ZZ-14", "ward_rounds", 2, "time", "week", False, ("resident",)),
    RuleLine("ZZ-19", "on_site_half_days", 3, "half_day", "week", True, ("rounds",)),
    RuleLine("ZZ-20", "outpatient_half_days", 2, "half_day", "week", True, ("rounds",)),
    RuleLine("ZZ-11", "on_site_days", 1, "day", "two_weeks", False, ("taskforce",)),
)
PROGRAMME = ProgrammeLine(
    id="zhongzhan-demo", title="中站区城乡医院对口支援管理制度", rules_version="sha256:" + "ab" * 32, modes=MODES,
    rules=RULES, settings=(Setting("上午", "08:00–12:00"), Setting("半天最低分钟数", "180")),
    session_ends={"am": dt.time(12), "pm": dt.time(17, 30)}, leave_cap_workdays=10, sign_workdays=(3, 5, 7, 8),
    diary_hours=48,
)  # fmt: skip
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = ("伟", "秀英", "建国", "敏", "志强", "丽华")


def half(status: str, day: dt.date, name: str, **over: Any) -> HalfFact:
    """One half-day; an attended one has its times."""
    start = dt.time(7, 52) if name == "am" else dt.time(13, 55)
    times = {"in_at": at(day, start), "out_at": at(day, PROGRAMME.session_ends[name])} if status == "A" else {}
    return HalfFact(status=status, clinic_id="c1", minutes=210 if status == "A" else 0, **(times | over))


def fact(posting: str, day: dt.date, am: str = "A", pm: str = "A", **over: Any) -> DayFact:
    """One day fact: statuses of both half-days, everything else by name."""
    halves = over.pop("halves", {"am": half(am, day, "am"), "pm": half(pm, day, "pm")})
    duty = over.pop("duty", {"am": True, "pm": True})
    return DayFact(posting_id=posting, date=day, duty=duty, rest_day=not any(duty.values()), halves=halves, **over)


def state(rule: str, subject: str, period: str, value: str, number: int, required: int, **over: Any) -> State:
    """One obligation state."""
    kind, _, subject_id = subject.partition(":")
    found = next(line for line in RULES if line.id == rule)
    return State(programme_id=PROGRAMME.id, rule_id=rule, subject_kind=kind, subject_id=subject_id,
                 period_kind=found.period, period=period, value=value, number=number, threshold=found.value,
                 effective_threshold=required, unit=found.unit, metric=found.metric, **over)  # fmt: skip


def posting(
    n: int, *, mode: str = "resident", name: str | None = None, supporter: str = "区人民医院", **over: Any
) -> PostingLine:
    """The n-th posting."""
    name = name or SURNAMES[n % len(SURNAMES)] + GIVEN[(n + n // len(SURNAMES)) % len(GIVEN)]
    return PostingLine(**({
        "id": f"p{n:02d}", "code": f"PZ-{n:03d}", "person_id": f"u{n:02d}", "name": name, "supporter_id": supporter,
        "supporter": supporter, "department": ("内科", "外科", "儿科", "中医科")[n % 4], "mode": mode,
        "start": dt.date(2026, 1, 5), "end": None, "team": f"pair/{mode}", "seat_id": f"s{n % 3}" if n < 3 else None,
        "clinics": ("c1",), "head": (40 + n, f"{n:02x}" * 32),
    } | over))  # fmt: skip


def ordinary_day(line: PostingLine, day: dt.date, n: int) -> DayFact:
    """A day as it usually goes, with a leave, an absence, a correction, a late check-in now and then."""
    workday = CALENDAR.is_workday(day)
    if not workday:
        return fact(line.id, day, "", "", duty={"am": False, "pm": False})
    turn = (day.day + 3 * n) % 19
    am, pm = {3: ("L", "L"), 7: ("A", "X"), 11: ("O", "O"), 13: ("P", "A")}.get(turn, ("A", "A"))
    halves = {"am": half(am, day, "am"), "pm": half(pm, day, "pm")}
    if am == "A" and day.weekday() in (0, 2, 4):
        halves["am"] = half("A", day, "am", late=turn == 5, corrected=turn == 9, outpatient={
            "visits": 20 + turn, "department": line.department, "record_ref": ["MZ1"], "unattended": False,
            "clinic_id": "c1", "entry_id": "e"})  # fmt: skip
    there = "A" in (am, pm)
    diary = (
        {"entry_id": "d", "submitted_at": "", "chars": 120, "photos": 1, "late": turn == 2}
        if there and turn != 17
        else None
    )
    acts = ({"kind": "lecture", "count": 1, "people": 18, "record_ref": []},) if there and day.day == 5 + n % 3 else ()
    return fact(line.id, day, halves=halves, ward_rounds=1 if day.weekday() in (1, 3) and there else 0, teaching_rounds=0,
                activities=acts, diary=diary, record_refs=("MZ1",) if turn % 3 else (), corrections=int(turn == 9),
                spots=checks_of(day, turn, n))  # fmt: skip


CHECKS = ("answered", "present", "excused", "answered_late", "busy", "lapsed", "not_found", "void", "issued")


def checks_of(day: dt.date, turn: int, n: int) -> tuple[dict[str, Any], ...]:
    """A spot check now and then, in every state; a supervisor's own one for every fourth person."""
    found = []
    if turn in (5, 12):
        found.append(("drawn", CHECKS[(day.day + n) % len(CHECKS)], turn == 12 and n % 2 == 0))
    if turn == 8 and n % 4 == 0:
        found.append(("named", CHECKS[(day.day + n) % len(CHECKS)], False))
    return tuple({"check_id": f"{day}{origin}", "session": "am", "origin": origin, "outside": outside, "state": state,
                  "reason": "", "evidence": []} for origin, state, outside in found)  # fmt: skip


def world(people: int, month: str = "2026-11", *, names: tuple[str, ...] = (), recipient: str = "中站区府城社区卫生服务中心",
          supporter: str = "区人民医院", cutoff: dt.datetime | None = None, **over: Any) -> MonthSource:  # fmt: skip
    """A whole month of `people` residents with their day facts and weekly states."""
    lines = tuple(posting(n, name=names[n] if n < len(names) else None, supporter=supporter) for n in range(people))
    days = month_days(month)
    cutoff = cutoff or at(days[-1] + dt.timedelta(days=9), dt.time(6, 10))
    weeks = weeks_of_month(month)
    span = days_between(week_days(weeks[0])[0], week_days(weeks[-1])[-1])
    facts = {(line.id, day): ordinary_day(line, day, n) for n, line in enumerate(lines) for day in {*days, *span}}
    return MonthSource(**({
        "programme": PROGRAMME, "calendar": CALENDAR, "recipient_id": "r1", "recipient_code": "R01", "recipient": recipient,
        "month": month, "cutoff": cutoff, "postings": lines, "days": facts, "states": tuple(judged(lines, facts, weeks)),
        "seats": tuple(SeatLine(f"s{n}", f"XW-{n}", supporter, "内科", "resident", dt.date(2026, 1, 1), None) for n in range(min(people, 3))),
        "agreements": ("XY-2026-01",), "clinic_names": {"c1": "府城中心本部"},
    } | over))  # fmt: skip


def judged(lines: tuple[PostingLine, ...], facts: dict[tuple[str, dt.date], DayFact], weeks: list[str]) -> list[State]:
    """Weekly states counted from the invented facts, thresholds by ceil(T n / 5)."""
    found = []
    for line in lines:
        for week in weeks:
            mine = [facts[line.id, day] for day in week_days(week)]
            n = len(CALENDAR.workdays(week_days(week)[0], week_days(week)[-1]))
            numbers = {
                "ZZ-13": sum(h.outpatient is not None and h.status == "A" for f in mine for h in f.halves.values()),
                "ZZ-14": sum(f.ward_rounds for f in mine),
            }
            for rule, number in numbers.items():
                full = 3 if rule == "ZZ-13" else 2
                need = min(full, -(-full * n // 5))
                value = "waived" if n == 0 else "met" if number >= need else "not_met"
                found.append(
                    state(
                        rule, f"posting:{line.id}", week, value, number, need, waived_reason="n = 0" if n == 0 else None
                    )
                )
    return found


_ = iso_week
