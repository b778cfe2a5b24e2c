"""R01: seats that have a duty session now and nobody in them, neither holder nor registered substitute. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from notifier.domain.case import Case
from notifier.domain.wording import SESSIONS, Words
from shared.attendance.session import SessionWindows

AFTER_START = dt.timedelta(minutes=33)
USEFUL_FOR = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Seated:
    """One seat in one session: its recipient, specialty, whether somebody who may fill it is there."""

    seat_id: str
    recipient_id: str
    specialty: str
    windows: SessionWindows
    day: dt.date
    half: str
    present: bool


def empty(seats: Iterable[Seated], holders: Mapping[str, Iterable[str]]) -> Iterator[Case]:
    """One message for all empty seats of a recipient in a session."""
    by_place: dict[tuple[str, dt.date, str], list[Seated]] = {}
    for one in seats:
        by_place.setdefault((one.recipient_id, one.day, one.half), []).append(one)
    for (recipient, day, half), found in by_place.items():
        gone = [one for one in found if not one.present]
        words = Words(
            title=f"{SESSIONS[half]} {len(gone)} 个岗位无人", text=f"{'、'.join(sorted({one.specialty for one in gone}))[:24]}。点此联系或登记替班。",
            why=f"{day.month}月{day.day}日{SESSIONS[half]}开始 33 分钟后没有人签到", url="/sup/todo",
        )  # fmt: skip
        due = found[0].windows.on(half, day)[0] + AFTER_START
        for person in holders.get(recipient, ()):
            yield Case("R01", person, f"recipient:{recipient}", f"{day}.{half}", 1, due, words, None if gone else "filled", useful_for=USEFUL_FOR)
