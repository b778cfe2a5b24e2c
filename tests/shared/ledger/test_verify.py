"""E14: whatever the owner of the database changes, drops, swaps or inserts, verification names the place."""

import datetime as dt
import sys

import pytest
import sqlalchemy as sa

from shared import clock, ledger
from shared.ledger import receipt
from shared.ledger.entry import Entry, entry_hash
from shared.ledger.models import LedgerEntry, LedgerHead, LedgerPayload
from tests.shared.ledger.conftest import DOCTOR, OTHER, POSTING

AT = dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC)


@pytest.fixture
def chain(any_rt, record):
    """Two streams of five entries, and the triggers taken away as only an owner can."""
    for number in range(5):
        with clock.at(AT + dt.timedelta(minutes=number)):
            record(str(number), client=bytes([number]) * 16, body=b"b" * 32, location={"lat_e6": number})
            record(str(number), posting=OTHER)
    with any_rt.db.transaction() as session:
        if any_rt.db.dialect == "sqlite":
            names = session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            for name in names:
                session.execute(sa.text(f"DROP TRIGGER {name}"))
        else:
            names = session.execute(
                sa.text("SELECT DISTINCT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
            ).all()
            for name, table in names:
                session.execute(sa.text(f"DROP TRIGGER {name} ON {table}"))
    assert len(names) >= 7
    return any_rt


def row(session, seq, posting=POSTING, rt=None):
    name = ledger.Stream.posting(posting).pseudonym(rt.keys.pepper)
    return session.scalars(sa.select(LedgerEntry).where(LedgerEntry.stream == name, LedgerEntry.seq == seq)).one()


def payload(session, seq, rt):
    return session.get(LedgerPayload, row(session, seq, rt=rt).id)


def differences(rt, **options):
    with rt.db.read() as session:
        return ledger.verify(session, rt.keys, **options)


def test_an_untouched_ledger_has_no_difference(chain):
    assert differences(chain) == []


def change_bytes(session, rt):
    found = row(session, 3, rt=rt)
    found.entry = found.entry.replace(b"attendance.recorded", b"attendance.refused")


def change_bytes_and_hash(session, rt):
    found = row(session, 3, rt=rt)
    found.entry = found.entry.replace(b'"dev":null', b'"dev":"x"')
    found.entry_hash = entry_hash(found.entry)


def change_kind(session, rt):
    row(session, 3, rt=rt).kind = "day.noted"


def change_time_column(session, rt):
    row(session, 3, rt=rt).appended_at += dt.timedelta(seconds=1)


def change_fact(session, rt):
    found = payload(session, 3, rt)
    found.fact = found.fact.replace(b'"direction":"2"', b'"direction":"9"')


def change_location(session, rt):
    payload(session, 3, rt).loc = b'{"lat_e6":9}'


def add_location(session, rt):
    found = payload(session, 3, rt)
    found.loc = found.loc_salt = None


def drop_fact(session, rt):
    found = payload(session, 3, rt)
    found.fact = found.fact_salt = None


def change_subject(session, rt):
    payload(session, 3, rt).subject = OTHER


def change_day(session, rt):
    payload(session, 3, rt).day_to = dt.date(2026, 11, 30)


def drop_payload(session, rt):
    session.delete(payload(session, 3, rt))


def change_receipt(session, rt):
    found = row(session, 3, rt=rt)
    shown = receipt.from_bytes(found.receipt)
    found.receipt = receipt.to_bytes({**shown, "seq": 4})


def lend_a_valid_receipt(session, rt):
    row(session, 3, rt=rt).receipt = row(session, 4, rt=rt).receipt


def change_client(session, rt):
    row(session, 3, rt=rt).client_event_id = b"x" * 16


def drop_entry(session, rt):
    session.delete(payload(session, 3, rt))
    session.delete(row(session, 3, rt=rt))


def swap_positions(session, rt):
    third, fourth = row(session, 3, rt=rt), row(session, 4, rt=rt)
    third.seq = 99
    session.flush()
    fourth.seq = 3
    session.flush()
    third.seq = 4


def garbage(session, rt):
    found = row(session, 3, rt=rt)
    found.entry = b"{"
    found.entry_hash = entry_hash(b"{")


@pytest.mark.parametrize(("tamper", "says"), [
    (change_bytes, "entry hash"),
    (change_bytes_and_hash, "receipt differs"),
    (change_kind, "column"),
    (change_time_column, "column"),
    (change_fact, "fact does not open"),
    (change_location, "location does not open"),
    (add_location, "location does not open"),
    (drop_fact, "fact does not open"),
    (change_subject, "subject"),
    (change_day, "days"),
    (drop_payload, "payload row is missing"),
    (change_receipt, "no valid signature"),
    (lend_a_valid_receipt, "receipt differs"),
    (change_client, "receipt differs in client"),
    (drop_entry, "no such entry"),
    (swap_positions, "column"),
    (garbage, "unreadable"),
], ids=lambda value: getattr(value, "__name__", ""))  # fmt: skip
def test_tampering_with_entry_three_is_named(chain, tamper, says):
    with chain.db.transaction() as session:
        tamper(session, chain)
    found = differences(chain)
    assert [difference.seq for difference in found] == [3]
    assert says in found[0].what
    assert found[0].stream == ledger.Stream.posting(POSTING).pseudonym(chain.keys.pepper)
    assert str(found[0].seq) in str(found[0])


def forged(rt, seq, prev, at=AT, kind="day.noted", role="recipient_admin", back=0):
    """Rows of an entry that is right in itself, as a forger with the code but not the chain would make them."""
    from shared.ledger.seal import Asked, Head, seal

    asked = ledger.Stream.posting(POSTING)
    head = Head(seq - 1, prev, None)
    wanted = Asked(
        kind, asked, {"service_date": "2026-11-23"}, ledger.Actor("x", role), None, None, None, None, None, None, None
    )
    return seal(rt.keys, wanted, asked.pseudonym(rt.keys.pepper), head, at - dt.timedelta(seconds=back))


def insert(session, rows):
    session.execute(sa.insert(LedgerEntry).values(rows.entry))
    session.execute(sa.insert(LedgerPayload).values(rows.payload))


def test_an_entry_put_behind_the_newest_is_named_because_the_head_does_not_know_it(chain):
    with chain.db.transaction() as session:
        insert(session, forged(chain, 6, row(session, 5, rt=chain).entry_hash, AT + dt.timedelta(hours=1)))
    (found,) = differences(chain)
    assert (found.seq, "head" in found.what) == (6, True)


def test_an_entry_put_in_the_place_of_another_breaks_the_link_of_the_next(chain):
    with chain.db.transaction() as session:
        old = row(session, 3, rt=chain)
        prev = row(session, 2, rt=chain).entry_hash
        session.delete(payload(session, 3, chain))
        session.delete(old)
        session.flush()
        insert(session, forged(chain, 3, prev, AT + dt.timedelta(minutes=2)))
    (found,) = differences(chain)
    assert (found.seq, "prev" in found.what) == (4, True)


@pytest.mark.parametrize(("change", "says"), [
    ({"back": 3600}, "before that of the entry before"),
    ({"role": "witness"}, "witness may not append"),
    ({"kind": "day.erased"}, "not an event kind"),
    ({"kind": "consent.given"}, "does not stand in a posting stream"),
])  # fmt: skip
def test_an_entry_that_could_never_have_been_appended_is_named(chain, change, says):
    with chain.db.transaction() as session:
        rows = forged(chain, 6, row(session, 5, rt=chain).entry_hash, AT + dt.timedelta(minutes=5), **change)
        insert(session, rows)
        session.execute(
            sa.update(LedgerHead).where(LedgerHead.stream == rows.entry["stream"])
            .values(seq=6, entry_hash=rows.entry["entry_hash"])
        )  # fmt: skip
    (found,) = differences(chain)
    assert found.seq == 6
    assert says in found.what


def test_an_id_of_the_phone_that_the_fact_does_not_know_is_named(any_rt):
    with any_rt.db.transaction() as session:
        ledger.append(
            session, any_rt.keys, kind="diary.submitted", stream=ledger.Stream.posting(POSTING), actor=DOCTOR,
            payload={"service_date": "2026-11-23", "client_event_id": "00" * 16}, client_event_id=b"1" * 16,
        )  # fmt: skip
    (found,) = differences(any_rt)
    assert found.what == "the client event id differs from the fact"


def test_a_cut_tail_is_named_by_the_head(chain):
    with chain.db.transaction() as session:
        session.delete(payload(session, 5, chain))
        session.delete(row(session, 5, rt=chain))
    (found,) = differences(chain)
    assert (found.seq, "the head says 5" in found.what) == (4, True)


def test_a_stream_without_entries_and_a_payload_without_its_entry_are_named(chain):
    with chain.db.transaction() as session:
        session.execute(sa.text("DELETE FROM ledger_entry WHERE client_event_id IS NOT NULL"))
    found = [difference.what for difference in differences(chain)]
    assert found[0] == "no entries, but the head says 5"
    assert found[1:] == ["a payload whose entry is missing"] * 5


def test_each_broken_stream_is_named_once_and_a_named_stream_alone_is_read(chain):
    with chain.db.transaction() as session:
        for posting in (POSTING, OTHER):
            for seq in (2, 4):
                row(session, seq, posting, rt=chain).kind = "day.noted"
    assert [difference.seq for difference in differences(chain)] == [2, 2]
    one = ledger.Stream.posting(OTHER)
    assert [difference.seq for difference in differences(chain, stream=one)] == [2]
    assert differences(chain, stream=ledger.Stream.posting("unknown")) == []


def test_only_entries_since_an_instant_are_read_and_still_linked_to_what_came_before(chain):
    with chain.db.transaction() as session:
        row(session, 2, rt=chain).kind = "day.noted"
    assert differences(chain, since=AT + dt.timedelta(minutes=2)) == []
    assert [one.seq for one in differences(chain, since=AT + dt.timedelta(minutes=1))] == [2]


def test_erased_content_still_verifies(chain):
    with chain.db.transaction() as session:
        found = payload(session, 3, chain)
        found.fact = found.fact_salt = found.loc = found.loc_salt = found.subject = found.day_from = found.day_to = None
        found.erased_at = AT
    assert differences(chain) == []


def test_entries_read_in_small_pieces_verify_alike(chain, monkeypatch):
    monkeypatch.setattr(sys.modules["shared.ledger.verify"], "ROWS_AT_ONCE", 2)
    assert differences(chain) == []
    with chain.db.transaction() as session:
        assert Entry.from_bytes(row(session, 5, rt=chain).entry).seq == 5
        row(session, 5, rt=chain).kind = "day.noted"
    assert [difference.seq for difference in differences(chain)] == [5]
