"""Health, readiness, metrics, the API document and its page."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from shared.http import operations
from shared.http.app import create_web
from tests.shared.http.sample import audit_rows, sample_app, sample_service, someone


@pytest.fixture
def app(rt):
    return sample_app(rt)


def set_migration(rt, *revisions: str) -> None:
    with rt.db.transaction() as session:
        session.execute(sa.text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"))
        for revision in revisions:
            session.execute(sa.text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})


def test_the_process_answers(app):
    assert app.test_client().get("/healthz").json == {"status": "ok"}


def test_ready_only_at_the_newest_migration(app, rt, monkeypatch):
    client = app.test_client()
    assert (client.get("/readyz").status_code, client.get("/readyz").json["migration"]) == (503, "unknown")
    monkeypatch.setattr(operations, "_heads", lambda: frozenset({"0002"}))
    set_migration(rt, "0001")
    assert (client.get("/readyz").status_code, client.get("/readyz").json["migration"]) == (503, "behind")
    with rt.db.transaction() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '0002'"))
    assert client.get("/readyz").json == {"ready": True, "database": "ok", "migration": "current", "broker": "none"}


def test_a_broker_away_is_reported_and_not_required(rt, monkeypatch):
    monkeypatch.setattr(operations, "_heads", lambda: frozenset({"0001"}))
    set_migration(rt, "0001")
    settings = replace(rt.settings, redis_url="redis://127.0.0.1:1/0")
    answer = create_web(replace(rt, settings=settings), []).test_client().get("/readyz")
    assert (answer.status_code, answer.json["broker"]) == (200, "away")


def test_metrics_name_rules_not_addresses(app, rt):
    client = app.test_client()
    client.get("/api/sample/things/red", headers=someone(rt, "recipient_admin").bearer)
    text = client.get("/metrics").text
    assert 'zhudian_http_requests_total{method="GET",rule="/api/sample/things/<name>",status="200"} 1.0' in text
    assert "/red" not in text


@pytest.mark.parametrize(
    "caller", [{"environ_base": {"REMOTE_ADDR": "10.1.2.3"}}, {"headers": {"X-Forwarded-For": "203.0.113.9"}}]
)
def test_metrics_do_not_exist_for_others(app, rt, caller):
    assert app.test_client().get("/metrics", **caller).status_code == 404
    assert audit_rows(rt) == [("http.metrics", "denied", 404, "not-found")]


def test_the_document_names_policy_security_and_problem_of_each_operation(app):
    document = app.test_client().get("/api/openapi.json").json
    assert document["openapi"] == "3.1.0"
    make = document["paths"]["/api/sample/things"]["post"]
    assert make["x-policy"] == {"id": "sample.thing.make", "allow": {"doctor": "self"}}
    assert make["security"] == [{"bearer": []}, {"session": []}]
    assert make["responses"]["default"] == {"$ref": "#/components/responses/DEFAULT_ERROR"}
    refusal = document["components"]["responses"]["DEFAULT_ERROR"]["content"]
    assert list(refusal) == ["application/problem+json"]
    assert document["components"]["schemas"]["NewThing"]["additionalProperties"] is False
    assert document["paths"]["/api/sample/things/{name}"]["get"]["x-policy"]["id"] == "sample.thing.read"


def test_two_applications_have_two_documents(rt):
    create_web(rt, [sample_service()]).test_client().get("/api/openapi.json")
    assert create_web(rt, []).test_client().get("/api/openapi.json").json["paths"] == {}


def test_the_page_lists_every_operation_without_script_and_foreign_host(app):
    text = app.test_client().get("/api/docs").text
    for operation in ("post-api-sample-things", "get-api-sample-things", "sample.thing.decide", "NewThing"):
        assert operation in text
    assert "<script" not in text
    assert "http://" not in text
    assert "https://" not in text
