"""How the emulator answers: JSON with an errcode, and the faults a test asked for."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Response, request

from tests.emulators.wechat.state import State

TEXTS = {0: "ok", 40001: "invalid credential", 42001: "access_token expired", 40014: "invalid access_token"}


def said(errcode: int, **more: Any) -> Response:
    """An answer as the platforms give it: HTTP 200 whatever happened."""
    body = {"errcode": errcode, "errmsg": TEXTS.get(errcode, f"error {errcode}"), **more}
    return Response(json.dumps(body), mimetype="application/json; encoding=utf-8")


def plain(**data: Any) -> Response:
    """An answer without an errcode."""
    return Response(json.dumps(data), mimetype="application/json")


def faulty(state: State, work: Callable[[], Response]) -> Response:
    """The call, with whatever fault the script holds for it: before it is done, or after."""
    with state.lock:
        wanted = state.fault(request.path)
    do = wanted or {}
    if "end_tokens" in do:
        state.end_tokens(do["end_tokens"])
    if "errcode" in do:
        return said(do["errcode"])
    if "status" in do and not do.get("after"):
        return Response(do.get("body", "<html>bad gateway</html>"), status=do["status"], mimetype="text/html")
    with state.lock:
        answer = work()
    if "sleep" in do:  # the platform has it, and the caller never learns
        time.sleep(do["sleep"])
    if do.get("cut"):
        body = answer.get_data()
        return Response(_half(body), headers={"Content-Length": str(len(body))}, mimetype="application/json")
    if "body" in do:
        return Response(do["body"], status=do.get("status", 200), mimetype="text/plain")
    return answer


def _half(body: bytes) -> Iterator[bytes]:
    yield body[: len(body) // 2]
