"""A mail relay on loopback that keeps what it takes and refuses by address: `4xx@` is busy, `5xx@` is gone."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes
from email.message import Message
from typing import Self


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        """One connection, as far as the client goes."""
        sink: Sink = self.server.sink  # type: ignore[attr-defined]
        self.say(sink.greeting)
        while line := self.rfile.readline():
            verb = line.decode(errors="replace").strip().upper()
            if verb.startswith("RCPT"):
                self.say("451 busy" if "<4XX" in verb else "550 no such user" if "<5XX" in verb else "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                sink.keep(b"".join(iter(self.rfile.readline, b".\r\n")))
                if sink.silent:
                    return
                self.say("250 taken")
            elif verb == "QUIT":
                return
            else:
                self.say("250 ok")

    def say(self, text: str) -> None:
        """One line."""
        self.wfile.write(f"{text}\r\n".encode())


class Sink:
    """The relay; `silent`: it takes a letter and ends the connection before it says so."""

    def __init__(self, greeting: str = "220 sink") -> None:
        self.letters: list[Message] = []
        self.greeting, self.silent = greeting, False
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk)
        self.server.daemon_threads, self.server.sink = True, self  # type: ignore[attr-defined]
        self.port = self.server.server_address[1]

    def keep(self, raw: bytes) -> None:
        """A letter is here."""
        self.letters.append(message_from_bytes(raw))

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
