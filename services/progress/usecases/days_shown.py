"""A day in the words of the offices: two half-days with their state, and what became of its diary. Facts without blame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from shared import clock
from shared.calendar import midnight_after
from shared.progress.diaries import diary_hours
from shared.progress.facts import DayFact, HalfFact
from shared.progress.wording import HALVES, day_text
from shared.rules import words
from shared.rules.load import Programme

STATES = {"A": "在岗", "O": "抽调", "L": "请假", "P": "待定", "X": "未记录到"}
DOUBTS = {"D-FLAG": "疑点待处理", "D-OBJECTION": "异议待处理"}


def shown(fact: DayFact) -> dict[str, Any]:
    """{date, label, cells: [(half, state, why)]}."""
    label = f"{day_text(fact.date)} 周{words.WEEKDAYS[fact.date.weekday()]}"
    return {"date": fact.date.isoformat(), "label": label, "cells": [
        (HALVES[half], _state(fact, half), _why(seen)) for half, seen in fact.halves.items()
    ]}  # fmt: skip


def _state(fact: DayFact, half: str) -> str:
    seen = fact.halves[half]
    if seen.status:
        return STATES[seen.status]
    if fact.duty[half]:
        return "时段未结束"
    return "休息" if fact.rest_day else "未排班"


def _why(seen: HalfFact) -> str:
    if seen.status in ("L", "O"):
        return words.REASONS.get(seen.cover_kind, "")
    times = [f"{clock.local(at):%H:%M}" for at in (seen.in_at, seen.out_at) if at]
    said = [
        "–".join(times) if seen.in_at else "",
        "补签" if seen.corrected else "",
        DOUBTS.get(seen.grade_reason or "") or (words.REASONS.get(seen.reason or "", "") if seen.status in ("P", "X") else ""),
        f"证据 {seen.grade}" if seen.grade else "",
    ]
    return ",".join(part for part in said if part)


def diaries(programme: Programme, facts: Sequence[DayFact], now: dt.datetime) -> list[dict[str, str]]:
    """The attended dates whose diary is late, missing or still to come, newest first; those on time are only counted."""
    found = [{"label": day_text(fact.date), "state": state} for fact in reversed(facts) if (state := _diary(programme, fact, now))]
    on_time = sum(1 for fact in facts if fact.attended() and fact.diary and not fact.diary["late"])
    return [{"label": "按时", "state": f"{on_time} 篇"}, *found] if any(fact.attended() for fact in facts) else found


def _diary(programme: Programme, fact: DayFact, now: dt.datetime) -> str:
    if not fact.attended() or (fact.diary and not fact.diary["late"]):
        return ""
    if fact.diary:
        return "迟交"
    due = _due(programme, fact)
    return f"{clock.local(due):%m-%d %H:%M} 前交" if now < due else "未交"


def _due(programme: Programme, fact: DayFact) -> dt.datetime:
    """When the date's diary is due: so many hours after the end of its last attended session, else 24:00."""
    hours = diary_hours(programme)
    last = [half for half, seen in fact.halves.items() if seen.status == "A"][-1]
    return midnight_after(fact.date) if hours is None else programme.session_windows.on(last, fact.date)[1] + dt.timedelta(hours=hours)
