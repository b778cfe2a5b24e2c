"""Grades: how a device key came, and what a tap was judged by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.add_column(sa.Column("platform", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("how", sa.String(length=12), nullable=False, server_default="sign_in"))
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.alter_column("how", server_default=None)
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device", sa.String(length=43), nullable=True))
        batch_op.add_column(sa.Column("install_hash", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("judged", json, nullable=True))
        batch_op.create_index("ix_attendance_install_hash", ["install_hash"], unique=False)
