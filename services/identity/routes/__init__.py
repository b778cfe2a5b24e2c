"""Doors of identity: /api/identity/…, /login, /logout, /i/<invitation>."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, g, redirect, request

from services.identity import schemas
from services.identity.domain.password import MIN_LENGTH
from services.identity.usecases import consents, devices, invitations, platforms, sign_in
from services.identity.usecases.accounts import PasswordWeak
from services.identity.usecases.js_config import config as sign_page
from shared import clock
from shared.http import auth
from shared.http.api import Blueprint
from shared.http.app import runtime
from shared.http.audit import address
from shared.http.auth import ANY, OWN_ORG, OWN_PAIR, PUBLIC, SELF, policy, principal
from shared.http.pages import page_blueprint, render
from shared.problems import Problem
from shared.wechat.ua import surroundings

api = Blueprint("identity", "identity", description="登录")
pages = page_blueprint("identity")

FORM = ("phone", "password", "next", "csrf_token")


@api.route("/api/identity/tokens", methods=["POST"])
@policy("identity.token.open", allow=PUBLIC, audit="key", csrf=False)
@api.arguments(schemas.Credentials)
@api.response(201, schemas.OpenedToken)
def open_token(credentials: dict[str, str]) -> dict[str, Any]:
    """A bearer token for scripts."""
    opened = sign_in.open_token(runtime(), **credentials, address=address() or "")
    auth.become(opened.principal)
    expires_at = clock.iso(opened.expires_at) if opened.expires_at else ""
    return {"token": opened.secret, "expires_at": expires_at, **sign_in.describe(runtime(), opened.principal)}


@api.route("/api/identity/sessions", methods=["POST"])
@policy("identity.session.open", allow=PUBLIC, audit="key", csrf=False)
@api.arguments(schemas.Credentials)
@api.response(201, schemas.Account)
def open_session(credentials: dict[str, str]) -> dict[str, Any]:
    """A browser session: sets the cookie `zd_session`."""
    opened = sign_in.open_session(runtime(), **credentials, address=address() or "")
    g.session_secret = opened.secret
    auth.become(opened.principal)
    return {"csrf_token": auth.csrf_token(), **sign_in.describe(runtime(), opened.principal)}


@api.route("/api/identity/sessions/current", methods=["DELETE"])
@policy("identity.session.close", allow=SELF, audit="key")
@api.response(204)
def close_session() -> None:
    """End the session or token of this request."""
    sign_in.sign_out(runtime(), principal())
    g.session_secret = ""


@api.route("/api/identity/me")
@policy("identity.me", allow=SELF)
@api.response(200, schemas.Account)
def me() -> dict[str, Any]:
    """Who is signed in, with roles and scopes."""
    return {"csrf_token": auth.csrf_token(), **sign_in.describe(runtime(), principal())}


@api.route("/api/identity/devices", methods=["POST"])
@policy("identity.device.enrol", allow={"doctor": SELF}, audit="key")
@api.arguments(schemas.Enrolment)
@api.response(201, schemas.Device)
@api.alt_response(200, schema=schemas.Device, description="The key was enrolled before")
def enrol_device(said: dict[str, Any]) -> Any:
    """Enrol this phone's key, in the session of the invitation or within 5 minutes of signing in."""
    created, row = devices.enrol(runtime(), principal(), said["jwk"], said.get("platform"))
    return row, 201 if created else 200


