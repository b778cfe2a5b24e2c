"""CN-08: which rows are on, what they did, what they would do, and one sent to oneself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from notifier.domain import rows as table
from notifier.domain.case import Case
from notifier.domain.rows import ROWS, Row
from notifier.domain.wording import Words
from notifier.models import IN_APP, ReminderRule
from notifier.store import inbox, measures, people, posts, reminders
from notifier.usecases import deliveries, families, sessions
from notifier.usecases.families import Asked
from notifier.usecases.reminders import row_of
from shared import clock
from shared.calendar import local_date
from shared.directory import lookup as directory
from shared.ids import new_id
from shared.problems import NotFound
from shared.roles import Principal
from shared.rules.durations import DAY
from shared.service import Runtime

SINCE = 28 * DAY
FEW, ENOUGH = 10, 20
"""Under ten per cent acted upon, of at least twenty told: the row is proposed to be closed or moved."""
TRIED = Words(title="这是一条试发的提醒", text="收到说明提醒可以到达,不需要处理。", why="管理员试发", url="/app/inbox")


def listed(rt: Runtime) -> list[dict[str, Any]]:
    """Every row with its switch, its times, and its figures of the last four weeks."""
    with rt.db.read() as session:
        off, figures = people.switched_off(session), measures.by_row(session, clock.now() - SINCE)
    return [_shown(row, row.id not in off, figures.get(row.id, measures.Measured())) for row in ROWS.values()]


def known(session: Session, who: Principal, kind: str) -> Row:
    """A row of the table. Raises NotFound."""
    if kind not in ROWS:
        raise NotFound(f"no row {kind}")
    return ROWS[kind]


def switch(rt: Runtime, who: Principal, kind: str, *, enabled: bool) -> dict[str, Any]:
    """Switch a row on or off for everybody; what is planned already is decided by it too. Raises NotFound."""
    with rt.db.transaction() as session:
        row = known(session, who, kind)
        session.merge(ReminderRule(type=row.id, enabled=enabled, changed_at=clock.now(), changed_by=who.person_id))
    return {"type": row.id, "enabled": enabled}


def dry_run(rt: Runtime, who: Principal, kind: str) -> dict[str, Any]:
    """How many persons the row would tell on the next day that it is due, by the facts of this moment. Raises NotFound."""
    now = clock.now()
    with rt.db.read() as session:
        row, calendar = known(session, who, kind), directory.calendar(session)
        today = local_date(now)
        later = max(families.times_of(row.id), default="2359") > f"{clock.local(now):%H%M}"
        day = today if later and calendar.is_workday(today) else calendar.add_workdays(today, 1)
        told = {case.person_id for case in _would(session, row, day, now) if case.type == row.id and case.answered is None}
    return {"type": row.id, "label": row.label, "date": day.isoformat(), "people": len(told)}


def _would(session: Session, row: Row, day: dt.date, now: dt.datetime) -> Iterator[Case]:
    ids = posts.in_force(session, day - 14 * DAY, day)
    name = families.FAMILY_OF.get(row.id, "")
    for some in posts.chunks(ids):
        if row.id in sessions.TYPES:
            yield from sessions.on_day(session, some, day)
        elif name in families.BY_POSTING:
            yield from families.family(name)(Asked(session, day, now, ids=some))
    if name in families.AT_ONCE:
        yield from families.family(name)(Asked(session, day, now))


def try_out(rt: Runtime, who: Principal, kind: str) -> dict[str, Any]:
    """Send one to oneself: the same path as any other, without a case behind it. Raises NotFound."""
    now = clock.now()
    with rt.db.transaction() as session:
        row = known(session, who, kind)
        if who.person_id is None:
            raise NotFound("an account without a person has no inbox")
        tell(session, row.id, who.person_id, now)
    return {"type": row.id, "title": TRIED.title}


def tell(session: Session, kind: str, person_id: str, now: dt.datetime) -> None:
    """A trial of a row for a person: in the inbox, and out by the first channel that reaches."""
    ids = reminders.plan(session, [row_of(Case(kind, person_id, f"try:{new_id()}", "once", 1, now, TRIED), now)])
    found = reminders.planned(session, ids)
    inbox.deliver(session, ids, now)
    reminders.decided(session, ids, IN_APP, "try", now)
    deliveries.plan(session, found, now)


def _shown(row: Row, enabled: bool, found: measures.Measured) -> dict[str, Any]:
    share = round(100 * found.acted / found.told) if found.told else None
    return {
        "type": row.id, "label": row.label, "class": row.cls, "usual": table.LEVEL_WORDS[row.usual], "enabled": enabled,
        "times": [f"{time[:2]}:{time[2:]}" for time in families.times_of(row.id)], "planned": found.planned, "pushed": found.pushed,
        "told": found.told, "opened": found.opened, "acted": found.acted, "acted_percent": share,
        "dropped": [{"reason": reason, "count": count} for reason, count in sorted(found.dropped.items())],
        "advice": "建议关闭或改时间" if share is not None and share < FEW and found.told >= ENOUGH else None,
    }  # fmt: skip
