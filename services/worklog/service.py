"""What worklog publishes."""

from services.worklog import routes
from shared.service import Service

SERVICE = Service("worklog", (routes.api,))
