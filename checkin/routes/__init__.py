"""HTTP doors of checkin: the scan page, the clinic screen, and the API (events and posters share one blueprint)."""

from checkin.routes import office, posters, requests, todo
from checkin.routes.events import api
from checkin.routes.pages import pages

__all__ = ["api", "office", "pages", "posters", "requests", "todo"]
