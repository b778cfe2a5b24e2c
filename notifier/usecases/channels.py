"""What an operator asks of the channels: how each stands, and a message to try one."""

from __future__ import annotations

import datetime as dt

from notifier import channels as ways
from notifier.domain import check_in
from notifier.domain.delivery import CONSOLE
from notifier.store import standing
from notifier.usecases import administration
from shared import clock
from shared.access import lookup as access
from shared.problems import NotFound
from shared.service import Runtime

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
        administration.tell(session, check_in.TYPE, account.person_id, now)
