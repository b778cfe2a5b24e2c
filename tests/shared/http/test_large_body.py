"""A body that is refused unread is read to its end first: the caller gets a sentence, not a reset connection."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.fixtures.postgres import REPO, free_port

MEGABYTE = 1024 * 1024


@pytest.fixture
def address(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--port", str(port), "--no-ws",
               "--blocking-threads", "2", "tests.shared.http.served:application"]  # fmt: skip
    server = subprocess.Popen(
        command, cwd=REPO, env={**os.environ, "TEST_FOLDER": str(tmp_path), "PYTHONPATH": str(REPO)}
    )
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None
                time.sleep(0.1)
        else:
            pytest.fail("the server did not come up")
        yield "127.0.0.1", port
    finally:
        server.terminate()
        server.wait(timeout=15)


@pytest.mark.parametrize("size", [1, 40 * MEGABYTE])
def test_a_refused_body_is_answered_whatever_its_size(address, size):
    with contextlib.closing(http.client.HTTPConnection(*address, timeout=30)) as connection:
        parts = (b"0" * min(size, MEGABYTE) for _ in range(max(1, size // MEGABYTE)))
        headers = {"Content-Type": "application/json", "Content-Length": str(size)}
        connection.request("POST", "/api/sample/things", body=parts, headers=headers)
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["slug"]) == (401, "not-signed-in")
