"""Flags that something outside a posting's chain raises, and what diaries and photos are compared by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "raised_flag",
        sa.Column("target", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("posting_id", sa.String(length=36), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(length=36), nullable=False),
        sa.Column("at", shared.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("target", "code", name=op.f("pk_raised_flag")),
    )
    with op.batch_alter_table("raised_flag", schema=None) as batch_op:
        batch_op.create_index("ix_raised_flag_posting_id_service_date", ["posting_id", "service_date"], unique=False)
    op.create_table(
        "diary_shape",
        sa.Column("diary_id", sa.String(length=36), nullable=False),
        sa.Column("recipient_id", sa.String(length=36), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("filed_at", shared.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("diary_id", name=op.f("pk_diary_shape")),
    )
    with op.batch_alter_table("diary_shape", schema=None) as batch_op:
        batch_op.create_index("ix_diary_shape_recipient_id_grams", ["recipient_id", "grams"], unique=False)
    op.create_table(
        "diary_photo",
        sa.Column("diary_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("programme_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("diary_id", "sha256", name=op.f("pk_diary_photo")),
    )
    with op.batch_alter_table("diary_photo", schema=None) as batch_op:
        batch_op.create_index("ix_diary_photo_sha256", ["sha256"], unique=False)
    op.create_table(
        "photo_look",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("look", sa.String(length=16), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("middle", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_photo_look")),
    )
    with op.batch_alter_table("photo_look", schema=None) as batch_op:
        batch_op.create_index("ix_photo_look_high", ["high"], unique=False)
        batch_op.create_index("ix_photo_look_low", ["low"], unique=False)
        batch_op.create_index("ix_photo_look_middle", ["middle"], unique=False)
    with op.batch_alter_table("ledger_payload", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ledger_payload_located",
            ["day_from"],
            unique=False,
            postgresql_where=sa.text("loc IS NOT NULL"),
            sqlite_where=sa.text("loc IS NOT NULL"),
        )
