"""Accounts and what they may do. Secrets are kept as SHA-256 hex, passwords as argon2id; ids are no secrets (S-14)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Base, Id, Instant, Json

Digest = sa.String(64)


class Account(Base):
    """One person's way in. No password = invited, not yet used; disabled_at = refused at the next request."""

    __tablename__ = "account"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str | None] = mapped_column(Id, unique=True)
    phone: Mapped[str] = mapped_column(sa.String(32), unique=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    password_set_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    disabled_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class AccountGrant(Base):
    """A role over one organisation (scope = its id; None for administration)."""

    __tablename__ = "grant"
    __table_args__ = (sa.UniqueConstraint("account_id", "role", "scope"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    account_id: Mapped[str] = mapped_column(Id)
    role: Mapped[str] = mapped_column(sa.String(32))
    scope: Mapped[str | None] = mapped_column(Id)
    granted_at: Mapped[dt.datetime] = mapped_column(Instant)


class SignInSession(Base):
    """A browser's session. It ends at expires_at, after idle_seconds without a request, or at ended_at."""

    __tablename__ = "session"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    account_id: Mapped[str] = mapped_column(Id, index=True)
    secret_sha256: Mapped[str] = mapped_column(Digest, unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    last_seen_at: Mapped[dt.datetime] = mapped_column(Instant)
    idle_seconds: Mapped[int]
    expires_at: Mapped[dt.datetime] = mapped_column(Instant)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class Token(Base):
    """A bearer token of a script."""

    __tablename__ = "token"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    account_id: Mapped[str] = mapped_column(Id, index=True)
    secret_sha256: Mapped[str] = mapped_column(Digest, unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    expires_at: Mapped[dt.datetime] = mapped_column(Instant)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class Invitation(Base):
    """A one-time link to set the first (or a new) password: 128 bit, 72 h, single use."""

    __tablename__ = "invitation"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    account_id: Mapped[str] = mapped_column(Id, index=True)
    secret_sha256: Mapped[str] = mapped_column(Digest, unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    expires_at: Mapped[dt.datetime] = mapped_column(Instant)
    used_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class BoundAccount(Base):
    """A WeChat ("oa") or WeCom ("wecom") account that signs in as this account; one each way while it is not ended."""

    __tablename__ = "bound_account"
    __table_args__ = tuple(
        sa.Index(name, *columns, unique=True, sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"))
        for name, columns in (("ix_bound_account_platform_external_id", ("platform", "external_id")),
                              ("ix_bound_account_account_id_platform", ("account_id", "platform")))
    )  # fmt: skip
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    account_id: Mapped[str] = mapped_column(Id)
    platform: Mapped[str] = mapped_column(sa.String(8))
    external_id: Mapped[str] = mapped_column(sa.String(128))
    bound_at: Mapped[dt.datetime] = mapped_column(Instant)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class SignInState(Base):
    """A sign-in through a platform on its way: the one-time `state` of the redirect, then (with `external_id`) the
    account that came back and waits to be bound. `wrong`: invitations typed that were none."""

    __tablename__ = "sign_in_state"
    secret_sha256: Mapped[str] = mapped_column(Digest, primary_key=True)
    platform: Mapped[str] = mapped_column(sa.String(8))
    goes_to: Mapped[str] = mapped_column(sa.String(400))
    external_id: Mapped[str | None] = mapped_column(sa.String(128))
    wrong: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[dt.datetime] = mapped_column(Instant, index=True)
    used_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class SignInAttempt(Base):
    """A sign-in tried and not (yet) succeeded. subject and address are keyed hashes: unknown phones count like known ones."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (sa.Index("ix_sign_in_attempt_subject_at", "subject", "at"),
                      sa.Index("ix_sign_in_attempt_address_at", "address", "at"))  # fmt: skip
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    subject: Mapped[str] = mapped_column(Digest)
    address: Mapped[str] = mapped_column(Digest)
    at: Mapped[dt.datetime] = mapped_column(Instant)


class Device(Base):
    """A phone's public key (evidence.md §6.1): one physician's for ever, revoked or not.

    `how` it came: with the one-time `invitation`, else after a fresh `sign_in`; `platform`: class of the web view.
    """

    __tablename__ = "device"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, index=True)
    thumbprint: Mapped[str] = mapped_column(sa.String(43), unique=True)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(Json)
    platform: Mapped[str | None] = mapped_column(sa.String(32))
    how: Mapped[str] = mapped_column(sa.String(12), default="sign_in")
    enrolled_at: Mapped[dt.datetime] = mapped_column(Instant)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class Consent(Base):
    """One answer to one consent screen: version and language of the text, given or withdrawn."""

    __tablename__ = "consent"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, index=True)
    screen: Mapped[str] = mapped_column(sa.String(8))
    version: Mapped[str] = mapped_column(sa.String(32))
    language: Mapped[str] = mapped_column(sa.String(16))
    given: Mapped[bool]
    at: Mapped[dt.datetime] = mapped_column(Instant)


class AuditRow(Base):
    """Who did or tried what, when, from where, with which result (S-28). Append-only.

    `rule` is the route's pattern, `target` its arguments without secrets; result = done, refused, denied.
    """

    __tablename__ = "audit_row"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(Instant, index=True)
    policy: Mapped[str] = mapped_column(sa.String(64))
    kind: Mapped[str] = mapped_column(sa.String(16))
    account_id: Mapped[str | None] = mapped_column(Id, index=True)
    person_id: Mapped[str | None] = mapped_column(Id)
    via: Mapped[str] = mapped_column(sa.String(16))
    address: Mapped[str | None] = mapped_column(sa.String(64))
    method: Mapped[str] = mapped_column(sa.String(8))
    rule: Mapped[str] = mapped_column(sa.String(200))
    target: Mapped[dict[str, Any]] = mapped_column(Json)
    result: Mapped[str] = mapped_column(sa.String(16))
    status: Mapped[int]
    slug: Mapped[str | None] = mapped_column(sa.String(48))


AUDIT_TRIGGERS = tuple(
    f"CREATE TRIGGER audit_row_no_{verb.lower()} BEFORE {verb} ON audit_row "
    f"BEGIN SELECT RAISE(ABORT, 'audit_row is append-only'); END"
    for verb in ("UPDATE", "DELETE")
)
"""SQLite has no column rights: triggers keep the audit append-only (S-09); the migration runs the same statements."""

for _statement in AUDIT_TRIGGERS:
    sa.event.listen(
        AuditRow.__table__,
        "after_create",
        sa.DDL(_statement).execute_if(dialect="sqlite"),  # type: ignore[no-untyped-call]
    )
