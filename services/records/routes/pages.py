"""The desk pages /sup/records: list, form of a kind, one record with its decisions. Plain forms, no script."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from flask import Response, redirect, request

from services.records.domain import catalogue, fields
from services.records.domain.fields import Field
from services.records.domain.kinds import Kind, Step
from services.records.routes.api import READERS, allow
from services.records.usecases import attachments, deciding, filing, reading
from shared import clock
from shared.http.app import runtime
from shared.http.auth import policy, principal
from shared.http.pages import cursor_page, decode_cursor, page_blueprint, render
from shared.problems import Forbidden, InvalidBody, Problem
from shared.roles import ROLES

blueprint = page_blueprint("records")
PAGE = 30


@blueprint.get("/sup/records")
@policy("records.page.list", allow=READERS)
def listing() -> Response:
    """Records in the reader's scope, by kind and state, and the kinds he may file."""
    who = principal()
    kind = catalogue.BY_SLUG.get(request.args.get("kind", ""))
    state = request.args.get("state") or None
    after = decode_cursor(request.args.get("cursor"))
    rows = reading.listing(runtime(), who, kind, state, after, PAGE)
    page = cursor_page(rows, PAGE, lambda row: (row["id"],))
    return render(
        "records.html", rows=[_row(row) for row in page["items"]], next=page["next_cursor"], kinds=catalogue.KINDS,
        states=catalogue.STATES, kind=kind.slug if kind else "", state=state or "", fileable=reading.fileable(who),
    )  # fmt: skip


@blueprint.get("/sup/records/new/<kind>")
@policy("records.page.new", allow=allow(catalogue.FILERS), values=("kind",))
def new(kind: str) -> Response:
    """The empty form of a kind."""
    return _form(_fileable(kind), {"client_event_id": secrets.token_hex(16)})


@blueprint.post("/sup/records/new/<kind>")
@policy("records.page.file", allow=allow(catalogue.FILERS), values=("kind",), audit="write")
def file(kind: str) -> Response:
    """File what the form says; with mistakes the form comes back as it was filled in, each told beside its field."""
    found = _fileable(kind)
    body = {name: request.form.get(name, "") for name in ("client_event_id", "about")}
    try:
        body |= _values(found.fields)
        if not body["about"]:
            raise InvalidBody("about", "nothing chosen", errors={"about": "请选择"})
        if not fields.is_event_id(body["client_event_id"]):
            body["client_event_id"] = secrets.token_hex(16)
        done = filing.file_record(runtime(), principal(), found, body)
    except Problem as refused:
        return _form(found, body, refused)
    return redirect(f"/sup/records/{done.record.id}", 303)  # type: ignore[return-value]


@blueprint.get("/sup/records/<record>")
@policy("records.page.read", allow=READERS, object=reading.visible_record)
def read(record: str) -> Response:
    """One record with its decisions and the forms of those still open."""
    return _detail(record)


@blueprint.post("/sup/records/<record>/<step>")
@policy("records.page.decide", allow=allow(catalogue.DECIDERS), object=deciding.decidable_page, audit="decision")
def decide(record: str, step: str) -> Response:
    """Decide by the form; a refusal is told on the page of the record."""
    row = reading.one(runtime(), principal(), record)
    kind = catalogue.BY_ID[row["kind"]]
    found = deciding.step_of(kind, step)
    body: dict[str, Any] = {}
    try:
        body = _values(found.fields)
        deciding.decide(runtime(), principal(), kind, found, record, body)
    except Problem as refused:
        return _detail(record, found, body, refused)
    return redirect(f"/sup/records/{record}", 303)  # type: ignore[return-value]


def _fileable(slug: str) -> Kind:
    kind = deciding.kind_of(slug)
    if not principal().has(*kind.filers):
        raise Forbidden(f"no role that files {kind.id}")
    return kind


def _values(declared: tuple[Field, ...]) -> dict[str, Any]:
    """The fields as the form sends them; files are stored first, so that a mistake elsewhere does not lose them."""
    values: dict[str, Any] = {}
    for one in declared:
        values[one.name] = fields.from_form(one, request.form.getlist(one.name))
        if one.type == "files":
            for upload in request.files.getlist(f"{one.name}_new"):
                data = upload.read()
                if upload.filename or data:
                    sha256 = hashlib.sha256(data).hexdigest()
                    attachments.store_attachment(runtime(), principal(), sha256, data)
                    values[one.name] = list(dict.fromkeys([*values[one.name], sha256]))
    return values


