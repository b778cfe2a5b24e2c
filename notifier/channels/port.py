"""What every channel is: renders the text of a request once, sends it, and says what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """The stored words of a reminder, as they were frozen; `type` chooses a template."""

    type: str
    title: str
    text: str
    due_at: dt.datetime


@dataclass(frozen=True)
class Answer:
    """What became of one call: an action of shared.wechat.errors for every recipient but those in `refused`.

    `refused` names recipients (lower case) that the platform took out of the call, each with the state its address gets.
    `address`: the state of the address when the whole call failed for its recipient.
    """

    action: str
    http_status: int | None = None
    errcode: int | None = None
    msgid: str | None = None
    refused: Mapping[str, str] = field(default_factory=dict)
    address: str = "blocked"


class Channel(Protocol):
    """One way out of the house.

    `batch`: most recipients of one call. `window`: how long the platform suppresses an equal request (0: not at all), so
    that a call with an unknown outcome may be repeated.
    """

    @property
    def name(self) -> str: ...
    @property
    def batch(self) -> int: ...
    @property
    def window(self) -> dt.timedelta: ...

    def render(self, message: Message, call_id: str) -> str:
        """The text of the request without its recipients: stored, and equal in every repeat."""
        ...

    def send(self, body: str, recipients: Sequence[str], call_id: str) -> Answer:
        """Make the call. Never raises for what a platform or network does."""
        ...

    def wait(self, recipient: str, now: dt.datetime) -> dt.datetime | None:
        """None, and the recipient's share of our own limits is taken; or when to ask again."""
        ...
