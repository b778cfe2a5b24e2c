"""Who may write which rows: a county its own, a supporter its own pairs, nobody more rights than his own."""

from __future__ import annotations

from typing import Any

import pytest

from services.roster.usecases.imports import import_workbook
from services.roster.workbook import WorkbookInvalid
from shared.service import Runtime
from tests.factories.directory import directory, principal
from tests.factories.workbook import NEW_DOCTOR, NEW_POSTING, Rows, only, two_counties, workbook, world

OUTSIDE = "不在您的管辖范围"


def reasons(rt: Runtime, rows: Rows, who: Any) -> list[tuple[str, str]]:
    with pytest.raises(WorkbookInvalid) as caught:
        import_workbook(rt, workbook(rows), who)
    return [(mistake.sheet, mistake.reason) for mistake in caught.value.mistakes]


@pytest.mark.parametrize(
    ("person", "role"), [("A1", "supporter_admin"), ("C1", "county_officer"), ("S1", "system_admin")]
)
def test_an_importer_adds_a_physician_and_a_posting_of_the_own_pair(rt: Runtime, person: str, role: str):
    directory(rt, two_counties())
    done = import_workbook(rt, workbook(only(人员=[NEW_DOCTOR], 派驻=[NEW_POSTING])), principal(rt, person, role))
    assert done.created == 2


@pytest.mark.parametrize(
    ("person", "role", "rows"),
    [
        # a supporter: other hospitals, other people, places, pairs that are not its own
        ("A1", "supporter_admin", only(机构=[{"机构编码": "SQ7", "名称": "新", "类别": "受援机构", "所在县": "WJ"}])),
        ("A1", "supporter_admin", only(机构=[{**world()["机构"][2], "受援层级": "基本标准"}])),
        ("A1", "supporter_admin", only(机构=[{**world()["机构"][1], "所在县": "WJ2"}])),
        ("A1", "supporter_admin", only(执业点=[{**world()["执业点"][0], "半径米": 1000}])),
        ("A1", "supporter_admin", only(人员=[{**NEW_DOCTOR, "机构编码": "SQ"}])),
        ("A1", "supporter_admin", only(人员=[{**world()["人员"][3], "手机": "13900000099"}])),
        ("A1", "supporter_admin", only(人员=[two_counties()["人员"][5]])),
        ("A1", "supporter_admin", only(协议=[{**world()["协议"][0], "协议编号": "XY2", "受援机构": "SQ9"}])),
        ("A1", "supporter_admin", only(派驻=[{**NEW_POSTING, "工号": "D8"}])),
        ("A1", "supporter_admin", only(派驻=[{**NEW_POSTING, "工号": "D1", "受援机构": "SQ9", "执业点编码": "SQ91"}])),
        # a county: whatever lies in another one
        ("C2", "county_officer", only(机构=[{**world()["机构"][2], "监督电话": "1"}])),
        ("C2", "county_officer", only(机构=[{**world()["机构"][2], "所在县": "WJ2"}])),
        ("C2", "county_officer", only(执业点=[{**world()["执业点"][0], "名称": "别处"}])),
        ("C2", "county_officer", only(人员=[{**world()["人员"][0], "机构编码": "YY2"}])),
        ("C2", "county_officer", only(派驻=[NEW_POSTING | {"工号": "D8"}])),
        ("C2", "county_officer", only(排班=[{"派驻编号": "P2", "月份": "2026-11", "星期或日期": "周一", "半天": "上午"}])),
        ("C2", "county_officer", only(机构=[{"机构编码": "SJ", "名称": "某市卫健委", "类别": "市级卫健"}])),
    ],
)  # fmt: skip
def test_rows_outside_the_importers_scope_are_mistakes(rt: Runtime, person: str, role: str, rows: Rows):
    directory(rt, two_counties())
    assert any(reason == OUTSIDE for _, reason in reasons(rt, rows, principal(rt, person, role)))


def test_a_supporter_may_leave_rows_of_its_pairs_in_the_file_when_they_change_nothing(rt: Runtime):
    directory(rt, two_counties())
    rows = world()
    rows["机构"] = rows["机构"][1:]  # not the county's own row
    rows["人员"] = [row for row in rows["人员"] if row["工号"] != "C1"]
    assert import_workbook(rt, workbook(rows), principal(rt, "A1", "supporter_admin")).created == 0


@pytest.mark.parametrize(
    ("person", "role", "row", "labels"),
    [
        # rights above one's own, also taking them away
        ("A1", "supporter_admin", {**NEW_DOCTOR, "角色": "县级卫健部门"}, "县级卫健部门"),
        ("A1", "supporter_admin", {**NEW_DOCTOR, "角色": "系统管理员"}, "系统管理员"),
        ("C1", "county_officer", {**NEW_DOCTOR, "角色": "市级卫健部门"}, "市级卫健部门"),
        ("C1", "county_officer", {**two_counties()["人员"][7], "角色": "派驻医师"}, "系统管理员"),
        # administration is kept apart, also from a system_admin over HTTP
        ("S1", "system_admin", {**NEW_DOCTOR, "角色": "安全管理员"}, "安全管理员"),
    ],
)
def test_nobody_gives_roles_he_may_not_give(rt: Runtime, person: str, role: str, row: dict[str, Any], labels: str):
    directory(rt, two_counties())
    found = reasons(rt, only(人员=[row]), principal(rt, person, role))
    assert ("人员", f"您不能授予或修改:{labels}") in found


def test_nobody_changes_the_own_roles(rt: Runtime):
    directory(rt, two_counties())
    row = {**world()["人员"][2], "角色": "支援医院医务科;支援医院人事科"}
    assert reasons(rt, only(人员=[row]), principal(rt, "A1", "supporter_admin")) == [("人员", "不能修改本人的角色")]


def test_a_role_is_not_given_over_somebody_elses_hospital(rt: Runtime):
    directory(rt, two_counties())
    row = {**NEW_DOCTOR, "角色": "支援医院医务科", "管辖机构编码": "YY2"}
    assert ("人员", OUTSIDE) in reasons(rt, only(人员=[row]), principal(rt, "A1", "supporter_admin"))
