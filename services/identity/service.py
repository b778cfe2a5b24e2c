"""What identity publishes."""

from services.identity import actors, commands, routes
from shared.service import Service

SERVICE = Service("identity", (routes.api, routes.pages), jobs=actors.JOBS, commands=commands.app)
