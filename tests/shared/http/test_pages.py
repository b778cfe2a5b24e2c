"""Cursors, assets and headers."""

import base64
import hashlib
import json
import re

import pytest
from flask import g

from shared.http import pages
from shared.http.pages import asset, asset_css, asset_parts, decode_cursor, encode_cursor, inline_style
from shared.problems import InvalidBody
from tests.shared.http.sample import sample_app, someone

THINGS = "/api/sample/things"


@pytest.fixture
def app(rt):
    return sample_app(rt)


def test_following_the_cursor_gives_every_row_once(app, rt):
    client, headers, seen, cursor = app.test_client(), someone(rt).bearer, [], ""
    for _ in range(4):
        page = client.get(f"{THINGS}?limit=3&cursor={cursor}", headers=headers).json
        seen += [row["id"] for row in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["0", "1", "2", "3", "4", "5", "6"]


def test_a_full_last_page_has_no_next(app, rt):
    page = app.test_client().get(f"{THINGS}?limit=7", headers=someone(rt).bearer).json
    assert (len(page["items"]), page["next_cursor"]) == (7, None)


@pytest.mark.parametrize("limit", ["0", "-1", "101", "x"])
def test_a_limit_outside_its_range_is_refused(app, rt, limit):
    answer = app.test_client().get(f"{THINGS}?limit={limit}", headers=someone(rt).bearer)
    assert (answer.status_code, answer.json["field"]) == (422, "limit")


def test_a_cursor_keeps_text_and_numbers(app):
    with app.test_request_context():
        assert decode_cursor(encode_cursor(["2026-11-02", 7, "张"])) == ("2026-11-02", 7, "张")


def test_a_changed_cursor_is_refused(app, rt):
    client, headers = app.test_client(), someone(rt).bearer
    good = client.get(f"{THINGS}?limit=1", headers=headers).json["next_cursor"]
    raw = base64.urlsafe_b64decode(good + "=" * (-len(good) % 4))
    forged = base64.urlsafe_b64encode(raw[:-2] + b"9]").decode().rstrip("=")
    for cursor in (forged, good[:-3], "AAAA", "%", "…", "W10"):
        answer = client.get(THINGS, query_string={"cursor": cursor}, headers=headers)
        assert (answer.status_code, answer.json["field"]) == (422, "cursor"), cursor


def test_a_cursor_of_another_installation_is_refused(app):
    with app.test_request_context(), pytest.raises(InvalidBody):
        decode_cursor(base64.urlsafe_b64encode(b"\0" * 16 + b"[1]").decode())


def test_every_answer_carries_the_security_headers(app, rt):
    client = app.test_client()
    paths = [
        "/healthz",
        "/api/docs",
        "/api/openapi.json",
        "/api/nothing",
        "/nothing",
        THINGS,
        "/api/sample/broken",
        "/sample",
    ]
    for path in paths:
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert headers["Cache-Control"] == "no-store", path


def test_an_inline_style_is_allowed_by_nonce_or_hash_only(app):
    answer = app.test_client().get("/api/docs")
    nonce = re.search(r'<style nonce="([^"]+)">', answer.text)
    assert nonce
    assert f"'nonce-{nonce[1]}'" in answer.headers["Content-Security-Policy"]
    with app.test_request_context():
        css = "body{color:red}"
        assert str(inline_style(css)) == f"<style>{css}</style>"
        digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
        assert g.styles == [f"'sha256-{digest}'"]
        assert f"'sha256-{digest}'" in pages.content_policy()


def test_two_answers_have_two_nonces(app):
    client = app.test_client()
    first, second = (client.get("/api/docs").headers["Content-Security-Policy"] for _ in range(2))
    assert first != second


def test_assets_come_from_the_manifest(app, tmp_path, monkeypatch):
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({
        "src/screens/TodayScreen.vue": {"file": "assets/today-1.js", "name": "TodayScreen", "imports": ["_shared.js", "src/entries/scan/main.ts"]},
        "src/entries/scan/main.ts": {"file": "assets/scan-1.js", "isEntry": True, "css": ["assets/scan-1.css"], "imports": ["_shared.js"]},
        "_shared.js": {"file": "assets/shared-1.js", "css": ["assets/shared-1.css"], "imports": ["_shared.js"]},
    }))  # fmt: skip
    monkeypatch.setattr(pages, "MANIFEST", manifest)
    assert asset("scan") == asset("src/entries/scan/main.ts") == "/assets/scan-1.js"
    assert asset_css("scan") == ["/assets/scan-1.css", "/assets/shared-1.css"]
    assert asset_parts("TodayScreen") == ["/assets/today-1.js", "/assets/shared-1.js"]


def test_pages_work_before_they_are_built(app, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "MANIFEST", tmp_path / "none.json")
    assert (asset("scan"), asset_css("scan"), asset_parts("TodayScreen")) == ("", [], [])
