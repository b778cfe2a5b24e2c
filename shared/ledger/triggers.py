"""The triggers that keep the ledger append-only on both databases (evidence.md §1.5).

One list of statements, run by migrations and by `Base.metadata.create_all`, so tests stand on what production has.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

TABLES = ("ledger_head", "ledger_entry", "ledger_payload")
_ENTRY_COLUMNS = (
    "id", "stream", "seq", "kind", "entry", "entry_hash", "appended_at", "client_event_id", "body_hash", "receipt",
)  # fmt: skip
_SAME: dict[str, Callable[[str], str]] = {
    "sqlite": lambda column: f"NEW.{column} IS OLD.{column}",
    "postgresql": lambda column: f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}",
}


def _sequenced(dialect: str) -> str:
    """The one update an entry allows: leaf_index from NULL to a value, everything else as it was."""
    return " AND ".join(["OLD.leaf_index IS NULL", "NEW.leaf_index IS NOT NULL", *map(_SAME[dialect], _ENTRY_COLUMNS)])


def _erased(dialect: str) -> str:
    """The one update a payload allows: parts emptied, with the time of the erasure."""
    parts = ("subject", "day_from", "day_to", "fact", "fact_salt", "loc", "loc_salt")
    emptied = [f"(NEW.{part} IS NULL OR {_SAME[dialect](part)})" for part in parts]
    return " AND ".join(["NEW.erased_at IS NOT NULL", _SAME[dialect]("entry_id"), *emptied])


def _sqlite_triggers() -> list[str]:
    def refuse(name: str, table: str, event: str, when: str) -> str:
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )

    known = (
        "id = NEW.id OR entry_hash = NEW.entry_hash OR client_event_id = NEW.client_event_id "
        "OR (stream = NEW.stream AND seq = NEW.seq)"
    )
    return [
        refuse("ledger_entry_no_delete", "ledger_entry", "DELETE", ""),
        refuse("ledger_entry_no_update", "ledger_entry", "UPDATE", f"WHEN NOT ({_sequenced('sqlite')})"),
        # INSERT OR REPLACE would delete the old row without firing the trigger above
        refuse("ledger_entry_no_replace", "ledger_entry", "INSERT",
               f"WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE {known})"),
        refuse("ledger_payload_no_delete", "ledger_payload", "DELETE", ""),
        refuse("ledger_payload_no_update", "ledger_payload", "UPDATE", f"WHEN NOT ({_erased('sqlite')})"),
        refuse("ledger_payload_no_replace", "ledger_payload", "INSERT",
               "WHEN EXISTS (SELECT 1 FROM ledger_payload WHERE entry_id = NEW.entry_id)"),
        refuse("ledger_head_no_delete", "ledger_head", "DELETE", ""),
    ]  # fmt: skip


def _postgresql_triggers() -> list[str]:
    def on(name: str, table: str, event: str, level: str, when: str = "") -> str:
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {level} {when} "
            "EXECUTE FUNCTION ledger_append_only()"
        )

    function = (
        "CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"
    )
    statements = [function]
    for table in TABLES:
        statements.append(on(f"{table}_no_delete", table, "DELETE", "ROW"))
        statements.append(on(f"{table}_no_truncate", table, "TRUNCATE", "STATEMENT"))
    allowed = {"ledger_entry": _sequenced("postgresql"), "ledger_payload": _erased("postgresql")}
    for table, change in allowed.items():
        statements.append(on(f"{table}_no_update", table, "UPDATE", "ROW", f"WHEN (NOT ({change}))"))
    return statements


TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(_sqlite_triggers()),
    "postgresql": tuple(_postgresql_triggers()),
}
"""Per dialect the statements, in order, that make the ledger append-only; migrations run exactly these."""


def create_triggers(target: sa.MetaData, connection: sa.Connection, *, tables: object, **_: object) -> None:
    """Listener of `after_create`: the triggers, when the ledger's tables have just been made."""
    created = {table.name for table in tables} if isinstance(tables, (list, tuple)) else set()
    if set(TABLES) <= created:
        for statement in TRIGGERS[connection.dialect.name]:
            connection.exec_driver_sql(statement)
