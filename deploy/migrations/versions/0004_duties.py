"""A period may be a posting: obligation states of teams, pairs and hospitals over one posting name it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("obligation_state", schema=None) as batch_op:
        batch_op.alter_column(
            "period", existing_type=sa.String(length=20), type_=sa.String(length=36), existing_nullable=False
        )
