"""What a request stands on: the runtime of its application."""

from __future__ import annotations

from typing import cast

from flask import current_app

from shared.service import Runtime


def runtime() -> Runtime:
    """The runtime `create_web` was given."""
    return cast(Runtime, current_app.extensions["zhudian"])
