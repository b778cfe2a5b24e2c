"""`/api/reports/monthly` over HTTP: formats, refusals, lists."""

import io

import pypdf
import pytest

from services.reports.domain.monthly import figures_sha256
from services.reports.service import SERVICE
from shared.http.app import create_web
from tests.services.reports.places import MONTH, bearer, recipient, who

TYPES = {
    "html": "text/html", "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


@pytest.fixture
def client(world):
    return create_web(world, [SERVICE]).test_client()


@pytest.fixture
def admin(world):
    return bearer(world, who(world, "R1", "recipient_admin"))


def path(world, period=MONTH, code="SQ"):
    return f"/api/reports/monthly/{recipient(world, code)}/{period}"


def test_json_is_the_data_object_with_its_hash(world, client, admin):
    answer = client.get(path(world), headers=admin)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    body = dict(answer.json)
    sha256, stored = body.pop("sha256"), body.pop("stored")
    assert figures_sha256(body) == sha256 == answer.headers["ETag"].strip('"')
    assert stored is False
    assert [row["name"] for row in body["presence"]] == ["林知远", "何清越", "白景行"]


@pytest.mark.parametrize("suffix", TYPES)
def test_each_format_is_served(world, client, admin, suffix):
    answer = client.get(f"{path(world)}.{suffix}", headers=admin)
    assert (answer.status_code, answer.mimetype) == (200, TYPES[suffix])
    if suffix != "html":
        assert f"zhongzhan-demo-SQ-202611-01.{suffix}" in answer.headers["Content-Disposition"]
    if suffix == "pdf":
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
        assert "林知远" in text


def test_a_browser_gets_the_page_and_may_use_its_style(world, client, admin):
    answer = client.get(path(world), headers={**admin, "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"})
    assert answer.mimetype == "text/html"
    assert "应到" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "'sha256-" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("period", ["2026-11.exe", "2026-11.json", "2026-13", "november"])
def test_an_unknown_suffix_or_month_is_not_found(world, client, admin, period):
    answer = client.get(path(world, period), headers=admin)
    assert (answer.status_code, answer.json["slug"]) == (404, "not-found")


def test_a_foreign_hospital_answers_like_a_missing_one(world, client, admin):
    foreign = client.get(path(world, code="SQ9"), headers=admin)
    missing = client.get(f"/api/reports/monthly/{'0' * 36}/{MONTH}", headers=admin)
    assert foreign.status_code == missing.status_code == 404
    assert {**foreign.json, "instance": "", "detail": ""} == {**missing.json, "instance": "", "detail": ""}


@pytest.mark.parametrize("suffix", ["", ".pdf", ".html", "/drafts"])
def test_a_month_in_the_future_is_refused_in_words(world, client, admin, suffix):
    address = path(world, f"2027-01{suffix}")
    answer = client.post(address, headers=admin) if suffix == "/drafts" else client.get(address, headers=admin)
    assert (answer.status_code, answer.json["slug"], answer.json["title"]) == (
        422,
        "month-not-begun",
        "这个月还没有开始",
    )


def test_without_sign_in_nothing_is_served(world, client):
    for address in (path(world), f"{path(world)}.pdf", "/api/reports/monthly"):
        assert client.get(address).status_code == 401


def test_a_role_without_reports_is_refused(world, client):
    answer = client.get(path(world), headers=bearer(world, who(world, "R1", "witness")))
    assert answer.status_code == 403


def test_a_draft_is_asked_for_and_made_later(world, client, admin):
    answer = client.post(f"{path(world)}/drafts", headers=admin)
    assert answer.status_code == 202
    assert answer.json == {
        "asked": answer.json["asked"],
        "programme": "zhongzhan-demo",
        "recipient": recipient(world),
        "month": MONTH,
    }


def test_a_physician_reads_the_own_part_and_asks_for_no_draft(world, client):
    own = bearer(world, who(world, "D1", "doctor"))
    assert client.get(path(world), headers=own).json["head"]["part_of"] == "本人:林知远"
    assert client.post(f"{path(world)}/drafts", headers=own).status_code == 403


def test_who_only_reads_asks_for_no_draft(world, client):
    auditor = bearer(world, who(world, "C1", "auditor", "SQ"))
    assert client.get(path(world), headers=auditor).status_code == 200
    assert client.post(f"{path(world)}/drafts", headers=auditor).status_code == 403


def test_the_list_is_paged_by_cursor(world, client):
    admin = bearer(world, who(world, "A2", "supporter_admin"))
    first = client.get("/api/reports/monthly?limit=3", headers=admin).json
    second = client.get(f"/api/reports/monthly?limit=50&cursor={first['next_cursor']}", headers=admin).json
    items = [(item["month"], item["recipient"]["code"]) for item in first["items"] + second["items"]]
    assert items == [(month, code) for month in ("2026-12", "2026-11", "2026-10", "2026-09") for code in ("SQ", "SQ9")]
    assert second["next_cursor"] is None
    assert client.get(first["items"][0]["links"]["pdf"], headers=admin).mimetype == "application/pdf"


def test_an_unknown_query_is_refused(world, client, admin):
    assert client.get(f"{path(world)}?programme={'x' * 65}", headers=admin).status_code == 422
