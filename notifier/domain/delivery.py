"""The life of a delivery (channels.md §8): its states, the order of channels, and what follows the answer to a call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

PLANNED, SENDING, ACCEPTED, DELIVERED, UNKNOWN = "planned", "sending", "accepted", "delivered", "unknown"
FAILED, HELD, EXPIRED, CANCELLED, SKIPPED = "failed", "held", "expired", "cancelled", "skipped"

WAITING = (PLANNED, SENDING, UNKNOWN, HELD)
"""States that something may still follow; an UNKNOWN row nothing follows any more has the reason GIVEN_UP."""
GIVEN_UP = "given-up"

WECOM, OA_TEMPLATE, OA_SUBSCRIBE, MAIL, CONSOLE = "wecom", "oa_template", "oa_subscribe", "mail", "console"
ADDRESS_OF = {WECOM: "wecom", OA_TEMPLATE: "oa", OA_SUBSCRIBE: "oa", MAIL: "mail", CONSOLE: "console"}
"""The channels in the order of reminders.md §6, each with the kind of address it needs. Console is for development."""

MOST_CALLS = 3
RETRIES = (dt.timedelta(seconds=2), dt.timedelta(seconds=8), dt.timedelta(seconds=30))
HOLD = dt.timedelta(minutes=10)
BLOCKED_FOR = dt.timedelta(days=30)
"""A blocked address is tried again after this long."""


def next_channel(usable: Mapping[str, str], tried: Collection[str]) -> str | None:
    """The first channel after those tried for which `usable` (kind of address -> where) has an address, or None."""
    last = max((list(ADDRESS_OF).index(channel) for channel in tried), default=-1)
    return next((channel for channel in list(ADDRESS_OF)[last + 1 :] if ADDRESS_OF[channel] in usable), None)


@dataclass(frozen=True)
class After:
    """What a delivery becomes: state, reason, when to look again, whether the call counted."""

    state: str
    reason: str | None = None
    wait: dt.timedelta = dt.timedelta(0)
    counted: bool = True


def after(action: str, calls: int, errcode: int | None, *, repeatable: bool, until_midnight: dt.timedelta) -> After:
    """What follows the answer to the `calls`-th call.

    `repeatable`: the platform suppresses an equal request, and its window is still open. `until_midnight`: from now to
    00:05 of the next day, when daily quotas begin anew.
    """
    code = "" if errcode is None else f":{errcode}"
    waits = {
        "wait-minute": dt.timedelta(minutes=1), "wait-ten": dt.timedelta(minutes=10), "wait-hour": dt.timedelta(hours=1),
        "wait-day": until_midnight,
    }  # fmt: skip
    if action == "accepted":
        return After(ACCEPTED)
    if action in waits:
        return After(PLANNED, f"wait{code}", waits[action], counted=False)
    if action in ("config", "bug"):
        return After(HELD, f"{action}{code}", HOLD, counted=False)
    if action == "retry":
        return After(PLANNED, f"retry{code}", RETRIES[calls - 1]) if calls < MOST_CALLS else After(FAILED, f"retry{code}")
    if action == "unknown":
        return After(UNKNOWN, None, RETRIES[-1]) if repeatable and calls < MOST_CALLS else After(UNKNOWN, GIVEN_UP)
    return After(FAILED, f"{action}{code}")


def untimely(state: str, expires_at: dt.datetime, reminder: tuple[str, str | None], called: bool, now: dt.datetime) -> After | None:
    """Why a waiting delivery is not (or no more) called: past its use, or its reminder (state, reason) has been closed.

    What was called with an unknown outcome stays unknown: to call it expired or cancelled would say that nothing arrived.
    """
    gone = After(UNKNOWN, GIVEN_UP) if state == UNKNOWN else None
    if now > expires_at:
        return gone or After(EXPIRED)
    if not called and reminder[0] in ("done", "dropped", "expired"):
        return gone or After(CANCELLED, reminder[1] or reminder[0])
    return None
