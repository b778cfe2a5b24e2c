"""Spot checks with their seeds and plans, countersigns, objections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import shared.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=36), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, shared.db.Instant(timezone=True), nullable=nullable)


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.create_table(
        "spot_seed", _text("month", 7), sa.Column("closed", sa.LargeBinary(), nullable=True), _text("commitment", 64),
        _at("committed_at"), _at("revealed_at", nullable=True), sa.PrimaryKeyConstraint("month", name=op.f("pk_spot_seed")),
    )
    op.create_table(
        "spot_plan", _id("posting_id"), _text("month", 7), sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("half_days", json, nullable=False), _text("threshold", 24), _id("entry_id"),
        sa.PrimaryKeyConstraint("posting_id", "month", "version", name=op.f("pk_spot_plan")),
    )
    op.create_table(
        "spot_check", _id("id"), _id("posting_id"), _id("person_id"), _id("recipient_id"), _id("clinic_id", nullable=True),
        sa.Column("service_date", sa.Date(), nullable=False), _text("session", 2),
        sa.Column("drawn", sa.Boolean(), nullable=False), _text("origin", 8), sa.Column("outside", sa.Boolean(), nullable=False),
        sa.Column("busy", sa.Boolean(), nullable=False),
        _text("state", 16), _text("reason", 16, nullable=True), _at("issued_at", nullable=True), _at("deadline", nullable=True),
        _at("session_end", nullable=True), _at("noticed_at", nullable=True), sa.Column("decision", json, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_check")),
        sa.UniqueConstraint("posting_id", "service_date", "session", "drawn",
                            name=op.f("uq_spot_check_posting_id_service_date_session_drawn")),
    )  # fmt: skip
    op.create_index("ix_spot_check_state", "spot_check", ["state"], unique=False)
    op.create_index("ix_spot_check_person_id_service_date", "spot_check", ["person_id", "service_date"], unique=False)
    op.create_index(op.f("ix_spot_check_recipient_id"), "spot_check", ["recipient_id"], unique=False)
    op.create_table(
        "countersign", _id("id"), _id("target"), _id("posting_id"), _id("person_id"), _text("state", 12),
        sa.Column("off_rota", sa.Boolean(), nullable=False), _id("entry_id"), _at("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_countersign")),
        sa.UniqueConstraint("target", "person_id", name=op.f("uq_countersign_target_person_id")),
    )
    op.create_index(op.f("ix_countersign_posting_id"), "countersign", ["posting_id"], unique=False)
    op.create_table(
        "objection", _id("id"), _id("entry_id"), _id("posting_id"), _text("target_kind", 12), _text("target", 80),
        _text("reason_code", 24), _text("text", 1000), _id("filed_by", nullable=True), _text("filed_role", 32), _at("filed_at"),
        sa.Column("due", sa.Date(), nullable=False), _text("state", 12), sa.Column("decision", json, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_objection_entry_id")),
    )
    op.create_index(op.f("ix_objection_posting_id"), "objection", ["posting_id"], unique=False)
