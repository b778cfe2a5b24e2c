"""Any sequence of ticks, crashes and repeats tells each key at most once per person, and pushes it at most once (§8.1)."""

import contextlib
import random
from collections import Counter

import pytest
import sqlalchemy as sa

from notifier.models import Delivery, InboxItem, Reminder
from notifier.store import inbox
from shared import clock, outbox
from shared.events import ReminderDue
from shared.ids import new_id
from shared.outbox.models import OutboxMessage
from tests.notifier.conftest import BY_NAME, wall

MONDAY, TUESDAY = "2026-10-12", "2026-10-13"
MINUTES = (f"{TUESDAY}T07:40", f"{TUESDAY}T08:08", f"{TUESDAY}T08:16", f"{TUESDAY}T08:33", f"{TUESDAY}T08:40", f"{TUESDAY}T09:40")


class Died(Exception):
    """The process ends in the middle of its transaction."""


def acts(house, monkeypatch, at):
    """What may happen at a minute."""

    def crash():
        with monkeypatch.context() as broken:
            broken.setattr(inbox, "deliver", lambda *_: (_ for _ in ()).throw(Died()))
            with clock.at(wall(at)):
                outbox.drain(house.rt, BY_NAME, strict=False)
        with house.rt.db.transaction() as session:
            session.execute(sa.update(OutboxMessage).where(OutboxMessage.state == "open").values(run_after=wall(at), leased_until=None))

    def again():
        with clock.at(wall(at)), house.rt.db.transaction() as session:
            if ids := tuple(session.scalars(sa.select(Reminder.id))):
                outbox.put(session, ReminderDue(new_id(), ids))

    def plan():
        if at[11:] in ("07:40", "08:08", "09:40"):
            with clock.at(wall(at)):
                house.slot(at)
        else:
            house.tick(at, send=False)

    def forget():
        """A message that was worked is handed out once more: its receipt ends it."""
        with house.rt.db.transaction() as session:
            done = sa.and_(OutboxMessage.state == "done", OutboxMessage.consumer.startswith("notifier."))
            session.execute(sa.update(OutboxMessage).where(done).values(state="open", leased_until=None))

    return [plan, plan, crash, again, forget, lambda: house.send(at)]


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_told_twice(house, monkeypatch, capsys, seed):
    house.officers()
    house.reach("P1", "console", "d1")
    house.fold("2026-10-08", MONDAY, f"{TUESDAY}T02:20")
    choose = random.Random(seed)
    for at in MINUTES:
        for _ in range(4):
            with contextlib.suppress(outbox.JobFailed):
                choose.choice(acts(house, monkeypatch, at))()
        house.send(at)
    with house.rt.db.read() as session:
        keys = Counter((row.key, row.person_id) for row in session.execute(sa.select(Reminder.key, Reminder.person_id)))
        told = Counter(session.scalars(sa.select(InboxItem.reminder_id)))
        pushed = Counter((row.key, row.recipient, row.channel) for row in session.scalars(sa.select(Delivery)))
        titles = list(session.scalars(sa.select(Reminder.type).where(Reminder.pushed_at.is_not(None), Reminder.person_id == house.people["P1"])))
    assert keys, "something was told"
    assert set(keys.values()) | set(told.values()) | set(pushed.values()) <= {1}
    out = capsys.readouterr().out
    assert all(out.count(f"[{kind}] -> d1") <= titles.count(kind) for kind in set(titles))
    assert sum(kind.startswith("D0") and kind != "D01" for kind in titles) <= 1, "one DAY push a day"
