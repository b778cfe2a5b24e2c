"""What a browser sends beside JSON: the flat fields of the plain form, and its install id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import request

from checkin.schemas import Tap
from shared.problems import InvalidBody

INSTALL_COOKIE = "zd_install"


def install_id() -> str | None:
    """The random id this browser was given at its first scan page; one id for two physicians is one phone for two."""
    return request.cookies.get(INSTALL_COOKIE)


def tap_item(form: Mapping[str, str], person_id: str, site_token: str) -> dict[str, Any]:
    """The item a pressed button means: direction = the button, no device, no phone time. Raises InvalidBody.

    The same fields give the same body, so a form that is sent twice is one gesture.
    """
    body = {
        "client_event_id": form.get("client_event_id", ""), "kind": "attendance", "person": person_id,
        "site_token": site_token, "direction": form.get("direction", ""), "ticket": form.get("ticket") or None,
    }  # fmt: skip
    try:
        return {"body": Tap().load(body)}
    except ma.ValidationError as error:
        field = next(iter(error.messages)) if isinstance(error.messages, dict) else "body"
        raise InvalidBody(str(field), "the form does not match", errors=error.messages) from error
