"""D04 weekly gap and L01 diaries missing in the team: while the week can still be saved (reminders.md §3). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from notifier.domain.case import Case, clock_time
from notifier.domain.post import Post
from notifier.domain.wording import Words
from shared.calendar import iso_week
from shared.progress.state import State
from shared.rules import words as rule_words
from shared.rules.durations import DAY

DONE = frozenset({"met", "waived", "not_applicable"})


def gap(post: Post, today: dt.date) -> Iterator[Case]:
    """D04: on the second-to-last duty day at 12:20 (step 1), on the last at 07:40 (step 2); out of reach it is not sent."""
    days = post.duty_days_of_week(today)
    place = len(days) - days.index(today) if today in days else 0
    if place not in (1, 2):
        return
    step, time = (1, "12:20") if place == 2 else (2, "07:40")
    halves = [half for day in days if day >= today for half, owed in post.owed(day).items() if owed]
    remaining = len(halves) - (step == 1 and post.owed(today)["am"])
    for state in post.states:
        if state.period == iso_week(today) and state.period_kind == "week" and state.metric in rule_words.METRICS:
            yield _gap(post, state, step, clock_time(today, time), remaining, days[-1])


def _gap(post: Post, state: State, step: int, due: dt.datetime, remaining: int, last: dt.date) -> Case:
    missing = 0 if state.value in DONE else state.missing()
    answered = "done" if not missing else "out-of-reach" if missing > remaining else "in-time" if missing < remaining - 1 else None
    unit = rule_words.UNITS[state.unit]
    words = Words(
        title=f"本周{state.short()}", text=f"还差 {missing} {unit},周{rule_words.WEEKDAYS[last.weekday()]}前。点此安排。",
        why=state.explanation[:200], url="/app/progress",
    )  # fmt: skip
    return Case("D04", post.terms.person_id, post.subject, state.period, step, due, words, answered, state.rule_id)


def team_diaries(leader: Post, team: Sequence[Post], today: dt.date) -> Iterator[Case]:
    """L01, to the team's leader on the second-to-last duty day at 12:20."""
    days = leader.duty_days_of_week(today)
    rule = leader.diary_rule
    if rule is None or len(days) < 2 or days[-2] != today:
        return
    week = [days[0] + n * DAY for n in range((today - days[0]).days)]
    late = [post for post in team if any(_no_diary(post, day) for day in week)]
    names = "、".join(post.name for post in late[:4]) + ("等" if len(late) > 4 else "")
    words = Words(
        title=f"本周日志未齐 {len(late)} 人", text=f"{names};周{rule_words.WEEKDAYS[days[-1].weekday()]}前收齐。",
        why="本周有在岗记录的日期还没有日志", url="/app/records",
    )  # fmt: skip
    answered = None if late else "done"
    yield Case("L01", leader.terms.person_id, f"team:{leader.terms.team_id}", iso_week(today), 1, clock_time(today, "12:20"),
               words, answered, rule.id)  # fmt: skip


def _no_diary(post: Post, day: dt.date) -> bool:
    fact = post.fact(day)
    return fact.attended() and not fact.diary
