"""What identity publishes."""

from services.identity import actors, commands, routes
from services.identity.routes import platform
from shared.service import Service

SERVICE = Service("identity", (routes.api, routes.pages, platform.pages), jobs=actors.JOBS, commands=commands.app)
