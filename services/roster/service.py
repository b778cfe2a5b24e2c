"""The roster service: sole writer of shared/directory."""

from __future__ import annotations

from services.roster.commands import commands
from services.roster.routes import BLUEPRINTS
from shared.service import Service

SERVICE = Service("roster", blueprints=BLUEPRINTS, commands=commands)
