"""Doors of the roster: /api/roster/…, and the desk pages /sup/programmes and /sup/calendar."""

from services.roster.routes import calendar, directory, programmes, sites
from services.roster.routes.pages import blueprint

BLUEPRINTS = (directory.blp, programmes.blp, calendar.blp, blueprint)

__all__ = ["BLUEPRINTS", "sites"]  # sites adds its doors to the blueprint of directory
