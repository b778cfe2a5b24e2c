"""/api/checkin/clinics/<id>/posters: issue a clinic's poster and fetch its files."""

from __future__ import annotations

from typing import Any

from flask import Response

from checkin import schemas
from checkin.routes.events import api
from checkin.usecases import posters
from shared.http.app import runtime
from shared.http.auth import OWN_ORG, policy, principal


@api.route("/api/checkin/clinics/<clinic_id>/posters", methods=["POST"])
@policy(
    "checkin.poster.issue", allow={"recipient_admin": OWN_ORG}, object=posters.own_clinic, audit="key", limit="10/min"
)
@api.response(201, schemas.Issued)
def issue(clinic_id: str) -> Any:
    """Print the clinic's A4 poster; the issue is a fact of the clinic."""
    return posters.issue_poster(runtime(), principal(), clinic_id)


@api.route("/api/checkin/clinics/<clinic_id>/posters/<poster_id>.<suffix>")
@policy("checkin.poster.read", allow={"recipient_admin": OWN_ORG}, object=posters.own_poster)
@api.response(200, content_type="application/pdf")
def read(clinic_id: str, poster_id: str, suffix: str) -> Response:
    """An issued poster as pdf or png."""
    data = posters.read_poster(runtime(), principal(), clinic_id, poster_id, suffix)
    name = f'attachment; filename="poster.{suffix}"'
    return Response(data, mimetype=posters.MEDIA[suffix], headers={"Content-Disposition": name})
