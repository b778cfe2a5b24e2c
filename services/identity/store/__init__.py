"""SQL of identity beside shared.access: failures of sign-in, invitations in use, device keys, consents."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock
from shared.access.lookup import digest
from shared.access.models import Account, Consent, Device, Invitation, SignInAttempt, SignInSession, Token
from shared.directory.models import Organisation, Person
from shared.ids import new_id
from shared.roles import Principal

SAME_TRANSACTION = dt.timedelta(minutes=1)


def subject_of(pepper: bytes, kind: str, value: str) -> str:
    """Keyed hash of a phone number or address: failures are counted without keeping either."""
    return hmac.new(pepper, f"sign-in/{kind}\n{value}".encode(), hashlib.sha256).hexdigest()


def add_failure(session: Session, subject: str, address: str) -> str:
    """Count a try as failed before it is checked, so that parallel tries cannot outrun the count. Gives its id."""
    failure_id = new_id()
    session.add(SignInAttempt(id=failure_id, subject=subject, address=address, at=clock.now()))
    session.flush()
    return failure_id


def failures(session: Session, subject: str, but: str, since: dt.datetime, most: int) -> list[dt.datetime]:
    """Instants of the newest failures of a phone number, newest first, without the one named `but`."""
    return list(
        session.scalars(
            sa.select(SignInAttempt.at)
            .where(SignInAttempt.subject == subject, SignInAttempt.at > since, SignInAttempt.id != but)
            .order_by(SignInAttempt.at.desc())
            .limit(most)
        )
    )


def failures_from(session: Session, address: str, since: dt.datetime) -> int:
    """How many failures an address has had since."""
    counted = sa.select(sa.func.count()).where(SignInAttempt.address == address, SignInAttempt.at > since)
    return session.scalar(counted) or 0


def drop_failure(session: Session, failure_id: str) -> None:
    """The try was not checked at all: it does not count."""
    session.execute(sa.delete(SignInAttempt).where(SignInAttempt.id == failure_id))


def forget_failures(session: Session, subject: str, older_than: dt.datetime) -> None:
    """After a success: this number starts at zero; and whatever no lock can need any more goes too."""
    session.execute(
        sa.delete(SignInAttempt).where(sa.or_(SignInAttempt.subject == subject, SignInAttempt.at < older_than))
    )


def open_invitation(session: Session, secret: str) -> tuple[Invitation, Account, str, str] | None:
    """The unused, unexpired invitation with its account and the names of person and organisation; None otherwise."""
    row = session.execute(
        sa.select(Invitation, Account, Person.name, Organisation.name)
        .join(Account, Account.id == Invitation.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Invitation.secret_sha256 == digest(secret), Invitation.used_at.is_(None))
        .where(Invitation.expires_at > clock.now(), Account.disabled_at.is_(None))
    ).first()
    return (row[0], row[1], row[2] or "", row[3] or "") if row else None


def use_invitation(session: Session, invitation_id: str) -> bool:
    """Mark it used; False when another request was first."""
    used = session.execute(
        sa.update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.used_at.is_(None), Invitation.expires_at > clock.now())
        .values(used_at=clock.now())
        .returning(Invitation.id)
    )
    return used.first() is not None


def people(session: Session, person_ids: set[str]) -> list[Person]:
    """Rows of the directory, ordered by id."""
    return list(session.scalars(sa.select(Person).where(Person.id.in_(person_ids)).order_by(Person.id)))


def accounts_touching(session: Session, person_ids: set[str], phones: set[str]) -> list[Account]:
    """Accounts of these people, and accounts that hold one of these phone numbers."""
    return list(
        session.scalars(sa.select(Account).where(sa.or_(Account.person_id.in_(person_ids), Account.phone.in_(phones))))
    )


def signed_in_by(session: Session, who: Principal, since: dt.datetime) -> str | None:
    """How this session or token may enrol a key: "invitation" (it was opened by the one-time link), "sign_in" (opened
    since then); None when neither. Opening the link uses it up in the same transaction that opens the session."""
    table = Token if who.via == "token" else SignInSession
    query = sa.select(table.created_at).where(table.account_id == who.account_id, table.ended_at.is_(None))
    if who.session_id is not None:
        query = query.where(table.id == who.session_id)
    opened = session.scalars(query.order_by(table.created_at.desc()).limit(1)).first()
    if opened is None:
        return None
    used = sa.select(Invitation.id).where(
        Invitation.account_id == who.account_id, Invitation.used_at <= opened,
        Invitation.used_at > opened - SAME_TRANSACTION,
    )  # fmt: skip
    if who.via != "token" and session.scalars(used).first() is not None:
        return "invitation"
    return "sign_in" if opened >= since else None


def device_by_thumbprint(session: Session, thumbprint: str) -> Device | None:
    """The key with this thumbprint, revoked or not."""
    return session.scalars(sa.select(Device).where(Device.thumbprint == thumbprint)).first()


def devices_of(session: Session, person_id: str) -> list[Device]:
    """Every key a person ever had, newest first."""
    query = sa.select(Device).where(Device.person_id == person_id)
    return list(session.scalars(query.order_by(Device.enrolled_at.desc(), Device.id)))


def unconfirmed(session: Session) -> list[Device]:
    """Active keys that wait for a confirmation, oldest first."""
    query = sa.select(Device).where(Device.how != "invitation", Device.confirmed_at.is_(None), Device.revoked_at.is_(None))
    return list(session.scalars(query.order_by(Device.enrolled_at, Device.id)))


def add_device(
    session: Session, person_id: str, thumbprint: str, jwk: dict[str, str], platform: str | None, how: str
) -> Device:  # fmt: skip
    """A new active key, enrolled now."""
    row = Device(id=new_id(), person_id=person_id, thumbprint=thumbprint, public_jwk=jwk, platform=platform, how=how,
                 enrolled_at=clock.now())  # fmt: skip
    session.add(row)
    session.flush()
    return row


def consent_of(session: Session, person_id: str, screen: str) -> Consent | None:
    """The newest answer of a person to a screen."""
    query = sa.select(Consent).where(Consent.person_id == person_id, Consent.screen == screen)
    return session.scalars(query.order_by(Consent.at.desc(), Consent.id.desc()).limit(1)).first()


def add_consent(session: Session, person_id: str, screen: str, version: str, language: str, given: bool) -> Consent:
    """A new answer, given now."""
    row = Consent(id=new_id(), person_id=person_id, screen=screen, version=version, language=language, given=given,
                  at=clock.now())  # fmt: skip
    session.add(row)
    session.flush()
    return row
