"""Every refusal is problem+json with a slug, or a Chinese page for a person; no driver text reaches anybody."""

import pytest

from tests.shared.http.sample import sample_app, someone

THINGS = "/api/sample/things"
MEMBERS = {"type", "slug", "title", "status", "detail", "instance"}


@pytest.fixture
def app(rt):
    return sample_app(rt)


def check(answer, status: int, slug: str) -> dict:
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert set(answer.json) >= MEMBERS
    assert (answer.json["status"], answer.json["slug"], answer.json["type"]) == (status, slug, f"/problems/{slug}")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer.json["title"])
    return answer.json


def test_an_unknown_address_of_the_api(app):
    check(app.test_client().get("/api/nothing"), 404, "not-found")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_method_not_declared_names_those_that_are(app, method):
    answer = app.test_client().open(THINGS, method=method)
    check(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    ("sent", "status", "slug", "field"),
    [
        ({"json": {"size": 1, "grade": "A"}}, 422, "invalid-body", "grade"),  # S-04: unknown field
        ({"json": {}}, 422, "invalid-body", "size"),
        ({"json": {"size": "many"}}, 422, "invalid-body", "size"),
        ({"json": [1]}, 422, "invalid-body", "_schema"),
        ({"data": "{", "content_type": "application/json"}, 400, "bad-request", None),
        ({"data": b"\xff", "content_type": "application/json"}, 400, "bad-request", None),
        ({"data": "size=1", "content_type": "text/plain"}, 415, "unsupported-media-type", None),
    ],
)
def test_a_wrong_body_says_what_is_wrong(app, rt, sent, status, slug, field):
    found = check(app.test_client().post(THINGS, headers=someone(rt).bearer, **sent), status, slug)
    assert found.get("field") == field
    if field:
        assert found["title"] == f"有一项填写不对:{field}"


def test_an_exception_nobody_caught_says_nothing_of_itself(app):
    answer = app.test_client().get("/api/sample/broken")
    check(answer, 500, "internal")
    assert "secret" not in answer.text


def test_a_database_away_is_503_with_a_time_to_come_back(app):
    answer = app.test_client().get("/api/sample/away")
    check(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "15"
    assert "SELECT" not in answer.text
    assert "10.0.0.1" not in answer.text


def test_a_body_beyond_everything_we_take_is_refused_unread(app, rt):
    answer = app.test_client().post(
        THINGS, headers=someone(rt).bearer, data=b"", content_type="application/json", content_length=65 * 1024 * 1024
    )
    check(answer, 413, "body-too-large")


def test_a_person_gets_a_chinese_page(app):
    answer = app.test_client().get("/nothing", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "没有找到,或您没有查看的权限" in answer.text
    assert 'data-weui-mode="care"' in answer.text


def test_a_program_outside_the_api_gets_problem_json(app):
    check(app.test_client().get("/nothing", headers={"Accept": "application/json"}), 404, "not-found")
