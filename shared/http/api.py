"""The JSON API: flask-smorest with problem+json, strict bodies, cursors, and OpenAPI 3.1 that names the policies."""

from __future__ import annotations

import http
from typing import Any

import marshmallow as ma
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask, Request, Response, current_app
from flask_smorest import Api as SmorestApi
from flask_smorest import Blueprint as SmorestBlueprint
from flask_smorest.utils import prepare_response
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import HTTPException, UnsupportedMediaType

from shared.http import problem
from shared.http.pages import MAX_LIMIT, decode_cursor
from shared.http.policy import Policy, Scope, policy_of

SERVICES = ("services", "checkin", "notifier")
TITLE, VERSION, OPENAPI = "驻点通 Zhudian", "1", "3.1.0"


class ProblemSchema(ma.Schema):
    """A refusal (RFC 9457). `title` is the Chinese sentence to show; further members depend on the slug."""

    type = ma.fields.String(required=True, metadata={"example": "/problems/not-found"})
    slug = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    instance = ma.fields.String(required=True)

    class Meta:
        unknown = ma.INCLUDE  # further members, also in the document


class Body(ma.Schema):
    """Base of what comes in: an unknown field is refused (422 invalid-body, S-04), and the document says so."""

    class Meta:
        unknown = ma.RAISE


class CursorArgs(ma.Schema):
    """`?cursor=&limit=` of a list; gives {"after": sort key or None, "limit": 1..100}."""

    cursor = ma.fields.String(load_default=None, metadata={"description": "next_cursor of the page before"})
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, MAX_LIMIT))

    @ma.post_load
    def _decode(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**{name: data[name] for name in data if name != "cursor"}, "after": decode_cursor(data["cursor"])}


def page_schema(item: type[ma.Schema]) -> type[ma.Schema]:
    """The schema of one page of `item`."""
    members = {
        "__module__": item.__module__,
        "items": ma.fields.List(ma.fields.Nested(item), required=True),
        "next_cursor": ma.fields.String(required=True, allow_none=True),
    }
    return type(item.__name__.removesuffix("Schema") + "Page", (ma.Schema,), members)


class _Parser(FlaskParser):
    """Refuses another content type instead of reading an empty body."""

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        if not req.is_json and (req.content_length or req.mimetype):
            raise UnsupportedMediaType("application/json is wanted")
        return super().load_json(req, schema)


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A blueprint of API routes: absolute paths, parsed strictly, in the OpenAPI document."""

    ARGUMENTS_PARSER = _Parser()


class Api(SmorestApi):  # type: ignore[misc]
    """One error shape everywhere, and 405 keeps `Allow`."""

    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Werkzeug's errors and uncaught exceptions as problems; redirects pass."""
        if error.code is not None and error.code < 400:
            return Response.force_type(error.get_response())  # type: ignore[return-value]
        return problem.answer(problem.from_http(error))

    def _register_responses(self) -> None:
        for status in http.HTTPStatus:
            self.spec.components.response(status.name, self._described(status.phrase, status >= 400), lazy=True)
        self.spec.components.response(self.DEFAULT_ERROR_RESPONSE_NAME, self._described("A problem", True), lazy=True)

    def _described(self, phrase: str, refusal: bool) -> dict[str, Any]:
        response: dict[str, Any] = {"description": phrase}
        if refusal:
            response["schema"] = self.ERROR_SCHEMA
            prepare_response(response, self.spec, problem.MEDIA_TYPE)
        return response


def make_api(app: Flask) -> Api:
    """The Api of an application; its document is served by shared.http.documents."""
    app.config.update(API_TITLE=TITLE, API_VERSION=VERSION, OPENAPI_VERSION=OPENAPI)
    api = Api(app, spec_kwargs={"marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_schema_name)})
    for name, scheme in (("bearer", {"type": "http", "scheme": "bearer"}),
                         ("session", {"type": "apiKey", "in": "cookie", "name": "zd_session"})):  # fmt: skip
        api.spec.components.security_scheme(name, scheme)
    return api


def _schema_name(schema: Any) -> str:
    """The schema's name in the document: its class, after the service it belongs to ("WorklogClinic")."""
    found: Any = resolve_schema_cls(schema)
    rooms = found.__module__.split(".")
    service = "" if rooms[0] not in SERVICES else rooms[1] if rooms[0] == "services" else rooms[0]
    return service.capitalize() + str(found.__name__.removesuffix("Schema"))


def openapi_document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of the current application, with each operation's policy as `x-policy`."""
    apis = current_app.extensions["flask-smorest"]["apis"]
    document: dict[str, Any] = apis[""]["ext_obj"].spec.to_dict()
    for rule in current_app.url_map.iter_rules():
        found = policy_of(current_app, rule.endpoint)
        path = document["paths"].get(_openapi_path(rule.rule))
        for method in rule.methods or () if path and found else ():
            if found is not None and method.lower() in path:
                path[method.lower()].update(_policy_members(found))
    return document


def _openapi_path(rule: str) -> str:
    """`/a/<int:b>` → `/a/{b}`, as the document writes it."""
    return "".join(f"{{{part.split('>')[0].split(':')[-1]}}}{part.split('>')[1]}" if i else part
                   for i, part in enumerate(rule.split("<")))  # fmt: skip


def _policy_members(found: Policy) -> dict[str, Any]:
    allow = {"*": found.allow} if isinstance(found.allow, Scope) else found.allow
    scopes = {role: str(scope) for role, scope in allow.items()}
    security: list[dict[str, list[str]]] = [{"bearer": []}, {"session": []}]
    return {"x-policy": {"id": found.id, "allow": scopes}, "security": [{}] if found.public else security}
