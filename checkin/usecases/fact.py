"""The records of one judged tap: the ledger's payload (evidence.md §2.1), the own row, and what the phone is shown."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from checkin.domain import words
from checkin.domain.evidence import Held, Placed, graded, stands_on
from checkin.domain.verdict import Verdict, Weighed
from checkin.models import Attendance
from checkin.store.look import Open
from checkin.usecases.arrival import Sender, Site, install_hash, prefix_hash
from shared import clock, ledger
from shared.attendance.grade import Graded, window_class
from shared.attendance.session import label
from shared.attendance.words import location_line, missing_text
from shared.keys import Keys
from shared.roles import Principal
from shared.rules.load import Programme

CLAIMS = ("beacon_id", "beacon_age_ms", "device_time", "mono_ms", "device_seq", "device_prev")
"""Members of the body that are kept beside the verdict as what they are: claims."""
THUMBPRINT = 43
"""Characters of a key's thumbprint."""


class Request(NamedTuple):
    """One request on its way through: who, what, its key, the bytes that were signed, the instant it was received."""

    who: Principal
    item: dict[str, Any]
    client_event_id: bytes
    canonical: bytes
    body_hash: bytes
    now: dt.datetime
    sender: Sender

    @property
    def body(self) -> dict[str, Any]:
        """The signed part of the item."""
        body: dict[str, Any] = self.item["body"]
        return body

    @property
    def person_id(self) -> str:
        """The physician."""
        return self.who.person_id or ""


class Case(NamedTuple):
    """Everything known about one tap when it is written down."""

    site: Site
    posting: Open
    programme: Programme
    weighed: Weighed
    verdict: Verdict
    held: Held = Held()
    placed: Placed = Placed()

    @property
    def judged(self) -> dict[str, Any]:
        """What the grade at the tap stands on."""
        return stands_on(self.held, self.placed, window_class(self.weighed.window))


class Kept(NamedTuple):
    """A recorded tap as answers show it: the own row without what only unique keys need."""

    id: str
    posting_id: str
    clinic_id: str
    service_date: dt.date
    session: str
    direction: str
    effective_at: dt.datetime
    received_at: dt.datetime
    method: str
    strength: str
    slot: int | None
    flags: list[str]
    seq: int
    loc_failure: str | None
    loc_verdict: str | None
    distance_band: str | None
    judged: dict[str, Any] | None

    @classmethod
    def of(cls, row: Attendance) -> Kept:
        """The stored row, free of its session."""
        return cls(*(getattr(row, name) for name in cls._fields))


def payload(keys: Keys, tap: Request, case: Case) -> dict[str, Any]:
    """The fact `attendance.recorded`; instants as ISO text with milliseconds, `body` as it was signed."""
    proof, claim = case.weighed.proof, case.weighed.claim
    return {
        "posting_id": case.posting.id, "programme_id": case.programme.id, "rules_sha256": case.programme.sha256,
        "client_event_id": tap.client_event_id.hex(), "clinic_id": case.site.clinic.id,
        "direction": case.verdict.direction, "direction_source": case.verdict.direction_source,
        "session": case.verdict.session, "service_date": case.weighed.service_date.isoformat(),
        "effective_at": clock.iso(case.weighed.effective_at), "received_at": clock.iso(tap.now),
        "proven_from": clock.iso(case.weighed.lower) if case.weighed.lower else None, "proven_to": clock.iso(tap.now),
        "method": proof.method, "slot": proof.slot, "ticket_id": proof.ticket_id, "code_check": proof.check,
        "strength": proof.strength, "flags": list(case.verdict.flags), "skew_ms": claim.skew_ms,
        "online": tap.body.get("online", True), "sent_at": (tap.item.get("sent") or {}).get("sent_at"),
        **{name: tap.body.get(name) for name in CLAIMS},
        "device_key": case.held.thumbprint, "judged": case.judged, "loc_verdict": case.placed.verdict,
        "distance_band": case.placed.band, "loc_failure": case.placed.failure, "install_id_hash": install_hash(keys, tap.sender.install),
        "ip_prefix_hash": prefix_hash(keys, tap.sender.address), "body": tap.body,
    }  # fmt: skip


def row(keys: Keys, tap: Request, case: Case, entry: ledger.Appended) -> dict[str, Any]:
    """The values of the own row of an appended tap."""
    return {
        "id": entry.entry_id, "posting_id": case.posting.id, "person_id": tap.person_id,
        "clinic_id": case.site.clinic.id, "service_date": case.weighed.service_date, "session": case.verdict.session,
        "direction": case.verdict.direction, "direction_source": case.verdict.direction_source,
        "effective_at": case.weighed.effective_at, "received_at": tap.now, "method": case.weighed.proof.method,
        "strength": case.weighed.proof.strength, "slot": case.weighed.proof.slot, "flags": list(case.verdict.flags),
        "seq": entry.seq, "client_event_id": tap.client_event_id, "loc_failure": case.placed.failure,
        "loc_verdict": case.placed.verdict, "distance_band": case.placed.band, "device": _column(case.held.thumbprint),
        "install_hash": install_hash(keys, tap.sender.install), "judged": case.judged,
    }  # fmt: skip


def _column(thumbprint: str | None) -> str | None:
    """A thumbprint as the column holds it; what is none stays in the ledger alone."""
    return thumbprint if thumbprint and len(thumbprint) == THUMBPRINT else None


def view(found: Attendance | Kept, clinic_name: str, now: Graded | None = None) -> dict[str, Any]:
    """One tap as its physician reads it: both times, strength and marks, the grade so far with its reasons, the place.

    `now`: the grade with what came later; without it the grade at the tap. A tap from before grades has none.
    """
    grade = now or graded(found.judged, found.strength, found.flags)
    accuracy = found.judged["accuracy_m"] if found.judged else None
    return {
        "id": found.id, "direction": found.direction, "session": found.session,
        "label": label(found.direction, found.session), "clinic": {"id": found.clinic_id, "name": clinic_name},
        "service_date": found.service_date.isoformat(), "effective_at": clock.iso(found.effective_at),
        "received_at": clock.iso(found.received_at), "strength": found.strength, "flags": list(found.flags),
        "seq": found.seq,
        "evidence_line": words.evidence_line(found.strength, found.flags, grade), "grade": grade and grade.grade,
        "grade_version": grade and grade.version, "counts": grade.counts if grade else None, "reason": grade and grade.reason,
        "missing": list(grade.missing) if grade else [], "missing_text": missing_text(grade) if grade else [],
        "location_line": location_line(found.loc_verdict or "none", found.distance_band, accuracy, found.loc_failure),
    }  # fmt: skip
