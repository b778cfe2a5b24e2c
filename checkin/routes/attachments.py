"""/api/checkin/requests/<id>/attachments/<sha256>: what was attached to a request, for whoever may decide it."""

from __future__ import annotations

from flask import Response

from checkin.routes.events import api
from checkin.routes.requests import LEVELS
from checkin.usecases import attached
from shared.http.app import runtime
from shared.http.auth import policy, principal


@api.route("/api/checkin/requests/<request_id>/attachments/<sha256>")
@policy("checkin.request.attachment", allow=LEVELS, object=attached.attached, audit="read", limit="120/min")
@api.response(200, content_type="application/octet-stream")
def read_attachment(request_id: str, sha256: str) -> Response:
    """An attachment of a correction, leave or ordered work, as it is stored; never cached, and each reading is audited."""
    data, media_type, name = attached.read(runtime(), principal(), request_id, sha256)
    return Response(data, mimetype=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
