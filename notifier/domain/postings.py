"""The beginning and the end of a posting: R05 arrival, S01 successor, S02 handover, S03 unregistered trip, L03 task force. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from notifier.domain.case import Case, clock_time
from notifier.domain.post import Post, date_words
from notifier.domain.requests import Holders
from notifier.domain.rows import DIGEST, PUSH
from notifier.domain.wording import TITLE_CHARACTERS, Words
from shared.calendar import two_weeks_days
from shared.progress.state import State
from shared.rules.durations import DAY


@dataclass(frozen=True)
class Standing:
    """What was recorded about a posting: arrival confirmed, a successor on its seat, both signatures on the handover,
    registration acknowledged, a first attended day."""

    post: Post
    offices: Mapping[str, str | None]
    leaders: tuple[str, ...] = ()
    arrived: bool = False
    succeeded: bool = True
    handed_over: bool = False
    registered: bool = True
    attended: bool = False


def arrival(one: Standing, today: dt.date, holders: Holders) -> Iterator[Case]:
    """R05: one and three workdays after the start to the recipient, four to the county."""
    for step, after, role in ((1, 1, "recipient_admin"), (2, 3, "recipient_admin"), (3, 4, "county_officer")):
        if one.post.calendar.add_workdays(one.post.terms.start, after) != today:
            continue
        words = Words(title="1 人到岗待确认", text=f"{one.post.name} {date_words(one.post.terms.start)}派驻开始,请确认是否到岗。",
                      why="到岗由受援医院确认", url="/sup/records")  # fmt: skip
        yield from _to(one, "R05", step, today, holders(role, one.offices.get(role)), words, None if not one.arrived else "done")


def successor(one: Standing, today: dt.date, holders: Holders) -> Iterator[Case]:
    """S01: 20, 10 and 5 workdays before the end of a posting that fills a seat; the last step goes to the county too."""
    end = one.post.terms.end
    if end is None or one.post.terms.seat_id is None:
        return
    for lead in (20, 10, 5):
        if one.post.calendar.add_workdays(end, -lead) == today:
            words = Words(title=_title(one, "接替人员未备案"), text=f"{one.post.name}派驻 {date_words(end)} 结束,还有 {lead} 个工作日。",
                          why="岗位结束后需要有人接替", url="/sup/records")  # fmt: skip
            roles = ("supporter_admin", "county_officer") if lead == 5 else ("supporter_admin",)
            people = [person for role in roles for person in holders(role, one.offices.get(role))]
            yield from _to(one, "S01", lead, today, people, words, None if not one.succeeded else "done")


def handover(one: Standing, today: dt.date, holders: Holders) -> Iterator[Case]:
    """S02: 10, 2 and 0 workdays before the end."""
    end = one.post.terms.end
    if end is None:
        return
    last = one.post.calendar.last_workday_on_or_before(end)
    for lead in (10, 2, 0):
        if one.post.calendar.add_workdays(last, -lead) == today:
            words = Words(title=_title(one, "交接单待签"), text=f"{date_words(end)} 前由双方签字。", why="派驻结束前需要交接", url="/sup/records")
            people = [*holders("supporter_admin", one.offices.get("supporter_admin")), *one.leaders]
            yield from _to(one, "S02", lead, today, people, words, "done" if one.handed_over else None)


def unregistered(one: Standing, today: dt.date, holders: Holders) -> Iterator[Case]:
    """S03: a first attended day without an acknowledged registration, at 17:50, once."""
    if not (one.attended and one.post.programme.asks_registration):
        return
    words = Words(title="1 人未备案已签到", text='请补办备案;记录已标注"未备案"。', why="派驻前应当备案", url="/sup/records")
    for person in holders("supporter_admin", one.offices.get("supporter_admin")):
        yield Case("S03", person, one.post.subject, "once", 1, clock_time(today, "17:50"), words, "done" if one.registered else None,
                   most=DIGEST)  # fmt: skip


def task_force(state: State, post: Post, today: dt.date, people: Sequence[str]) -> Iterator[Case]:
    """L03: on the tenth day of the window, while nobody of the team has been on site."""
    days = two_weeks_days(state.period)
    if days[9] != today or state.metric != "on_site_days":
        return
    asked = state.effective_threshold
    words = Words(title=f"专班现场指导 {state.number or 0}/{asked} 天", text=f"本周期 {date_words(days[-1])} 前至少 {asked} 天。",
                  why=state.explanation[:120], url="/sup/records")  # fmt: skip
    answered = "done" if state.number or not asked else None
    for person in dict.fromkeys(people):
        yield Case("L03", person, f"team:{post.terms.team_id}", state.period, 1, clock_time(today, "09:10"), words, answered, state.rule_id)


def near(post: Post, today: dt.date) -> bool:
    """Whether a posting begins or ends near enough for any of these rows."""
    end = post.terms.end
    return post.terms.start >= today - 20 * DAY or (end is not None and today <= end <= today + 60 * DAY)


def _title(one: Standing, ending: str) -> str:
    name = one.post.terms.specialty or ""
    return f"{name} {ending}".strip()[:TITLE_CHARACTERS]


def _to(
    one: Standing, row: str, step: int, today: dt.date, people: Sequence[str], words: Words, answered: str | None
) -> Iterator[Case]:  # fmt: skip
    for person in dict.fromkeys(people):
        yield Case(row, person, one.post.subject, "once", step, clock_time(today, "09:05"), words, answered, most=PUSH)
