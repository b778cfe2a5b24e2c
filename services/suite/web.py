"""The web process: granian in front of the one WSGI application."""

from __future__ import annotations

import gc
import json
import os
import signal
import tempfile
from typing import Any

from services.suite import composition
from shared import logs
from shared.http.app import create_web
from shared.settings import Settings

ONLY = "WEB_ONLY_SERVICES"
"""How `serve` tells its granian processes which services to register; not a setting of an operator."""
GARBAGE = 20_000
"""New containers between two collections: a request makes about a thousand and nearly all are freed by their count."""


def application() -> Any:
    """The WSGI application; granian calls this once in each of its processes."""
    rt = composition.runtime()
    logs.configure(rt.settings.log_level)
    only = os.environ.get(ONLY)
    app = create_web(rt, composition.services(), only=tuple(only.split(",")) if only else None)
    gc.collect()
    gc.freeze()  # what was loaded stays: without this every full collection walks all modules again
    gc.set_threshold(GARBAGE)
    return app


def document() -> dict[str, Any]:
    """The API document of every service, made without a database or keys of an installation."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env({"ZHUDIAN_ENV": "test", "ZHUDIAN_VAR": folder})
        app = create_web(composition.runtime(settings), composition.services())
        answer = app.test_client().get("/api/openapi.json")
        found: dict[str, Any] = json.loads(answer.data)
        return found


def _end_when_asked() -> None:
    """In a fresh worker: it inherits granian's own handlers, which would swallow a signal until the application is loaded."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def serve(only: tuple[str, ...]) -> None:
    """Serve until SIGTERM or SIGINT."""
    from granian.constants import Interfaces
    from granian.server import Server

    settings = composition.settings()
    os.environ[ONLY] = ",".join(only)
    os.register_at_fork(after_in_child=_end_when_asked)
    Server(
        "services.suite.web:application", factory=True, interface=Interfaces.WSGI,
        address=settings.bind_host, port=settings.bind_port, workers=settings.web_workers,
        blocking_threads=settings.web_threads, backpressure=max(64, settings.web_threads * 32),
        respawn_failed_workers=True, workers_kill_timeout=30, log_access=False, process_name="zhudian-web",
    ).serve()  # fmt: skip