@api.route("/api/identity/devices")
@policy(
    "identity.device.list",
    allow={"doctor": SELF, "recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR},
)  # fmt: skip
@api.response(200, schemas.Devices)
def list_devices() -> dict[str, Any]:
    """Own keys; for hospital administrators also those of their physicians that wait to be confirmed."""
    return {"items": devices.listed(runtime(), principal())}


@api.route("/api/identity/devices/<device_id>/confirmation", methods=["POST"])
@policy(
    "identity.device.confirm", object=devices.confirmable, audit="key",
    allow={"doctor": SELF, "recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR},
)  # fmt: skip
@api.arguments(schemas.Confirmation)
@api.response(200, schemas.Device)
def confirm_device(proof: dict[str, str], device_id: str) -> dict[str, Any]:
    """Confirm a key with another one, or in person."""
    return devices.confirm(runtime(), principal(), device_id, proof)


@api.route("/api/identity/devices/<device_id>/revocation", methods=["POST"])
@policy(
    "identity.device.revoke", object=devices.revocable, audit="key",
    allow={"doctor": SELF, "supporter_admin": OWN_PAIR, "security_admin": ANY},
)  # fmt: skip
@api.arguments(schemas.Revocation)
@api.response(200, schemas.Device)
def revoke_device(said: dict[str, str], device_id: str) -> dict[str, Any]:
    """Revoke a key from now on."""
    return devices.revoke(runtime(), principal(), device_id, said["reason_code"])


@api.route("/api/identity/wechat/js-config")
@policy("identity.wechat.config", allow=SELF, limit="60/min")
@api.arguments(schemas.PageAddress, location="query")
@api.response(200, schemas.JsConfig)
def js_config(page: dict[str, str]) -> dict[str, Any]:
    """The signature for a page inside WeChat or WeCom."""
    return sign_page(runtime(), surroundings(request.user_agent.string), page["url"])


@api.route("/api/identity/consents", methods=["POST"])
@policy("identity.consent.answer", allow=dict.fromkeys(consents.ROLES, SELF), audit="write")
@api.arguments(schemas.ConsentAnswer)
@api.response(201, schemas.Consent)
@api.alt_response(200, schema=schemas.Consent, description="The answer that stands already")
def answer_consent(said: dict[str, Any]) -> Any:
    """Give or withdraw a consent: one tap each."""
    created, row = consents.answer(runtime(), principal(), said)
    return row, 201 if created else 200


@api.route("/api/identity/consents")
@policy("identity.consent.list", allow=dict.fromkeys(consents.ROLES, SELF))
@api.response(200, schemas.Consents)
def list_consents() -> dict[str, Any]:
    """The newest own answer to each screen."""
    return {"items": consents.standing(runtime(), principal())}


@pages.get("/login")
@policy("identity.login.page", allow=PUBLIC)
def login() -> Response:
    """The sign-in form; who is signed in already goes on."""
    goes_to = local_path(request.args.get("next"))
    if auth.visitor():
        return redirect(goes_to, 303)  # type: ignore[return-value]
    buttons = platforms.offered(runtime(), surroundings(request.user_agent.string))
    return render("login.html", next=goes_to, platforms=buttons)


@pages.post("/login")
@policy("identity.login.form", allow=PUBLIC, audit="key", csrf=False)
def login_form() -> Response:
    """Sign in and go on to `next`. A form that met no session arrives here without a phone number and is shown
    the sign-in form around its fields, which pass through once (experience.md §2)."""
    if "phone" not in request.form:
        return _carry()
    auth.require_csrf()
    goes_to, carried = local_path(request.form.get("next")), _carried()
    phone = request.form["phone"]
    try:
        opened = sign_in.open_session(runtime(), phone, request.form.get("password", ""), address() or "")
    except Problem as refused:
        return _again("login.html", refused, next=goes_to, phone=phone, carried=carried)
    return _welcome(opened, goes_to, carried)


@pages.post("/logout")
@policy("identity.logout.form", allow=SELF, audit="key")
def logout() -> Response:
    """End the session and show the sign-in form."""
    sign_in.sign_out(runtime(), principal())
    g.session_secret = ""
    return redirect("/login", 303)  # type: ignore[return-value]


@pages.get("/i/<invitation>")
@policy("identity.invitation.page", allow=PUBLIC, object=invitations.invited)
def invitation_page(invitation: str) -> Response:
    """The one-time link: choose a password."""
    return render("invitation.html", **_invited(invitation))


@pages.post("/i/<invitation>")
@policy("identity.invitation.form", allow=PUBLIC, object=invitations.invited, audit="key")
def invitation_form(invitation: str) -> Response:
    """Set the password and sign in."""
    try:
        opened = invitations.accept(runtime(), invitation, request.form.get("password", ""))
    except PasswordWeak as refused:
        return _again("invitation.html", refused, **_invited(invitation))
    return _welcome(opened, "/", {})


@pages.after_app_request
def keep_session(response: Response) -> Response:
    """Set or delete the session cookie that a sign-in or sign-out of this request decided."""
    secret = g.get("session_secret")
    if secret:
        auth.remember_session(response, secret)
    elif secret == "":
        auth.forget_session(response)
    return response


def local_path(text: str | None) -> str:
    """A path of this site to go on to; anything that could lead elsewhere becomes "/"."""
    parts = urlsplit(text or "/")
    plain = text and text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if plain and text and not parts.netloc and not parts.scheme else "/"


def _carry() -> Response:
    """Sign-in with the fields of the form sent on; those another site posted are dropped."""
    carried = _carried() if _from_our_page() else {}
    response = render("login.html", next=local_path(request.args.get("next")), carried=carried)
    response.status_code = 401
    return response


def _from_our_page() -> bool:
    """Whether the form that was sent on stood on a page of this site.

    Our pages send no referrer, so a browser names the origin of their forms "null" (Fetch, "append a request Origin
    header"). Then the cookies tell: all of ours are SameSite=Lax, and a form of another site carries none of them.
    """
    own = (request.host_url.rstrip("/"), runtime().settings.public_base_url)
    origin = request.headers.get("Origin", own[0])
    return origin in own or (origin == "null" and bool(request.cookies))


def _carried() -> dict[str, str]:
    return {name: value for name, value in request.form.items() if name not in FORM}


def _invited(invitation: str) -> dict[str, Any]:
    with runtime().db.read() as session:
        found = invitations.invited(session, None, invitation)
    return {"name": found.name, "hospital": found.hospital, "min_length": MIN_LENGTH}


def _again(template: str, refused: Problem, **context: Any) -> Response:
    """The same form with the sentence of the refusal."""
    response = render(template, error=refused.title_text(), **context)
    response.status_code = refused.status
    response.headers.update(refused.headers)
    return response


def _welcome(opened: sign_in.Opened, goes_to: str, carried: dict[str, str]) -> Response:
    g.session_secret = opened.secret
    auth.become(opened.principal)
    if carried and goes_to != "/":
        return render("carried.html", action=goes_to, carried=carried)
    return redirect(goes_to, 303)  # type: ignore[return-value]
