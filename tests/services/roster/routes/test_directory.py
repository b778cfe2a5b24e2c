"""`/api/roster`: the import over HTTP, and lists that show each reader the own scope only."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa

from services.roster.service import SERVICE
from services.roster.usecases.programmes import ensure_programmes
from shared.directory.models import Organisation, Person
from shared.http.app import create_web
from shared.service import Runtime
from tests.factories.directory import bearer, directory
from tests.factories.workbook import NEW_DOCTOR, Rows, only, two_counties, workbook, world


@pytest.fixture
def client(rt: Runtime):
    directory(rt, two_counties())
    return create_web(rt, [SERVICE]).test_client()


def send(client: Any, headers: dict[str, str], data: bytes, query: str = "", name: str = "名单.xlsx") -> Any:
    return client.post(f"/api/roster/imports{query}", headers=headers, data={"file": (io.BytesIO(data), name)})


def people(rt: Runtime) -> int:
    with rt.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def test_an_import_answers_201_then_200_when_nothing_is_new(client: Any, rt: Runtime):
    data, headers = workbook(only(人员=[NEW_DOCTOR])), bearer(rt, "A1")
    first, again = send(client, headers, data), send(client, headers, data)
    assert (first.status_code, first.json["created"], first.json["unchanged"]) == (201, 1, 0)
    assert (again.status_code, again.json["created"], again.json["unchanged"]) == (200, 0, 1)
    assert first.json["import_id"]


def test_a_dry_run_answers_200_and_stores_nobody(client: Any, rt: Runtime):
    before = people(rt)
    answer = send(client, bearer(rt, "A1"), workbook(only(人员=[NEW_DOCTOR])), "?dry_run=1")
    assert (answer.status_code, answer.json["created"], answer.json["dry_run"]) == (200, 1, True)
    assert people(rt) == before


def test_mistakes_answer_422_with_all_of_them(client: Any, rt: Runtime):
    rows = only(人员=[{**NEW_DOCTOR, "手机": "1"}, {**NEW_DOCTOR, "工号": "D4", "机构编码": "没有"}])
    before = people(rt)
    answer = send(client, bearer(rt, "A1"), workbook(rows))
    assert (answer.status_code, answer.mimetype, answer.json["slug"]) == (
        422,
        "application/problem+json",
        "workbook-invalid",
    )
    assert answer.json["title"] == f"名单有 {len(answer.json['problems'])} 处需要修改,没有导入任何一行"
    assert {"sheet": "人员", "row": 3, "column": "手机", "reason": "手机号应为 11 位数字,以 1 开头"} in answer.json[
        "problems"
    ]
    assert {"sheet": "人员", "row": 4, "column": "机构编码", "reason": "「没有」在机构里没有"} in answer.json[
        "problems"
    ]
    assert people(rt) == before


def test_a_text_file_named_xlsx_is_refused(client: Any, rt: Runtime):
    answer = send(client, bearer(rt, "A1"), "工号,姓名".encode())
    assert (answer.status_code, answer.json["slug"]) == (422, "workbook-invalid")


def test_an_upload_without_a_file_is_refused(client: Any, rt: Runtime):
    answer = client.post("/api/roster/imports", headers=bearer(rt, "A1"), data={})
    assert (answer.status_code, answer.json["slug"]) == (422, "invalid-body")


@pytest.mark.parametrize(("person", "status"), [("D1", 403), ("R1", 403), (None, 401)])
def test_only_supporter_county_and_system_import(client: Any, rt: Runtime, person: str | None, status: int):
    before = people(rt)
    headers = bearer(rt, person) if person else {}
    answer = send(client, headers, workbook(only(人员=[NEW_DOCTOR])))
    assert answer.status_code == status
    assert people(rt) == before


def listed(client: Any, headers: dict[str, str], what: str) -> set[str]:
    answer = client.get(f"/api/roster/{what}", headers=headers)
    assert answer.status_code == 200
    return {item["code"] for item in answer.json["items"]}


@pytest.mark.parametrize(
    ("person", "organisations", "clinics", "staff", "postings"),
    [
        ("A1", {"YY", "SQ"}, {"SQ1", "SQ2"}, {"D1", "D2", "A1"}, {"P1", "P2"}),
        ("R1", {"SQ", "YY"}, {"SQ1", "SQ2"}, {"R1", "D1", "D2"}, {"P1", "P2"}),
        ("C1", {"WJ", "SQ", "YY"}, {"SQ1", "SQ2"}, {"C1", "S1", "D1", "D2"}, {"P1", "P2"}),
        ("C2", {"WJ2", "SQ9"}, {"SQ91"}, {"C2"}, set()),
    ],
)
def test_each_reader_sees_the_own_scope(
    client: Any,
    rt: Runtime,
    person: str,
    organisations: set[str],
    clinics: set[str],
    staff: set[str],
    postings: set[str],
):
    headers = bearer(rt, person)
    assert listed(client, headers, "organisations") == organisations
    assert listed(client, headers, "clinics") == clinics
    assert listed(client, headers, "people") == staff
    assert listed(client, headers, "postings") == postings


def test_a_system_admin_sees_the_whole_directory(client: Any, rt: Runtime):
    assert listed(client, bearer(rt, "S1"), "organisations") == {"WJ", "YY", "SQ", "WJ2", "YY2", "SQ9"}


def test_a_second_hospital_at_the_same_recipient_sees_its_own_postings_only(rt: Runtime):
    rows: Rows = two_counties()
    rows["派驻"].append({**world()["派驻"][0], "派驻编号": "P8", "工号": "D8", "协议编号": None, "席位编码": None,
                       "执业点编码": "SQ2"})  # fmt: skip
    rows["人员"].append(
        {"工号": "A8", "姓名": "孟初晴", "手机": "13900000088", "机构编码": "YY2", "角色": "支援医院医务科"}
    )
    directory(rt, rows)
    client = create_web(rt, [SERVICE]).test_client()
    assert listed(client, bearer(rt, "A8"), "postings") == {"P8"}
    assert listed(client, bearer(rt, "A1"), "postings") == {"P1", "P2"}
    assert listed(client, bearer(rt, "R1"), "postings") == {"P1", "P2", "P8"}


@pytest.mark.parametrize("what", ["organisations", "clinics", "people", "postings"])
def test_lists_are_closed_to_physicians_and_strangers(client: Any, rt: Runtime, what: str):
    assert client.get(f"/api/roster/{what}", headers=bearer(rt, "D1")).status_code == 403
    assert client.get(f"/api/roster/{what}").status_code == 401


def test_phone_numbers_are_masked_and_clinic_tokens_are_not_shown(client: Any, rt: Runtime):
    headers = bearer(rt, "C1")
    [doctor] = [one for one in client.get("/api/roster/people", headers=headers).json["items"] if one["code"] == "D1"]
    assert doctor["phone"] == "139****0001"
    clinics = client.get("/api/roster/clinics", headers=headers)
    assert "token" not in clinics.text
    assert "master" not in clinics.text


def test_lists_come_in_pages_without_gap_or_repeat(client: Any, rt: Runtime):
    headers, seen, cursor = bearer(rt, "S1"), [], ""
    for _ in range(5):
        page = client.get(f"/api/roster/people?limit=3{cursor}", headers=headers).json
        seen += [item["code"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == people(rt)


def test_a_cursor_of_somebody_else_is_refused(client: Any, rt: Runtime):
    answer = client.get("/api/roster/people?cursor=AAAA", headers=bearer(rt, "S1"))
    assert (answer.status_code, answer.json["slug"]) == (422, "invalid-body")


def test_a_county_imports_a_whole_new_recipient_at_once(rt: Runtime):
    ensure_programmes(rt)
    rows = world()
    directory(rt, {**rows, "席位": [], "协议": [], "派驻": [], "排班": []})
    client = create_web(rt, [SERVICE]).test_client()
    rows["机构"].append({"机构编码": "SQ2", "名称": "石桥社区卫生服务中心", "类别": "受援机构", "所在县": "青禾区"})
    rows["执业点"].append({"执业点编码": "SQ21", "名称": "石桥", "机构编码": "SQ2"})
    rows["派驻"].append({**rows["派驻"][0], "派驻编号": "P4", "工号": "D2", "协议编号": None, "席位编码": None,
                       "受援机构": "SQ2", "执业点编码": "SQ21"})  # fmt: skip
    answer = send(client, bearer(rt, "C1"), workbook(rows))
    assert (answer.status_code, answer.json.get("problems")) == (201, None)
    with rt.db.read() as session:
        assert session.scalars(sa.select(Organisation.county_id).where(Organisation.code == "SQ2")).one()
