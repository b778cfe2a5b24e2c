"""Hand a seat over: signed by the outgoing physician, the incoming one, then the recipient (evidence.md §2.4)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from checkin import store
from checkin.models import Handover
from checkin.usecases.deciding import NotYourTurn, actor, done_by, keyed, not_oneself, receipt_of, seen_locked
from shared import clock, ledger, outbox
from shared.directory import lookup
from shared.directory.models import Person, Posting
from shared.directory.scope import role_over
from shared.events import DayTouched
from shared.ids import new_id
from shared.problems import IdempotencyConflict, InvalidBody, NotFound
from shared.roles import ROLES, Principal
from shared.service import Runtime

NEXT = {"out": "in", "in": "recipient"}
WHOSE = {"in": "doctor", "recipient": "recipient_admin"}
SOON = dt.timedelta(days=60)
"""So long before its start a posting is offered as the one that takes over."""


def open_handover(rt: Runtime, who: Principal, body: dict[str, Any]) -> tuple[bool, Handover]:
    """The outgoing physician signs first: {client_event_id, person, posting_id, in_posting_id, items}.

    Both postings are at one recipient, of two persons, and of one seat where both name one. Raises NotFound, InvalidBody,
    IdempotencyConflict.
    """
    key = keyed(who, body)
    items = [text.strip() for text in body["items"] if text.strip()]
    with rt.db.transaction() as session:
        out = lookup.posting(session, body["posting_id"])
        if not who.has("doctor") or out.person_id != who.person_id:
            raise NotFound(f"no own posting {body['posting_id'][:40]}")
        if known := seen_locked(session, rt, out.id, key):
            return False, _of_entry(session, known)
        coming = lookup.posting(session, body["in_posting_id"])
        if not follows(out, coming):
            raise InvalidBody(
                "in_posting_id", "not a successor at this recipient", hint="接手的派驻不在同一受援机构或同一席位"
            )
        if not items:
            raise InvalidBody("items", "nothing is handed over", hint="请写明交接事项")
        digest = hashlib.sha256(ledger.jcs(items)).hexdigest()
        row = Handover(id=new_id(), posting_id=out.id, in_posting_id=coming.id, seat_id=out.seat_id or coming.seat_id,
                       items=items, items_sha256=digest, step="out", signatures=[])  # fmt: skip
        entry = _sign(session, rt, row, ledger.Actor(who.person_id, "doctor", out.supporter_id), coming, key)
        row.entry_id = entry.entry_id
        session.add(row)
        return True, row


def sign_handover(rt: Runtime, who: Principal, handover_id: str, body: dict[str, Any]) -> tuple[bool, Handover]:
    """Sign next: {client_event_id, items_sha256} of what was read. The step follows from who signs.

    Raises NotFound, NotYourTurn before the incoming physician signed, AlreadyDecided, SelfApproval, InvalidBody when the
    items are others than those signed first.
    """
    key = keyed(who, body)
    with rt.db.transaction() as session:
        row = store.handover_for_signature(session, handover_id)
        step = _step(session, who, row) if row else None
        if row is None or step is None:
            raise NotFound(f"no handover {handover_id[:40]}")
        if ledger.seen(session, *key):
            return False, row
        out, coming = lookup.posting(session, row.posting_id), lookup.posting(session, row.in_posting_id)
        _check(session, who, row, step, body, (out, coming))
        signer = actor(session, who, "doctor", coming) if step == "in" else actor(session, who, "recipient_admin", out)
        row.step = step
        _sign(session, rt, row, signer, coming, key)
        return True, row


def _check(
    session: Session, who: Principal, row: Handover, step: str, body: dict[str, Any], postings: tuple[Posting, Posting]
) -> None:
    for said in row.signatures:
        if said["step"] == step:
            raise done_by(session, said["by"], clock.parse_iso(said["at"]))
    if NEXT.get(row.step) != step:
        raise NotYourTurn("the incoming physician signs first", approver="接手医师")
    if step == "recipient":
        not_oneself(who, *(posting.person_id for posting in postings))
    if body["items_sha256"] != row.items_sha256:
        raise InvalidBody("items_sha256", "other items", hint="交接事项已变化,请重新查看")


def _step(session: Session, who: Principal, row: Handover) -> str | None:
    coming = lookup.posting(session, row.in_posting_id)
    if who.has("doctor") and who.person_id == coming.person_id:
        return "in"
    if role_over(session, who, lookup.posting(session, row.posting_id), ("recipient_admin",)):
        return "recipient"
    return None


def _sign(
    session: Session, rt: Runtime, row: Handover, signer: ledger.Actor, coming: Posting, key: tuple[bytes, bytes]
) -> ledger.Appended:
    today = clock.today()
    entry = ledger.append(
        session, rt.keys, kind="handover.signed", stream=ledger.Stream.posting(row.posting_id), actor=signer,
        client_event_id=key[0], body_hash=key[1],
        payload={"posting_id": row.posting_id, "handover_id": row.id, "seat": row.seat_id, "step": row.step,
                 "in_posting_id": coming.id, "in_person_id": coming.person_id, "items_sha256": row.items_sha256,
                 "date": today.isoformat()},
    )  # fmt: skip
    row.signatures = [*row.signatures, {"step": row.step, "by": signer.person_id, "role": signer.role, "at": clock.iso(entry.at),
                                        "entry_id": entry.entry_id}]  # fmt: skip
    outbox.put(session, DayTouched(entry.entry_id, row.posting_id, today.isoformat(), today.isoformat()))
    return entry


def _of_entry(session: Session, known: ledger.Appended) -> Handover:
    row = session.scalars(sa.select(Handover).where(Handover.entry_id == known.entry_id)).first()
    if row is None:
        raise IdempotencyConflict("client_event_id is known from another kind of entry")
    return row


def signable(session: Session, who: Principal, handover_id: str) -> Handover:
    """The handover as the object of a signature. Raises NotFound."""
    row = session.get(Handover, handover_id)
    if row is None or _step(session, who, row) is None:
        raise NotFound(f"no handover {handover_id[:40]}")
    return row


def view(row: Handover) -> dict[str, Any]:
    """The handover as it was signed; `waits_for` the role of the next signature, None when complete."""
    step = NEXT.get(row.step)
    return {
        "id": row.id, "posting_id": row.posting_id, "in_posting_id": row.in_posting_id, "items": row.items,
        "items_sha256": row.items_sha256, "step": row.step, "waits_for": WHOSE[step] if step else None,
        "signatures": [
            {"step": one["step"], "role_label": ROLES[one["role"]].label, "at": one["at"]} for one in row.signatures
        ],
    }  # fmt: skip


def shown(session: Session, who: Principal, rows: Sequence[Handover]) -> list[dict[str, Any]]:
    """Handovers with the names of both physicians, and whether the next signature is the reader's."""
    held = {one.id: one for row in rows for one in (lookup.posting(session, row.posting_id), lookup.posting(session, row.in_posting_id))}
    names = lookup.names(session, Person, {one.person_id for one in held.values()})
    return [
        {**view(row), "out_name": names.get(held[row.posting_id].person_id, ""), "in_name": names.get(held[row.in_posting_id].person_id, ""),
         "may_sign": row.step in NEXT and NEXT[row.step] == _step(session, who, row)}
        for row in rows
    ]  # fmt: skip


