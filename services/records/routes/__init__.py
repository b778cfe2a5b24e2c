"""Doors of the records: /api/records/… and the desk pages /sup/records."""

from services.records.routes.api import blp
from services.records.routes.pages import blueprint

BLUEPRINTS = (blp, blueprint)

__all__ = ["BLUEPRINTS"]
