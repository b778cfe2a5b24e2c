"""The migrations keep what an older release stored."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.fixtures.postgres import REPO

MIGRATE = REPO / "deploy" / "migrations" / "migrate.py"


def migrated(database: Path, revision: str) -> None:
    done = subprocess.run([sys.executable, MIGRATE, f"sqlite:///{database}", revision], cwd=REPO, capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_programme_version_stored_before_activation_existed_still_counts(tmp_path: Path):
    database = tmp_path / "old.db"
    migrated(database, "0001")
    with sqlite3.connect(database) as old:
        old.execute("INSERT INTO programme_version (id, programme_id, sha256, text, first_month, created_at) "
                    "VALUES ('v1', 'zhongzhan-2021', 'sha256:0', '', NULL, '2026-01-05 00:00:00.000000')")
    migrated(database, "head")
    with sqlite3.connect(database) as new:
        assert new.execute("SELECT activated_at FROM programme_version").fetchall() == [("2026-01-05 00:00:00.000000",)]
