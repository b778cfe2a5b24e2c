"""Doors of progress: /api/progress, and the desk pages /sup/people."""

from services.progress.routes.api import blp
from services.progress.routes.pages import pages

__all__ = ["blp", "pages"]
