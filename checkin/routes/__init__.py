"""HTTP doors of checkin: the scan page, the clinic screen, the desk, and the API, whose files share one blueprint."""

from checkin.routes import attachments, desk, handover, office, posters, requests, spot, sup, todo
from checkin.routes.events import api
from checkin.routes.pages import pages

__all__ = ["api", "attachments", "desk", "handover", "office", "pages", "posters", "requests", "spot", "sup", "todo"]
