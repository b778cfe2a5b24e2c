"""Attachments of records: uploaded by the person who files, keyed by the hash of the bytes, read with the record."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.records.attachment import MAX_BYTES, SUFFIX, AttachmentTooLarge, accepted
from services.records.models import Record
from services.records.usecases import reading
from shared import files
from shared.problems import Forbidden, NotFound, Problem
from shared.roles import Principal
from shared.service import Runtime


class AttachmentMismatch(Problem):
    """The bytes that arrived have another hash than the address names."""

    status, slug, title = 422, "attachment-mismatch", "附件在传输中有变化,请重新上传"


def store_attachment(rt: Runtime, who: Principal, sha256: str, data: bytes) -> tuple[bool, dict[str, Any]]:
    """Keep an attachment; (False, the same answer) for a repeat. {sha256, stored_sha256, bytes, media_type}.

    Raises AttachmentMismatch, AttachmentTooLarge, AttachmentRefused.
    """
    if not who.person_id:
        raise Forbidden("an account without a person uploads nothing")
    if len(data) > MAX_BYTES:
        raise AttachmentTooLarge(f"more than {MAX_BYTES} bytes")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise AttachmentMismatch(f"{len(data)} bytes arrived with another hash")
    with rt.db.read() as session:
        known = files.find(session, sha256, who.person_id)
    if known is not None:
        return False, _view(known)
    kept = accepted(data)
    try:
        with rt.db.transaction() as session:
            stored = files.store(session, rt.settings.files, kept.data, media_type=kept.media_type, original_sha256=sha256,
                                 owner=who.person_id, pixels=kept.pixels)  # fmt: skip
    except IntegrityError:  # the same file at the same time: the other request stored it
        with rt.db.read() as session:
            again = files.find(session, sha256, who.person_id)
        if again is None:
            raise
        return False, _view(again)
    return True, _view(stored)


def attached(session: Session, who: Principal, record: str, sha256: str, **_: Any) -> files.StoredFile:
    """An attachment of a record in the scope, or of a decision on it. Raises NotFound."""
    row = reading.visible_record(session, who, record)
    for owner, named in _named(row):
        if sha256 in named and (found := files.find(session, sha256, owner)):
            return found
    raise NotFound(f"the record has no attachment {sha256}")


def read(rt: Runtime, who: Principal, record: str, sha256: str) -> tuple[bytes, str, str]:
    """(bytes, media type, file name) of an attachment. Raises NotFound."""
    with rt.db.read() as session:
        found = attached(session, who, record, sha256)
    name = f"{sha256[:12]}.{SUFFIX.get(found.media_type, 'bin')}"
    return files.open_path(rt.settings.files, found.sha256).read_bytes(), found.media_type, name


def _named(row: Record) -> list[tuple[str | None, list[str]]]:
    said = [(one["by"], one["values"].get("attachment_sha256") or []) for one in row.decisions]
    return [(row.filed_by, row.values.get("attachment_sha256") or []), *said]


def _view(stored: files.StoredFile) -> dict[str, Any]:
    return {"sha256": stored.original_sha256, "stored_sha256": stored.sha256, "bytes": stored.size, "media_type": stored.media_type}
