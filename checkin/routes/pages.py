"""/c/<site_token> and /screen/<screen_token>: complete without script; a GET writes nothing."""

from __future__ import annotations

import secrets

from flask import Response, json, request

from checkin.routes.forms import INSTALL_COOKIE, install_id, tap_item
from checkin.usecases import page, result, screen
from checkin.usecases.record import record_event
from checkin.usecases.refuse import NoOpenPosting, UnknownCode
from checkin.usecases.repeat import AlreadyRecorded
from shared.http.app import runtime
from shared.http.audit import address
from shared.http.auth import PUBLIC, SELF, csrf_token, policy, principal, visitor
from shared.http.pages import page_blueprint, render

pages = page_blueprint("checkin")

INSTALL_SECONDS = 365 * 24 * 3600


@pages.get("/c/<site_token>")
@policy("checkin.scan.page", allow=PUBLIC, values=("site_token",))
def scan(site_token: str) -> Response:
    """The page behind a clinic's code; a fresh `?k=` earns a ticket in a hidden field."""
    install = install_id() or secrets.token_urlsafe(16)
    context = page.scan_page(runtime(), visitor(), site_token, request.args.get("k"), install)
    context["fields"]["csrf_token"] = csrf_token()
    response = render("scan.html", **context)
    if install_id() is None:
        secure = runtime().settings.production
        response.set_cookie(
            INSTALL_COOKIE, install, max_age=INSTALL_SECONDS, httponly=True, samesite="Lax", secure=secure
        )
    return response


@pages.post("/c/<site_token>")
@policy("checkin.scan.form", allow={"doctor": SELF}, audit="write", values=("site_token",))
def tap(site_token: str) -> Response:
    """One press of the button without script. Without a session sign-in carries the form's fields through once, so the
    ticket keeps its time, however long signing in takes.
    """
    who = principal()
    try:
        item = tap_item(request.form, who.person_id or "", site_token)
        created, recorded = record_event(runtime(), who, item, install=install_id(), address=address())
    except AlreadyRecorded as earlier:
        return _result(result.earlier_page(runtime(), earlier), 200)
    except (NoOpenPosting, UnknownCode) as refused:
        return _result(result.refused_page(refused, site_token), refused.status)
    return _result(result.recorded_page(recorded, repeated=not created), 201 if created else 200)


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


def _result(context: dict[str, object], status: int) -> Response:
    response = render("result.html", **context)
    response.status_code = status
    return response
