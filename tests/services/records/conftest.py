"""The small world on SQLite, imported once and copied for every test of records."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared import clock
from shared.db import Base
from shared.service import Runtime
from tests.factories.directory import directory
from tests.fixtures.runtime import import_all_models, make_runtime
from tests.services.records.desk import rows


@pytest.fixture(scope="session")
def records_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with database and keys of the small world."""
    import_all_models()
    runtime = make_runtime(tmp_path_factory.mktemp("records") / "var")
    runtime.settings.var.mkdir(parents=True, exist_ok=True)
    Base.metadata.create_all(runtime.db.engine)
    with clock.at(dt.datetime(2026, 8, 28, tzinfo=dt.UTC)):
        directory(runtime, rows())
    runtime.db.dispose()
    return runtime.settings.var


@pytest.fixture
def rt(records_world: Path, tmp_path: Path) -> Iterator[Runtime]:
    """A runtime on a copy of the small world."""
    runtime = make_runtime(Path(shutil.copytree(records_world, tmp_path / "var")))
    yield runtime
    runtime.db.dispose()
