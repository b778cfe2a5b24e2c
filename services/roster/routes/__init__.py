"""Doors of the roster: /api/roster/…, and the desk pages /sup/programmes and /sup/calendar."""

from services.roster.routes import calendar, closing, directory, programmes, sites
from services.roster.routes.pages import blueprint

BLUEPRINTS = (directory.blp, programmes.blp, calendar.blp, blueprint)

__all__ = ["BLUEPRINTS", "closing", "sites"]  # both add their doors to the blueprint of directory
