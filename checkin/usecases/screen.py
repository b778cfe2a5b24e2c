"""The clinic screen: which clinic a screen token belongs to, and the code it shows now."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from checkin.domain import codes
from checkin.usecases.arrival import master
from shared import clock
from shared.directory import lookup
from shared.directory.models import Clinic
from shared.problems import NotFound
from shared.roles import Principal
from shared.service import Runtime


def screen_clinic(session: Session, who: Principal | None, screen_token: str) -> Clinic:
    """The clinic of a screen; the token is the credential. Raises NotFound."""
    clinic = lookup.clinic_by_screen_token(session, screen_token)
    if clinic is None:
        raise NotFound("no screen has this token")
    return clinic


def screen_page(rt: Runtime, screen_token: str) -> dict[str, Any]:
    """The context of screen.html; the code itself comes from `code_url` every slot."""
    with rt.db.read() as session:
        clinic = screen_clinic(session, None, screen_token)
        return {
            "clinic_name": clinic.name, "code_url": f"/screen/{screen_token}/code",
            "organisation_name": lookup.organisation(session, clinic.organisation_id).name,
            "server_time_ms": int(clock.now().timestamp() * 1000),
        }  # fmt: skip


def current_code(rt: Runtime, screen_token: str) -> dict[str, Any]:
    """The code of this moment: k, the address to draw, 8 digits, milliseconds until each changes, server time."""
    now = clock.now()
    with rt.db.read() as session:
        clinic = screen_clinic(session, None, screen_token)
        secret, clinic_id, token = master(rt.keys, clinic), clinic.id, clinic.site_token
    milliseconds = int(now.timestamp() * 1000)
    k = codes.rotating(secret, clinic_id, codes.slot_at(now))
    return {
        "k": k, "url": f"{rt.settings.public_base_url}/c/{token}?k={k}", "typed": codes.typed(secret, clinic_id, now),
        "expires_in_ms": codes.SLOT_SECONDS * 1000 - milliseconds % (codes.SLOT_SECONDS * 1000),
        "typed_expires_in_ms": codes.TYPED_SECONDS * 1000 - milliseconds % (codes.TYPED_SECONDS * 1000),
        "server_time": clock.iso(now), "server_time_ms": milliseconds,
    }  # fmt: skip
