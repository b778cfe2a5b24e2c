"""R02: what waits for a decision, told to whoever may decide it now (reminders.md §3); D10: what was decided. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from notifier.domain.case import Case, clock_time
from notifier.domain.rows import DIGEST, PUSH
from notifier.domain.wording import Words
from shared.calendar import Calendar, local, local_date

KINDS = {"correction": "补签", "leave": "请假", "ordered_work": "外派", "objection": "异议", "spot": "抽查"}
Holders = Callable[[str, str | None], Sequence[str]]
"""(role, organisation) -> the persons who hold it."""


@dataclass(frozen=True)
class Waiting:
    """One open request with the role and scope that may decide it now, and the offices above."""

    id: str
    kind: str
    role: str
    scope_id: str | None
    asked_at: dt.datetime
    day_from: dt.date
    offices: tuple[tuple[str, str | None], ...] = ()


def approvals(waiting: Iterable[Waiting], calendar: Calendar, today: dt.date, holders: Holders) -> Iterator[Case]:
    """One message per office: a digest line each workday; a push when the oldest waits longer than one workday (step 1),
    two (step 2, the supporter too), five (step 3, the county)."""
    if not calendar.is_workday(today):
        return
    by_office: dict[tuple[str, str | None], list[Waiting]] = {}
    for one in waiting:
        by_office.setdefault((one.role, one.scope_id), []).append(one)
    for (role, scope), mine in by_office.items():
        oldest = min(mine, key=lambda one: one.asked_at)
        days = len(calendar.workdays(local_date(oldest.asked_at), today)) - 1
        words = _words(len(mine), days)
        subject = f"office:{scope}" if scope else f"role:{role}"
        for person in holders(role, scope):
            yield Case("R02", person, subject, f"{today}", 9, clock_time(today, "07:40"), words, most=DIGEST)
        for step, more_than, above in ((1, 1, ()), (2, 2, ("supporter_admin",)), (3, 5, ("county_officer",))):
            if days <= more_than:
                continue
            asked = [(role, scope), *(office for office in oldest.offices if office[0] in above)]
            for person in dict.fromkeys(person for office in asked for person in holders(*office)):
                yield Case("R02", person, subject, f"{today}", step, clock_time(today, "09:40"), words, most=PUSH)


def _words(number: int, days: int) -> Words:
    return Words(title=f"{number} 项申请待审批", text=f"最早一项已等 {max(days, 0)} 天。", why="申请提交后由您所在的科室决定", url="/sup/todo")


def urgent(one: Waiting, calendar: Calendar, holders: Holders) -> Iterator[Case]:
    """Step 0: leave that begins within one workday, told when it is filed."""
    asked = local_date(one.asked_at)
    if one.kind != "leave" or one.day_from > calendar.add_workdays(asked, 1):
        return
    when = "今天" if one.day_from <= asked else f"{one.day_from.month}月{one.day_from.day}日"
    words = Words(title=f"1 人{when}起请假待审批", text="请批准或转上级,并登记替班。", why="请假很快开始", url="/sup/todo")
    for person in holders(one.role, one.scope_id):
        yield Case("R02", person, f"request:{one.id}", f"{asked}", 0, one.asked_at, words)


def decided(request_id: str, kind: str, person_id: str, at: dt.datetime) -> Case:
    """D10: only that there is a result; what it is stands in the app."""
    words = Words(title="有新的处理结果", text=f"{KINDS.get(kind, '您的')}申请已处理,点此查看。", why="您提交的申请有了处理结果", url="/app/records")
    return Case("D10", person_id, f"request:{request_id}", f"{local_date(at)}", 1, at, words)


def new_device(device_id: str, person_id: str, at: dt.datetime, office: Sequence[str]) -> Iterator[Case]:
    """X03: to the person at once, to the supporter as a line."""
    when = local(at)
    words = Words(title="您的账号绑定了新设备", text=f"{when.month}月{when.day}日 {when:%H:%M}。不是本人操作请点此停用。",
                  why="有手机登记了您的账号", url="/app/me")  # fmt: skip
    yield Case("X03", person_id, f"device:{device_id}", "once", 1, at, words)
    told = Words(title="1 人绑定了新设备", text=f"{when.month}月{when.day}日 {when:%H:%M},可在人员处核对。",
                 why="派驻医师登记了新手机", url="/sup/todo")  # fmt: skip
    for person in office:
        yield Case("X03", person, f"device:{device_id}", "once", 2, at, told, most=DIGEST)
