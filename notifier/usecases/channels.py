"""What an operator asks of the channels: how each stands, and a message to try one."""

from __future__ import annotations

import datetime as dt

from notifier import channels as ways
from notifier.domain.delivery import CONSOLE
from notifier.models import IN_APP, PLANNED
from notifier.store import inbox, reminders, standing
from notifier.usecases import deliveries
from shared import clock
from shared.access import lookup as access
from shared.ids import new_id
from shared.problems import NotFound
from shared.service import Runtime

USEFUL_FOR = dt.timedelta(hours=1)
WEEK = dt.timedelta(days=7)


def standing_of(rt: Runtime) -> list[dict[str, object]]:
    """Per channel: whether it is on, deliveries by state over a week, failing numbers, calls whose message may have gone
    out twice, and people who can(not) be reached there."""
    on, since = ways.turned_on(rt), clock.now() - WEEK
    with rt.db.read() as session:
        counts, codes = standing.states(session, since), standing.failing(session, since)
        repeated = standing.repeated(session, since)
    named = sorted({*on, *counts} - ({CONSOLE} if not counts.get(CONSOLE) else set()))
    return [
        {"channel": name, "on": name in on, "states": counts.get(name, {}), "failing": codes.get(name, {}),
         "called_again": repeated.get(name, 0)}
        for name in named
    ]  # fmt: skip


def trial(rt: Runtime, phone: str) -> None:
    """Send a person a test message, through the inbox and the first channel that reaches. Raises NotFound."""
    now = clock.now()
    with rt.db.transaction() as session:
        account = access.account_by_phone(session, phone)
        if account is None or account.person_id is None:
            raise NotFound("no account with this phone number")
        row = {
            "id": new_id(), "key": f"TEST|person:{account.person_id}|once|{clock.iso(now)}", "type": "TEST",
            "person_id": account.person_id, "subject": f"person:{account.person_id}", "period": "once", "step": 1, "due_at": now,
            "expires_at": now + USEFUL_FOR, "state": PLANNED, "reason": None, "planned_at": now, "decided_at": None,
            "title": "测试消息", "text": "收到即表示提醒可以送达,不需要处理。", "why": "管理员发出的测试", "url": None,
        }  # fmt: skip
        told = reminders.planned(session, reminders.plan(session, [row]))
        inbox.deliver(session, [reminder.id for reminder in told], now)
        for reminder in told:
            reminders.decide(reminder, IN_APP, None, now)
        deliveries.plan(session, told, now)
