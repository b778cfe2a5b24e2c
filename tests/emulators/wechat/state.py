"""What the emulator remembers: people, tokens, messages, calls, faults, and the time it believes in."""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

TOKEN_LIFE, TICKET_LIFE, CODE_LIFE, OVERLAP = 7200, 7200, 300, 300
PER_MINUTE, PER_HOUR, PER_ACCOUNT_DAY = 30, 1000, 200


@dataclass
class User:
    """A person of both platforms; `name` is what the page shows. `userid` None: not in the corporation."""

    name: str
    openid: str
    userid: str | None = None
    follows: bool = True
    blocks: bool = False
    rejects: bool = False
    licensed: bool = True
    snapshot: bool = False
    consents: int = 0


@dataclass
class Message:
    """Something a person can read."""

    platform: str
    user: str
    title: str
    text: str
    url: str
    at: float
    msgid: str


@dataclass
class Fault:
    """What happens to the next `times` calls whose path contains `match`."""

    match: str
    times: int
    do: dict[str, Any]


@dataclass
class State:
    """Everything, behind one lock. `accounts`: what the platform was told when it was set up."""

    appid: str = "wxdemo0000000001"
    appsecret: str = "oa-secret"
    corpid: str = "wwdemo0000000001"
    corpsecret: str = "wecom-secret"
    agent: int = 1000002
    template: str = "TEMPLATE-1"
    fields: dict[str, int] = field(default_factory=lambda: {"thing1": 20, "thing2": 20, "time3": 32})
    token: str = "zhudian"
    aes_key: str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    trusted: bool = True
    redirect_host: str | None = None
    oa_quota: int = 100_000
    callbacks: dict[str, str] = field(default_factory=dict)
    users: list[User] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    codes: dict[str, tuple[User, float, str]] = field(default_factory=dict)
    used_codes: set[str] = field(default_factory=set)
    sent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[str, tuple[float, str]] = field(default_factory=dict)
    events: list[tuple[float, str, str]] = field(default_factory=list)
    dropped: int = 0
    suppressed: int = 0
    shift: float = 0.0
    frozen: float | None = None
    lock: Any = field(default_factory=threading.RLock)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def now(self) -> float:
        """Seconds since the epoch, as the emulator believes."""
        return (time.time() if self.frozen is None else self.frozen) + self.shift

    def fault(self, path: str) -> dict[str, Any] | None:
        """What the script wants for this call, used up."""
        for fault in self.faults:
            if fault.match in path and fault.times > 0:
                fault.times -= 1
                return fault.do
        return None

    def member(self, userid: str) -> User | None:
        """The member of this id, whatever its case."""
        return next((user for user in self.users if user.userid and user.userid.lower() == userid.lower()), None)

    def follower(self, openid: str) -> User | None:
        """The person of this openid."""
        return next((user for user in self.users if user.openid == openid), None)

    def issue(self, kind: str, life: float) -> tuple[str, int]:
        """The living value of a kind, or a new one; and how many seconds it has left."""
        value, until = self.tokens.get(kind, ("", 0.0))
        if until - self.now() <= (OVERLAP if kind == "oa" else 0):
            value, until = secrets.token_urlsafe(120), self.now() + life
            self.tokens[kind] = (value, until)
            self.tokens[f"{kind}:{value}"] = (value, until)
        return value, int(until - self.now())

    def token_error(self, kind: str, token: str | None) -> int:
        """0, or why a call with this token is refused."""
        if not token:
            return 41001
        kept = self.tokens.get(f"{kind}:{token}")
        if kept is None:
            return 40014
        return 42001 if kept[1] <= self.now() else 0

    def end_tokens(self, kind: str) -> None:
        """Every token of a kind is over, earlier than it said."""
        for name in [name for name in self.tokens if name == kind or name.startswith(f"{kind}:")]:
            self.tokens[name] = (self.tokens[name][0], 0.0)

    def deliver(self, message: Message, *, limited: bool) -> bool:
        """Put it before the person, unless too much came: then it vanishes without a word."""
        log, now = self.sent[message.user], self.now()
        log[:] = [at for at in log if at > now - 3600]
        if limited and (sum(at > now - 60 for at in log) >= PER_MINUTE or len(log) >= PER_HOUR):
            self.dropped += 1
            return False
        log.append(now)
        self.messages.append(message)
        return True
