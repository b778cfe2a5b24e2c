"""The port for short messages. No vendor's code lives here: one is added as a class beside `ConsoleSms` and named in settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from notifier.channels.port import Answer

SIGNATURE, MOST_CHARACTERS = "【驻点通】", 70
TEMPLATES = {"missed": SIGNATURE + "您有 {count} 个半天未记录到,{until} 24:00 前可申请补签。"}


class Sms(Protocol):
    """A vendor: `parse_report` reads the delivery report it posts back into (idempotency key, action) pairs."""

    def send(self, phone: str, template: str, params: Mapping[str, str], idempotency_key: str) -> Answer: ...

    def parse_report(self, body: bytes) -> Sequence[tuple[str, str]]: ...


def rendered(template: str, params: Mapping[str, str]) -> str:
    """The text of one short message. Raises ValueError when it would be sent as two."""
    text = TEMPLATES[template].format(**params)
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"{len(text)} characters")
    return text


class ConsoleSms:
    """Development: prints the text, with the last four digits of the number."""

    def send(self, phone: str, template: str, params: Mapping[str, str], idempotency_key: str) -> Answer:
        """Print it."""
        print(f"[SMS] -> *{phone[-4:]}: {rendered(template, params)}", flush=True)
        return Answer("accepted", msgid=idempotency_key)

    def parse_report(self, body: bytes) -> Sequence[tuple[str, str]]:
        """A console reports nothing."""
        return ()


def vendor(name: str | None) -> Sms | None:
    """The vendor of the settings, or None: short messages are off."""
    return ConsoleSms() if name == "console" else None
