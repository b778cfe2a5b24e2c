"""A physician answers a check or says 「正在接诊」. No answer is refused for being late (evidence.md §10.2, §10.3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from checkin.domain.evidence import Held, Placed
from checkin.domain.verdict import Weighed, weigh
from checkin.models import SpotCheck
from checkin.store import look, spots
from checkin.usecases import arrival, evidence, refuse
from checkin.usecases.arrival import Sender, Site
from checkin.usecases.repeat import AlreadyRecorded
from checkin.usecases.spot import reading, telling
from checkin.usecases.spot.telling import SpotClosed
from shared import clock, ledger
from shared.attendance import spot
from shared.attendance.spot import Proof, Window
from shared.calendar import local_date
from shared.directory import lookup
from shared.directory.models import Posting
from shared.ledger import beacon
from shared.problems import IdempotencyConflict, InvalidBody, NotFound, NotYourRecord
from shared.progress import store as progress_store
from shared.roles import Principal
from shared.service import Runtime

CLAIMS = ("beacon_id", "beacon_age_ms", "device_time", "mono_ms", "device_seq", "device_prev", "photo_sha256")
CLOSED = (*spot.RESULTS, spot.VOID)


def answer(
    rt: Runtime, who: Principal, check_id: str, item: dict[str, Any], sender: Sender
) -> tuple[bool, dict[str, Any]]:  # fmt: skip
    """Record an answer, an item of evidence.md §4; (True, …) when new, (False, …) with the first receipt for a repeat.

    Gives {"receipt", "verdict", "check"}. Raises NotFound, NotYourRecord, InvalidBody, IdempotencyConflict,
    AlreadyRecorded once the check is met, SpotClosed once it has a result, and, kept as evidence, CodeWrong, CodeLocked.
    """
    body, now = item["body"], clock.now()
    key, digest = _signed(who, body)
    if body.get("check_id") != check_id:
        raise InvalidBody("check_id", "the item is about another check")
    with rt.db.read() as session:
        if first := _before(session, key, digest, "spotcheck.answered"):
            return False, _answered(session, who, check_id, first)
        row = telling.own(session, who, check_id)
        posting = lookup.posting(session, row.posting_id)
    attempt = refuse.Attempt(who.person_id or "", key, digest, body, now, row.clinic_id, row.posting_id)
    came = _judged(rt, who, item, posting, attempt, sender)
    with rt.db.transaction() as session:
        entry = _write(session, rt, check_id, item, came, (key, digest), sender)
        if not isinstance(entry, ledger.Appended):
            refuse.keep(session, rt, attempt, entry)
        else:
            progress_store.note_contact(session, who.person_id or "", item)
            told = _answered(session, who, check_id, entry)
    if not isinstance(entry, ledger.Appended):
        raise entry
    return not entry.repeated, told


def _signed(who: Principal, body: dict[str, Any]) -> tuple[bytes, bytes]:
    if not who.person_id or body["person"] != who.person_id:
        raise NotYourRecord("the item names another person than the one signed in")
    try:
        return bytes.fromhex(body["client_event_id"]), ledger.body_hash(body)
    except ledger.ProfileError as error:
        raise InvalidBody("body", str(error)) from error


def _before(session: Session, key: bytes, digest: bytes, kind: str) -> ledger.Appended | None:
    first = ledger.seen(session, key, digest)
    if first is not None and first.kind != kind:
        raise IdempotencyConflict("client_event_id is known with another body")
    return first


@dataclass(frozen=True)
class _Came:
    """What came with an answer: the clinic its code belongs to and what the code proves (None where nothing names one), the
    phone's key, the place."""

    posting: Posting
    held: Held
    placed: Placed
    site: Site | None = None
    weighed: Weighed | None = None


def _judged(rt: Runtime, who: Principal, item: dict[str, Any], posting: Posting, attempt: refuse.Attempt, sender: Sender) -> _Came:
    """Everything the answer proves, judged as a tap is."""
    body, person_id = item["body"], who.person_id or ""
    install = arrival.install_hash(rt.keys, sender.install)
    seen = look.look(rt.db, look.asked(rt.db, item, local_date(attempt.at), attempt.at, install=install))
    held = evidence.held(item.get("device"), ledger.jcs(body), person_id, seen, attempt.at)
    tapped_at = arrival.instant(body.get("device_time")) or attempt.at
    came = _Came(posting, held, evidence.placed(rt.db, item, person_id, posting.clinics, tapped_at))
    site = arrival.find_site(rt, body, attempt.at, seen)
    if site is None:
        return came
    heard = beacon.hear(rt.keys.beacon_signer, body.get("beacon_id"), person_id, attempt.at)
    weighed = weigh(arrival.read(rt, item, site, attempt.at, sender, heard))
    if body.get("typed") and body.get("online", True) and not weighed.proof.ticket_id:
        refuse.digits(rt, attempt, posting.id, wrong=weighed.proof.check == "wrong")
    return replace(came, site=site, weighed=weighed)


def _write(
    session: Session, rt: Runtime, check_id: str, item: dict[str, Any], came: _Came, key: tuple[bytes, bytes], sender: Sender
) -> ledger.Appended | SpotClosed:
    row = spots.locked(session, check_id)
    if row is None or row.issued_at is None:
        raise NotFound(f"no spot check {check_id}")
    if row.state in CLOSED:
        return SpotClosed("the check has a result")
    if row.state == spot.ANSWERED and (earlier := _met_by(session, row)):
        raise AlreadyRecorded(earlier)
    now = clock.now()
    proof = proof_of(came, row, now)
    verdict = spot.weigh(window_of(row), proof)
    actor = ledger.Actor(row.person_id, "doctor", came.posting.supporter_id)
    return telling.append(
        session, rt, "spotcheck.answered", row, _payload(rt, item, came, proof, verdict, sender), actor,
        client_event_id=key[0], body_hash=key[1],
    )  # fmt: skip


