"""What checkin publishes."""

from checkin import commands
from checkin.routes import api, pages
from shared.service import Service

SERVICE = Service("checkin", (api, pages), commands=commands.app)
