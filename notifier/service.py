"""The manifest of the notifier."""

from __future__ import annotations

from notifier import actors, commands, routes
from shared.service import Service

SERVICE = Service("notifier", blueprints=routes.BLUEPRINTS, jobs=actors.JOBS, schedules=actors.SCHEDULES, commands=commands.app)
