"""Messages, jobs with a visible effect, and both databases. Effects go to a table of the tests' own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import pytest
import sqlalchemy as sa

from shared import outbox
from shared.events import Event
from shared.outbox.models import OutboxMessage
from shared.service import Job, Runtime
from tests.shared.ledger.conftest import any_rt as any_rt


@dataclass(frozen=True)
class Asked(Event):
    """A message of the tests: look at the thing called `name`."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("test.note",)
    name: str

    @property
    def key(self) -> str:
        """One per name."""
        return self.name


def note(rt, session, payload, prepared) -> None:
    """The effect: one row per time it happened."""
    session.execute(sa.text("INSERT INTO effect (name) VALUES (:name)"), {"name": payload["name"]})


NOTE = Job("test.note", "maintenance", note)


@pytest.fixture
def house(any_rt) -> Runtime:
    """The runtime with the table the test jobs write to."""
    with any_rt.db.transaction() as session:
        session.execute(sa.text("CREATE TABLE effect (name varchar(100))"))
    return any_rt


@pytest.fixture
def effects(house) -> Callable[[], list[str]]:
    """Names of the effects that happened, sorted; twice the same name = a double effect."""

    def read() -> list[str]:
        with house.db.read() as session:
            return sorted(session.scalars(sa.text("SELECT name FROM effect")))

    return read


@pytest.fixture
def ask(house) -> Callable[..., str]:
    """Put one message in a transaction of its own; gives its id."""

    def put(name="a", **more) -> str:
        with house.db.transaction() as session:
            (message_id,) = outbox.put(session, Asked(name), **more)
        return message_id

    return put


@pytest.fixture
def row(house) -> Callable[[str], OutboxMessage]:
    """The present row of a message."""

    def read(message_id: str) -> OutboxMessage:
        with house.db.read() as session:
            found = session.get(OutboxMessage, message_id)
            session.expunge_all()
        assert found is not None
        return found

    return read
