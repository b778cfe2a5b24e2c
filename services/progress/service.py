"""The manifest of services/progress."""

from __future__ import annotations

from services.progress import actors, commands, routes
from shared.service import Service

SERVICE = Service(
    "progress", blueprints=(routes.blp, routes.pages), jobs=actors.JOBS, schedules=actors.SCHEDULES, commands=commands.app
)
