"""What both platforms share: a call with a token, one refresh of it, and an answer classified by its errcode."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shared.settings.channels import Channels, Platform
from shared.wechat.errors import Action, classify
from shared.wechat.http import Http, NoAnswer, NotSent
from shared.wechat.tokens import Fetched, Tokens, TokenTrouble


@dataclass(frozen=True)
class Said:
    """What a platform answered: the action that follows, HTTP status, errcode, and the body."""

    action: Action
    status: int | None = None
    errcode: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)


class Calls:
    """Calls to one platform as one app."""

    def __init__(self, name: str, platform: Platform, channels: Channels, tokens: Tokens) -> None:
        self.name, self.platform, self.tokens = name, platform, tokens
        self.http = Http(platform.api_base, channels.connect_timeout, channels.read_timeout)

    def key(self, kind: str) -> str:
        """The name of a token or ticket: platform, app, agent and secret, by a full hash."""
        parts = f"{self.name}\n{self.platform.app}\n{self.platform.agent}\n{self.platform.secret}\n{self.platform.api_base}"
        return f"{self.name}:{kind}:{hashlib.sha256(parts.encode()).hexdigest()}"

    def once(self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None = None) -> Said:
        """One call, classified; never raises."""
        content = None if body is None else json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
        try:
            reply = self.http.call(method, path, query, content)
        except NotSent:
            return Said(Action.RETRY)
        except NoAnswer as lost:
            return Said(Action.UNKNOWN, lost.status)
        if reply.status >= 500:
            return Said(Action.RETRY, reply.status)
        errcode = reply.data.get("errcode", 0)
        if not isinstance(errcode, int):
            return Said(Action.UNKNOWN, reply.status)
        return Said(classify(self.name, errcode), reply.status, errcode, reply.data)

    def with_token(
        self, fetch: Callable[[], Fetched], method: str, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None = None
    ) -> Said:
        """A call with the access token; a refused one is fetched anew once and the call made once more, never again."""
        try:
            token = self.tokens.get(self.key("token"), fetch)
            said = self.once(method, path, {"access_token": token, **query}, body)
            if said.action is not Action.REFRESH:
                return said
            token = self.tokens.replace(self.key("token"), token, fetch)
        except TokenTrouble as trouble:
            return Said(trouble.action, errcode=trouble.errcode)
        said = self.once(method, path, {"access_token": token, **query}, body)
        return replace(said, action=Action.CONFIG) if said.action is Action.REFRESH else said


def fetched(said: Said, name: str) -> Fetched:
    """The token or ticket of an answer. Raises TokenTrouble; an outcome nobody knows is no harm here and is tried again."""
    value, life = said.data.get(name), said.data.get("expires_in")
    if said.action is Action.ACCEPTED and isinstance(value, str) and value and isinstance(life, int):
        return Fetched(value, life)
    harmless = said.action in (Action.ACCEPTED, Action.UNKNOWN, Action.RETRY)
    mild = said.action in (Action.WAIT_MINUTE, Action.WAIT_DAY, Action.WAIT_TEN, Action.WAIT_HOUR)
    raise TokenTrouble(Action.RETRY if harmless else said.action if mild else Action.CONFIG, said.errcode)
