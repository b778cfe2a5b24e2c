"""Photos: one whole upload, keyed by the hash of its bytes, so a repeat is harmless; stored small and without EXIF."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.worklog.photos import MAX_UPLOAD_BYTES, PhotoTooLarge, reencode
from services.worklog.usecases.likeness import photo_arrived
from shared import files
from shared.problems import Forbidden, NotFound, Problem
from shared.roles import Principal
from shared.service import Runtime

MEDIA_TYPE = "image/jpeg"


class PhotoMismatch(Problem):
    """The bytes that arrived have another hash than the address names."""

    status, slug, title = 422, "photo-mismatch", "照片在传输中有变化,请重新上传"


def store_photo(rt: Runtime, who: Principal, sha256: str, data: bytes) -> tuple[bool, dict[str, Any]]:
    """Keep a photo of the physician; (False, the same answer) for a repeat, which is not decoded again.

    Gives {sha256, stored_sha256, bytes, width, height}. Raises PhotoMismatch, PhotoTooLarge, PhotoUnreadable.
    """
    if not who.has("doctor") or not who.person_id:
        raise Forbidden("only a physician uploads photos")
    if len(data) > MAX_UPLOAD_BYTES:
        raise PhotoTooLarge(f"more than {MAX_UPLOAD_BYTES} bytes")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise PhotoMismatch(f"{len(data)} bytes arrived with another hash")
    with rt.db.read() as session:
        known = files.find(session, sha256, who.person_id)
    if known is not None:
        return False, _view(known)
    photo = reencode(data)
    try:
        with rt.db.transaction() as session:
            stored = files.store(
                session, rt.settings.files, photo.data, media_type=MEDIA_TYPE, original_sha256=sha256,
                owner=who.person_id, pixels=(photo.width, photo.height),
            )  # fmt: skip
            photo_arrived(session, sha256, photo.look)
    except IntegrityError:  # the same photo at the same time: the other request stored it
        return False, _view(_own(rt, who, sha256))
    return True, _view(stored)


def own_photo(session: Session, who: Principal, sha256: str) -> files.StoredFile:
    """A photo this person uploaded, by the hash of the uploaded bytes. Raises NotFound."""
    found = files.find(session, sha256, who.person_id) if who.person_id else None
    if found is None:
        raise NotFound("no such photo of this person")
    return found


def read_photo(rt: Runtime, who: Principal, sha256: str) -> bytes:
    """The stored JPEG. Raises NotFound."""
    return files.open_path(rt.settings.files, _own(rt, who, sha256).sha256).read_bytes()


def _own(rt: Runtime, who: Principal, sha256: str) -> files.StoredFile:
    with rt.db.read() as session:
        return own_photo(session, who, sha256)


def _view(stored: files.StoredFile) -> dict[str, Any]:
    return {
        "sha256": stored.original_sha256, "stored_sha256": stored.sha256, "bytes": stored.size,
        "width": stored.width, "height": stored.height,
    }  # fmt: skip
