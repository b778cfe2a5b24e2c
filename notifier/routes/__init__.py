"""Doors of the notifier: the API, and the desk's pages."""

from notifier.routes import api, pages

BLUEPRINTS = (api.blp, pages.blueprint)
