"""/c/<site_token> and /screen/<screen_token>: complete without script; a GET writes nothing."""

from __future__ import annotations

import secrets

from flask import Response, json, request

from checkin.routes.forms import tap_item
from checkin.usecases import page, result, screen
from checkin.usecases.record import AlreadyRecorded, record_event
from checkin.usecases.refuse import NoOpenPosting, UnknownCode
from shared.http.app import runtime
from shared.http.audit import address
from shared.http.auth import PUBLIC, csrf_token, policy, visitor
from shared.http.pages import page_blueprint, render

pages = page_blueprint("checkin")

INSTALL_COOKIE = "zd_install"
INSTALL_SECONDS = 365 * 24 * 3600


@pages.get("/c/<site_token>")
@policy("checkin.scan.page", allow=PUBLIC, values=("site_token",))
def scan(site_token: str) -> Response:
    """The page behind a clinic's code; a fresh `?k=` earns a ticket in a hidden field."""
    install = request.cookies.get(INSTALL_COOKIE) or secrets.token_urlsafe(16)
    context = page.scan_page(runtime(), visitor(), site_token, request.args.get("k"), install)
    context["fields"]["csrf_token"] = csrf_token()
    response = render("scan.html", **context)
    if INSTALL_COOKIE not in request.cookies:
        secure = runtime().settings.production
        response.set_cookie(
            INSTALL_COOKIE, install, max_age=INSTALL_SECONDS, httponly=True, samesite="Lax", secure=secure
        )
    return response


@pages.post("/c/<site_token>")
@policy("checkin.scan.form", allow=PUBLIC, audit="write", values=("site_token",))
def tap(site_token: str) -> Response:
    """One press of the button without script. Nobody signed in: sign-in, which carries the fields through once."""
    who = visitor()
    if who is None or who.person_id is None:
        return _sign_in(site_token)
    try:
        item = tap_item(request.form, who.person_id, site_token)
        install = request.cookies.get(INSTALL_COOKIE)
        created, recorded = record_event(runtime(), who, item, install=install, address=address())
    except AlreadyRecorded as earlier:
        return _result(result.earlier_page(runtime(), earlier), 200)
    except (NoOpenPosting, UnknownCode) as refused:
        return _result(result.refused_page(refused, site_token), refused.status)
    return _result(result.recorded_page(runtime(), recorded, repeated=not created), 201 if created else 200)


@pages.get("/screen/<screen_token>")
@policy("checkin.code.display", allow=PUBLIC, object=screen.screen_clinic)
def screen_page(screen_token: str) -> Response:
    """The clinic's desk screen with its rotating code."""
    return render("screen.html", **screen.screen_page(runtime(), screen_token))


@pages.get("/screen/<screen_token>/code")
@policy("checkin.code.current", allow=PUBLIC, object=screen.screen_clinic)
def screen_code(screen_token: str) -> Response:
    """The code of this moment as JSON."""
    return Response(json.dumps(screen.current_code(runtime(), screen_token)), mimetype="application/json")


def _sign_in(site_token: str) -> Response:
    """The sign-in form with the tap's fields in it: the ticket keeps its time, whoever needs how long."""
    carried = {name: request.form.get(name, "")[:600] for name in ("client_event_id", "direction", "ticket")}
    response = render("login.html", next=f"/c/{site_token}", carried=carried, csrf_token=csrf_token())
    response.status_code = 401
    return response


def _result(context: dict[str, object], status: int) -> Response:
    response = render("result.html", **context)
    response.status_code = status
    return response
