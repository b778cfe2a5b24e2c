"""The doors of identity: API, sign-in page, one-time link, sign-out."""

import re

import pytest

from services.identity.routes import local_path
from services.identity.service import SERVICE
from services.identity.usecases import accounts, invitations
from shared.http.app import create_web
from tests.factories.phone import Phone
from tests.services.identity.people import PASSWORD, PHONE, member, person
from tests.shared.http.sample import audit_rows, sample_service

GOOD = {"phone": PHONE, "password": PASSWORD}


@pytest.fixture
def app(rt):
    return create_web(rt, [SERVICE, sample_service()])


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, f"no hidden field {name}"
    return found[1]


def submit(client, path, **fields):
    """Open the page and send its form like a browser without script."""
    return client.post(path, data={"csrf_token": hidden(client.get(path).text, "csrf_token"), **fields})


def test_a_token_opens_the_api(app, rt):
    person_id = member(rt)
    answer = app.test_client().post("/api/identity/tokens", json=GOOD)
    assert answer.status_code == 201
    assert answer.json["person"] == {"id": person_id, "name": "王医生", "organisation": "县人民医院"}
    assert answer.json["roles"][0]["label"] == "派驻医师"
    headers = {"Authorization": f"Bearer {answer.json['token']}"}
    me = app.test_client().get("/api/identity/me", headers=headers).json
    assert me["person"]["id"] == person_id
    assert me["roles"][0]["scope"]["name"] == "县人民医院"


def test_a_session_sets_the_cookie_and_gives_the_csrf_value(app, rt):
    member(rt)
    client = app.test_client()
    answer = client.post("/api/identity/sessions", json=GOOD)
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("zd_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert client.get("/api/identity/me").json["csrf_token"] == answer.json["csrf_token"]
    made = client.post("/api/sample/things", json={"size": 1}, headers={"X-CSRF-Token": answer.json["csrf_token"]})
    assert made.status_code == 201


@pytest.mark.parametrize("path", ["/api/identity/tokens", "/api/identity/sessions"])
@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({**GOOD, "password": "wrong-password"}, 401, "sign-in-failed"),
        ({**GOOD, "phone": "13911111111"}, 401, "sign-in-failed"),
        ({"phone": PHONE}, 422, "invalid-body"),
        ({**GOOD, "role": "system_admin"}, 422, "invalid-body"),
        ({"phone": "x" * 33, "password": "y"}, 422, "invalid-body"),
    ],
)
def test_refused_sign_in_opens_nothing(app, rt, path, body, status, slug):
    member(rt)
    client = app.test_client()
    answer = client.post(path, json=body)
    assert (answer.status_code, answer.json["slug"]) == (status, slug)
    assert client.get("/api/identity/me").status_code == 401


def test_known_and_unknown_numbers_get_the_same_answers(app, rt):
    member(rt)

    def answers(phone: str) -> list[tuple[int, str, str]]:
        found = [
            app.test_client().post("/api/identity/tokens", json={"phone": phone, "password": "x"}) for _ in range(7)
        ]
        return [(answer.status_code, answer.json["slug"], answer.json["title"]) for answer in found]

    assert answers(PHONE) == answers("13911111111")
    assert answers(PHONE)[-1][1] == "sign-in-locked"


def test_signing_in_and_failing_to_leave_audit_rows(app, rt):
    member(rt)
    app.test_client().post("/api/identity/tokens", json=GOOD)
    app.test_client().post("/api/identity/tokens", json={**GOOD, "password": "wrong-password"})
    assert audit_rows(rt) == [
        ("identity.token.open", "done", 201, None),
        ("identity.token.open", "refused", 401, "sign-in-failed"),
    ]


def test_closing_the_session_ends_it(app, rt):
    member(rt)
    client = app.test_client()
    value = client.post("/api/identity/sessions", json=GOOD).json["csrf_token"]
    stolen = client.get_cookie("zd_session").value
    assert client.delete("/api/identity/sessions/current", headers={"X-CSRF-Token": value}).status_code == 204
    assert client.get_cookie("zd_session") is None
    client.set_cookie("zd_session", stolen)
    assert client.get("/api/identity/me").status_code == 401


def test_a_closed_account_loses_its_session_at_once(app, rt):
    member(rt)
    client = app.test_client()
    client.post("/api/identity/sessions", json=GOOD)
    accounts.disable(rt, PHONE)
    assert client.get("/api/identity/me").status_code == 401


def test_the_sign_in_page_leads_back_to_where_it_was_asked(app, rt):
    member(rt)
    client = app.test_client()
    asked = client.get("/sample")
    page = client.get(asked.location)
    form = {name: hidden(page.text, name) for name in ("csrf_token", "next")}
    answer = client.post("/login", data={**form, **GOOD})
    assert (answer.status_code, answer.location) == (303, "/sample")
    assert client.get("/sample").status_code == 200
    assert client.get("/login?next=/sample").location == "/sample"  # signed in already


def test_a_wrong_password_keeps_the_number_and_says_one_sentence(app, rt):
    member(rt)
    answer = submit(app.test_client(), "/login", phone=PHONE, password="wrong-password")
    assert answer.status_code == 401
    assert "手机号、密码或验证码不对" in answer.text
    assert f'value="{PHONE}"' in answer.text
    assert "wrong-password" not in answer.text


