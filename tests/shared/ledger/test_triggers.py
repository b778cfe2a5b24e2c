"""Append-only is enforced by the database itself, on both."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from shared.ledger.models import LedgerEntry, LedgerPayload

REFUSED = [
    "DELETE FROM ledger_entry",
    "DELETE FROM ledger_payload",
    "DELETE FROM ledger_head",
    "UPDATE ledger_entry SET kind = 'day.noted'",
    "UPDATE ledger_entry SET seq = seq + 1",
    "UPDATE ledger_entry SET receipt = NULL",
    "UPDATE ledger_entry SET client_event_id = NULL",
    "UPDATE ledger_entry SET leaf_index = 0, kind = 'day.noted'",
    "UPDATE ledger_payload SET subject = 'x'",
    "UPDATE ledger_payload SET fact = NULL, fact_salt = NULL",
    "UPDATE ledger_payload SET fact = fact_salt, erased_at = '2026-11-23'",
]


def run(rt, statement):
    with rt.db.transaction() as session:
        session.execute(sa.text(statement))


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_rewrite(any_rt, record, statement):
    record(client=b"1" * 16, body=b"2" * 32)
    with pytest.raises(DBAPIError, match="append-only"):
        run(any_rt, statement)


SIDE_DOORS = {  # ways around a DELETE trigger that one database has and the other has not
    "postgresql": ["TRUNCATE {0}", "TRUNCATE {0} CASCADE"],
    "sqlite": ["INSERT OR REPLACE INTO {0} SELECT * FROM {0}", "REPLACE INTO {0} SELECT * FROM {0}"],
}


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_payload"])
@pytest.mark.parametrize("number", [0, 1])
def test_the_side_doors_of_each_database_are_closed(any_rt, record, table, number):
    made = record()
    with pytest.raises(DBAPIError, match="append-only"):
        run(any_rt, SIDE_DOORS[any_rt.db.dialect][number].format(table))
    with any_rt.db.read() as session:
        assert session.get(LedgerEntry, made.entry_id) is not None
        assert session.get(LedgerPayload, made.entry_id) is not None


def test_a_leaf_index_may_be_given_once(any_rt, record):
    record()
    run(any_rt, "UPDATE ledger_entry SET leaf_index = 0")
    with pytest.raises(DBAPIError, match="append-only"):
        run(any_rt, "UPDATE ledger_entry SET leaf_index = 1")


def test_content_may_be_erased_with_the_time_of_its_erasure(any_rt, record):
    made = record(location={"lat_e6": 1})
    run(any_rt, "UPDATE ledger_payload SET loc = NULL, loc_salt = NULL, erased_at = '2026-11-23 00:00:00'")
    with any_rt.db.read() as session:
        assert session.get(LedgerPayload, made.entry_id).loc is None
