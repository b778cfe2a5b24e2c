"""What checkin publishes."""

from checkin import actors, commands
from checkin.routes import api, pages
from shared.service import Service

SERVICE = Service("checkin", (api, pages), actors.JOBS, actors.SCHEDULES, commands.app)
