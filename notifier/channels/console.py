"""The console: development and demo read what would leave the house; same rows, same code path."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

from notifier.channels.port import Answer, Message


class Console:
    """Prints type, recipient, title and text."""

    name, batch, window = "console", 200, dt.timedelta(0)

    def render(self, message: Message, call_id: str) -> str:
        """Its three lines."""
        return json.dumps([message.type, message.title, message.text], ensure_ascii=False)

    def send(self, body: str, recipients: Sequence[str], call_id: str) -> Answer:
        """Print them."""
        kind, title, text = json.loads(body)
        for recipient in recipients:
            print(f"[{kind}] -> {recipient}: {title} / {text}", flush=True)
        return Answer("accepted", msgid=call_id)

    def wait(self, recipient: str, now: dt.datetime) -> dt.datetime | None:
        """No limit."""
        return None
