"""D06: one more absent workday breaks the segment, or its debt can no longer be repaid (reminders.md §3, continuity.md §2).

Read from the standing the rules themselves have stored; nothing is judged again here. Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from notifier.domain.case import Case, clock_time
from notifier.domain.post import Post
from notifier.domain.wording import Words
from shared.attendance.session import HALVES
from shared.progress.state import State
from shared.rules.durations import DAY


def at_risk(post: Post, states: Iterable[State], today: dt.date, officers: Sequence[str]) -> Iterator[Case]:
    """To the physician and both hospitals, on a duty day at 17:50; on a workday at 07:40 for what the night found."""
    for state in states:
        segments = state.detail.get("segments") or ()
        if state.metric != "continuity" or not segments or segments[-1]["met_on"]:
            continue
        segment = segments[-1]
        answered = None if _breaks_next(post, segment, today) or _beyond_repair(post, segment, today) else "safe"
        time = "17:50" if post.on_duty(today) else "07:40"
        for person in dict.fromkeys((post.terms.person_id, *officers)):
            words = _words(segment, own=post.terms.person_id == person)
            yield Case("D06", person, post.subject, str(segment["start"]), 1, clock_time(today, time), words, answered, state.rule_id)


def _words(segment: Mapping[str, Any], *, own: bool) -> Words:
    length = f"{segment['length']['months']} 个月 {segment['length']['days']} 天"
    return Words(
        title="连续派驻需要注意", text=f"再有 1 个工作日未记录,将影响连续派驻(已满 {length})。",
        why="按项目规则计算的连续派驻时间", url="/app/progress" if own else "/sup/todo",
    )  # fmt: skip


def _breaks_next(post: Post, segment: Mapping[str, Any], today: dt.date) -> bool:
    """Whether the absent workdays on end, or in all, are one short of what breaks."""
    run, day = 0, today
    while day > dt.date.fromisoformat(str(segment["start"])) and run < post.programme.setting("absence.break_run_workdays"):
        if post.on_duty(day):
            halves = post.fact(day).halves
            owed = [half for half in HALVES if post.owed(day)[half]]
            gone = all(halves[half].status == "X" or halves[half].reason == "window_open" for half in owed)
            if not gone and not (day == today and all(halves[half].reason == "future" for half in owed)):
                break
            run += gone
        day -= DAY
    total = segment["half_days"].get("absent", 0) // 2
    return run + 1 == post.programme.setting("absence.break_run_workdays") or (
        run > 0 and total + 1 == post.programme.setting("absence.break_total_workdays")
    )


def _beyond_repair(post: Post, segment: Mapping[str, Any], today: dt.date) -> bool:
    """Whether the unrepaid debt is larger than the duty half-days still to come."""
    end, debt = post.terms.end, segment["half_days"].get("debt", 0)
    if end is None or not debt:
        return False
    return int(debt) > sum(sum(post.owed(day).values()) for day in post.duty_days(today + DAY, end))
