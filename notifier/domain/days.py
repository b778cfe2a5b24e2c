"""D03 missed yesterday, D05 diary, D08 back from leave: what one day leaves to do on the next (reminders.md §3). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from notifier.domain.case import Case, clock_time
from notifier.domain.post import Post, date_words
from notifier.domain.rows import IN_APP, PUSH
from notifier.domain.wording import SESSIONS, Words
from shared.calendar import local
from shared.rules.durations import DAY

DIGEST_AT, CALL_AT = "08:10", "09:40"
"""When a missed day reaches the office: as a line on the next workday, as a call on the third."""


def missed(post: Post, today: dt.date) -> Iterator[Case]:
    """D03, on the next duty day at 07:40: one message for both half-days of the missed day."""
    day = post.duty_day_before(today) if post.on_duty(today) else None
    if day is None:
        return
    halves = post.missing(day)
    last = post.calendar.add_workdays(day, post.programme.setting("correction.window_workdays"))
    left = "" if post.corrections_left is None else f",本月还可 {post.corrections_left} 次"
    next_step = announcement(post, day)
    words = Words(
        title=missing_words(post, day, halves),
        text=f"{date_words(last)} 24:00 前可申请补签{left};当时请假请补交请假单。",
        why=f"{date_words(day)}有出诊安排,记录不完整" + (f";{next_step}" if next_step else ""), url=f"/app/records/{day}",
    )  # fmt: skip
    answered = None if halves else "explained"
    yield Case("D03", post.terms.person_id, post.subject, f"{day}", 1, clock_time(today, "07:40"), words, answered)


def announced(post: Post, day: dt.date) -> tuple[tuple[dt.datetime, str], ...]:
    """What happens next about a missed date and when: what the physician reads beforehand."""
    follow, third = (post.calendar.add_workdays(day, n) for n in (1, 2))
    found = ((clock_time(follow, DIGEST_AT), "将列入医务科待办"), (clock_time(third, CALL_AT), "医务科会收到提醒并电话联系"))
    return tuple(one for one in found if one[0] > post.now)


def announcement(post: Post, day: dt.date) -> str:
    """「11月24日 08:10 将列入医务科待办」, the next step only; empty when there is none."""
    steps = announced(post, day)
    return f"{date_words(steps[0][0].date())} {steps[0][0]:%H:%M} {steps[0][1]}" if steps else ""


def missing_words(post: Post, day: dt.date, halves: list[str]) -> str:
    """「10月30日下午未记录到签退」."""
    open_ = [half for half in halves if post.fact(day).halves[half].open]
    when = "全天" if len(halves) != 1 else SESSIONS[halves[0]]
    return f"{date_words(day)}{when}未记录到{'签退' if open_ and len(open_) == len(halves) else '签到'}"


def diary(post: Post, today: dt.date) -> Iterator[Case]:
    """D05: in the app on the evening of an attended day (step 1), pushed on the next day at 17:40 (step 2)."""
    rule = post.diary_rule
    if rule is None:
        return
    for step, day, time in ((1, today, "20:25"), (2, today - DAY, "17:40")):
        fact = post.fact(day)
        attended = [half for half in fact.halves if fact.halves[half].status == "A"]
        if not attended:
            continue
        ends = post.programme.session_windows.on(attended[-1], day)[1]
        due = ends + dt.timedelta(hours=rule.get("due")["within_hours"])
        answered = "filed" if fact.diary else "past" if post.now > due else None
        words = Words(
            title=f"{date_words(day)}日志未写", text=f"{date_words(local(due).date())} {local(due):%H:%M} 前提交算按时,3–5 句即可。",
            why=f"{date_words(day)}有在岗记录,还没有日志", url="/app/diary",
        )  # fmt: skip
        yield Case(
            "D05", post.terms.person_id, post.subject, f"{day}", step, clock_time(today, time), words, answered, rule.id,
            most=IN_APP if step == 1 else PUSH,
        )  # fmt: skip


def back(post: Post, today: dt.date) -> Iterator[Case]:
    """D08, on the first duty day after approved leave at 07:20."""
    if not post.on_duty(today):
        return
    for slip in post.slips:
        last = slip.last[0]
        if not (slip.first[0] <= last < today and today - last <= 16 * DAY) or post.duty_days(last + DAY, today - DAY):
            continue
        again = any(one.decision != "rejected" and one.covers((today, "am")) for one in post.slips)
        answered = "leave" if again else None if slip.decision == "approved" else "not-approved"
        words = Words(
            title="今天返岗", text=f"请假到{date_words(last)}结束,今天起照常签到。需要延长请先申请。",
            why=f"{date_words(slip.first[0])}至{date_words(last)}的请假已结束", url="/app/today",
        )  # fmt: skip
        yield Case("D08", post.terms.person_id, post.subject, slip.id, 1, clock_time(today, "07:20"), words, answered)