def answer(rt: Runtime, who: Principal, row: Handover, body: dict[str, Any]) -> dict[str, Any]:
    """What the phone gets for a signature: the receipt, the handover as its reader sees it."""
    with rt.db.read() as session:
        found = shown(session, who, [row])[0]
    return {"receipt": receipt_of(rt, body), "handover": found}


def rows(session: Session, who: Principal) -> list[Handover]:
    """Handovers of the person as one of the two physicians, and those of the recipients it speaks for, newest first."""
    own = sa.select(Posting.id).where(Posting.person_id == (who.person_id if who.has("doctor") else None))
    ours = sa.select(Posting.id).where(Posting.recipient_id.in_(who.scopes("recipient_admin")))
    query = sa.select(Handover).where(
        sa.or_(Handover.posting_id.in_(own), Handover.in_posting_id.in_(own), Handover.posting_id.in_(ours))
    )
    return list(session.scalars(query.order_by(Handover.id.desc()).limit(100)))


def listing(rt: Runtime, who: Principal) -> list[dict[str, Any]]:
    """The same as they are shown to scripts."""
    with rt.db.read() as session:
        return shown(session, who, rows(session, who))


def successors(rt: Runtime, who: Principal) -> list[dict[str, Any]]:
    """To whom the physician may hand over: postings now or soon at the recipient of each own one, of other persons, and of
    the same seat where both name one."""
    today = clock.today()
    with rt.db.read() as session:
        own = lookup.open_postings(session, who.person_id or "", today)
        others = lookup.postings_between(session, today, today + SOON) if own else []
        pairs = [(mine, one) for mine in own for one in others if follows(mine, one)]
        names = lookup.names(session, Person, {one.person_id for _, one in pairs})
        return [
            {"posting_id": mine.id, "in_posting_id": one.id, "name": names.get(one.person_id, ""),
             "start": one.start.isoformat()}
            for mine, one in pairs
        ]  # fmt: skip


def follows(out: Posting, coming: Posting) -> bool:
    """Whether a posting may take a seat over: at the same recipient, of another person, no other seat."""
    seats = {out.seat_id, coming.seat_id} - {None}
    return coming.recipient_id == out.recipient_id and coming.person_id != out.person_id and len(seats) < 2
