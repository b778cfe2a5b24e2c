"""Deliveries through channels with their calls, addresses, credits, callbacks seen; accounts of platforms that sign in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import shared.db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=36), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, shared.db.Instant(timezone=True), nullable=nullable)


def _int(name: str, *, nullable: bool = False, **more: object) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable, **more)


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.create_table(
        "delivery", _id("id"), _id("reminder_id"), _text("key", 200), _id("recipient"), _text("channel", 16),
        _text("external_id", 128), _text("state", 12), _text("reason", 40, nullable=True), _id("call_id", nullable=True),
        sa.Column("body", sa.Text(), nullable=True), _text("body_hash", 64, nullable=True), _int("calls"), _at("planned_at"),
        _at("expires_at"), _at("next_at"), _at("changed_at"), sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", "recipient", "channel", name=op.f("uq_delivery_key_recipient_channel")),
    )
    op.create_index(op.f("ix_delivery_reminder_id"), "delivery", ["reminder_id"], unique=False)
    op.create_index(op.f("ix_delivery_call_id"), "delivery", ["call_id"], unique=False)
    op.create_table(
        "attempt", _id("delivery_id"), _int("n", autoincrement=False), _text("channel", 16), _at("started_at"),
        _at("ended_at", nullable=True), _int("http_status", nullable=True), _int("errcode", nullable=True),
        _text("msgid", 128, nullable=True), _text("action", 12, nullable=True), _text("request_hash", 64),
        sa.PrimaryKeyConstraint("delivery_id", "n", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_channel_ended_at", "attempt", ["channel", "ended_at"], unique=False)
    op.create_index(op.f("ix_attempt_msgid"), "attempt", ["msgid"], unique=False)
    op.create_table(
        "address", _id("id"), _id("person_id"), _text("channel", 16), _text("external_id", 128), _text("state", 12),
        _text("reason", 40, nullable=True), _at("since"), sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("person_id", "channel", name=op.f("uq_address_person_id_channel")),
    )
    op.create_index("ix_address_channel_external_id", "address", ["channel", "external_id"], unique=False)
    op.create_table(
        "credit", _id("id"), _id("person_id"), _text("template", 64), _int("change"), _at("at"),
        _id("delivery_id", nullable=True), _text("source", 16), sa.PrimaryKeyConstraint("id", name=op.f("pk_credit")),
    )
    op.create_index("ix_credit_person_id_template", "credit", ["person_id", "template"], unique=False)
    op.create_table(
        "callback_seen", _id("id"), _text("platform", 32), _text("event_key", 200), _at("received_at"),
        sa.Column("event", json, nullable=False), sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_seen")),
        sa.UniqueConstraint("platform", "event_key", name=op.f("uq_callback_seen_platform_event_key")),
    )  # fmt: skip
    _access()


def _access() -> None:
    op.create_table(
        "bound_account", _id("id"), _id("account_id"), _text("platform", 8), _text("external_id", 128), _at("bound_at"),
        _at("ended_at", nullable=True), sa.PrimaryKeyConstraint("id", name=op.f("pk_bound_account")),
    )
    living = sa.text("ended_at IS NULL")
    for name, columns in (("ix_bound_account_platform_external_id", ["platform", "external_id"]),
                          ("ix_bound_account_account_id_platform", ["account_id", "platform"])):  # fmt: skip
        op.create_index(name, "bound_account", columns, unique=True, sqlite_where=living, postgresql_where=living)
    op.create_table(
        "sign_in_state", _text("secret_sha256", 64), _text("platform", 8), _text("goes_to", 400),
        _text("external_id", 128, nullable=True), _int("wrong"), _at("expires_at"), _at("used_at", nullable=True),
        sa.PrimaryKeyConstraint("secret_sha256", name=op.f("pk_sign_in_state")),
    )
    op.create_index(op.f("ix_sign_in_state_expires_at"), "sign_in_state", ["expires_at"], unique=False)
