"""The states of a spot check (evidence.md §10.2, §10.3), pure: the same table for its screens, the fold and the report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

ANSWER = dt.timedelta(minutes=30)
GRACE = dt.timedelta(hours=2)
"""How long after the deadline 「正在接诊」 may be said, and after the session's end a busy physician may still answer."""

IN_TIME, LATE, INSUFFICIENT = "in_time", "late", "insufficient"
ISSUED, ANSWERED, ANSWERED_LATE, BUSY, LAPSED = "issued", "answered", "answered_late", "busy", "lapsed"
PRESENT, EXCUSED, NOT_FOUND, VOID = "present", "excused", "not_found", "void"
RESULTS = (PRESENT, EXCUSED, NOT_FOUND)
"""What a person may decide; `void` is the system's."""

WORDS = {
    ISSUED: "待应答", ANSWERED: "已应答", ANSWERED_LATE: "应答较晚,待判定", BUSY: "正在接诊,待补充", LAPSED: "未响应",
    PRESENT: "到位", EXCUSED: "已说明", NOT_FOUND: "未找到", VOID: "作废",
}  # fmt: skip


@dataclass(frozen=True)
class Window:
    """When a check was issued, until when it is to be answered, when its session ends."""

    issued_at: dt.datetime
    deadline: dt.datetime
    session_end: dt.datetime

    @property
    def busy_until(self) -> dt.datetime:
        """The last instant at which 「正在接诊」 may be said."""
        return self.deadline + GRACE

    @property
    def met_until(self) -> dt.datetime:
        """The last instant at which an answer meets a check whose physician said he was busy."""
        return self.session_end + GRACE


@dataclass(frozen=True)
class Proof:
    """What an answer proves. `code`: fresh, kiosk, poster, none, at a clinic of the posting (`own`); `at`: when.

    `key` False = the device key does not hold, None = no key came with it; `inside`: the location lies in the fence.
    """

    code: str
    at: dt.datetime
    received_at: dt.datetime
    same_day: bool
    own: bool = True
    key: bool | None = None
    inside: bool = False


@dataclass(frozen=True)
class Told:
    """Everything recorded of one check: `answers` = (verdict, instant proven) of each, `result` = the newest decision."""

    window: Window | None
    answers: tuple[tuple[str, dt.datetime], ...] = ()
    busy: bool = False
    lapsed: bool = False
    result: str | None = None


def weigh(window: Window, proof: Proof) -> str:
    """in_time, late or insufficient: a code and a key that holds, or a location inside; a poster alone is no answer.

    A proof from before the issue proves nothing about it. One received on a later date is late whatever it proves (§10.2).
    """
    coded = proof.own and proof.code in ("fresh", "kiosk") and proof.key is not False
    if not (coded or proof.inside) or proof.at < window.issued_at:
        return INSUFFICIENT
    return IN_TIME if proof.at <= window.deadline and proof.same_day else LATE


def state_of(told: Told) -> str:
    """The state: what a person or the system decided, else the best answer, else busy, lapsed, issued."""
    if told.result is not None:
        return told.result
    if told.window is None:
        return VOID
    if any(verdict == IN_TIME for verdict, _ in told.answers):
        return ANSWERED
    late = [at for verdict, at in told.answers if verdict == LATE]
    if late and told.busy and min(late) <= told.window.met_until:
        return ANSWERED
    if late:
        return ANSWERED_LATE
    if told.busy:
        return BUSY
    return LAPSED if told.lapsed else ISSUED
