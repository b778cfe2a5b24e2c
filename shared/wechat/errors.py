"""What an errcode means for us (channels.md §7): pure and table-driven. The errmsg is never looked at."""

from __future__ import annotations

from enum import StrEnum

OFFICIAL_ACCOUNT, WECOM = "oa", "wecom"


class Action(StrEnum):
    """What follows an answer. `refresh` never leaves the client: it fetches a token once and repeats the call once."""

    ACCEPTED = "accepted"
    RETRY = "retry"
    WAIT_MINUTE = "wait-minute"
    WAIT_TEN = "wait-ten"
    WAIT_HOUR = "wait-hour"
    WAIT_DAY = "wait-day"
    REFRESH = "refresh"
    RECIPIENT = "recipient"
    MESSAGE = "message"
    CONFIG = "config"
    BUG = "bug"
    UNKNOWN = "unknown"


_A = Action
_BOTH = {
    0: _A.ACCEPTED, -1: _A.RETRY, 40014: _A.REFRESH, 42001: _A.REFRESH, 40003: _A.RECIPIENT,
    **dict.fromkeys((40013, 40125, 40164, 41001, 41002, 41004, 50001), _A.CONFIG),
    43004: _A.RECIPIENT, 45011: _A.WAIT_MINUTE, 47001: _A.BUG, 47003: _A.BUG,
}  # fmt: skip
_TABLE = {
    OFFICIAL_ACCOUNT: {
        **_BOTH, 40001: _A.REFRESH, 40036: _A.BUG, 40037: _A.BUG, 42007: _A.RECIPIENT, 43019: _A.RECIPIENT,
        43101: _A.MESSAGE, 43116: _A.MESSAGE, 43117: _A.WAIT_TEN, 45009: _A.WAIT_DAY, 45015: _A.MESSAGE,
        45047: _A.MESSAGE, 48001: _A.CONFIG, 48002: _A.RECIPIENT, 50005: _A.RECIPIENT, 89503: _A.CONFIG,
    },
    WECOM: {
        **_BOTH, 40001: _A.CONFIG, 40056: _A.CONFIG, 40058: _A.CONFIG, 301002: _A.CONFIG, 45009: _A.WAIT_MINUTE,
        45033: _A.RETRY, 48002: _A.CONFIG, 6000: _A.RETRY, 60011: _A.CONFIG, 60020: _A.CONFIG, 60111: _A.RECIPIENT,
        81013: _A.RECIPIENT, 82001: _A.RECIPIENT, 93000: _A.CONFIG,
    },
}  # fmt: skip


def classify(platform: str, errcode: int) -> Action:
    """The action for an errcode of a platform; a number we do not know is permanent for this message."""
    return _TABLE[platform].get(errcode, Action.MESSAGE)


def known(platform: str) -> frozenset[int]:
    """The numbers the table names."""
    return frozenset(_TABLE[platform])
