"""The Flask app of the emulator, and a server of it on loopback."""

from __future__ import annotations

import threading
from typing import Self

from flask import Flask, request
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.emulators.wechat import callbacks, chat, control, oauth, official, wecom
from tests.emulators.wechat.state import State


def create(state: State) -> Flask:
    """The app; every call of a platform's API is written down without its secrets."""
    app = Flask("wechat-emulator")
    for room in (wecom, official, oauth, control, chat):
        app.register_blueprint(room.blueprint(state))

    @app.before_request
    def note() -> None:
        if not request.path.startswith(("/_/", "/chat")):
            body = request.get_json(silent=True)
            state.calls.append({"path": request.path, "at": state.now(), "body": body})

    return app


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Nothing: the call log says it."""


class Emulator:
    """The emulator in a thread of its own."""

    def __init__(self, state: State | None = None, port: int = 0) -> None:
        self.state = state or State()
        self.server = make_server("127.0.0.1", port, create(self.state), threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def calls(self, path: str) -> list[dict]:
        """The calls of one path."""
        return [call for call in self.state.calls if call["path"] == path]

    def pump(self) -> int:
        """Send the events that are due."""
        return callbacks.pump(self.state)

    def settings(self) -> dict[str, str]:
        """The environment of a product that talks to this emulator."""
        return control.settings(self.state, self.url)
