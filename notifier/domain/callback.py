"""What a platform tells us unasked (channels.md §9): the plain fields of an event, its key, and what it means."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from xml.etree import ElementTree

MOST_BYTES = 64 * 1024
JOB_FINISHED, FOLLOWED, LEFT = "TEMPLATESENDJOBFINISH", "subscribe", "unsubscribe"
KEPT = ("Event", "MsgID", "Status")


class Unreadable(ValueError):
    """Not the flat XML a platform sends."""


def fields(xml: str) -> dict[str, str]:
    """{tag: text} of a flat document. Raises Unreadable; a DTD or an entity is never read."""
    if len(xml.encode()) > MOST_BYTES or re.search(r"<!(?!\[CDATA\[)", xml):
        raise Unreadable("too long, or a declaration")
    try:
        return {child.tag: child.text or "" for child in ElementTree.fromstring(xml)}
    except ElementTree.ParseError as error:
        raise Unreadable("not XML") from error


def key(event: Mapping[str, str]) -> str:
    """Equal for repeats of one message or event. A digest: no openid stands in it."""
    names = ("MsgId",) if event.get("MsgId") else ("FromUserName", "CreateTime", "Event", "MsgID")
    return hashlib.sha256("\n".join(event.get(name, "") for name in names).encode()).hexdigest()


def address_state(status: str) -> str | None:
    """What a failed template message says about the address, if anything."""
    return "blocked" if status.replace(" ", "") == "failed:userblock" else None
