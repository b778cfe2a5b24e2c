"""Keep and find files. The bytes are safe on disk before the row is written, the row before anybody is told."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock
from shared.files.models import File
from shared.ids import new_id
from shared.problems import InvalidBody

_HEX64 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class StoredFile:
    """A stored file: hash of its bytes, hash of the uploaded bytes, media type, size in bytes, pixels of a picture."""

    sha256: str
    original_sha256: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None


def store(
    session: Session, root: Path, data: bytes, *, media_type: str, original_sha256: str | None = None,
    owner: str | None = None, pixels: tuple[int, int] | None = None,
) -> StoredFile:  # fmt: skip
    """Write `data` under `root` and its row in the caller's transaction; gives the earlier row for a repeat.

    `original_sha256` is the hash of the bytes as uploaded, where they were changed before being stored.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    original = original_sha256 or sha256
    if (earlier := find(session, original, owner)) is not None:
        return earlier
    _write(open_path(root, sha256), data)
    width, height = pixels or (None, None)
    session.add(File(id=new_id(), sha256=sha256, original_sha256=original, owner=owner or "", media_type=media_type,
                     size=len(data), width=width, height=height, created_at=clock.now()))  # fmt: skip
    session.flush()
    return StoredFile(sha256, original, media_type, len(data), width, height)


def check_uploads(session: Session, owner: str | None, original_sha256: Iterable[str]) -> None:
    """Raise InvalidBody, naming `attachment_sha256`, unless this owner uploaded every one of them."""
    if any(find(session, one, owner) is None for one in original_sha256):
        hint = "附件还没有上传成功,请重新选择"
        raise InvalidBody("attachment_sha256", "no such upload of this person", hint=hint, errors={"attachment_sha256": hint})


def find(session: Session, original_sha256: str, owner: str | None = None) -> StoredFile | None:
    """The file this owner uploaded with these bytes, or None."""
    row = session.scalars(
        sa.select(File).where(File.owner == (owner or ""), File.original_sha256 == original_sha256)
    ).first()
    if row is None:
        return None
    return StoredFile(row.sha256, row.original_sha256, row.media_type, row.size, row.width, row.height)


def open_path(root: Path, sha256: str) -> Path:
    """Where a file lies: root/ab/cdef…. Raises ValueError for anything but 64 lower-case hex digits."""
    if not _HEX64.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return root / sha256[:2] / sha256[2:]


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: temp → fsync → rename → fsync of the folder. Existing content stays as it is."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
