"""The order of enforcement: authenticate, CSRF, role, object through the scope, forbid, limit, view."""

import datetime as dt

import pytest
import sqlalchemy as sa

from shared import clock
from shared.access import store
from shared.access.models import SignInSession
from shared.http.app import create_web
from shared.http.auth import OWN_ORG, csrf_token, policy, principal
from shared.http.pages import page_blueprint
from shared.roles import Grant
from shared.service import Service
from tests.shared.http.sample import audit_rows, by_cookie, sample_app, someone

THINGS = "/api/sample/things"


@pytest.fixture
def app(rt):
    return sample_app(rt)


def token_of(app, client) -> str:
    """The CSRF value a page of this session would carry."""
    with client.application.test_request_context(), client:
        client.get(THINGS)
        return csrf_token()


def test_nobody_is_not_signed_in(app):
    answer = app.test_client().get(THINGS)
    assert (answer.status_code, answer.json["slug"]) == (401, "not-signed-in")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_bearer_token_needs_no_csrf_value(app, rt):
    answer = app.test_client().post(THINGS, json={"size": 3}, headers=someone(rt).bearer)
    assert (answer.status_code, answer.json) == (201, {"id": "3"})


@pytest.mark.parametrize("value", [None, "", "0" * 64, "é"])
def test_a_cookie_write_without_its_csrf_value_is_refused(app, rt, value):
    headers = {} if value is None else {"X-CSRF-Token": value.encode().decode("latin-1")}
    answer = by_cookie(app, someone(rt)).post(THINGS, json={"size": 3}, headers=headers)
    assert (answer.status_code, answer.json["slug"]) == (403, "form-expired")


def test_the_csrf_value_works_as_header_and_as_form_field(app, rt):
    client = by_cookie(app, someone(rt))
    value = token_of(app, client)
    assert client.post(THINGS, json={"size": 3}, headers={"X-CSRF-Token": value}).status_code == 201
    assert client.post("/sample", data={"csrf_token": value}).status_code == 200


def test_the_csrf_value_of_another_session_is_refused(app, rt):
    first, second = by_cookie(app, someone(rt)), by_cookie(app, someone(rt, phone="13800000002"))
    answer = second.post(THINGS, json={"size": 3}, headers={"X-CSRF-Token": token_of(app, first)})
    assert answer.json["slug"] == "form-expired"


def test_a_role_not_allowed_is_forbidden_and_audited(app, rt):
    answer = app.test_client().post(THINGS, json={"size": 3}, headers=someone(rt, "recipient_admin").bearer)
    assert (answer.status_code, answer.json["slug"]) == (403, "forbidden")
    assert audit_rows(rt) == [("sample.thing.make", "denied", 403, "forbidden")]


def test_foreign_and_missing_objects_answer_alike(app, rt):
    client, headers = app.test_client(), someone(rt, "recipient_admin").bearer
    foreign, missing = client.get(f"{THINGS}/blue", headers=headers), client.get(f"{THINGS}/none", headers=headers)
    assert client.get(f"{THINGS}/red", headers=headers).status_code == 200
    assert foreign.status_code == missing.status_code == 404
    private = ("instance",)  # the address the caller sent itself
    assert {k: v for k, v in foreign.json.items() if k not in private} == {
        k: v for k, v in missing.json.items() if k not in private
    }


def test_the_role_is_judged_before_the_object_is_looked_for(app, rt):
    answers = [
        app.test_client().get(f"{THINGS}/{name}", headers=someone(rt, phone=name).bearer) for name in ("red", "no")
    ]
    assert [answer.json["slug"] for answer in answers] == ["forbidden", "forbidden"]


def test_a_forbid_rule_answers_with_its_own_slug(app, rt):
    answer = app.test_client().post(f"{THINGS}/red/decision", headers=someone(rt, "recipient_admin").bearer)
    assert (answer.status_code, answer.json["slug"]) == (403, "self-approval")
    assert audit_rows(rt) == [("sample.thing.decide", "denied", 403, "self-approval")]


