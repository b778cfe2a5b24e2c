"""The database under the demo: whose it is, emptying it, and not waiting for the disk while it is filled."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from services.suite.demo.world import GUEST, MARK
from shared.access.models import Account
from shared.db import Database
from shared.directory.models import Organisation, Person
from shared.service import Runtime

MIGRATE = Path(__file__).resolve().parents[3] / "deploy" / "migrations" / "migrate.py"


class DemoRefused(Exception):
    """Demo data is not wanted here; the text says why."""


def state_of(rt: Runtime) -> str:
    """ "empty", "begun" (cut short) or "complete". Raises DemoRefused in production and over anybody else's data."""
    if rt.settings.production:
        raise DemoRefused("生产环境不接受演示数据")
    if not migrated(rt):
        raise DemoRefused("数据库还没有建表,请先运行 zhudian migrate")
    with rt.db.read() as session:
        codes = session.scalars(sa.select(Organisation.code)).all()
        guest = sa.select(Account.password_hash).join(Person, Person.id == Account.person_id)
        password = session.scalars(guest.where(Person.code == f"{MARK}{GUEST + 1:03d}")).first()
    if any(not code.startswith(f"{MARK}-") for code in codes):
        raise DemoRefused("数据库里已有其他机构,演示数据不会写入。请换一个空的数据库")
    return "complete" if password else "begun" if codes else "empty"


def migrated(rt: Runtime) -> bool:
    """Whether the database has its tables."""
    return sa.inspect(rt.db.engine).has_table(Person.__tablename__)


def reset(rt: Runtime) -> None:
    """Drop every table, bring the empty database to the newest migration, delete stored files.

    The ledger refuses deletions by design, so rows cannot simply be removed. Raises DemoRefused in production, over
    anybody else's data, and when the migrations fail.
    """
    state_of(rt)
    found = sa.MetaData()
    found.reflect(rt.db.engine)
    with rt.db.transaction() as session:
        found.drop_all(session.connection())
    rt.db.dispose()
    done = subprocess.run([sys.executable, str(MIGRATE), "-", "head"], input=rt.settings.database_url, text=True,
                          cwd=MIGRATE.parents[2], check=False)  # fmt: skip
    if done.returncode:
        raise DemoRefused("数据库迁移失败,见上面的输出")
    shutil.rmtree(rt.settings.files, ignore_errors=True)


@contextlib.contextmanager
def fast_commits(db: Database) -> Iterator[None]:
    """SQLite does not wait for the disk inside the block, and has everything on it at the end.

    Only for data that can be made again from a seed: thousands of commits cost their computing, not a disk flush each.
    """
    if db.dialect != "sqlite":
        yield
        return

    def connected(connection: Any, _: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    db.dispose()
    sa.event.listen(db.engine, "connect", connected)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "connect", connected)
        db.dispose()
        with db.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
