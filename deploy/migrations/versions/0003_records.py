"""Records: what rules ask for beside attendance and work log, of every kind in one table."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import shared.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.create_table(
        "record",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("slot", sa.String(length=64), nullable=True),
        sa.Column("programme_id", sa.String(length=64), nullable=True),
        sa.Column("rule_id", sa.String(length=8), nullable=True),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("posting_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("pair_id", sa.String(length=36), nullable=True),
        sa.Column("supporter_id", sa.String(length=36), nullable=True),
        sa.Column("recipient_id", sa.String(length=36), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=True),
        sa.Column("day_from", sa.Date(), nullable=True),
        sa.Column("day_to", sa.Date(), nullable=True),
        sa.Column("values", json, nullable=False),
        sa.Column("drawn", json, nullable=True),
        sa.Column("decisions", json, nullable=False),
        sa.Column("filed_by", sa.String(length=36), nullable=True),
        sa.Column("filed_role", sa.String(length=32), nullable=False),
        sa.Column("filed_at", shared.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_record_entry_id")),
        sa.UniqueConstraint("kind", "slot", name=op.f("uq_record_kind_slot")),
    )
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.create_index("ix_record_kind_filed_at", ["kind", "filed_at"], unique=False)
        for column in ("filed_by", "organisation_id", "person_id", "recipient_id", "subject_id", "supporter_id"):
            batch_op.create_index(batch_op.f(f"ix_record_{column}"), [column], unique=False)