def test_a_decision_leaves_an_audit_row(app, rt):
    headers = someone(rt, "recipient_admin", "hospital-2").bearer
    assert app.test_client().post(f"{THINGS}/blue/decision", headers=headers).status_code == 200
    assert audit_rows(rt) == [("sample.thing.decide", "done", 200, None)]


def test_a_plain_write_leaves_no_audit_row(app, rt):
    app.test_client().post(THINGS, json={"size": 3}, headers=someone(rt).bearer)
    assert audit_rows(rt) == []


def test_an_anonymous_write_is_audited_and_an_anonymous_read_is_not(app, rt):
    app.test_client().post(THINGS, json={"size": 3})
    app.test_client().get(THINGS)
    assert audit_rows(rt) == [("sample.thing.make", "denied", 401, "not-signed-in")]


def test_the_third_call_within_a_rate_of_two_waits(app, rt):
    client, headers = app.test_client(), someone(rt).bearer
    answers = [client.get("/api/sample/limited", headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json["title"] == f"操作太快了,{answers[2].headers['Retry-After']} 秒后再试"
    other = someone(rt, phone="13800000002").bearer
    assert client.get("/api/sample/limited", headers=other).status_code == 200


def test_a_taken_role_is_gone_with_the_next_request(app, rt):
    people = someone(rt)
    with rt.db.transaction() as session:
        store.set_grants(session, people.account_id, [Grant("auditor", None)])
    assert app.test_client().post(THINGS, json={"size": 3}, headers=people.bearer).json["slug"] == "forbidden"


def test_a_disabled_account_loses_session_and_token_at_once(app, rt):
    people = someone(rt)
    client = by_cookie(app, people)
    assert client.get(THINGS).status_code == 200
    with rt.db.transaction() as session:
        store.set_disabled(session, people.account_id, clock.now())
    assert client.get(THINGS).status_code == 401
    assert app.test_client().get(THINGS, headers=people.bearer).status_code == 401


def test_a_session_is_touched_at_most_every_five_minutes(app, rt):
    people = someone(rt)
    client, start = by_cookie(app, people), clock.now()

    def seen_after(minutes: int) -> dt.datetime:
        with clock.at(start + dt.timedelta(minutes=minutes)):
            assert client.get(THINGS).status_code == 200
        with rt.db.read() as session:
            return session.scalars(sa.select(SignInSession.last_seen_at)).one()

    first = seen_after(1)
    assert seen_after(4) == first
    assert seen_after(7) == start + dt.timedelta(minutes=7)


def test_an_unknown_reader_of_a_page_goes_to_sign_in_and_back(app):
    answer = app.test_client().get("/sample", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.location) == (303, "/login?next=%2Fsample")


def test_a_form_without_session_is_sent_on_to_sign_in_with_its_fields(app):
    answer = app.test_client().post("/sample", data={"direction": "in", "csrf_token": "old"})
    assert (answer.status_code, answer.location) == (307, "/login?next=%2Fsample")


def test_what_another_role_may_see_does_not_leak_into_a_view(rt):
    seen = []

    def loader(session, who):
        seen.append(who.roles)
        return who

    pages = page_blueprint("narrow")
    view = policy("narrow.read", {"recipient_admin": OWN_ORG}, object=loader)(
        lambda: " ".join(sorted(principal().roles))
    )
    pages.get("/narrow", endpoint="read")(view)
    people = someone(rt, "recipient_admin")
    with rt.db.transaction() as session:
        store.set_grants(session, people.account_id, [Grant("recipient_admin", "h"), Grant("county_officer", "c")])
    app = create_web(rt, [Service("narrow", (pages,))])
    assert app.test_client().get("/narrow", headers=people.bearer).text == "recipient_admin"
    assert seen == [{"recipient_admin"}]
