"""The API of the work log: strict bodies, photos whole and clean, everybody's own only."""

from __future__ import annotations

import contextvars
import hashlib
import io
import json
import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from services.identity.service import SERVICE as IDENTITY
from services.worklog.service import SERVICE as WORKLOG
from shared import clock, files
from shared.access import store
from shared.http.app import create_web
from shared.roles import Principal
from shared.service import Runtime
from tests.checkin.scene import counts, doctor, new_rows, principal
from tests.services.worklog.pictures import encoded, picture, with_exif
from tests.services.worklog.usecases.test_entries import NOON, diary, half_day

PHOTO = encoded(picture())


class Script:
    """A script with a bearer token."""

    def __init__(self, rt: Runtime, client: FlaskClient, who: Principal) -> None:
        self.client = client
        with rt.db.transaction() as session:
            account = store.add_account(session, who.person_id, secrets.token_hex(8))
            store.set_grants(session, account.id, who.grants)
            token, _ = store.open_token(session, account.id)
        self.headers = {"Authorization": f"Bearer {token}"}

    def post(self, path: str, body: Any) -> TestResponse:
        """POST JSON."""
        return self.client.post(f"/api/worklog/{path}", json=body, headers=self.headers)

    def get(self, path: str) -> TestResponse:
        """GET."""
        return self.client.get(f"/api/worklog/{path}", headers=self.headers)

    def put(self, data: bytes, sha256: str | None = None) -> TestResponse:
        """PUT a photo under the hash of its bytes, or under another."""
        path = f"/api/worklog/photos/{sha256 or hashlib.sha256(data).hexdigest()}"
        return self.client.put(path, data=data, headers={**self.headers, "Content-Type": "image/jpeg"})


@pytest.fixture
def client(rt: Runtime) -> Iterator[FlaskClient]:
    """The application, at noon of a Monday."""
    with clock.at(NOON):
        yield create_web(rt, [WORKLOG, IDENTITY]).test_client()


@pytest.fixture
def script(rt: Runtime, client: FlaskClient) -> Script:
    """The script of physician D1."""
    return Script(rt, client, doctor(rt))


def refusal(response: TestResponse) -> tuple[int, str, str]:
    assert response.mimetype == "application/problem+json"
    assert response.json is not None
    return response.status_code, response.json["slug"], response.json["title"]


