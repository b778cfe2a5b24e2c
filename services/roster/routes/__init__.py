"""Doors of the roster: /api/roster/…, and the desk pages /sup/roster, /sup/programmes, /sup/calendar, /sup/clinics and two forms of a posting."""

from services.roster.routes import calendar, clinics, closing, directory, people, programmes, roster, sites
from services.roster.routes.pages import blueprint

BLUEPRINTS = (directory.blp, programmes.blp, calendar.blp, blueprint)

__all__ = ["BLUEPRINTS", "clinics", "closing", "people", "roster", "sites"]  # they add their doors to the blueprints of directory and pages
