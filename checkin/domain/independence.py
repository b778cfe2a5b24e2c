"""Who may confirm that somebody else was there, and what such a signature is worth (evidence.md §9.1). Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

MAX_TARGETS = 20
STATEMENTS = {"saw_on_site": "现场见到", "duty_record": "值班记录", "phone_call": "电话核实", "visit": "到场走访"}
BASES = frozenset({"visit", "phone_call", "duty_record"})
"""What somebody from outside the clinic may base a signature on."""
DECLINED = {"not_seen": "没有见到", "not_on_duty": "当时不在岗", "cannot_tell": "不能确认"}
WITHDRAWN = {"mistaken": "确认有误", "cannot_tell": "不能确认", "other": "其他"}
OFFICERS = ("recipient_admin", "supporter_admin", "quality_office", "county_officer", "city_officer")
ROLES = ("witness", *OFFICERS)
SHORT, LONG = dt.timedelta(hours=24), dt.timedelta(hours=72)
WEAK = frozenset({"poster", "none"})


@dataclass(frozen=True)
class Relation:
    """How the signer stands to the record: in which role, on the clinic's rota or not, and what ties him to the physician."""

    role: str
    self: bool
    on_rota: bool
    approver: bool
    shared_device: bool

    @property
    def independent(self) -> bool:
        """On the rota or outside it, and neither the physician, his approver, nor a sharer of his phone."""
        return not (self.self or self.shared_device or self.approver or self.role == "recipient_admin")

    @property
    def off_rota(self) -> bool:
        """From outside the clinic: an officer who is not on its rota."""
        return self.role in OFFICERS and not self.on_rota and not (self.self or self.shared_device)

    @property
    def admitted(self) -> bool:
        """Whether the signature is worth anything at all."""
        return self.independent or self.off_rota

    @property
    def word(self) -> str:
        """`rota` or `outside`."""
        return "rota" if self.on_rota or self.role == "witness" else "outside"


def weak(strength: str, flags: tuple[str, ...] | list[str]) -> bool:
    """Whether a record stands on the poster alone, or on no code, and a signature is what it lacks."""
    return strength in WEAK or "code_unverified" in flags


def closes(effective_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Until when a signature from within the clinic is of use: 24 h, then 72 h after the record."""
    return effective_at + (SHORT if now <= effective_at + SHORT else LONG)