def test_the_page_says_how_long_a_lock_lasts(app, rt):
    client = app.test_client()
    answers = [submit(client, "/login", phone=PHONE, password="x") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert "15 分钟后再试" in answers[-1].text


def test_sign_in_by_form_needs_its_csrf_value(app, rt):
    member(rt)
    answer = app.test_client().post("/login", data=GOOD)
    assert answer.status_code == 403
    assert "页面已过期,请刷新后再试" in answer.text


def test_a_form_that_met_no_session_passes_through_sign_in_once(app, rt):
    member(rt)
    client = app.test_client()
    sent_on = client.post("/sample", data={"direction": "in", "csrf_token": "old"})
    assert sent_on.status_code == 307
    page = client.post(sent_on.location, data={"direction": "in", "csrf_token": "old"})
    assert page.status_code == 401
    fields = {name: hidden(page.text, name) for name in ("csrf_token", "next", "direction")}
    signed_in = client.post("/login", data={**fields, **GOOD})
    assert 'action="/sample"' in signed_in.text
    fields = {name: hidden(signed_in.text, name) for name in ("csrf_token", "direction")}
    assert fields["direction"] == "in"
    assert PASSWORD not in signed_in.text
    assert client.post("/sample", data=fields).status_code == 200


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_fields_posted_by_another_site_are_not_carried(app, origin):
    page = app.test_client().post("/login?next=/sample", data={"direction": "in"}, headers={"Origin": origin})
    assert page.status_code == 401
    assert 'name="direction"' not in page.text


def test_a_browser_that_hides_the_origin_of_our_own_form_is_known_by_its_cookie(app):
    client = app.test_client()
    client.get("/login")  # sets the cookie of the visit, SameSite=Lax
    page = client.post("/login?next=/sample", data={"direction": "in"}, headers={"Origin": "null"})
    assert page.status_code == 401
    assert 'name="direction"' in page.text


@pytest.mark.parametrize(
    "foreign",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "/a\nb",
        "",
        None,
        "a",
    ],
)
def test_sign_in_never_leads_to_another_site(foreign):
    assert local_path(foreign) == "/"


def test_sign_out_ends_the_session(app, rt):
    member(rt)
    client = app.test_client()
    value = client.post("/api/identity/sessions", json=GOOD).json["csrf_token"]
    answer = client.post("/logout", data={"csrf_token": value})
    assert (answer.status_code, answer.location) == (303, "/login")
    assert client.get("/api/identity/me").status_code == 401


def test_the_one_time_link_sets_the_password_and_signs_in(app, rt):
    person_id = person(rt)
    with rt.db.transaction() as session:
        accounts.sync(session, {person_id})
    path = "/i/" + invitations.invite(rt, PHONE).rpartition("/")[2]
    client = app.test_client()
    assert "王医生,您好" in client.get(path).text
    weak = submit(client, path, password="12345678")
    assert weak.status_code == 422
    assert "太常见" in weak.text
    assert submit(client, path, password=PASSWORD).status_code == 303
    assert client.get("/api/identity/me").json["person"]["id"] == person_id
    used = app.test_client().get(path)
    assert used.status_code == 404
    assert "邀请链接已失效,请联系医务科重新发送" in used.text


def test_opening_the_link_uses_nothing_up(app, rt):
    person_id = person(rt)
    with rt.db.transaction() as session:
        accounts.sync(session, {person_id})
    path = "/i/" + invitations.invite(rt, PHONE).rpartition("/")[2]
    assert [app.test_client().get(path).status_code for _ in range(3)] == [200, 200, 200]


def test_no_audit_row_holds_a_link_or_a_number(app, rt):
    member(rt)
    app.test_client().post("/i/secret-of-the-link", data={})
    app.test_client().post("/api/identity/tokens", json=GOOD)
    with rt.db.read() as session:
        text = str(session.connection().exec_driver_sql("SELECT * FROM audit_row").all())
    assert "identity.invitation.form" in text
    assert "secret-of-the-link" not in text
    assert PHONE not in text


def signed_in(app, rt):
    """A browser with a session of this moment, and the header its writes need."""
    member(rt)
    client = app.test_client()
    opened = client.post("/api/identity/sessions", json=GOOD)
    return client, {"X-CSRF-Token": opened.json["csrf_token"]}


def test_a_phone_is_enrolled_listed_and_revoked(app, rt):
    client, csrf = signed_in(app, rt)
    body = {"jwk": {**Phone().jwk, "ext": True, "key_ops": ["verify"]}, "platform": "wechat-ios"}
    made = client.post("/api/identity/devices", json=body, headers=csrf)
    assert (made.status_code, made.json["thumbprint"], made.json["age"]) == (201, Phone().thumbprint, "young")
    assert client.post("/api/identity/devices", json=body, headers=csrf).status_code == 200
    assert [one["id"] for one in client.get("/api/identity/devices").json["items"]] == [made.json["id"]]
    path = f"/api/identity/devices/{made.json['id']}"
    assert client.post(f"{path}/confirmation", json={}, headers=csrf).json["slug"] == "other-key-needed"
    assert client.post(f"{path}/revocation", json={"reason_code": "lost"}, headers=csrf).json["revoked_at"]


def test_a_private_key_is_never_taken(app, rt):
    client, csrf = signed_in(app, rt)
    answer = client.post("/api/identity/devices", json={"jwk": {**Phone().jwk, "d": "c2VjcmV0"}}, headers=csrf)
    assert (answer.status_code, answer.json["slug"]) == (422, "invalid-body")


def test_consent_is_one_tap_either_way(app, rt):
    client, csrf = signed_in(app, rt)
    said = {"screen": "L", "version": "L-2026-11", "language": "zh-CN", "given": True, "decided_at": "2026-11-23T04:00:00.000Z"}
    assert client.post("/api/identity/consents", json=said, headers=csrf).status_code == 201
    assert client.post("/api/identity/consents", json=said, headers=csrf).status_code == 200
    assert client.post("/api/identity/consents", json={**said, "given": False}, headers=csrf).status_code == 201
    assert [one["given"] for one in client.get("/api/identity/consents").json["items"]] == [False]
