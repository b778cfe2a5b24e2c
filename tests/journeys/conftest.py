"""The demo county on a running suite: made once per test process, copied for every module that changes it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.http.pages import MANIFEST
from tests.fixtures.missing import missing
from tests.fixtures.runtime import make_runtime
from tests.fixtures.stack import launch_stack
from tests.journeys.scene import Scene, county, scene

DATABASE = "zhudian.db"


@pytest.fixture(scope="session", autouse=True)
def _built_pages() -> None:
    """Journeys walk through built pages; they are the product's, not the sources."""
    if not MANIFEST.exists():
        missing("the built pages (services/web/dist)")


@pytest.fixture(scope="session")
def county_folder(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Database, keys and files of the demo county, on SQLite, with nothing left in its write-ahead log."""
    folder = tmp_path_factory.mktemp("county")
    shutil.copy(sqlite_template, folder / DATABASE)
    rt = county(folder, f"sqlite:///{folder / DATABASE}")
    with rt.db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    rt.db.dispose()
    return folder


def _copy(county_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = Path(shutil.copytree(county_folder, tmp_path_factory.mktemp("copy") / "var"))
    return folder, f"sqlite:///{folder / DATABASE}"


@pytest.fixture(scope="module")
def town(county_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The county on SQLite behind one web process: enough for whoever needs no worker."""
    folder, url = _copy(county_folder, tmp_path_factory)
    stack = launch_stack(folder, url, ("web",))
    rt = make_runtime(folder, url)
    yield scene(stack, rt)
    stack.fleet.stop()
    rt.db.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def whole_town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The county behind web, worker, ticker and Valkey; once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        folder, url = _copy(request.getfixturevalue("county_folder"), tmp_path_factory)
        rt = make_runtime(folder, url)
    else:
        folder, url = tmp_path_factory.mktemp("var"), request.getfixturevalue("postgres_url")
        rt = county(folder, url, physicians=2)  # nobody else is met on this path
    stack = launch_stack(folder, url)
    yield scene(stack, rt)
    stack.fleet.stop()
    rt.db.dispose()
