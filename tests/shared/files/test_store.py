"""Files are whole or absent, kept once, named by what they hold."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared import files
from shared.files.models import File
from shared.service import Runtime

DATA = b"\xff\xd8 a photo"
SHA = hashlib.sha256(DATA).hexdigest()
UPLOADED = hashlib.sha256(b"as uploaded").hexdigest()


def stored(rt: Runtime, **options: object) -> files.StoredFile:
    with rt.db.transaction() as session:
        return files.store(session, rt.settings.files, DATA, media_type="image/jpeg", **options)  # type: ignore[arg-type]


def rows(rt: Runtime) -> int:
    with rt.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(File)) or 0


def on_disk(rt: Runtime) -> list[Path]:
    return [path for path in rt.settings.files.rglob("*") if path.is_file()]


def test_the_name_is_the_hash_of_the_stored_bytes(rt: Runtime) -> None:
    found = stored(rt, original_sha256=UPLOADED, owner="person-1", pixels=(4, 3))
    assert found == files.StoredFile(SHA, UPLOADED, "image/jpeg", len(DATA), 4, 3)
    assert [path.parent.name + path.name for path in on_disk(rt)] == [SHA]
    assert files.open_path(rt.settings.files, SHA).read_bytes() == DATA


def test_a_repeat_changes_nothing(rt: Runtime) -> None:
    first = stored(rt, original_sha256=UPLOADED, owner="person-1")
    before = on_disk(rt)[0].stat().st_mtime_ns
    assert stored(rt, original_sha256=UPLOADED, owner="person-1") == first
    assert rows(rt) == 1
    assert on_disk(rt)[0].stat().st_mtime_ns == before


def test_two_owners_share_the_bytes_and_have_a_row_each(rt: Runtime) -> None:
    stored(rt, original_sha256=UPLOADED, owner="person-1")
    stored(rt, original_sha256=UPLOADED, owner="person-2")
    assert rows(rt) == 2
    assert len(on_disk(rt)) == 1


def test_a_file_is_found_under_its_owner_only(rt: Runtime) -> None:
    stored(rt, original_sha256=UPLOADED, owner="person-1")
    with rt.db.read() as session:
        assert files.find(session, UPLOADED, "person-1") is not None
        assert files.find(session, UPLOADED, "person-2") is None
        assert files.find(session, UPLOADED) is None


def test_a_rolled_back_transaction_leaves_no_row(rt: Runtime) -> None:
    with rt.db.transaction() as session:
        files.store(session, rt.settings.files, DATA, media_type="image/jpeg")
        session.rollback()
    assert rows(rt) == 0
    assert stored(rt).sha256 == SHA  # and the nameless file is no hindrance


def test_a_failed_write_leaves_no_file_and_no_row(rt: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        stored(rt)
    monkeypatch.undo()
    assert on_disk(rt) == []
    assert rows(rt) == 0


@pytest.mark.parametrize("name", ["", "../../etc/passwd", SHA.upper(), SHA[:-1], SHA + "0", f"{SHA}\n"])
def test_a_name_that_is_no_hash_leads_nowhere(rt: Runtime, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        files.open_path(rt.settings.files, name)
