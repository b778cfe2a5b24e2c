"""Doors of the roster: /api/roster/…, and the desk pages /sup/programmes and /sup/calendar."""

from services.roster.routes import calendar, closing, programmes
from services.roster.routes.directory import blp
from services.roster.routes.pages import blueprint

BLUEPRINTS = (blp, programmes.blp, calendar.blp, blueprint)

__all__ = ["BLUEPRINTS", "closing"]
