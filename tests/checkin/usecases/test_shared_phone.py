"""One phone used by two physicians flags both (U28), with the same figures from a fold and from a rebuild."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from checkin.usecases.record import record_event
from services.progress.usecases.fold import fold_and_judge
from services.progress.usecases.rebuild import rebuild
from shared import clock
from shared.outbox.models import OutboxMessage
from shared.progress import lookup
from shared.progress.models import RaisedFlag
from shared.service import Runtime
from tests.checkin.scene import MORNING, doctor, id_of, item, shown_k, world
from tests.factories.phone import Phone

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def tap(rt: Runtime, code: str, at: dt.datetime, install: str | None = "one browser", phone: Phone | None = None, direction: str = "in") -> str:
    """A tap at the screen of SQ1 with a browser; gives its entry."""
    made = item(rt, doctor(rt, code), k=shown_k(rt, at), direction=direction)
    with clock.at(at):
        return record_event(rt, doctor(rt, code), phone.signed(made) if phone else made, install=install)[1].row.id


def raised(rt: Runtime) -> dict[str, str]:
    """Target → cause."""
    with rt.db.read() as session:
        return {row.target: row.cause for row in session.scalars(sa.select(RaisedFlag)) if row.code == "device_shared"}


@pytest.mark.parametrize("database", ["rt", "pg_rt"])
def test_a_browser_of_two_physicians_marks_the_earlier_taps_too(request: pytest.FixtureRequest, database: str) -> None:
    rt: Runtime = request.getfixturevalue(database)
    world(rt)
    long_ago, first = tap(rt, "D1", MORNING - 31 * DAY), tap(rt, "D1", MORNING)
    tap(rt, "D1", MORNING + HOUR, install="another browser")
    later = tap(rt, "D2", MORNING + 2 * HOUR)
    assert raised(rt) == {first: later}
    assert long_ago not in raised(rt)
    tap(rt, "D2", MORNING + 3 * HOUR)
    assert raised(rt) == {first: later}  # once is enough
    with rt.db.read() as session:
        asked = session.scalars(sa.select(OutboxMessage.payload).where(OutboxMessage.dedupe_key.contains(later))).all()
    assert any(id_of(rt, "posting", "P1") in payload for payload in asked)


def test_the_day_of_the_earlier_physician_waits_for_the_county_and_a_rebuild_says_the_same(rt: Runtime) -> None:
    world(rt)
    phone = Phone("D1")
    phone.enrolled(rt, doctor(rt).person_id or "")
    posting, day = id_of(rt, "posting", "P1"), MORNING.date()
    tap(rt, "D1", MORNING, install=None, phone=phone)
    tap(rt, "D1", MORNING.replace(hour=12, minute=3), install=None, phone=phone, direction="out")

    def status(at: dt.datetime) -> tuple[str, str | None, tuple[str, ...]]:
        with clock.at(at):
            with rt.db.transaction() as session:
                fold_and_judge(session, rt.keys, posting, day, day, always=True)
            assert [one for one in rebuild(rt, "2026-11") if one.posting == "P1" and one.where == day.isoformat()] == []
            with rt.db.read() as session:
                fact = lookup.days(session, [posting], day, day)[posting, day]
        return fact.halves["am"].status, fact.halves["am"].grade, fact.flags

    assert status(MORNING + 6 * HOUR) == ("A", "B", ())
    tap(rt, "D2", MORNING + 7 * HOUR, install=None, phone=phone)  # signed with the key of D1
    assert status(MORNING + 8 * HOUR) == ("P", "D", ("device_shared",))


def test_naming_a_key_one_cannot_sign_with_marks_nobody_else(rt: Runtime) -> None:
    world(rt)
    phone = Phone("D1")
    phone.enrolled(rt, doctor(rt).person_id or "")
    tap(rt, "D1", MORNING, install=None, phone=phone)
    tap(rt, "D1", MORNING + HOUR / 2, install="lent")
    made = item(rt, doctor(rt, "D2"), direction="in")
    made["device"] = {"thumbprint": phone.thumbprint, "signature": "A" * 86}
    with clock.at(MORNING + HOUR):
        recorded = record_event(rt, doctor(rt, "D2"), made, install="own")[1]
    assert (list(recorded.row.flags), raised(rt)) == (["sig_invalid"], {})
