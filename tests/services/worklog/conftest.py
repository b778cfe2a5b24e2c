"""The small world on SQLite, imported once and copied for every test of the work log that needs one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.db import Base
from shared.service import Runtime
from tests.checkin.scene import world
from tests.fixtures.runtime import import_all_models, make_runtime


@pytest.fixture(scope="session")
def worklog_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with database and keys of the small world."""
    import_all_models()
    runtime = make_runtime(tmp_path_factory.mktemp("world") / "var")
    Base.metadata.create_all(runtime.db.engine)
    world(runtime)
    runtime.db.dispose()
    return runtime.settings.var


@pytest.fixture
def rt(worklog_world: Path, tmp_path: Path) -> Iterator[Runtime]:
    """A runtime on a copy of the small world."""
    runtime = make_runtime(Path(shutil.copytree(worklog_world, tmp_path / "var")))
    yield runtime
    runtime.db.dispose()
