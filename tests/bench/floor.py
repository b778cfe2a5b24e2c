"""What a check-in cannot go below: Flask, its two statements and one signature, with nothing decided in between.

The same statements on the same tables as the product, the same number of bytes, an Ed25519 signature over a receipt's
worth of them; no policy, no validation, no verdict, no canonical bytes, no chain that would hold.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
from typing import Any

import flask

from checkin.models import Attendance
from checkin.store import look
from services.suite import composition
from shared import clock
from shared.access import lookup
from shared.db import Database
from shared.ids import new_id
from shared.keys import Keys
from shared.ledger import statement
from shared.ledger.models import LedgerEntry, LedgerPayload
from shared.outbox.models import OPEN, OutboxMessage
from shared.progress.models import Contact

ENTRY_BYTES, FACT_BYTES, RECEIPT_BYTES = 380, 1500, 560
"""As the ledger of a measured check-in holds them."""


def application() -> Any:
    """POST / reads who asks, looks and appends: two statements. PostgreSQL only."""
    app, rt = flask.Flask(__name__), composition.runtime()

    @app.post("/")
    def store() -> Any:
        item = flask.request.get_json()
        body, secret = item["body"], flask.request.headers["Authorization"].removeprefix("Bearer ")
        along = look.asked(rt.db, item, clock.today(), clock.now(), install=None)
        lookup.signed_in(rt.db, secret, "token", along)
        return {"receipt": secrets.token_hex(RECEIPT_BYTES // 2), "signature": _append(rt.db, rt.keys, body)}, 201

    return app


def _append(db: Database, keys: Keys, body: dict[str, Any]) -> str:
    now, key, client = clock.now(), new_id(), bytes.fromhex(body["client_event_id"])
    stream = f"p:{secrets.token_hex(16)}"
    digest = os.urandom(32)
    rows: list[statement.Row] = [
        (LedgerEntry, {"id": key, "stream": stream, "seq": 1, "kind": "attendance.recorded", "entry": os.urandom(ENTRY_BYTES),
                       "entry_hash": digest, "appended_at": now, "client_event_id": client, "body_hash": digest,
                       "receipt": os.urandom(RECEIPT_BYTES)}),
        (LedgerPayload, {"entry_id": key, "subject": body["person"], "day_from": now.date(), "day_to": now.date(),
                         "fact": os.urandom(FACT_BYTES), "fact_salt": digest}),
        (Attendance, _attendance(key, body, client, now)),
        (OutboxMessage, {"id": new_id(), "dedupe_key": key, "consumer": "bench.floor", "payload": key * 4, "run_after": now,
                         "attempts": 0, "state": OPEN, "created_at": now}),
        (Contact, {"person_id": body["person"], "device": "-", "at": now, "unsent": 0, "oldest_at": None, "sessions": []}),
    ]  # fmt: skip
    shape = tuple((table, tuple(row)) for table, row in rows)
    values = [value for _, row in rows for value in row.values()]
    db.alone(statement._statement(db.engine.dialect, shape), [stream, 1, digest, 0, *values])
    return keys.receipt_signer.sign(digest * 12).hex()


def _attendance(key: str, body: dict[str, Any], client: bytes, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": key, "posting_id": body["person"], "person_id": body["person"], "clinic_id": key, "service_date": now.date(),
        "session": "am", "direction": "in", "direction_source": "tapped", "effective_at": now, "received_at": now,
        "method": "rotating", "strength": "fresh", "slot": 1, "flags": [], "seq": 1, "client_event_id": client,
        "loc_failure": "not_asked",
    }  # fmt: skip
