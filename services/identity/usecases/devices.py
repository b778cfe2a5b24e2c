"""Phones and their keys: enrolled, confirmed, revoked (evidence.md §6.1). Each is a fact in the person's own stream.

A key is young until 24 h have passed and, unless it came with the invitation, until somebody confirmed it. A lost phone
costs one sign-in and is held against nobody.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from services.identity import store
from shared import clock, device, ledger, outbox
from shared.access.models import Device
from shared.directory import lookup
from shared.directory.models import Person
from shared.events import DeviceBound
from shared.problems import InvalidBody, NotFound, NotYourRecord, Problem
from shared.roles import Principal
from shared.service import Runtime

ACTIVE_KEYS = 2
FRESH_SIGN_IN = dt.timedelta(minutes=5)
CONFIRM_DOMAIN = "confirm"


class SignInAgain(Problem):
    """A key is enrolled in the session of the invitation, or within 5 min of a sign-in."""

    status, slug, title = 409, "sign-in-again", "为了安全,请重新登录后再绑定这台手机"


class DeviceTaken(Problem):
    """The key is, or was, another person's, or was revoked: a key belongs to one physician for ever."""

    status, slug, title = 409, "device-taken", "这把手机密钥不能再绑定,请在手机上重新生成"


class DeviceLimit(Problem):
    """Two active keys already."""

    status, slug, title = 409, "device-limit", "最多绑定 2 台手机,请先解除一台"


class OtherKeyNeeded(Problem):
    """A key is confirmed by another confirmed key of the person, or in person at the medical office."""

    status, slug, title = 409, "other-key-needed", "请在另一台已确认的手机上操作,或到医务科当面确认"


def enrol(rt: Runtime, who: Principal, jwk: dict[str, Any], platform: str | None) -> tuple[bool, dict[str, Any]]:
    """Enrol the phone's public key for the person signed in; (False, …) when it is enrolled already.

    Raises InvalidBody for anything but a public P-256 key, SignInAgain, DeviceTaken, DeviceLimit.
    """
    person_id = _person(who)
    try:
        public = device.public_jwk(jwk)
    except device.KeyRefused as error:
        raise InvalidBody("jwk", str(error)) from error
    with rt.db.transaction() as session:
        ledger.lock(session, rt.keys, [ledger.Stream.person(person_id)])
        if known := store.device_by_thumbprint(session, device.thumbprint(public)):
            if known.person_id != person_id or known.revoked_at:
                raise DeviceTaken("this key was enrolled before")
            return False, shown(known)
        how = store.signed_in_by(session, who, clock.now() - FRESH_SIGN_IN)
        first = not store.devices_of(session, person_id)
        if how is None or (how == "invitation" and not first):
            raise SignInAgain("the sign-in is not fresh")
        row = add(rt, session, person_id, public, platform, "invitation" if how == "invitation" else "sign_in")
        return True, shown(row)


def add(
    rt: Runtime, session: Session, person_id: str, public: dict[str, str], platform: str | None, how: str
) -> Device:  # fmt: skip
    """Store a checked key and its fact in the caller's transaction. Raises DeviceLimit."""
    if len([row for row in store.devices_of(session, person_id) if row.revoked_at is None]) >= ACTIVE_KEYS:
        raise DeviceLimit("two keys are active")
    person = lookup.person(session, person_id)
    row = store.add_device(session, person_id, device.thumbprint(public), public, platform, how)
    ledger.append(
        session, rt.keys, kind="device.enrolled", stream=ledger.Stream.person(person_id),
        actor=ledger.Actor(person_id, "doctor", person.organisation_id),
        payload={"person_id": person_id, "device_id": row.id, "thumbprint": row.thumbprint, "jwk": public,
                 "platform": platform, "how": how, "date": clock.today().isoformat()},
    )  # fmt: skip
    outbox.put(session, DeviceBound(row.id))
    return row


def confirm(rt: Runtime, who: Principal, device_id: str, proof: dict[str, str] | None) -> dict[str, Any]:
    """Confirm a key: by its owner with another confirmed key (`proof` {thumbprint, signature} over {"confirm": thumbprint
    of this key}), or in person by an administrator of a hospital. A second confirmation changes nothing.

    Raises NotFound, OtherKeyNeeded.
    """
    with rt.db.transaction() as session:
        row = confirmable(session, who, device_id)
        ledger.lock(session, rt.keys, [ledger.Stream.person(row.person_id)])
        if row.confirmed_at or row.revoked_at:
            return shown(row)
        own = row.person_id == who.person_id
        if own and not _signed(session, row, proof or {}):
            raise OtherKeyNeeded("not signed with another confirmed key")
        actor = _actor(session, who, "doctor" if own else "recipient_admin", "supporter_admin")
        _told(rt, session, row, "device.confirmed", actor, how="other_key" if own else "in_person")
        row.confirmed_at = clock.now()
        return shown(row)


