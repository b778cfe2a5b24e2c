"""Which services exist, and the runtime of one process. The only place that knows them all."""

from __future__ import annotations

import os
import sys

from shared.db import Database
from shared.keys import load_keys
from shared.service import Job, Runtime, Service
from shared.settings import Settings, SettingsError


def services() -> tuple[Service, ...]:
    """Every service, in the order of the data's path."""
    from checkin.service import SERVICE as checkin
    from notifier.service import SERVICE as notifier
    from services.identity.service import SERVICE as identity
    from services.progress.service import SERVICE as progress
    from services.records.service import SERVICE as records
    from services.reports.service import SERVICE as reports
    from services.roster.service import SERVICE as roster
    from services.suite.upkeep import SERVICE as upkeep
    from services.web.service import SERVICE as web
    from services.worklog.service import SERVICE as worklog

    return (identity, roster, checkin, worklog, records, progress, reports, notifier, web, upkeep)


def jobs(found: tuple[Service, ...]) -> dict[str, Job]:
    """Every job by its name. Raises ValueError when two services name one alike."""
    by_name: dict[str, Job] = {}
    for service in found:
        for job in service.jobs:
            if job.name in by_name:
                raise ValueError(f"two jobs are named {job.name}")
            by_name[job.name] = job
    return by_name


def settings() -> Settings:
    """The settings of this process; mistakes are printed one to a line and end it with exit code 2."""
    try:
        return Settings.from_env(os.environ)
    except SettingsError as error:
        for mistake in error.mistakes:
            print(mistake, file=sys.stderr)
        raise SystemExit(2) from None


def runtime(found: Settings | None = None) -> Runtime:
    """The runtime of this process. The key file is made at the first start, except in production."""
    found = found or settings()
    found.var.mkdir(parents=True, exist_ok=True)
    database = Database(found.database_url, pool_size=found.web_threads + 2)
    return Runtime(found, database, load_keys(found.keys_path, create=not found.production))
