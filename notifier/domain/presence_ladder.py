"""P4 to P6: who else is told of a half-day nobody recorded, and when (reminders.md §5). Pure.

A step is skipped when a reason is on file: leave, a correction, an outage, a supervisor's note all end `Post.missing`. The
physician reads each step beforehand (`days.announcement`); no step is a finding.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from notifier.domain.case import Case, clock_time
from notifier.domain.days import CALL_AT, missing_words
from notifier.domain.post import Post, date_words
from notifier.domain.rows import DIGEST, PUSH
from notifier.domain.wording import Words
from shared.rules.durations import DAY

LINES_AT = "07:40"


def lines(post: Post, today: dt.date, office: Iterable[str], county: Iterable[str]) -> Iterator[Case]:
    """P4 on the next workday, and P6 on the first workday of the next week: lines of digests."""
    if not post.calendar.is_workday(today):
        return
    for day in _duty_days_since(post, post.calendar.add_workdays(today, -1), today):
        yield from _told(post, day, today, 4, LINES_AT, office, DIGEST)
    if post.calendar.add_workdays(today, -1) < today - today.weekday() * DAY:
        for day in post.duty_days(today - (today.weekday() + 7) * DAY, today - (today.weekday() + 1) * DAY):
            yield from _told(post, day, today, 6, LINES_AT, county, DIGEST)


def call(post: Post, today: dt.date, office: Iterable[str], contact_since: dt.datetime | None) -> Iterator[Case]:
    """P5 on the third workday at 09:40, the missed one being the first; while the phone has not been in contact since, on
    the last workday of the correction window."""
    if not post.calendar.is_workday(today):
        return
    window = post.programme.setting("correction.window_workdays")
    for back in sorted({2, window}):
        for day in _duty_days_since(post, post.calendar.add_workdays(today, -back), today):
            if not post.calendar.is_workday(day):
                continue
            met = contact_since is not None and contact_since > clock_time(day, "12:00")
            if back == (2 if met else window):
                yield from _told(post, day, today, 5, CALL_AT, office, PUSH)


def _duty_days_since(post: Post, first: dt.date, today: dt.date) -> list[dt.date]:
    """The duty days of a workday and of the rest days that follow it, before today."""
    until = post.calendar.add_workdays(first, 1) - DAY
    return post.duty_days(first, min(until, today - DAY))


def _told(
    post: Post, day: dt.date, today: dt.date, step: int, time: str, people: Iterable[str], most: str
) -> Iterator[Case]:
    halves = post.unexplained(day) if step == 6 else post.missing(day)
    last = post.calendar.add_workdays(day, post.programme.setting("correction.window_workdays"))
    words = Words(
        title="到岗情况待了解", text=f"{date_words(day)}未记录到 1 人,{date_words(last)} 24:00 前可补签。",
        why=f"{post.name}{missing_words(post, day, halves)}", url="/sup/todo",
    )  # fmt: skip
    for person in people:
        yield Case(f"P{step}", person, post.subject, f"{day}", step, clock_time(today, time), words,
                   None if halves else "explained", most=most)  # fmt: skip
