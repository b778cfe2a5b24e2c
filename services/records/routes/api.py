"""`/api/records/…`: one address per kind to file, decisions below a record, lists, attachments, the import of exports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request

from services.records import schemas
from services.records.attachment import MAX_BYTES, AttachmentTooLarge
from services.records.domain import catalogue
from services.records.domain.kinds import Kind, Step
from services.records.usecases import attachments, deciding, filing, imports, reading
from shared.http.api import Blueprint, page_schema
from shared.http.app import runtime
from shared.http.auth import OWN_AREA, OWN_COUNTY, OWN_ORG, OWN_PAIR, OWN_TEAM, SELF, policy, principal
from shared.http.pages import cursor_page
from shared.problems import Forbidden, NotFound

blp = Blueprint("records", __name__, url_prefix="/api/records", description="Records that rules ask for")

SCOPES = {
    "doctor": SELF, "team_leader": OWN_TEAM, "recipient_admin": OWN_ORG, "supporter_admin": OWN_PAIR,
    "quality_office": OWN_PAIR, "hr_officer": OWN_PAIR, "county_officer": OWN_COUNTY, "city_officer": OWN_AREA,
    "province_officer": OWN_AREA, "finance_officer": OWN_AREA,
}  # fmt: skip
READERS = {**SCOPES, "auditor": OWN_AREA}


def allow(roles: tuple[str, ...]) -> dict[str, Any]:
    """The roles, each over what is its own."""
    return {role: SCOPES[role] for role in roles}


def _file_route(kind: Kind) -> None:
    @blp.route(f"/{kind.slug}", methods=["POST"], endpoint=f"file_{kind.id}")
    @policy(f"records.{kind.id}.file", allow=allow(kind.filers), audit="write", object=_filer(kind))
    @blp.arguments(schemas.body_of(kind))
    @blp.response(201, schemas.Filed)
    @blp.alt_response(200, schema=schemas.Filed, description="The same again: the first record")
    def file(body: dict[str, Any]) -> Any:
        done = filing.file_record(runtime(), principal(), kind, body)
        return _answer(done), 201 if done.created else 200

    _describe(file, f"File: {kind.event}.")


def _filer(kind: Kind) -> Callable[..., None] | None:
    """Where some values have filers of their own: whether the caller is one, told before anything is read (S-28)."""

    def load(_session: Any, who: Any) -> None:
        body = request.get_json(silent=True)
        if not who.has(*filing.filers_of(kind, body if isinstance(body, dict) else {})):
            raise Forbidden(f"{kind.id}: another role files this")

    return load if kind.by_value else None


def _step_route(kind: Kind, step: Step) -> None:
    @blp.route(f"/{kind.slug}/<record>/{step.path}", methods=["POST"], endpoint=f"{kind.id}_{step.path}")
    @policy(f"records.{kind.id}.{step.path}", allow=allow(step.roles), object=_decidable(kind, step), audit="decision")
    @blp.arguments(schemas.decision_of(kind, step))
    @blp.response(200, schemas.RecordView)
    def decide(body: dict[str, Any], record: str) -> dict[str, Any]:
        row = deciding.decide(runtime(), principal(), kind, step, record, body)
        return reading.one_row(runtime(), row)

    _describe(decide, f"Decide: {', '.join(sorted({event for event, _ in step.outcomes.values()}))}.")


def _decidable(kind: Kind, step: Step) -> Callable[..., Any]:
    def load(session: Any, who: Any, record: str) -> Any:
        return deciding.decidable(session, who, kind, step, record)

    return load


def _describe(view: Any, text: str) -> None:
    view.__doc__ = text


def _answer(done: filing.Filed) -> dict[str, Any]:
    return {"receipt": done.receipt, "record": reading.one_row(runtime(), done.record)}


for _kind in catalogue.KINDS:
    _file_route(_kind)
    for _step in _kind.steps:
        _step_route(_kind, _step)


@blp.route("/imports", methods=["POST"])
@policy("records.import", allow=allow(("recipient_admin",)), audit="write", limit="30/min")
@blp.arguments(schemas.ImportFile, location="files")
@blp.response(201, schemas.Imported, description="stored")
@blp.alt_response(200, schema=schemas.Imported, description="nothing new in it")
def create_import(files: dict[str, Any]) -> tuple[Response, int]:
    """Import monthly visits from the HIS (CSV or Excel): all, or nothing and every mistake (export-invalid)."""
    done = imports.import_export(runtime(), files["file"].read(), principal())
    return jsonify(done.to_dict()), 201 if done.created or done.changed else 200


@blp.route("/attachments/<sha256>", methods=["PUT"])
@policy("records.attachment.write", allow=allow(tuple(dict.fromkeys((*catalogue.FILERS, *catalogue.DECIDERS)))),
        audit="write", values=("sha256",))  # fmt: skip
@blp.response(201, schemas.Attachment)
@blp.alt_response(200, schema=schemas.Attachment, description="The same file again")
def store_attachment(sha256: str) -> Any:
    """Upload one attachment as the raw body; the address names the SHA-256 of its bytes."""
    if (request.content_length or 0) > MAX_BYTES:
        raise AttachmentTooLarge(f"{request.content_length} bytes; at most {MAX_BYTES} are accepted")
    data = request.stream.read(MAX_BYTES + 1)
    created, answer = attachments.store_attachment(runtime(), principal(), sha256, data)
    return answer, 201 if created else 200


@blp.route("/<kind>", methods=["POST"])
@policy("records.unknown.file", allow=SELF, values=("kind",))
@blp.response(404)
def file_unknown(kind: str) -> None:
    """No kind of record has this address."""
    raise NotFound(f"no kind of record {kind}")


@blp.route("/<kind>")
@policy("records.list", allow=READERS, values=("kind",))
@blp.arguments(schemas.RecordQuery, location="query")
@blp.response(200, page_schema(schemas.RecordView))
def listing(query: dict[str, Any], kind: str) -> dict[str, Any]:
    """Records of a kind in the reader's scope, newest first."""
    found = deciding.kind_of(kind)
    rows = reading.listing(runtime(), principal(), found, query["state"], query["after"], query["limit"])
    return cursor_page(rows, query["limit"], lambda row: (row["id"],))


@blp.route("/<kind>/<record>")
@policy("records.read", allow=READERS, object=reading.visible_record)
@blp.response(200, schemas.RecordView)
def read(kind: str, record: str) -> dict[str, Any]:
    """One record."""
    return reading.one(runtime(), principal(), record, kind)


@blp.route("/<kind>/<record>/attachments/<sha256>")
@policy("records.attachment.read", allow=READERS, object=attachments.attached)
@blp.response(200, content_type="application/octet-stream")
def read_attachment(kind: str, record: str, sha256: str) -> Response:
    """An attachment of a record, as it is stored."""
    data, media_type, name = attachments.read(runtime(), principal(), record, sha256)
    return Response(data, mimetype=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
