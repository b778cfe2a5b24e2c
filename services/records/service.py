"""What records publishes."""

from services.records import commands, routes
from shared.service import Service

SERVICE = Service("records", routes.BLUEPRINTS, commands=commands.commands)