def revoke(rt: Runtime, who: Principal, device_id: str, reason_code: str) -> dict[str, Any]:
    """Revoke a key from now on; what it signed before stays as it was judged. Raises NotFound."""
    with rt.db.transaction() as session:
        row = revocable(session, who, device_id)
        ledger.lock(session, rt.keys, [ledger.Stream.person(row.person_id)])
        if row.revoked_at is None:
            own = row.person_id == who.person_id
            actor = _actor(session, who, "doctor" if own else "supporter_admin", "security_admin")
            _told(rt, session, row, "device.revoked", actor, reason_code=reason_code)
            row.revoked_at = clock.now()
        return shown(row)


def listed(rt: Runtime, who: Principal) -> list[dict[str, Any]]:
    """Own keys, newest first; hospital administrators also see the keys of their physicians that wait to be confirmed."""
    with rt.db.read() as session:
        rows = store.devices_of(session, who.person_id or "")
        waiting = store.unconfirmed(session) if who.has("recipient_admin", "supporter_admin") else []
        rows += [row for row in waiting if row.person_id != who.person_id
                 and _supervised(session, who, row, "recipient_admin", "supporter_admin")]  # fmt: skip
        names = lookup.names(session, Person, {row.person_id for row in rows})
        return [{**shown(row), "name": names.get(row.person_id, "")} for row in rows]


def confirmable(session: Session, who: Principal, device_id: str) -> Device:
    """The key a principal may confirm. Raises NotFound."""
    return _visible(session, who, device_id, "recipient_admin", "supporter_admin")


def revocable(session: Session, who: Principal, device_id: str) -> Device:
    """The key a principal may revoke. Raises NotFound."""
    if who.has("security_admin") and (row := session.get(Device, device_id)):
        return row
    return _visible(session, who, device_id, "supporter_admin")


def shown(row: Device) -> dict[str, Any]:
    """One key as its owner reads it; `age`: ok or young, as of now."""
    return {
        "id": row.id, "person": row.person_id, "thumbprint": row.thumbprint, "platform": row.platform, "how": row.how,
        "enrolled_at": clock.iso(row.enrolled_at),
        "confirmed_at": clock.iso(row.confirmed_at) if row.confirmed_at else None,
        "revoked_at": clock.iso(row.revoked_at) if row.revoked_at else None,
        "age": device.age(row.how, row.enrolled_at, row.confirmed_at, clock.now()),
    }  # fmt: skip


def _person(who: Principal) -> str:
    if who.person_id is None:
        raise NotYourRecord("this account has no person")
    return who.person_id


def _visible(session: Session, who: Principal, device_id: str, *roles: str) -> Device:
    row = session.get(Device, device_id)
    own = row is not None and row.person_id == who.person_id and who.has("doctor")
    if row is None or not (own or _supervised(session, who, row, *roles)):
        raise NotFound(f"no device {device_id}")
    return row


def _supervised(session: Session, who: Principal, row: Device, *roles: str) -> bool:
    """Whether one of these roles is held over a hospital of the owner's postings."""
    as_office = Principal(who.account_id, None, tuple(grant for grant in who.grants if grant.role in roles))
    postings = lookup.postings_of_person(session, row.person_id)
    return any(lookup.posting_visible(session, as_office, posting.id) for posting in postings)


def _signed(session: Session, row: Device, proof: dict[str, str]) -> bool:
    """Whether another confirmed key of the same person signed {"confirm": thumbprint of this one}."""
    other = store.device_by_thumbprint(session, proof.get("thumbprint", ""))
    if other is None or other.id == row.id or other.person_id != row.person_id or other.revoked_at:
        return False
    if device.age(other.how, other.enrolled_at, other.confirmed_at, clock.now()) != "ok":
        return False
    said = ledger.jcs({CONFIRM_DOMAIN: row.thumbprint})
    return device.verifies(other.public_jwk, proof.get("signature", ""), said)


def _actor(session: Session, who: Principal, *roles: str) -> ledger.Actor:
    """Who acts, in the first of these roles that is held."""
    grant = next(grant for role in roles for grant in who.grants if grant.role == role)
    return ledger.Actor(who.person_id, grant.role, grant.scope)


def _told(rt: Runtime, session: Session, row: Device, kind: str, actor: ledger.Actor, **more: str) -> None:
    payload = {"person_id": row.person_id, "device_id": row.id, "thumbprint": row.thumbprint,
               "date": clock.today().isoformat(), **more}  # fmt: skip
    ledger.append(session, rt.keys, kind=kind, stream=ledger.Stream.person(row.person_id), actor=actor, payload=payload)
