"""Appending: chains without gaps, one entry per id of the phone (E3), and what the fold reads back."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from shared import clock, ledger
from shared.ledger import receipt
from shared.ledger.entry import GENESIS, Entry, entry_hash
from shared.ledger.models import LedgerEntry, LedgerHead, LedgerPayload
from shared.problems import IdempotencyConflict
from tests.shared.ledger.conftest import DOCTOR, OTHER, POSTING

ONE, TWO = b"1" * 16, b"2" * 16
BODY, CHANGED = b"b" * 32, b"c" * 32
DAY = dt.date(2026, 11, 23)


def entries(rt, posting=POSTING):
    name = ledger.Stream.posting(posting).pseudonym(rt.keys.pepper)
    with rt.db.read() as session:
        query = sa.select(LedgerEntry).where(LedgerEntry.stream == name).order_by(LedgerEntry.seq)
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def test_a_stream_is_a_gapless_chain_from_sixty_four_zeros(any_rt, record):
    made = [record(str(number)) for number in range(4)]
    rows = entries(any_rt)
    assert [row.seq for row in rows] == [1, 2, 3, 4] == [one.seq for one in made]
    before = GENESIS
    for row in rows:
        assert Entry.from_bytes(row.entry).prev == before.hex()
        assert row.entry_hash == entry_hash(row.entry)
        before = row.entry_hash
    with any_rt.db.read() as session:
        assert ledger.head(session, any_rt.keys, ledger.Stream.posting(POSTING)) == (4, before)
        assert ledger.head(session, any_rt.keys, ledger.Stream.posting(OTHER)) is None


def test_streams_do_not_share_positions(any_rt, record):
    assert [record(posting=posting).seq for posting in (POSTING, OTHER, POSTING, OTHER)] == [1, 1, 2, 2]


def test_the_first_answer_and_a_repeat_carry_the_same_receipt_byte_for_byte(any_rt, record):
    first, again = record(client=ONE, body=BODY), record(client=ONE, body=BODY)
    assert [first.repeated, again.repeated] == [False, True]
    assert receipt.to_bytes(first.receipt) == receipt.to_bytes(again.receipt)
    assert list(first.receipt) == list(again.receipt), "members stand in the same order"
    assert (first.entry_id, first.seq, first.at) == (again.entry_id, again.seq, again.at)
    assert len(entries(any_rt)) == 1


def test_a_stored_receipt_equals_one_made_again_from_the_entry(any_rt, record):
    record(client=ONE, body=BODY)
    row = entries(any_rt)[0]
    made = receipt.make(
        any_rt.keys.receipt_signer, event=row.id, client=ONE, stream=row.stream, seq=row.seq,
        entry_hash=row.entry_hash, at=clock.iso(row.appended_at), body_hash=BODY,
    )  # fmt: skip
    assert receipt.to_bytes(made) == row.receipt


@pytest.mark.parametrize(("posting", "body"), [(POSTING, CHANGED), (OTHER, BODY), (OTHER, CHANGED)])
def test_a_known_id_with_another_body_or_stream_is_a_conflict_and_moves_nothing(any_rt, record, posting, body):
    record(client=ONE, body=BODY)
    with pytest.raises(IdempotencyConflict):
        record(client=ONE, body=body, posting=posting)
    assert [row.seq for row in entries(any_rt)] == [1]
    assert entries(any_rt, OTHER) == []
    assert record(client=TWO, body=BODY).seq == 2
    with any_rt.db.read() as session:
        assert ledger.verify(session, any_rt.keys) == []


def test_a_known_id_of_another_kind_is_a_conflict(any_rt, record):
    record(client=ONE, body=BODY)
    with any_rt.db.transaction() as session, pytest.raises(IdempotencyConflict):
        ledger.append(
            session, any_rt.keys, kind="diary.submitted", stream=ledger.Stream.posting(POSTING), payload={},
            actor=DOCTOR, client_event_id=ONE, body_hash=BODY,
        )  # fmt: skip


def test_seen_tells_a_repeat_from_a_conflict(any_rt, record):
    first = record(client=ONE, body=BODY)
    with any_rt.db.read() as session:
        assert ledger.seen(session, TWO, BODY) is None
        assert ledger.seen(session, ONE, BODY).entry_id == first.entry_id
        with pytest.raises(IdempotencyConflict):
            ledger.seen(session, ONE, CHANGED)


def test_fifty_parallel_sends_of_one_id_make_one_entry_and_fifty_equal_receipts(any_rt, record):
    record("before")
    started, answers, errors = threading.Barrier(50), [], []

    def send():
        started.wait()
        try:
            answers.append(record(client=ONE, body=BODY))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=send) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len({receipt.to_bytes(answer.receipt) for answer in answers}) == 1
    assert [answer.repeated for answer in answers].count(False) == 1
    assert [row.seq for row in entries(any_rt)] == [1, 2]


def test_the_same_id_on_two_streams_at_once_makes_one_entry_and_one_conflict(any_rt, record):
    """Two streams have two locks, so only the unique id itself can decide."""
    for number in range(10):
        client, started, outcomes = bytes([number]) * 16, threading.Barrier(2), []

        def send(posting, client=client, started=started, outcomes=outcomes):
            started.wait()
            try:
                outcomes.append(record(client=client, body=BODY, posting=posting).repeated)
            except IdempotencyConflict:
                outcomes.append("conflict")

        threads = [threading.Thread(target=send, args=(posting,)) for posting in (POSTING, OTHER)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, outcomes)) == ["False", "conflict"]
    assert len(entries(any_rt)) + len(entries(any_rt, OTHER)) == 10
    with any_rt.db.read() as session:
        assert ledger.verify(session, any_rt.keys) == []


def test_a_rolled_back_transaction_leaves_neither_entry_nor_moved_head(any_rt, record):
    record()

    def append_and_fail():
        with any_rt.db.transaction() as session:
            ledger.append(
                session,
                any_rt.keys,
                kind="diary.submitted",
                stream=ledger.Stream.posting(POSTING),
                payload={"service_date": "2026-11-23"},
                actor=DOCTOR,
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        append_and_fail()
    with any_rt.db.read() as session:
        assert session.scalar(sa.select(LedgerHead.seq)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(LedgerPayload)) == 1


def test_time_never_runs_backwards_in_a_stream_and_the_fact_says_by_how_much_it_would_have(any_rt, record):
    late, early = dt.datetime(2026, 11, 23, 8, 0, 1, 5000, dt.UTC), dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
    with clock.at(late):
        record()
    with clock.at(early):
        second = record()
    assert second.at == late
    with any_rt.db.read() as session:
        assert ledger.fact(session, second.entry_id).payload["clock_back_ms"] == 1005
        assert ledger.verify(session, any_rt.keys) == []


def test_a_payload_outside_the_profile_is_refused_and_nothing_is_kept(any_rt, record):
    with pytest.raises(ledger.ProfileError):
        record(0.5)
    assert entries(any_rt) == []


def test_location_is_committed_apart_and_never_in_the_fact(any_rt, record):
    made = record(location={"lat_e6": 35_212_345, "lon_e6": 113_245_678})
    row = entries(any_rt)[0]
    with any_rt.db.read() as session:
        kept = session.get(LedgerPayload, made.entry_id)
        assert b"35212345" not in kept.fact + row.entry
        assert Entry.from_bytes(row.entry).cl is not None
        assert kept.fact_salt != kept.loc_salt


def test_equal_facts_have_different_commitments(any_rt, record):
    record("same"), record("same")
    first, second = (Entry.from_bytes(row.entry).c for row in entries(any_rt))
    assert first != second


def test_facts_of_a_posting_come_by_day_and_in_order_of_the_stream(any_rt):
    posting = ledger.Stream.posting(POSTING)

    def add(kind, payload, actor=DOCTOR, **more):
        with any_rt.db.transaction() as session:
            return ledger.append(session, any_rt.keys, kind=kind, stream=posting, payload=payload, actor=actor, **more)

    add("attendance.recorded", {"service_date": "2026-11-20"})
    leave = add("leave.requested", {"leave_id": "l", "from": "2026-11-22", "to": "2026-11-24"})
    add("attendance.recorded", {"service_date": "2026-11-23"})
    add("leave.decided", {"leave_id": "l"}, ledger.Actor("a", "recipient_admin"), days=(dt.date(2026, 11, 22), DAY))
    add("posting.opened", {"from": "2026-10-01", "to": None}, ledger.Actor(None, "supporter_admin"))
    add("roster.published", {"month": "2026-12"}, ledger.Actor(None, "supporter_admin"))
    with any_rt.db.read() as session:
        found = ledger.facts(session, POSTING, DAY, DAY)
        assert [fact.kind for fact in found] == [
            "leave.requested", "attendance.recorded", "leave.decided", "posting.opened",
        ]  # fmt: skip
        assert [fact.seq for fact in found] == [2, 3, 4, 5]
        assert found[0].payload == {**found[0].payload, "leave_id": "l", "actor": DOCTOR.to_fact()}
        assert found[2].payload["days"] == ["2026-11-22", "2026-11-23"]
        assert ledger.fact(session, leave.entry_id).kind == "leave.requested"
        assert ledger.fact(session, "nobody") is None
        assert ledger.facts(session, OTHER, DAY, DAY) == []
        assert ledger.verify(session, any_rt.keys) == []


def test_a_subject_other_than_the_stream_is_kept_in_the_fact(any_rt):
    with any_rt.db.transaction() as session:
        ledger.append(
            session, any_rt.keys, kind="attendance.refused", stream=ledger.Stream.person("u"), subject=POSTING,
            payload={"service_date": "2026-11-23", "reason_code": "code-wrong"}, actor=ledger.Actor.system(),
        )  # fmt: skip
    with any_rt.db.read() as session:
        (found,) = ledger.facts(session, POSTING, DAY, DAY)
        assert found.payload["subject"] == POSTING
        assert ledger.verify(session, any_rt.keys) == []


def test_writers_of_several_streams_lock_them_in_one_order_and_never_deadlock(any_rt):
    streams = [ledger.Stream.posting(str(number)) for number in range(4)]
    started, errors = threading.Barrier(4), []

    def write(order):
        started.wait()
        try:
            for _ in range(5):
                with any_rt.db.transaction() as session:
                    ledger.lock(session, any_rt.keys, order)
                    for stream in order:
                        ledger.append(
                            session,
                            any_rt.keys,
                            kind="diary.submitted",
                            stream=stream,
                            actor=DOCTOR,
                            payload={"service_date": "2026-11-23"},
                        )
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(order,)) for order in (streams, streams[::-1]) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with any_rt.db.read() as session:
        assert [ledger.head(session, any_rt.keys, stream)[0] for stream in streams] == [20] * 4
