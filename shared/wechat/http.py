"""One HTTP client for both platforms: a base address, timeouts, a size cap, JSON by its body, no redirects, no proxy.

It says whether a failed call may have arrived: NotSent only when nothing left this machine, NoAnswer otherwise.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

MOST_BYTES = 1 << 20
WHOLE_CALL = 10.0


class NotSent(Exception):
    """No connection: the platform has not seen the call."""


class NoAnswer(Exception):
    """Timeout, cut connection or a body that is not JSON, after the call was sent: it may have been done. `status` if one came."""

    def __init__(self, why: str, status: int | None = None) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class Reply:
    """An answer: status and the JSON object of its body (empty for an error status without one)."""

    status: int
    data: dict[str, Any]


@dataclass(frozen=True)
class Http:
    """Where calls go and how long they may take, in seconds."""

    base: str
    connect_timeout: float = 3.0
    read_timeout: float = 7.0

    def call(self, method: str, path: str, query: Mapping[str, str], body: bytes | None = None) -> Reply:
        """One call. Raises NotSent or NoAnswer."""
        ends = time.monotonic() + WHOLE_CALL
        connection = self._connect()
        try:
            try:
                connection.sock.settimeout(self.read_timeout)
                headers = {"Content-Type": "application/json"} if body is not None else {}
                connection.request(method, f"{urlsplit(self.base).path}{path}?{urlencode(query)}", body, headers)
                answer = connection.getresponse()
                content = _read(connection, answer, ends, self.read_timeout)
            except (OSError, http.client.HTTPException) as error:
                raise NoAnswer(type(error).__name__) from error
        finally:
            connection.close()
        return _reply(answer.status, content)

    def _connect(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.base)
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(
                parts.netloc, timeout=self.connect_timeout, context=ssl.create_default_context()
            )
        else:
            connection = http.client.HTTPConnection(parts.netloc, timeout=self.connect_timeout)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise NotSent(type(error).__name__) from error
        return connection


def _read(connection: http.client.HTTPConnection, answer: http.client.HTTPResponse, ends: float, most: float) -> bytes:
    """The body, within the time of the whole call and the size cap."""
    content = b""
    while not answer.isclosed():
        left = ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(min(left, most))
        piece = answer.read1(65536)
        content += piece
        if len(content) > MOST_BYTES:
            raise http.client.HTTPException("too long")
        if not piece:
            break
    if answer.length:  # read1 does not complain about a body that was cut
        raise http.client.IncompleteRead(content, answer.length)
    return content


def _reply(status: int, content: bytes) -> Reply:
    try:
        data = json.loads(content.decode("utf-8"))
    except ValueError as error:
        if status >= 500:
            return Reply(status, {})
        raise NoAnswer("not JSON", status) from error
    if not isinstance(data, dict):
        raise NoAnswer("not an object", status)
    return Reply(status, data)