def test_a_half_day_is_created_repeated_and_listed(rt: Runtime, script: Script) -> None:
    sent = half_day(rt)
    first, again = script.post("half-days", sent), script.post("half-days", sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert first.json is not None
    listed = script.get("half-days").json
    assert listed == {"items": [first.json["half_day"]], "next_cursor": None}


def test_a_diary_is_created_repeated_and_paged(rt: Runtime, script: Script) -> None:
    sent = diary(rt)
    first, again = script.post("diaries", sent), script.post("diaries", sent)
    assert (first.status_code, again.status_code, first.json) == (201, 200, again.json)
    script.post("diaries", diary(rt))
    page = script.get("diaries?limit=1").json
    assert page is not None
    rest = script.get(f"diaries?limit=1&cursor={page['next_cursor']}").json
    assert first.json is not None
    assert rest is not None
    assert rest["items"] == [first.json["diary"]]


@pytest.mark.parametrize(("path", "change", "field"), [
    ("half-days", {"grade": "A"}, "grade"), ("half-days", {"unattended": False}, "unattended"),
    ("half-days", {"filed_at": "2026-11-23T00:00:00Z"}, "filed_at"), ("half-days", {"visits": "12"}, "visits"),
    ("half-days", {"visits": 12.0}, "visits"), ("half-days", {"visits": 501}, "visits"),
    ("half-days", {"session": "night"}, "session"), ("half-days", {"service_date": "23.11.2026"}, "service_date"),
    ("half-days", {"record_ref": "MZ1"}, "record_ref"), ("half-days", {"record_ref": ["张三"]}, "record_ref"),
    ("half-days", {"client_event_id": 1}, "client_event_id"), ("half-days", {"notes": "x" * 1001}, "notes"),
    ("diaries", {"activities": [{"kind": "nap"}]}, "kind"), ("diaries", {"activities": [{"kind": "lecture", "count": 0}]}, "count"),
    ("diaries", {"photo_sha256": ["x"]}, "0"), ("diaries", {"photo_sha256": ["ab" * 32] * 10}, "photo_sha256"),
    ("diaries", {"declaration": "yes"}, "declaration"), ("diaries", {"declaration": None}, "declaration"),
    ("diaries", {"text": "x" * 4001}, "text"), ("diaries", {"text": None}, "text"),
])  # fmt: skip
def test_a_body_that_does_not_fit_is_refused_by_its_field(
    rt: Runtime, script: Script, path: str, change: dict[str, Any], field: str
) -> None:
    before = counts(rt)
    response = script.post(path, (half_day if path == "half-days" else diary)(rt, **change))
    assert refusal(response)[:2] == (422, "invalid-body")
    assert response.json is not None
    assert response.json["field"].split(".")[-1] == field
    assert new_rows(before, counts(rt)) == {}


@pytest.mark.parametrize(("path", "change", "expected"), [
    ("diaries", {"text": "👍👍"}, (422, "text-empty", "请用文字写几句")),
    ("half-days", {"service_date": "2026-12-01"}, (422, "date-in-future", "还没有到这一天")),
    ("half-days", {"service_date": "2026-08-03"}, (422, "date-outside-posting", "这一天不在您的派驻期内")),
])  # fmt: skip
def test_refusals_are_problems_a_physician_understands(
    rt: Runtime, script: Script, path: str, change: dict[str, Any], expected: tuple[int, str, str]
) -> None:
    assert refusal(script.post(path, (half_day if path == "half-days" else diary)(rt, **change))) == expected


def test_somebody_elses_item_and_other_roles_are_refused(rt: Runtime, client: FlaskClient, script: Script) -> None:
    assert refusal(script.post("half-days", half_day(rt, "D2")))[:2] == (409, "not-your-record")
    admin = Script(rt, client, principal(rt, "R1", "recipient_admin"))
    for response in (admin.post("half-days", half_day(rt)), admin.post("diaries", diary(rt)), admin.put(PHOTO),
                     admin.get("half-days"), admin.get("diaries")):  # fmt: skip
        assert refusal(response)[:2] == (403, "forbidden")


def test_a_photo_is_stored_small_and_clean_and_a_repeat_is_harmless(rt: Runtime, script: Script) -> None:
    data = with_exif()
    first = script.put(data)
    before = counts(rt)
    again = script.put(data)
    assert (first.status_code, again.status_code, first.json) == (201, 200, again.json)
    assert new_rows(before, counts(rt)) == {}
    made = first.json
    assert made is not None
    assert made["sha256"] == hashlib.sha256(data).hexdigest()
    assert (made["width"], made["height"]) == (960, 1280)
    stored = script.get(f"photos/{made['sha256']}")
    assert (stored.status_code, stored.mimetype) == (200, "image/jpeg")
    assert hashlib.sha256(stored.data).hexdigest() == made["stored_sha256"]
    assert len(stored.data) == made["bytes"] <= 300_000
    assert not dict(Image.open(io.BytesIO(stored.data)).getexif())
    assert files.open_path(rt.settings.files, made["stored_sha256"]).read_bytes() == stored.data


def test_a_photo_belongs_to_who_uploaded_it(rt: Runtime, client: FlaskClient, script: Script) -> None:
    sha256 = (script.put(PHOTO).json or {})["sha256"]
    other = Script(rt, client, doctor(rt, "D2"))
    foreign, missing = other.get(f"photos/{sha256}"), other.get(f"photos/{'0' * 64}")
    assert refusal(foreign)[:2] == (404, "not-found")
    assert {k: v for k, v in (foreign.json or {}).items() if k not in ("instance", "detail")} == {
        k: v for k, v in (missing.json or {}).items() if k not in ("instance", "detail")
    }
    assert other.put(PHOTO).status_code == 201  # his own upload of the same picture
    assert other.get(f"photos/{sha256}").status_code == 200


def test_a_40_mb_photo_is_too_large(rt: Runtime, script: Script) -> None:
    before = counts(rt)
    response = script.put(b"\xff\xd8\xff" + bytes(40 * 1024 * 1024))
    assert refusal(response) == (413, "photo-too-large", "照片太大,请重新选择或压缩后再传")
    assert new_rows(before, counts(rt)) == {}


def test_a_text_file_named_jpg_is_unreadable(rt: Runtime, script: Script) -> None:
    before = counts(rt)
    assert refusal(script.put(b"this is no photo")) == (422, "photo-unreadable", "这不是可以读取的照片")
    assert new_rows(before, counts(rt)) == {}
    assert not rt.settings.files.exists() or not list(rt.settings.files.rglob("*"))


@pytest.mark.parametrize("address", ["0" * 64, "short", hashlib.sha256(PHOTO).hexdigest().upper()])
def test_bytes_under_another_hash_are_refused(script: Script, address: str) -> None:
    assert refusal(script.put(PHOTO, address)) == (422, "photo-mismatch", "照片在传输中有变化,请重新上传")


def test_one_photo_many_times_at_once_is_stored_once(rt: Runtime, script: Script) -> None:
    before, gate = counts(rt), threading.Barrier(8)

    def send(_: int) -> tuple[int, str]:
        gate.wait()
        response = script.client.application.test_client().put(
            f"/api/worklog/photos/{hashlib.sha256(PHOTO).hexdigest()}", data=PHOTO, headers=script.headers
        )
        return response.status_code, json.dumps(response.json, sort_keys=True)

    contexts = [contextvars.copy_context() for _ in range(8)]  # a thread has the test's clock only in its context
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: contexts[n].run(send, n), range(8)))
    assert {status for status, _ in answers} <= {200, 201}
    assert len({text for _, text in answers}) == 1
    assert new_rows(before, counts(rt)) == {"file": 1, "photo_look": 1}


def test_a_diary_may_come_before_its_photos(rt: Runtime, script: Script) -> None:
    sha256 = hashlib.sha256(PHOTO).hexdigest()
    assert script.post("diaries", diary(rt, photo_sha256=[sha256])).status_code == 201
    assert script.get(f"photos/{sha256}").status_code == 404
    assert script.put(PHOTO).status_code == 201
    assert script.get(f"photos/{sha256}").status_code == 200
