"""D07: the phone last reported records it could not send, and nothing since (reminders.md §3). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from notifier.domain.case import Case
from notifier.domain.wording import Words
from shared.calendar import local_date

AFTER = (dt.timedelta(hours=24), dt.timedelta(hours=72))


@dataclass(frozen=True)
class Reported:
    """The newest contact of a person's phone."""

    person_id: str
    at: dt.datetime
    unsent: int


def unsent(one: Reported) -> Iterator[Case]:
    """24 hours after that contact, and once more at 72."""
    for step, after in enumerate(AFTER, 1):
        words = Words(
            title=f"手机里有 {one.unsent} 条未发送", text='打开"驻点通"并联网即可发送。请不要清理微信缓存。',
            why="手机上次联网时还有没发送的记录", url="/app/outbox",
        )  # fmt: skip
        yield Case("D07", one.person_id, f"person:{one.person_id}", f"{local_date(one.at)}", step, one.at + after, words,
                   None if one.unsent else "sent")  # fmt: skip
