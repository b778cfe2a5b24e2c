"""The small world with its physicians: P1 resident at SQ1, P2 on rounds (Tuesday and Thursday mornings of October)."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa

from notifier.actors import JOBS
from notifier.models import Address, Delivery, InboxItem, Reminder
from services.identity.usecases.accounts import sync
from services.progress.usecases.fold import fold_and_judge
from shared import clock, ledger, outbox
from shared.ids import new_id
from shared.outbox.post import insert, message
from shared.service import Runtime
from tests.factories.directory import directory, id_of

BY_NAME = {job.name: job for job in JOBS}


def wall(text: str) -> dt.datetime:
    """An instant from a Shanghai wall-clock text."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


class House:
    """The runtime with the acts a reminder's life is made of."""

    def __init__(self, rt: Runtime) -> None:
        self.rt = rt
        self.ids = {code: id_of(rt, "posting", code) for code in ("P1", "P2")}
        self.people = {"P1": id_of(rt, "person", "D1"), "P2": id_of(rt, "person", "D2")}
        self.clinics = {code: id_of(rt, "clinic", code) for code in ("SQ1", "SQ2")}

    def append(self, kind: str, posting: str, payload: dict, role: str = "doctor", **more) -> ledger.Appended:
        """One fact of a posting, and nothing else."""
        with self.rt.db.transaction() as session:
            return ledger.append(
                session, self.rt.keys, kind=kind, stream=ledger.Stream.posting(self.ids[posting]),
                payload=payload, actor=ledger.Actor(self.people[posting], role), **more,
            )  # fmt: skip

    def tap(self, posting: str, at: str, direction: str = "in", clinic: str = "SQ1") -> None:
        """A check-in or check-out."""
        instant = wall(at)
        with clock.at(instant):
            self.append("attendance.recorded", posting, {
                "direction": direction, "clinic_id": self.clinics[clinic], "effective_at": clock.iso(instant),
                "service_date": instant.date().isoformat(), "flags": [],
            })  # fmt: skip

    def leave(self, posting: str, first: str, last: str, sessions: tuple[str, str] = ("am", "pm")) -> str:
        """A filed leave; gives its id."""
        leave_id = new_id()
        self.append("leave.requested", posting, {
            "leave_id": leave_id, "type": "personal", "from": first, "to": last, "from_session": sessions[0],
            "to_session": sessions[1], "filed_at": clock.iso(clock.now()),
        })  # fmt: skip
        return leave_id

    def tick(self, at: str, send: bool = True) -> None:
        """The minute's planning, and with `send` what it asked for."""
        with clock.at(wall(at)):
            with self.rt.db.transaction() as session:
                insert(session, [message("notifier.plan_session", at, "{}", None, None)])
            outbox.drain(self.rt, BY_NAME, until_empty=send)

    def slot(self, at: str, until: str | None = None) -> None:
        """Everything that is asked at this time of day, and what is sent until a later minute; without one nothing is sent."""
        day, _, time = at.partition("T")
        with clock.at(wall(at)), self.rt.db.transaction() as session:
            payload = json.dumps({"fire_at": clock.iso(wall(at))})
            insert(session, [message(f"notifier.plan_{time.replace(':', '')}", at, payload, None, None)])
        outbox.drain(self.rt, BY_NAME, clock_now=wall(at), until_empty=until is not None)
        if until:
            self.send(f"{day}T{until}")

    def fold(self, first: str, last: str, at: str) -> None:
        """The night: every posting's days folded and judged as of an instant."""
        with clock.at(wall(at)), self.rt.db.transaction() as session:
            for posting in self.ids.values():
                fold_and_judge(session, self.rt.keys, posting, dt.date.fromisoformat(first), dt.date.fromisoformat(last), always=True)

    def officers(self) -> dict[str, str]:
        """Accounts for the hospitals' and the county's people; their ids by code."""
        people = {code: id_of(self.rt, "person", code) for code in ("A1", "R1", "C1")}
        with self.rt.db.transaction() as session:
            sync(session, set(people.values()) | set(self.people.values()))
        self.names = {key: code for code, key in {**people, **self.people}.items()}
        return people

    def told(self) -> list[tuple[str, str, str, str | None]]:
        """(row and step, whom by code or posting, state, reason) of every reminder, in order of its due time."""
        names = {**{key: code for code, key in self.people.items()}, **getattr(self, "names", {})}
        with self.rt.db.read() as session:
            rows = session.scalars(sa.select(Reminder).order_by(Reminder.due_at, Reminder.key)).all()
            return [(f"{row.type}.{row.step}", names.get(row.person_id, row.person_id), row.state, row.reason) for row in rows]

    def send(self, at: str) -> None:
        """Work what waits to be sent."""
        outbox.drain(self.rt, BY_NAME, clock_now=wall(at))

    def folded(self, posting: str, day: str, at: str) -> None:
        """The day was folded again."""
        from shared.events import DayFolded

        with clock.at(wall(at)):
            with self.rt.db.transaction() as session:
                outbox.put(session, DayFolded(new_id(), self.ids[posting], day))
            outbox.drain(self.rt, BY_NAME)

    def sweep(self, at: str) -> None:
        """Close what no fold touches."""
        with self.rt.db.transaction() as session:
            insert(session, [message("notifier.sweep", at, "{}", wall(at), None)])
        self.send(at)

    def reminders(self) -> list[tuple[str, str, str | None]]:
        """(posting code and period, state, reason) of every reminder."""
        codes = {f"posting:{posting}": code for code, posting in self.ids.items()}
        with self.rt.db.read() as session:
            rows = session.scalars(sa.select(Reminder).order_by(Reminder.key)).all()
            return sorted((f"{codes[row.subject]} {row.period}", row.state, row.reason) for row in rows)

    def inbox(self, posting: str) -> list[tuple[str, bool]]:
        """(title, marked as done) of the physician's messages."""
        with self.rt.db.read() as session:
            query = sa.select(InboxItem).where(InboxItem.person_id == self.people[posting])
            return [(row.title, row.done_at is not None) for row in session.scalars(query.order_by(InboxItem.id))]


    def reach(self, posting: str, channel: str, external_id: str) -> None:
        """The physician has an address of this kind."""
        with self.rt.db.transaction() as session:
            session.add(Address(id=new_id(), person_id=self.people[posting], channel=channel, external_id=external_id,
                                state="ok", reason=None, since=wall("2026-09-01T09:00")))  # fmt: skip

    def deliveries(self) -> list[tuple[str, str, str | None]]:
        """(channel, state, reason) of every delivery, oldest first."""
        with self.rt.db.read() as session:
            return [(row.channel, row.state, row.reason) for row in session.scalars(sa.select(Delivery).order_by(Delivery.id))]


@pytest.fixture
def house(rt: Runtime) -> House:
    """The small world on SQLite, as of September 2026."""
    with clock.at(wall("2026-09-01T09:00")):
        directory(rt)
        drop_messages(rt)
    return House(rt)


def drop_messages(rt: Runtime) -> None:
    """Take the import's own messages off the table: they are other rooms' work."""
    with rt.db.transaction() as session:
        session.execute(sa.text("UPDATE outbox_message SET state = 'done'"))
