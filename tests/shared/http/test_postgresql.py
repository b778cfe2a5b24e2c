"""What only PostgreSQL does: authentication in autocommit, and values it cannot hold."""

import pytest

from tests.shared.http.sample import audit_rows, sample_app, someone


@pytest.fixture
def app(pg_rt):
    return sample_app(pg_rt)


def test_a_token_is_known_and_a_denial_audited(app, pg_rt):
    client, doctor = app.test_client(), someone(pg_rt)
    assert client.post("/api/sample/things", json={"size": 3}, headers=doctor.bearer).status_code == 201
    assert client.get("/api/sample/things/red", headers=doctor.bearer).status_code == 403
    assert audit_rows(pg_rt) == [("sample.thing.read", "denied", 403, "forbidden")]


@pytest.mark.parametrize("secret", ["\x00", "x" * 5000, "é"])
def test_no_secret_breaks_authentication(app, secret):
    answer = app.test_client().get(
        "/api/sample/things", headers={"Cookie": f"zd_session={secret}".encode().decode("latin-1")}
    )
    assert answer.status_code == 401


def test_a_value_the_database_cannot_hold_is_the_callers_mistake(app, pg_rt):
    doctor = someone(pg_rt, "recipient_admin")
    answer = app.test_client().post("/api/sample/stored", json={"text": "a\x00b"}, headers=doctor.bearer)
    assert (answer.status_code, answer.json["slug"]) == (422, "invalid-body")
