"""Reminders of every row: one per key and person, what was pushed, personal levels, switches of the administrator."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rule_id", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("most", sa.String(length=8), nullable=False, server_default="push"))
        batch_op.add_column(sa.Column("pushed_at", shared.db.Instant(timezone=True), nullable=True))
        batch_op.alter_column("period", existing_type=sa.String(length=20), type_=sa.String(length=40), existing_nullable=False)
        batch_op.drop_constraint(op.f("uq_reminder_key"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_reminder_key_person_id"), ["key", "person_id"])
        batch_op.create_index("ix_reminder_person_id_due_at", ["person_id", "due_at"], unique=False)
        batch_op.create_index("ix_reminder_type_due_at", ["type", "due_at"], unique=False)
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.alter_column("most", server_default=None)
    if op.get_bind().dialect.name == "postgresql":  # room in each page for the decision of its reminders
        op.execute("ALTER TABLE reminder SET (fillfactor = 60)")
    op.create_table(
        "preference", sa.Column("person_id", sa.String(length=36), nullable=False), sa.Column("type", sa.String(length=8), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False), sa.Column("changed_at", shared.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "type", name=op.f("pk_preference")),
    )
    op.create_table(
        "reminder_rule", sa.Column("type", sa.String(length=8), nullable=False), sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", shared.db.Instant(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=True), sa.PrimaryKeyConstraint("type", name=op.f("pk_reminder_rule")),
    )