def proof_of(came: _Came, row: SpotCheck, now: dt.datetime) -> Proof:
    """What an answer proves by its code, its key and its place. A phone without a key is not held against its owner: its code
    counts; a signature that does not hold takes the code away."""
    weighed, site = came.weighed, came.site
    at = weighed.effective_at if weighed else now
    return Proof(
        code=weighed.proof.strength if weighed else "none", at=at, received_at=now,
        same_day=local_date(now) == row.service_date and local_date(at) == row.service_date,
        own=site is not None and site.clinic.id in came.posting.clinics and not site.revoked,
        key=None if came.held.thumbprint is None else came.held.value != "none", inside=came.placed.verdict == "inside",
    )  # fmt: skip


def window_of(row: SpotCheck) -> Window:
    """The times of an issued check."""
    assert row.issued_at
    assert row.deadline
    assert row.session_end
    return Window(row.issued_at, row.deadline, row.session_end)


def _payload(
    rt: Runtime, item: dict[str, Any], came: _Came, proof: Proof, verdict: str, sender: Sender
) -> dict[str, Any]:  # fmt: skip
    """The proof fields of `attendance.recorded`, the verdict, and the body as it was signed. Of a place only the verdict and
    the band are kept: an answer needs no coordinates later."""
    site, weighed = came.site, came.weighed
    body, code = item["body"], weighed.proof if weighed else None
    return {
        "client_event_id": body["client_event_id"], "verdict": verdict, "late": verdict == spot.LATE,
        "answer_clinic_id": site.clinic.id if site else None, "effective_at": clock.iso(proof.at),
        "received_at": clock.iso(proof.received_at), "proven_from": clock.iso(code.lower) if code and code.lower else None,
        "proven_to": clock.iso(proof.received_at), "strength": proof.code, "method": code.method if code else "none",
        "slot": code.slot if code else None, "ticket_id": code.ticket_id if code else None,
        "code_check": code.check if code else "none", "flags": list(code.flags) if code else [],
        "skew_ms": weighed.claim.skew_ms if weighed else None, "online": body.get("online", True),
        "sent_at": (item.get("sent") or {}).get("sent_at"), **{name: body.get(name) for name in CLAIMS},
        "loc_failure": came.placed.failure, "loc_verdict": came.placed.verdict, "distance_band": came.placed.band,
        "device": came.held.value,
        "install_id_hash": arrival.install_hash(rt.keys, sender.install),
        "ip_prefix_hash": arrival.prefix_hash(rt.keys, sender.address), "body": body,
    }  # fmt: skip


def _met_by(session: Session, row: SpotCheck) -> ledger.Appended | None:
    """The answer that met the check."""
    for fact in ledger.facts(session, row.posting_id, row.service_date, row.service_date):
        said = fact.payload
        if fact.kind == "spotcheck.answered" and said["check_id"] == row.id and said["verdict"] != spot.INSUFFICIENT:
            return ledger.find_client_event(session, bytes.fromhex(said["client_event_id"]))
    return None


def _answered(session: Session, who: Principal, check_id: str, entry: ledger.Appended) -> dict[str, Any]:
    row = telling.own(session, who, check_id)
    fact = ledger.fact(session, entry.entry_id)
    verdict = fact.payload["verdict"] if fact else ""
    return {"receipt": entry.receipt, "verdict": verdict, "verdict_words": VERDICTS.get(verdict, ""),
            "check": reading.one_own(session, row)}  # fmt: skip


VERDICTS = {
    spot.IN_TIME: "已应答", spot.LATE: "已收到,应答较晚,由管理人员判定",
    spot.INSUFFICIENT: "已收到,但只凭这个码不算应答,请扫门诊屏幕上的码",
}  # fmt: skip


def busy(rt: Runtime, who: Principal, check_id: str, body: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
    """「正在接诊/抢救」: {client_event_id, person, check_id, said_at?}, up to two hours after the deadline; no penalty.

    Gives {"receipt", "check"}. Raises NotFound, NotYourRecord, IdempotencyConflict, SpotClosed after a result or those hours.
    """
    key, digest = _signed(who, body)
    if body.get("check_id") != check_id:
        raise InvalidBody("check_id", "the item is about another check")
    with rt.db.transaction() as session:
        telling.own(session, who, check_id)
        row = spots.locked(session, check_id)
        assert row is not None
        first = _before(session, key, digest, "spotcheck.busy")
        entry = first or _say_busy(session, rt, row, body, (key, digest))
        return first is None, {"receipt": entry.receipt, "check": reading.one_own(session, row)}


def _say_busy(
    session: Session, rt: Runtime, row: SpotCheck, body: dict[str, Any], key: tuple[bytes, bytes]
) -> ledger.Appended:  # fmt: skip
    if row.state in CLOSED or clock.now() > window_of(row).busy_until:
        raise SpotClosed("the check has a result, or its time to say so is over")
    supporter = lookup.posting(session, row.posting_id).supporter_id
    said = {"reason": "with_patient", "said_at": clock.iso(clock.now()), "claimed_at": body.get("said_at"), "body": body}
    return telling.append(session, rt, "spotcheck.busy", row, said, ledger.Actor(row.person_id, "doctor", supporter),
                          client_event_id=key[0], body_hash=key[1])  # fmt: skip
