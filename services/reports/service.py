"""The manifest of services/reports."""

from __future__ import annotations

from services.reports import actors, commands, routes
from shared.service import Service

SERVICE = Service(
    "reports", blueprints=(routes.blp, routes.pages), jobs=actors.JOBS, schedules=actors.SCHEDULES, commands=commands.app
)