def _form(kind: Kind, body: dict[str, Any], refused: Problem | None = None) -> Response:
    errors = _errors(refused, kind.fields)
    response = render(
        "record_form.html", kind=kind, event_id=body["client_event_id"], about=body.get("about", ""),
        about_error=errors.get("about"), subjects=reading.subjects_for(runtime(), principal(), kind),
        fields=_shown(kind.fields, body, errors), error=_headline(refused, errors),
    )  # fmt: skip
    response.status_code = refused.status if refused else 200
    return response


def _detail(
    record: str, step: Step | None = None, body: dict[str, Any] | None = None, refused: Problem | None = None
) -> Response:  # fmt: skip
    row = reading.one(runtime(), principal(), record)
    kind = catalogue.BY_ID[row["kind"]]
    errors = _errors(refused, step.fields if step else ())
    forms = [
        {"path": one.path, "title": one.title, "fields": _shown(one.fields, body or {} if one is step else {}, errors if one is step else {})}
        for one in deciding.open_steps(runtime(), principal(), record)
    ]  # fmt: skip
    response = render(
        "record.html", record=_row(row), files=row["values"].get("attachment_sha256") or [], kind=kind, forms=forms,
        facts=[(one.label, fields.shown(one, row["values"].get(one.name))) for one in kind.fields if one.type != "files"],
        drawn=row["drawn"], sample=reading.sample_names(runtime(), row), error=_headline(refused, errors),
        decisions=[_said(kind, said) for said in row["decisions"]],
    )  # fmt: skip
    response.status_code = refused.status if refused else 200
    return response


def _said(kind: Kind, said: dict[str, Any]) -> dict[str, Any]:
    """A decision in words."""
    step = deciding.step_of(kind, said["path"])
    facts = [
        (one.label, fields.shown(one, said["values"].get(one.name)))
        for one in step.fields
        if one.type != "files" and one.name != "posting" and said["values"].get(one.name) not in (None, "", [])
    ]
    return {"title": step.title, "facts": facts, "by": said["by"], "role": ROLES[said["role"]].label, "at": _time(said["at"])}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    kind = catalogue.BY_ID[row["kind"]]
    first = next((one for one in kind.fields if one.type in ("choice", "text") and row["values"].get(one.name)), None)
    return {
        **row, "title": kind.title, "state_words": catalogue.STATES[row["state"]],
        "summary": fields.shown(first, row["values"][first.name]) if first else "",
        "role": ROLES[row["filed_role"]].label, "at": _time(row["filed_at"]),
    }  # fmt: skip


def _time(text: str) -> str:
    return f"{clock.local(clock.parse_iso(text)):%Y-%m-%d %H:%M}"


def _shown(declared: tuple[Field, ...], body: dict[str, Any], errors: dict[str, str]) -> list[dict[str, Any]]:
    """The fields as the template draws them, with what was filled in and what is wrong with it."""
    return [
        {"field": one, "value": _text_of(one, body.get(one.name)), "values": body.get(one.name) or [], "error": errors.get(one.name)}
        for one in declared
    ]  # fmt: skip


def _text_of(one: Field, value: Any) -> str:
    if value is None or isinstance(value, list):
        return ""
    if one.type == "targets" and isinstance(value, dict):
        return "\n".join(f"{name}={number}" for name, number in sorted(value.items()))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _errors(refused: Problem | None, declared: tuple[Field, ...]) -> dict[str, str]:
    if refused is None:
        return {}
    if refused.slug.startswith("attachment-"):
        return {one.name: refused.title_text() for one in declared if one.type == "files"}
    found = refused.extra.get("errors", {})
    return {name: str(reason) for name, reason in found.items()} if isinstance(found, dict) else {}


def _headline(refused: Problem | None, errors: dict[str, str]) -> str | None:
    if refused is None:
        return None
    return f"有 {len(errors)} 处需要修改,还没有保存" if errors else refused.title_text()
