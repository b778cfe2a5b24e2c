"""Log lines are JSON, carry their context, and never what must not be in a log."""

import io
import json
import logging
import subprocess
import sys

import pytest
import sqlalchemy as sa

from shared import clock, logs


@pytest.fixture
def written(monkeypatch):
    """What reaches standard error; afterwards logging is as it was."""
    stream, root = io.StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    monkeypatch.setattr("sys.stderr", stream)
    yield stream
    root.handlers, root.level = handlers, level


@pytest.fixture
def lines(written):
    """The lines written since the set-up, as objects."""
    logs.configure("info")
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_its_context(lines):
    log = logs.get("room")
    with logs.bind(request_id="r1"):
        log.info("thing.done", seq=3)
    log.warning("later")
    first, second = lines()
    assert {name: first[name] for name in ("event", "level", "logger", "request_id", "seq")} == {
        "event": "thing.done", "level": "info", "logger": "room", "request_id": "r1", "seq": 3,
    }  # fmt: skip
    assert first["timestamp"].endswith("Z")
    assert "request_id" not in second


def test_struck_fields_never_show_their_value(lines):
    logs.get("room").info("x", phone="13800000000", token="secret-token", lat_e6=35, code="12345678", seq=1)
    (line,) = lines()
    assert (line["phone"], line["token"], line["lat_e6"], line["code"], line["seq"]) == ("***", "***", "***", "***", 1)


def test_an_exception_is_in_its_line(lines):
    try:
        raise ValueError("why")
    except ValueError:
        logs.get("room").exception("failed")
    (line,) = lines()
    assert "ValueError: why" in line["exception"]


def test_a_broken_key_of_postgresql_does_not_tell_the_row_in_any_log(pg_rt, lines, written):
    table = sa.table("account", *(sa.column(name) for name in ("id", "phone", "created_at")))
    row = {"phone": "13900000001", "created_at": clock.now()}
    try:
        with pg_rt.db.transaction() as session:
            session.execute(sa.insert(table), [{"id": "a", **row}, {"id": "b", **row}])
    except sa.exc.IntegrityError:
        logs.get("room").exception("failed")
        logging.getLogger("library").exception("failed")
    assert written.getvalue().count("uq_account_phone") >= 2
    assert written.getvalue().count("DETAIL: (hidden)") >= 2
    assert "13900000001" not in written.getvalue()


def test_where_nobody_configured_logs_only_warnings_are_written():
    program = "from shared import logs; logs.get('room').info('quiet'); logs.get('room').warning('loud')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "quiet" not in done.stderr
    assert "loud" in done.stderr
