"""The only Flask application: every service's blueprints, one policy per view, one shape of refusal."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Collection, Iterable
from typing import Any

import flask
from flask import Flask, Response, g, request
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.exceptions import HTTPException

from shared.http import auth, operations, pages, problem
from shared.http.api import Blueprint, make_api
from shared.http.context import runtime
from shared.http.limits import Windows
from shared.http.policy import PolicyError, check_policies, policy_of
from shared.service import Runtime, Service

__all__ = ["PolicyError", "create_web", "runtime"]

log = logging.getLogger("zhudian.http")

MAX_BODY = 64 * 1024 * 1024
"""Bytes read of any request: a 40 MB photo arrives whole and gets a sentence instead of a reset."""


class _App(Flask):
    """Flask without a look at every function of every request for one that is a coroutine: no view here is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


def create_web(rt: Runtime, services: Iterable[Service], only: Collection[str] | None = None) -> Flask:
    """The application of the named services (all without `only`). Raises PolicyError: then nothing starts."""
    app = _App("zhudian", static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, PROVIDE_AUTOMATIC_OPTIONS=False, TRAP_HTTP_EXCEPTIONS=False)
    app.json.sort_keys, app.json.ensure_ascii = False, False  # type: ignore[attr-defined]
    loaders = [FileSystemLoader(folder) for folder in (pages.TEMPLATES, pages.OWN_TEMPLATES)]
    app.jinja_options = {"loader": ChoiceLoader(loaders)}
    app.extensions["zhudian"] = rt
    app.extensions["zhudian.limits"] = Windows()
    app.extensions["zhudian.metrics"] = operations.Metrics()
    problem.register(app)
    _register_hooks(app)
    api = make_api(app)
    app.register_blueprint(operations.blueprint)
    for service in services:
        for blueprint in service.blueprints if only is None or service.name in only else ():
            _register(app, api, service, blueprint)
    check_policies(app)
    _say_missing_factors(app, rt)
    return app


def _register(app: Flask, api: object, service: Service, blueprint: flask.Blueprint) -> None:
    """API blueprints go through the Api, pages straight in; both carry absolute paths."""
    if isinstance(blueprint, Blueprint):
        api.register_blueprint(blueprint)  # type: ignore[attr-defined]
    elif hasattr(blueprint, "_docs"):
        raise PolicyError(f"{service.name}: {blueprint.name} must be a shared.http.api.Blueprint")
    else:
        app.register_blueprint(blueprint)


def _register_hooks(app: Flask) -> None:
    app.before_request(_start)
    app.after_request(_finish)
    pages.register(app, csrf_token=auth.csrf_token, visitor=auth.visitor)


def _start() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    """Everything an answer gets on its way out; what the caller is still sending is read last."""
    response = auth.remember_visit(pages.secure(response))
    metrics: operations.Metrics = flask.current_app.extensions["zhudian.metrics"]
    rule = request.url_rule
    metrics.count(rule.rule if rule else "unknown", request.method, response.status_code, time.perf_counter() - g.started)
    if response.status_code >= 400:
        _drain()
    return response


def _drain() -> None:
    """Read what the caller is still sending, so that it reads our answer instead of a reset connection."""
    if 0 < (request.content_length or 0) <= MAX_BODY:
        with contextlib.suppress(HTTPException, OSError):
            while request.stream.read(65536):
                pass


def _say_missing_factors(app: Flask, rt: Runtime) -> None:
    """Second factors are a later step: say which views wait for them; production refuses those (security.md §3.1)."""
    declared = [policy_of(app, rule.endpoint) for rule in app.url_map.iter_rules()]
    waiting = {found.id for found in declared if found and found.factors == 2}
    if waiting:
        then = "refused in production" if rt.settings.production else "met by one factor"
        log.warning("two factors declared, %s: %s", then, ", ".join(sorted(waiting)))
