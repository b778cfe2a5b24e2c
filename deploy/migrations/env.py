"""Alembic environment: every model of the product, online only, one transaction for a whole upgrade."""

from __future__ import annotations

import importlib
import pkgutil

from alembic import context

from shared.db import Base, Database


def metadata():  # type: ignore[no-untyped-def]
    """Base.metadata with every models module imported."""
    for package in ("shared", "services", "checkin", "notifier"):
        module = importlib.import_module(package)
        for found in pkgutil.walk_packages(module.__path__, f"{package}."):
            if found.name.endswith(".models"):
                importlib.import_module(found.name)
    return Base.metadata


database = Database(context.config.attributes["url"])
with database.engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=metadata(), compare_type=True,
        render_as_batch=database.dialect == "sqlite", transaction_per_migration=False,
    )  # fmt: skip
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
database.dispose()
