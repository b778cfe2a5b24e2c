"""The two counties of places.py: built once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared import clock
from shared.db import Base
from shared.service import Runtime
from tests.fixtures.runtime import import_all_models, make_runtime
from tests.services.reports.places import NOW, build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a runtime in which the world was imported and folded."""
    import_all_models()
    folder = tmp_path_factory.mktemp("counties") / "var"
    runtime = make_runtime(folder)
    runtime.settings.var.mkdir(parents=True, exist_ok=True)
    Base.metadata.create_all(runtime.db.engine)
    build(runtime)
    with runtime.db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    runtime.db.dispose()
    return folder


@pytest.fixture
def world(built: Path, tmp_path: Path) -> Iterator[Runtime]:
    """A copy of the world, at NOW."""
    shutil.copytree(built, tmp_path / "var")
    runtime = make_runtime(tmp_path / "var")
    with clock.at(NOW):
        yield runtime
    runtime.db.dispose()
