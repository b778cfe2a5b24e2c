"""A programme file can be stored before it counts: when it was activated. Versions stored before now all count."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("programme_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("activated_at", shared.db.Instant(timezone=True), nullable=True))
    op.execute("UPDATE programme_version SET activated_at = created_at")
