"""Requests: corrections, ordered work, handovers, leave that ends early, and who may decide what is open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import shared.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.create_table(
        "correction",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("posting_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=True),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("sessions", json, nullable=False),
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("claimed", json, nullable=False),
        sa.Column("targets", json, nullable=False),
        sa.Column("reason_code", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("attachments", json, nullable=False),
        sa.Column("outage", sa.Boolean(), nullable=False),
        sa.Column("filed_at", shared.db.Instant(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decision", json, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_correction_entry_id")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index("ix_correction_posting_id_service_date", ["posting_id", "service_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_correction_person_id"), ["person_id"], unique=False)
    op.create_table(
        "ordered_work",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("posting_id", sa.String(length=36), nullable=False),
        sa.Column("filed_by", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("doc_no", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("issuer_level", sa.String(length=12), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("first_session", sa.String(length=2), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("last_session", sa.String(length=2), nullable=False),
        sa.Column("attachments", json, nullable=False),
        sa.Column("filed_at", shared.db.Instant(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decision", json, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ordered_work")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_ordered_work_entry_id")),
    )
    with op.batch_alter_table("ordered_work", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ordered_work_posting_id"), ["posting_id"], unique=False)
    op.create_table(
        "handover",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("posting_id", sa.String(length=36), nullable=False),
        sa.Column("in_posting_id", sa.String(length=36), nullable=False),
        sa.Column("seat_id", sa.String(length=36), nullable=True),
        sa.Column("items", json, nullable=False),
        sa.Column("items_sha256", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("signatures", json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_handover_entry_id")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_posting_id"), ["posting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handover_in_posting_id"), ["in_posting_id"], unique=False)
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.add_column(sa.Column("returned_at", shared.db.Instant(timezone=True), nullable=True))
    op.execute("DELETE FROM open_request")  # a fold that nothing had filled yet; the next folding fills it
    with op.batch_alter_table("open_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_by", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("entry_id", sa.String(length=36), nullable=False))
        batch_op.add_column(sa.Column("day_from", sa.Date(), nullable=False))
        batch_op.add_column(sa.Column("day_to", sa.Date(), nullable=False))
