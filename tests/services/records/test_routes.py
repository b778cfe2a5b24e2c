"""`/api/records`: one address per kind, lists in scope, uploads, refusals as problem+json that store nothing."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest

from services.records.domain import catalogue
from services.records.service import SERVICE
from shared import clock, ledger
from shared.http.app import create_web
from shared.progress.facts import FactRecord
from shared.progress.records import facts_of
from shared.service import Runtime
from tests.factories.directory import bearer
from tests.services.records.desk import NOON, PDF, about, body, entries, fact, png
from tests.services.records.every_kind import EVERY


@pytest.fixture
def client(rt: Runtime):
    with clock.at(NOON):
        yield create_web(rt, [SERVICE]).test_client()


def post(client: Any, rt: Runtime, slug: str, person: str, sent: dict[str, Any]) -> Any:
    return client.post(f"/api/records/{slug}", headers=bearer(rt, person), json=sent)


def refused(answer: Any, status: int, slug: str) -> bool:
    return (answer.status_code, answer.mimetype, answer.json["slug"]) == (status, "application/problem+json", slug)


def test_there_is_a_sound_body_for_every_kind():
    assert set(EVERY) | {"credits", "inspections"} == set(catalogue.BY_SLUG)


@pytest.mark.parametrize("slug", EVERY)
def test_every_kind_is_filed_listed_read_and_mapped_for_the_rules(client: Any, rt: Runtime, slug: str):
    person, role, subject, fields = EVERY[slug]
    sent = body(about(rt, *subject), **fields)
    first, again = post(client, rt, slug, person, sent), post(client, rt, slug, person, sent)
    assert (first.status_code, again.status_code) == (201, 200), first.text
    record = first.json["record"]
    assert again.json == first.json
    assert {name: record["values"][name] for name in fields} == fields
    assert record["filed_role"] == role
    headers = bearer(rt, person)
    listed = client.get(f"/api/records/{slug}", headers=headers).json["items"]
    assert [one["id"] for one in listed] == [record["id"]]
    assert client.get(f"/api/records/{slug}/{record['id']}", headers=headers).json == record
    told = fact(rt, record["entry_id"])
    read = facts_of([FactRecord(told.entry_id, told.kind, told.seq, told.at, told.payload)])
    assert (read == facts_of([])) is (slug == "levels"), "only a level is no fact of its own: it is an attribute"
    with rt.db.read() as session:
        assert list(ledger.verify(session, rt.keys)) == []


@pytest.mark.parametrize("slug", EVERY)
def test_an_empty_body_names_every_missing_field_and_stores_nothing(client: Any, rt: Runtime, slug: str):
    person, _, subject, _ = EVERY[slug]
    before = entries(rt)
    answer = post(client, rt, slug, person, body(about(rt, *subject)))
    assert refused(answer, 422, "invalid-body")
    needed = {one.name for one in catalogue.BY_SLUG[slug].fields if one.required}
    assert set(answer.json["errors"]) == needed
    assert entries(rt) == before


@pytest.mark.parametrize("slug", EVERY)
def test_nobody_of_another_county_files_about_it(client: Any, rt: Runtime, slug: str):
    _, _, subject, fields = EVERY[slug]
    before = entries(rt)
    for stranger in ("D8", "C2", "R9"):
        assert post(client, rt, slug, stranger, body(about(rt, *subject), **fields)).status_code in (403, 404)
    assert entries(rt) == before


def test_an_unknown_kind_is_not_found(client: Any, rt: Runtime):
    assert refused(post(client, rt, "nonsense", "R1", {}), 404, "not-found")
    assert refused(client.get("/api/records/nonsense", headers=bearer(rt, "R1")), 404, "not-found")


@pytest.mark.parametrize(("field", "value"), [("value", "4321"), ("period", 202610), ("extra", 1), ("client_event_id", "x")])
def test_a_body_of_the_wrong_shape_is_refused(client: Any, rt: Runtime, field: str, value: Any):
    sent = body(about(rt, "recipient", "SQ"), metric="outpatient_emergency_visits", period="2026-10", value=1)
    assert refused(post(client, rt, "figures", "R1", {**sent, field: value}), 422, "invalid-body")


def test_a_list_is_read_page_by_page_and_by_state(client: Any, rt: Runtime):
    for month in range(1, 6):
        sent = body(about(rt, "recipient", "SQ"), metric="outpatient_emergency_visits", period=f"2026-0{month}", value=month)
        assert post(client, rt, "figures", "R1", sent).status_code == 201
    headers, seen, cursor = bearer(rt, "C1"), [], ""
    while cursor is not None:
        page = client.get(f"/api/records/figures?limit=2&cursor={cursor}", headers=headers).json
        seen += [one["values"]["period"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [f"2026-0{month}" for month in range(5, 0, -1)]
    assert client.get("/api/records/figures?state=superseded", headers=headers).json["items"] == []
    assert client.get("/api/records/figures?state=nonsense", headers=headers).status_code == 422
    assert client.get("/api/records/figures", headers=bearer(rt, "C2")).json["items"] == []


def put(client: Any, rt: Runtime, person: str, data: bytes) -> Any:
    return client.put(f"/api/records/attachments/{hashlib.sha256(data).hexdigest()}", headers=bearer(rt, person), data=data)


def test_an_attachment_is_read_with_its_record_and_by_nobody_else(client: Any, rt: Runtime):
    uploaded = put(client, rt, "R1", PDF)
    assert (uploaded.status_code, put(client, rt, "R1", PDF).status_code) == (201, 200)
    sent = body(about(rt, "recipient", "SQ"), metric="outpatient_emergency_visits", period="2026-10", value=1,
                attachment_sha256=[uploaded.json["sha256"]])  # fmt: skip
    record = post(client, rt, "figures", "R1", sent).json["record"]
    address = f"/api/records/figures/{record['id']}/attachments/{uploaded.json['sha256']}"
    answer = client.get(address, headers=bearer(rt, "C1"))
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert client.get(address, headers=bearer(rt, "C2")).status_code == 404
    assert fact(rt, record["entry_id"]).payload["attachment_sha256"] == [uploaded.json["sha256"]]


def test_a_text_file_named_pdf_is_refused_and_a_picture_is_kept_without_its_metadata(client: Any, rt: Runtime):
    assert refused(put(client, rt, "R1", "住院病人名单".encode()), 422, "attachment-refused")
    assert refused(put(client, rt, "R1", b"\x89PNG\r\n\x1a\n broken"), 422, "attachment-refused")
    kept = put(client, rt, "R1", png())
    assert (kept.status_code, kept.json["media_type"]) == (201, "image/png")


def test_bytes_under_a_wrong_hash_are_refused(client: Any, rt: Runtime):
    answer = client.put(f"/api/records/attachments/{'0' * 64}", headers=bearer(rt, "R1"), data=PDF)
    assert refused(answer, 422, "attachment-mismatch")


def test_an_attachment_over_the_limit_is_refused(client: Any, rt: Runtime):
    assert refused(put(client, rt, "R1", b"%PDF-" + b"0" * (10 * 1024 * 1024)), 413, "attachment-too-large")


def test_an_import_answers_201_then_200_and_mistakes_422(client: Any, rt: Runtime):
    def sent(text: str) -> Any:
        data = {"file": (io.BytesIO(text.encode()), "门急诊.csv")}
        return client.post("/api/records/imports", headers=bearer(rt, "R1"), data=data)

    text = "机构编码,月份,门急诊人次\nSQ,2026-10,4100\n"
    assert [sent(text).status_code, sent(text).status_code] == [201, 200]
    wrong = sent(text + "SQ,2026-11,四百\n")
    assert refused(wrong, 422, "export-invalid")
    assert wrong.json["title"] == "导出表有 1 处需要修改,没有导入任何一行"
    assert wrong.json["problems"] == [{"sheet": "门急诊人次", "row": 3, "column": "门急诊人次", "reason": "应为不带小数的数字,还不知道请留空"}]
