"""The values the fold takes and gives: posting terms and ledger facts in, one day fact out. Pure.

Imported by everybody through `shared.progress.fold`. `to_dict` gives JSON values only; `from_dict(to_dict(x)) == x`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.rules.terms import PostingTerms

__all__ = ["DayFact", "FactRecord", "HalfFact", "PostingTerms"]


@dataclass(frozen=True)
class FactRecord:
    """One ledger fact: entry id, kind, sequence number in its stream, append instant, payload."""

    entry_id: str
    kind: str
    seq: int
    at: dt.datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class HalfFact:
    """One half-day. `status`: A attended, O ordered, L leave, P pending, X absent, "" nothing is owed (or not yet).

    `reason` says why it is P, X or not yet, with the words of continuity.md §6.5 (`window_open`, `decision_pending`,
    `no_scan`, `short`, `open`, `split_session`, `leave_late`, `leave_level`, `leave_refused`, `order_issuer`,
    `correction_late`, `correction_limit`, `correction_refused`, `spot_missed`, `weak_evidence`) and `future` while the session
    has not ended.
    `cover` L or O: valid leave or ordered work lies over it, attended or not, duty or not, `cover_kind` its type (sick,
    meeting ...); `cover_pending`: a slip over it awaits its decision. `pending`: it may still become attended, at `clinic_id`.
    `grade`: A to D, the weakest of the taps that bound it, with its version and reason code (evidence.md §9); None where one
    was recorded before there were grades, and then stored without version and reason.
    `outpatient`: None or {visits, department, record_ref, unattended, clinic_id, entry_id}.
    """

    status: str = ""
    clinic_id: str | None = None
    minutes: int = 0
    late: bool = False
    grade: str | None = None
    grade_version: str | None = None
    grade_reason: str | None = None
    outpatient: Mapping[str, Any] | None = None
    in_at: dt.datetime | None = None
    out_at: dt.datetime | None = None
    open: bool = False
    corrected: bool = False
    reason: str | None = None
    cover: str = ""
    cover_kind: str = ""
    cover_pending: bool = False
    pending: bool = False
    flags: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON form; instants in UTC with milliseconds."""
        named = {item.name: _plain(getattr(self, item.name)) for item in dataclasses.fields(self)}
        return {name: value for name, value in named.items() if value is not None or not name.startswith("grade_")}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> HalfFact:
        """Read `to_dict` back."""
        return cls(**{
            **data,
            "in_at": _instant(data["in_at"]),
            "out_at": _instant(data["out_at"]),
            "flags": tuple(data["flags"]),
            "evidence": tuple(data["evidence"]),
        })  # fmt: skip


@dataclass(frozen=True)
class DayFact:
    """The fold of everything recorded for one posting and date.

    `ward_rounds` counts rounds for quotas, one per kind, teaching included (of which `teaching_rounds`).
    `diary`: None or {entry_id, submitted_at, chars, photos, late}. `activities`: {kind, count, people, record_ref}.
    `spots`: spot checks, {check_id, session, origin, outside, state, reason, evidence}; a date without any is stored
    without the member, so that days folded before there were checks stay as they are.
    """

    posting_id: str
    date: dt.date
    duty: Mapping[str, bool]
    rest_day: bool
    halves: Mapping[str, HalfFact]
    ward_rounds: int = 0
    teaching_rounds: int = 0
    activities: tuple[Mapping[str, Any], ...] = ()
    diary: Mapping[str, Any] | None = None
    record_refs: tuple[str, ...] = ()
    corrections: int = 0
    flags: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    provisional: bool = False
    pending: bool = False
    spots: tuple[Mapping[str, Any], ...] = ()

    def attended(self) -> bool:
        """Whether any half-day of the date counts as attended."""
        return any(half.status == "A" for half in self.halves.values())

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        named = (item.name for item in dataclasses.fields(self) if item.name != "spots" or self.spots)
        return {name: _plain(getattr(self, name)) for name in named}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> DayFact:
        """Read `to_dict` back."""
        return cls(**{
            **data,
            "date": dt.date.fromisoformat(data["date"]),
            "halves": {name: HalfFact.from_dict(half) for name, half in data["halves"].items()},
            **{name: tuple(data[name]) for name in ("activities", "record_refs", "flags", "evidence")},
            "spots": tuple(data.get("spots", ())),
        })  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        utc = value.astimezone(dt.UTC)
        return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, HalfFact):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _instant(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)
