"""The frozen manifests a service publishes, and the runtime its use cases receive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from shared.db import Database
from shared.keys import Keys
from shared.settings import Settings

if TYPE_CHECKING:
    import flask
    import typer

QUEUES = ("fold", "reports", "notify", "maintenance")


@dataclass(frozen=True)
class Runtime:
    """What every use case stands on: settings, database and keys of this process."""

    settings: Settings
    db: Database
    keys: Keys


def _nothing(rt: Runtime, payload: dict[str, Any]) -> None:
    """Most jobs have nothing to prepare."""


@dataclass(frozen=True)
class Job:
    """One kind of queued work.

    `prepare(rt, payload)` runs first and outside a transaction (reading, rendering). `apply(rt, session, payload, prepared)`
    runs in the one transaction that also writes the delivery receipt: its database effect happens exactly once.
    """

    name: str
    queue: str
    apply: Callable[[Runtime, Session, dict[str, Any], Any], None]
    prepare: Callable[[Runtime, dict[str, Any]], Any] = _nothing

    def __post_init__(self) -> None:
        if self.queue not in QUEUES:
            raise ValueError(f"{self.name}: no queue {self.queue}")


@dataclass(frozen=True)
class Schedule:
    """A firing of `job` at each time of `cron` (Asia/Shanghai). After downtime: all missed fires, the last, or none
    older than `grace_seconds` (catch_up = "all", "last", "skip")."""

    job: str
    cron: str
    catch_up: str = "last"
    grace_seconds: int | None = None

    def __post_init__(self) -> None:
        if self.catch_up not in ("all", "last", "skip") or (self.catch_up == "skip") != bool(self.grace_seconds):
            raise ValueError(f"{self.job}: catch_up {self.catch_up} with grace {self.grace_seconds}")


@dataclass(frozen=True)
class Service:
    """One service: its HTTP, queue and shell doors. `commands` is mounted under the `zhudian` command."""

    name: str
    blueprints: tuple[flask.Blueprint, ...] = ()
    jobs: tuple[Job, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    commands: typer.Typer | None = None
