"""A small service whose views show each kind of policy, and people to call them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import marshmallow as ma
import sqlalchemy.exc
from flask import Flask, Response, request
from flask.testing import FlaskClient

from shared.access import store
from shared.access.models import AuditRow
from shared.http.api import Blueprint, Body, CursorArgs, page_schema
from shared.http.app import create_web, runtime
from shared.http.auth import OWN_ORG, PUBLIC, SELF, policy, principal
from shared.http.pages import cursor_page, page_blueprint, render
from shared.problems import NotFound, Problem
from shared.roles import Grant
from shared.service import Runtime, Service

THINGS = {"red": "hospital-1", "blue": "hospital-2"}


class SelfMade(Problem):
    """The thing was made by the caller."""

    status, slug, title = 403, "self-approval", "不能审批自己的申请"


class NewThing(Body):
    """A thing."""

    size = ma.fields.Integer(required=True)


class Thing(ma.Schema):
    """A thing."""

    id = ma.fields.String(required=True)


def thing(session, who, name):
    """The thing seen through the scope of a recipient_admin."""
    if THINGS.get(name) not in who.scopes("recipient_admin"):
        raise NotFound(f"no thing {name}")
    return name


def not_red(session, who, target):
    """Nobody decides the red thing."""
    if target == "red":
        raise SelfMade("made by the caller")


def sample_service() -> Service:
    """Fresh blueprints each time: views register once per application."""
    api, pages = Blueprint("sample", "sample"), page_blueprint("sample")
    _collections(api)
    _objects(api)
    _breakages(api)
    _forms(pages)
    return Service("sample", (api, pages))


def _collections(api: Blueprint) -> None:
    @api.route("/api/sample/things", methods=["POST"])
    @policy("sample.thing.make", allow={"doctor": SELF}, audit="write")
    @api.arguments(NewThing)
    @api.response(201, Thing)
    def make(body: dict[str, Any]) -> dict[str, Any]:
        return {"id": str(body["size"])}

    @api.route("/api/sample/things")
    @policy("sample.thing.list", allow=SELF)
    @api.arguments(CursorArgs, location="query")
    @api.response(200, page_schema(Thing))
    def things(args: dict[str, Any]) -> dict[str, Any]:
        after = args["after"][0] if args["after"] else -1
        rows = [{"id": str(number)} for number in range(7) if number > after]
        return cursor_page(rows[: args["limit"] + 1], args["limit"], lambda row: (int(row["id"]),))

    @api.route("/api/sample/limited")
    @policy("sample.limited", allow=SELF, limit="2/h")
    @api.response(200)
    def limited() -> dict[str, Any]:
        return {"who": principal().account_id}


def _objects(api: Blueprint) -> None:
    @api.route("/api/sample/things/<name>")
    @policy("sample.thing.read", allow={"recipient_admin": OWN_ORG}, object=thing)
    @api.response(200, Thing)
    def read(name: str) -> dict[str, Any]:
        return {"id": name}

    @api.route("/api/sample/things/<name>/decision", methods=["POST"])
    @policy("sample.thing.decide", {"recipient_admin": OWN_ORG}, object=thing, forbid=[not_red], audit="decision")
    @api.response(200, Thing)
    def decide(name: str) -> dict[str, Any]:
        return {"id": name}


def _breakages(api: Blueprint) -> None:
    @api.route("/api/sample/broken")
    @policy("sample.broken", allow=PUBLIC)
    def broken() -> None:
        raise RuntimeError("secret text of a driver")

    @api.route("/api/sample/away")
    @policy("sample.away", allow=PUBLIC)
    def away() -> None:
        raise sqlalchemy.exc.OperationalError("SELECT secret", {}, Exception("could not connect to 10.0.0.1"))

    @api.route("/api/sample/stored", methods=["POST"])
    @policy("sample.stored", allow=SELF)
    def stored() -> dict[str, Any]:
        with runtime().db.transaction() as session:
            store.add_account(session, None, request.json["text"])
        return {}

    @api.route("/api/sample/careful", methods=["POST"])
    @policy("sample.careful", allow={"doctor": SELF}, factors=2)
    def careful() -> dict[str, Any]:
        return {"done": True}


def _forms(pages: Any) -> None:
    @pages.get("/sample")
    @policy("sample.page", allow=SELF)
    def page() -> Response:
        return render("error.html", status=200, title="样例", detail="")

    @pages.post("/sample")
    @policy("sample.form", allow=SELF)
    def form() -> Response:
        return render("error.html", status=200, title="收到", detail="")


@dataclass
class People:
    """Someone signed in: by cookie and by token."""

    rt: Runtime
    account_id: str
    cookie: str
    token: str

    @property
    def bearer(self) -> dict[str, str]:
        """Header of a script."""
        return {"Authorization": f"Bearer {self.token}"}


def someone(rt: Runtime, role: str = "doctor", scope: str | None = "hospital-1", phone: str = "13800000001") -> People:
    """A new account with one role, a session and a token."""
    with rt.db.transaction() as session:
        account = store.add_account(session, None, phone)
        store.set_grants(session, account.id, [Grant(role, scope)])
        cookie, (token, _) = store.open_session(session, account.id), store.open_token(session, account.id)
    return People(rt, account.id, cookie, token)


def sample_app(rt: Runtime) -> Flask:
    """The application of the sample service alone."""
    return create_web(rt, [sample_service()])


def by_cookie(app: Flask, people: People) -> FlaskClient:
    """A browser with the session cookie."""
    client = app.test_client()
    client.set_cookie("zd_session", people.cookie)
    return client


def audit_rows(rt: Runtime) -> list[tuple[str, str, int, str | None]]:
    """(policy, result, status, slug) of every audit row, in order."""
    with rt.db.read() as session:
        rows = session.query(AuditRow).order_by(AuditRow.id).all()
        return [(row.policy, row.result, row.status, row.slug) for row in rows]
