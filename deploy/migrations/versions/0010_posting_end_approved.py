"""Whether the illness or order that ended a posting was approved: such an end is no early rotation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("end_approved", sa.Boolean(), server_default=sa.false(), nullable=False))
