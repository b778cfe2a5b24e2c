"""The ledger's tests run on both databases: `any_rt` is a runtime on a new one with the product's tables."""

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared import ledger
from shared.db import Base
from shared.service import Runtime
from tests.fixtures.runtime import make_runtime

POSTING = "01890000-0000-7000-8000-000000000001"
OTHER = "01890000-0000-7000-8000-000000000002"
DOCTOR = ledger.Actor("01890000-0000-7000-8000-0000000000d1", "doctor", "01890000-0000-7000-8000-0000000000f1")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_rt(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Runtime]:
    """A runtime on a new database of each kind."""
    for room in ("ledger", "outbox"):
        importlib.import_module(f"shared.{room}.models")
    url = request.getfixturevalue("empty_postgres_url") if request.param == "postgresql" else None
    runtime = make_runtime(tmp_path / "var", url)
    runtime.settings.var.mkdir(parents=True, exist_ok=True)
    Base.metadata.create_all(runtime.db.engine)
    yield runtime
    runtime.db.dispose()


@pytest.fixture
def record(any_rt) -> Callable[..., ledger.Appended]:
    """Append one attendance fact in a transaction of its own: `record(text, client=…, body=…, posting=…)`."""

    def append(text="in", client=None, body=None, posting=POSTING, **more):
        with any_rt.db.transaction() as session:
            return ledger.append(
                session, any_rt.keys, kind="attendance.recorded", stream=ledger.Stream.posting(posting), actor=DOCTOR,
                payload={"posting_id": posting, "service_date": "2026-11-23", "direction": text},
                client_event_id=client, body_hash=body, **more,
            )  # fmt: skip

    return append
