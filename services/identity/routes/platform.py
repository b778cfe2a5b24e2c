"""Doors of sign-in through WeChat and WeCom: /wx/<platform>/…, /app/bind."""

from __future__ import annotations

from flask import Response, g, redirect, request

from services.identity.routes import local_path
from services.identity.usecases import binding, platforms
from services.identity.usecases.invitations import InvitationOver
from services.identity.usecases.sign_in import Opened
from shared.http import auth
from shared.http.app import runtime
from shared.http.auth import PUBLIC, policy
from shared.http.pages import page_blueprint, render
from shared.problems import Problem

pages = page_blueprint("identity_platforms")
COOKIE, SECONDS = "zd_platform", 600


@pages.get("/wx/<platform>/sign-in")
@policy("identity.platform.start", allow=PUBLIC, values=("platform",), limit="120/min")
def start(platform: str) -> Response:
    """Out to the platform's authorize page."""
    return _out(platform, local_path(request.args.get("next")))


@pages.get("/wx/<platform>/callback")
@policy("identity.platform.callback", allow=PUBLIC, values=("platform",), audit="key", limit="120/min")
def callback(platform: str) -> Response:
    """Back from it: into the house, on to the binding, or out again once."""
    said, kept = request.args, request.cookies.get(COOKIE, "")
    found = platforms.back(runtime(), platform, said.get("code", ""), said.get("state", ""), kept)
    if found.again:
        return _out(platform, found.goes_to, again=True)
    if found.opened:
        return _in(found.opened, found.goes_to)
    return _keep(redirect("/app/bind", 303), found.pending or "")


@pages.get("/app/bind")
@policy("identity.bind.page", allow=PUBLIC)
def bind_page() -> Response:
    """The invitation is asked for."""
    return render("bind.html", label=binding.asked(runtime(), request.cookies.get(COOKIE, "")))


@pages.post("/app/bind")
@policy("identity.bind.form", allow=PUBLIC, audit="key", limit="30/min")
def bind_form() -> Response:
    """The name first; bound once it was confirmed."""
    secret, code = request.cookies.get(COOKIE, ""), binding.code_of(request.form.get("invitation", ""))
    label = binding.asked(runtime(), secret)
    try:
        if request.form.get("confirmed") == "yes":
            return _in(*binding.bind(runtime(), secret, code))
        found = binding.whose(runtime(), secret, code)
    except InvitationOver as refused:
        return _again(refused, label)
    return render("bind.html", label=label, invitation=code, name=found.name, hospital=found.hospital)


def _again(refused: Problem, label: str) -> Response:
    response = render("bind.html", label=label, error=refused.title_text())
    response.status_code = refused.status
    return response


def _out(platform: str, goes_to: str, *, again: bool = False) -> Response:
    url, state = platforms.start(runtime(), platform, goes_to, again=again)
    return _keep(redirect(url, 303), state)


def _in(opened: Opened, goes_to: str) -> Response:
    g.session_secret = opened.secret
    auth.become(opened.principal)
    return _keep(redirect(goes_to, 303), "")


def _keep(answer: object, secret: str) -> Response:
    """The secret in a cookie of its own, or no longer."""
    assert isinstance(answer, Response)
    answer.set_cookie(COOKIE, secret, max_age=SECONDS if secret else 0, httponly=True, samesite="Lax", secure=runtime().settings.production)
    return answer
