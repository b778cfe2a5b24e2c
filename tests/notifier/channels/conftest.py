"""Reminders that have been told and are to leave the house, and what became of them on both sides."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
import sqlalchemy as sa

from notifier.actors import JOBS
from notifier.models import IN_APP, Address, Attempt, Delivery, Reminder
from notifier.usecases import deliveries
from shared import clock, outbox
from shared.ids import new_id
from shared.outbox.models import OutboxMessage
from shared.service import Runtime
from tests.emulators.wechat.app import Emulator
from tests.emulators.wechat.state import User
from tests.notifier.conftest import wall

BY_NAME = {job.name: job for job in JOBS}
START = wall("2026-10-12T08:16")


class Post:
    """People with addresses, reminders to them, and the work of the queue at a time of the test's choice."""

    def __init__(self, rt: Runtime, wechat: Emulator) -> None:
        self.rt, self.wechat, self.people, self.now = rt, wechat, {}, START
        wechat.state.frozen = START.timestamp()

    def person(self, name: str, *kinds: str, **user) -> str:
        """A person of both platforms with these kinds of address; gives the id."""
        person_id, external = new_id(), {"wecom": f"U-{name}", "oa": f"o-{name}", "mail": f"{name}@example.test"}
        self.people[name] = person_id
        self.wechat.state.users.append(User(name, f"o-{name}", f"U-{name}", **user))
        with self.rt.db.transaction() as session:
            for kind in kinds:
                session.add(Address(id=new_id(), person_id=person_id, channel=kind, external_id=external[kind],
                                    state="ok", reason=None, since=START))  # fmt: skip
        return person_id

    def remind(self, *names: str, title: str = "上午还没有签到记录", minutes: int = 30) -> None:
        """One reminder each, told in the inbox already, planned to leave."""
        with clock.at(self.now), self.rt.db.transaction() as session:
            rows = [Reminder(
                id=new_id(), key=f"D01|{new_id()}", type="D01", person_id=self.people[name], subject="s", period="p", step=1, most="push",
                due_at=self.now, expires_at=self.now + dt.timedelta(minutes=minutes), title=title, text="到院后扫门诊的码即可。",
                why="", url=None, state=IN_APP, reason=None, planned_at=self.now, decided_at=None) for name in names]  # fmt: skip
            session.add_all(rows)
            session.flush()
            deliveries.plan(session, rows, self.now)

    def work(self, after: float = 0, rt: Runtime | None = None) -> None:
        """Let `after` seconds pass on both sides, then work what is due."""
        self.now += dt.timedelta(seconds=after)
        self.wechat.state.frozen = self.now.timestamp()
        outbox.drain(rt or self.rt, BY_NAME, clock_now=self.now)

    def states(self) -> Counter:
        """How many deliveries stand in each (channel, state)."""
        with self.rt.db.read() as session:
            return Counter((row.channel, row.state) for row in session.scalars(sa.select(Delivery)))

    def reasons(self) -> list[str | None]:
        """Their reasons, in order."""
        with self.rt.db.read() as session:
            return list(session.scalars(sa.select(Delivery.reason).order_by(Delivery.id)))

    def attempts(self) -> list[tuple[int, str | None, int | None]]:
        """(n, action, errcode) of every call."""
        with self.rt.db.read() as session:
            rows = session.scalars(sa.select(Attempt).order_by(Attempt.delivery_id, Attempt.n))
            return [(row.n, row.action, row.errcode) for row in rows]

    def address(self, name: str, kind: str) -> str:
        """The state of an address."""
        mine = sa.and_(Address.person_id == self.people[name], Address.channel == kind)
        with self.rt.db.read() as session:
            return session.scalars(sa.select(Address.state).where(mine)).one()

    def open_messages(self) -> int:
        """Outbox messages that still wait."""
        with self.rt.db.read() as session:
            return session.scalar(sa.select(sa.func.count()).where(OutboxMessage.state == "open"))

    def arrived(self) -> Counter:
        """Messages per user, as the platforms show them."""
        return Counter(message.user for message in self.wechat.state.messages)


@pytest.fixture
def post(connected, wechat) -> Post:
    """The post office on both platforms."""
    return Post(connected(), wechat)
