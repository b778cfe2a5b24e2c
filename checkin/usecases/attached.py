"""Attachments of a request, for whoever may decide it: medical papers are the deciders' business alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from checkin.usecases import correction_decide, leave_decide, ordered
from shared import files, ledger
from shared.directory import lookup
from shared.problems import NotFound
from shared.roles import Principal
from shared.service import Runtime

DECIDABLE: tuple[Callable[[Session, Principal, str], Any], ...] = (
    correction_decide.decidable, leave_decide.decidable, ordered.decidable,
)  # fmt: skip
SUFFIX = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
"""What an upload may be; anything else is given as bytes without a type."""


def attached(session: Session, who: Principal, request_id: str, sha256: str) -> files.StoredFile:
    """The attachment of a correction, leave or ordered work the person may decide. Raises NotFound, for own ones too."""
    row = _decidable(session, who, request_id)
    fact = ledger.fact(session, row.entry_id) if row is not None else None
    told = fact.payload if fact else {}
    filer = (told.get("actor") or {}).get("person")
    subject = lookup.posting(session, row.posting_id).person_id if row is not None else None
    named = sha256 in (told.get("attachment_sha256") or ()) and who.person_id not in (filer, subject)
    found = files.find(session, sha256, filer) if named else None
    if found is None:
        raise NotFound(f"no attachment {sha256[:64]} of {request_id[:40]}")
    return found


def read(rt: Runtime, who: Principal, request_id: str, sha256: str) -> tuple[bytes, str, str]:
    """(bytes, media type, file name). Raises NotFound."""
    with rt.db.read() as session:
        found = attached(session, who, request_id, sha256)
    suffix = SUFFIX.get(found.media_type)
    kind = found.media_type if suffix else "application/octet-stream"
    return files.open_path(rt.settings.files, found.sha256).read_bytes(), kind, f"{sha256[:12]}.{suffix or 'bin'}"


def _decidable(session: Session, who: Principal, request_id: str) -> Any:
    for find in DECIDABLE:
        try:
            return find(session, who, request_id)
        except NotFound:
            continue
    return None
