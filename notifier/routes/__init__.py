"""Doors of the notifier: the API, the desk's pages, and the platforms' callbacks."""

from notifier.routes import api, callbacks, pages

BLUEPRINTS = (api.blp, pages.blueprint, callbacks.pages)
