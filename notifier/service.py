"""The manifest of the notifier."""

from __future__ import annotations

from notifier import actors, commands, routes
from notifier.routes import callbacks
from shared.service import Service

SERVICE = Service(
    "notifier", (routes.blp, callbacks.pages), jobs=actors.JOBS, schedules=actors.SCHEDULES, commands=commands.app
)
