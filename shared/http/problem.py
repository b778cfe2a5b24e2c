"""Rendering of refusals: problem+json for programs, a small Chinese page for people; the only place that does it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import sqlalchemy.exc
from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from shared import ledger
from shared.http.pages import render
from shared.problems import InvalidBody, NotFound, NotSignedIn, Problem, Unavailable

log = logging.getLogger("zhudian.http")

MEDIA_TYPE = "application/problem+json"
NOT_FOUND = "no such object, or not in your scope"
"""One detail for both, whatever the loader found out: the answers must not differ (S-02)."""


class BadRequest(Problem):
    """The request cannot be read (broken JSON, broken form)."""

    status, slug, title = 400, "bad-request", "请求的格式不对"


class MethodRefused(Problem):
    """The address exists, the method does not; `Allow` names those that do."""

    status, slug, title = 405, "method-not-allowed", "不支持这种操作"


class BodyTooLarge(Problem):
    """The body is larger than anything this product takes."""

    status, slug, title = 413, "body-too-large", "内容太大,无法接收"


class UnsupportedMediaType(Problem):
    """The body is of another type than the address takes."""

    status, slug, title = 415, "unsupported-media-type", "不支持这种内容类型"


class Internal(Problem):
    """Our mistake; the log has it, the answer does not."""

    status, slug, title = 500, "internal", "服务出了问题,请稍后再试"


BY_STATUS: Mapping[int, type[Problem]] = {
    problem.status: problem
    for problem in (BadRequest, MethodRefused, BodyTooLarge, UnsupportedMediaType, NotFound, Internal)
}


def register(app: Flask) -> None:
    """Every refusal of every view ends in one of these. HTTPException itself is registered by the Api."""
    app.register_error_handler(Problem, answer)
    for unfit in (sqlalchemy.exc.DataError, ledger.ProfileError):
        app.register_error_handler(unfit, _not_storable)
    for away in (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError, sqlalchemy.exc.TimeoutError):
        app.register_error_handler(away, _database_away)


def answer(problem: Problem) -> Response:
    """The problem as problem+json or, for a person, as a page; an unknown reader of a page goes to sign-in."""
    if not wants_page():
        response = Response(json.dumps(body(problem)), problem.status, mimetype=MEDIA_TYPE)
    elif isinstance(problem, NotSignedIn):
        return _sign_in_first()
    else:
        hint = problem.extra.get("hint", "")
        response = render("error.html", status=problem.status, title=problem.title_text(), detail=hint)
        response.status_code = problem.status
    response.headers.update(problem.headers)
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _sign_in_first() -> Response:
    """A page asks for sign-in by redirect; a form is sent on (307) with its fields, which pass through it once."""
    status = 303 if request.method in ("GET", "HEAD") else 307
    return Response(status=status, headers={"Location": "/login?" + urlencode({"next": request.path})})


def body(problem: Problem) -> dict[str, Any]:
    """The members of RFC 9457, the slug, and the problem's own."""
    return {
        "type": f"/problems/{problem.slug}",
        "slug": problem.slug,
        "title": problem.title_text(),
        "status": problem.status,
        "detail": NOT_FOUND if type(problem) is NotFound else problem.detail,
        "instance": request.path,
        **problem.extra,
    }


def wants_page() -> bool:
    """People outside /api get pages, unless they ask for JSON."""
    if request.path.startswith("/api/"):
        return False
    offered = ["text/html", MEDIA_TYPE, "application/json"]
    return request.accept_mimetypes.best_match(offered, "text/html") == "text/html"


def from_http(error: HTTPException) -> Problem:
    """The problem for an error of werkzeug, webargs or an exception nobody caught."""
    messages = (getattr(error, "data", None) or {}).get("messages")
    if error.code == 422 and messages:
        return _invalid(messages)
    kind = BY_STATUS.get(error.code or 500, Internal if (error.code or 500) >= 500 else BadRequest)
    headers = {"Allow": ", ".join(sorted(error.valid_methods or ()))} if isinstance(error, MethodNotAllowed) else {}
    return kind(error.name if error.code != 500 else "internal error", headers=headers)


def _invalid(messages: Any) -> InvalidBody:
    """Marshmallow's messages: the first wrong field by its dotted name, and all of them as `errors`."""
    errors = next(iter(messages.values())) if isinstance(messages, dict) and len(messages) == 1 else messages
    path, at = [], errors
    while isinstance(at, dict) and at:
        name, at = next(iter(at.items()))
        path.append(str(name))
    return InvalidBody(".".join(path) or "body", "the body does not match the schema", errors=errors)


def _not_storable(_error: Exception) -> Response:
    """A value the database or the ledger cannot hold, such as U+0000 or half a surrogate pair; nothing was stored."""
    return answer(InvalidBody("body", "a value cannot be stored"))


def _database_away(error: Exception) -> Response:
    """The database cannot be reached or is too busy: nothing was stored; no driver text in the answer."""
    log.error("database away: %s", type(error.__cause__ or error).__name__)
    return answer(Unavailable("the database cannot be reached", headers={"Retry-After": "15"}))
