"""What the web view of a phone checks before it lets a page use camera and position."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.emulators.wechat.state import State


def checked(state: State, said: dict[str, Any], url: str) -> int:
    """How many of the signatures of a `wx.config` or `ww.register` fit this page."""
    wanted = [("jsapi" if said["platform"] == "oa" else "corp-ticket", said["signature"])]
    if said["agent_signature"]:
        wanted.append(("agent-ticket", said["agent_signature"]))
    return sum(_sign(state.tokens.get(kind, ("", 0.0))[0], said, url) == signature for kind, signature in wanted)


def _sign(ticket: str, said: dict[str, Any], url: str) -> str:
    text = f"jsapi_ticket={ticket}&noncestr={said['nonce_str']}&timestamp={said['timestamp']}&url={url}"
    return hashlib.sha1(text.encode()).hexdigest()
