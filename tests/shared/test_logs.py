"""Log lines are JSON, carry their context, and never what must not be in a log."""

import io
import json
import logging
import subprocess
import sys

import pytest

from shared import logs


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


def test_where_nobody_configured_logs_only_warnings_are_written():
    program = "from shared import logs; logs.get('room').info('quiet'); logs.get('room').warning('loud')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "quiet" not in done.stderr
    assert "loud" in done.stderr
