"""Addresses for operators and programmers: health, readiness, metrics, the API document and its page."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, current_app, json, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from sqlalchemy.orm import Session

from shared.http.api import openapi_document
from shared.http.auth import PUBLIC, policy
from shared.http.context import runtime
from shared.http.pages import page_blueprint, render
from shared.problems import NotFound
from shared.roles import Principal

MIGRATIONS = Path(__file__).parents[2] / "deploy" / "migrations"

blueprint = page_blueprint("operations")


class Metrics:
    """Request counts and times of one process, by route pattern (never by address: those hold tokens)."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.requests = Counter("zhudian_http_requests", "Requests", ["rule", "method", "status"], registry=registry)
        self.seconds = Histogram("zhudian_http_seconds", "Time to answer", ["rule"], registry=registry)
        self._of: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, rule: str, method: str, status: int, seconds: float) -> None:
        """One answered request."""
        found = self._of.get((rule, method, status))
        if found is None:
            found = self._of[rule, method, status] = self.requests.labels(rule, method, status), self.seconds.labels(rule)
        found[0].inc()
        found[1].observe(seconds)


def _from_this_machine(_session: Session, _who: Principal | None) -> None:
    """Metrics are for a collector on this machine; for anyone behind a proxy the address does not exist."""
    if request.remote_addr not in ("127.0.0.1", "::1") or "X-Forwarded-For" in request.headers:
        raise NotFound("metrics are served to this machine only")


@blueprint.get("/healthz")
@policy("http.health", allow=PUBLIC)
def health() -> Response:
    """The process answers."""
    return _json({"status": "ok"})


@blueprint.get("/readyz")
@policy("http.ready", allow=PUBLIC)
def ready() -> Response:
    """Database reachable and migrated; the broker is reported, not required (reliability.md §3.5)."""
    migration = _migration()
    response = _json({"ready": migration == "current", "database": "ok", "migration": migration, "broker": _broker()})
    response.status_code = 200 if migration == "current" else 503
    return response


@blueprint.get("/metrics")
@policy("http.metrics", allow=PUBLIC, object=_from_this_machine)
def metrics() -> Response:
    """Prometheus text of this process."""
    found: Metrics = current_app.extensions["zhudian.metrics"]
    return Response(generate_latest(found.registry), mimetype="text/plain")


@blueprint.get("/api/openapi.json")
@policy("http.openapi", allow=PUBLIC)
def openapi() -> Response:
    """The OpenAPI 3.1 document."""
    return _json(_document(current_app._get_current_object()))  # type: ignore[attr-defined]


@blueprint.get("/api/docs")
@policy("http.docs", allow=PUBLIC)
def docs() -> Response:
    """The document as a page, without script and without any foreign host."""
    return render("api_docs.html", document=_document(current_app._get_current_object()))  # type: ignore[attr-defined]


@functools.lru_cache(maxsize=4)
def _document(_app: Flask) -> dict[str, Any]:
    return openapi_document()


def _json(value: dict[str, Any]) -> Response:
    return Response(json.dumps(value), mimetype="application/json")


def _migration() -> str:
    """ "current", "behind" or "unknown" (no migration table)."""
    db = runtime().db
    with db.read() as session:
        session.execute(sa.text("SELECT 1"))
        if not sa.inspect(session.connection()).has_table("alembic_version"):
            return "unknown"
        found = set(session.scalars(sa.text("SELECT version_num FROM alembic_version")))
    return "current" if found == _heads() else "behind"


@functools.lru_cache(maxsize=1)
def _heads() -> frozenset[str]:
    """The newest migration, by the numbers their files begin with: loading Alembic would double the start of a process."""
    return frozenset(sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))[-1:])


def _broker() -> str:
    """ "ok", "away" or "none" (no broker configured in this process)."""
    url = runtime().settings.redis_url
    if not url:
        return "none"
    import redis  # kept off the import path of processes that have no broker

    try:
        with redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as client:
            client.ping()
    except (redis.RedisError, OSError):
        return "away"
    return "ok"
