"""Every kind of mistake a workbook can hold is named with sheet, row, column and reason, all at once, and stores nothing."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa

from services.roster.domain.sheets import SHEETS
from services.roster.usecases.imports import import_workbook
from services.roster.usecases.programmes import ensure_programmes
from services.roster.workbook import WorkbookInvalid
from shared.db import Base
from shared.service import Runtime
from tests.factories.directory import directory
from tests.factories.workbook import END, START, edited, workbook, world

FIRST = 3
"""The first data row in Excel's counting, below heading and 说明."""


def refused(rt: Runtime, data: bytes, **asked: Any) -> list[tuple[str, int, str, str]]:
    with pytest.raises(WorkbookInvalid) as caught:
        import_workbook(rt, data, **asked)
    return [(one.sheet, one.row, one.column, one.reason) for one in caught.value.mistakes]


def counts(rt: Runtime) -> dict[str, int]:
    """Rows of every table."""
    with rt.db.read() as session:
        return {
            name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def swollen(megabytes: int) -> bytes:
    """A small archive that unpacks to many bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as part:
        for _ in range(megabytes):
            part.write(bytes(1024 * 1024))
    return out.getvalue()


# sheet, number of the row among its rows, what is written there, column blamed, part of the reason
CELLS = [
    # a required cell is empty, or holds blanks only
    ("机构", 0, {"名称": None}, "名称", "必填"),
    ("人员", 0, {"姓名": "   "}, "姓名", "必填"),
    # a word outside its list
    ("机构", 1, {"类别": "诊所"}, "类别", "不在可选范围"),
    ("人员", 0, {"角色": "派驻医师;院长"}, "角色", "「院长」不在可选范围"),
    ("人员", 0, {"角色": "kiosk"}, "角色", "不在可选范围"),
    ("人员", 0, {"职称": "教授"}, "职称", "不在可选范围"),
    ("派驻", 1, {"组长": "也许"}, "组长", "不在可选范围"),
    # phone numbers
    ("人员", 0, {"手机": "1390000"}, "手机", "11 位"),
    ("人员", 0, {"手机": "23900000001"}, "手机", "11 位"),
    ("人员", 1, {"手机": "13900000001"}, "手机", "与工号 D1 相同"),
    ("机构", 1, {"监督电话": "打给张三"}, "监督电话", "电话只能"),
    # dates
    ("派驻", 0, {"起始": "2026-09-01"}, "起始", "不是真正的日期"),
    ("派驻", 0, {"起始": "下周一"}, "起始", "不是真正的日期"),
    ("席位", 0, {"起始": dt.date(1901, 1, 1)}, "起始", "1930"),
    ("派驻", 0, {"截止": dt.date(2026, 8, 1), "文号": "A"}, "截止", "截止早于起始"),
    ("协议", 0, {"截止": dt.date(2026, 8, 1)}, "截止", "截止早于起始"),
    ("派驻", 0, {"起始": dt.date(2021, 7, 1)}, "起始", "早于项目的开始日期 2021-07-02"),
    ("派驻", 0, {"截止": dt.date(2028, 1, 1)}, "截止", "晚于项目的截止日期 2027-12-31"),
    ("人员", 0, {"出生年月": "1985年3月"}, "出生年月", "2026-11"),
    # keys
    ("人员", 1, {"工号": "D1"}, "工号", "在第 3 行已经出现"),
    ("机构", 2, {"机构编码": "YY"}, "机构编码", "在第 4 行已经出现"),
    ("人员", 0, {"机构编码": "YY;SQ"}, "机构编码", "只能填写一个编码"),
    # references
    ("执业点", 0, {"机构编码": "没有"}, "机构编码", "「没有」在机构里没有"),
    ("机构", 1, {"所在县": "无名区"}, "所在县", "「无名区」在机构里没有"),
    ("机构", 1, {"所在县": "SQ"}, "所在县", "不是县级卫健"),
    ("席位", 0, {"支援机构": "SQ"}, "支援机构", "「SQ」不是支援医院"),
    ("协议", 0, {"受援机构": "YY"}, "受援机构", "「YY」不是受援机构"),
    ("协议", 0, {"项目编码": "没有"}, "项目编码", "没有项目「没有」"),
    ("派驻", 0, {"工号": "D9"}, "工号", "「D9」在人员里没有"),
    ("派驻", 0, {"执业点编码": "SQ1;SQ9"}, "执业点编码", "「SQ9」在执业点里没有"),
    ("派驻", 0, {"执业点编码": "SQ1;SQ1"}, "执业点编码", "写了两次"),
    ("派驻", 0, {"席位编码": "X9"}, "席位编码", "「X9」在席位里没有"),
    ("派驻", 0, {"协议编号": "XY9"}, "协议编号", "「XY9」在协议里没有"),
    ("排班", 0, {"派驻编号": "P9"}, "派驻编号", "「P9」在派驻里没有"),
    # things that exist and do not fit
    ("派驻", 0, {"方式": "出差"}, "方式", "没有方式「出差」"),
    ("席位", 0, {"方式": "出差"}, "方式", "没有方式「出差」"),
    ("派驻", 0, {"工号": "A1"}, "工号", "没有派驻医师角色"),
    ("派驻", 0, {"方式": "巡诊"}, "席位编码", "与派驻不同"),
    ("派驻", 0, {"项目编码": "zhongzhan-2021", "起始": dt.date(2025, 9, 1), "截止": dt.date(2025, 9, 30)}, "协议编号",
     "与派驻不同"),
    ("派驻", 1, {"工号": "D1", "方式": "驻点"}, "起始", "与派驻 P1 的日期重叠"),
    ("人员", 3, {"机构编码": "YY"}, "机构编码", "管辖的应是受援机构"),
    ("人员", 0, {"角色": "系统管理员;安全管理员"}, "角色", "只能任其一"),
    ("机构", 1, {"受援层级": "未达标"}, "受援层级", "只有受援机构"),
    # places
    ("执业点", 0, {"坐标系": None}, "纬度", "一起填写"),
    ("执业点", 0, {"纬度": 0, "经度": 0}, "纬度", "不能都为 0"),
    ("执业点", 0, {"纬度": 95}, "纬度", "-90 与 90"),
    ("执业点", 0, {"经度": "东经113"}, "经度", "应为数字"),
    ("执业点", 0, {"半径米": 50}, "半径米", "100 至 1000"),
    # other cells
    ("人员", 0, {"证件后四位": "123456"}, "证件后四位", "最后四位"),
    ("人员", 0, {"专业": "内" * 60}, "专业", "太长"),
    ("人员", 0, {"姓名": "林\u0007远"}, "姓名", "控制字符"),
    ("人员", 0, {"工号": "D1\u200b"}, "工号", "控制字符"),
    ("协议", 0, {"目标": "lectures"}, "目标", "指标=数值"),
    ("协议", 0, {"目标": "lectures=一"}, "目标", "指标=数值"),
    ("协议", 0, {"目标": "lectures=1;lectures=2"}, "目标", "写了两次"),
    # rosters
    ("排班", 0, {"月份": "2026年10月"}, "月份", "2026-11"),
    ("排班", 0, {"月份": "2026-08"}, "月份", "不在派驻期内"),
    ("排班", 0, {"星期或日期": "周末"}, "星期或日期", "既不是星期几"),
    ("排班", 0, {"星期或日期": dt.date(2026, 11, 3)}, "星期或日期", "不在 2026-10"),
    ("排班", 0, {"半天": "晚上"}, "半天", "不在可选范围"),
    ("排班", 0, {"执业点编码": "SQ9"}, "执业点编码", "在执业点里没有"),
    ("排班", 1, {"星期或日期": "星期二"}, "星期或日期", "排了两个执业点"),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "place", "cells", "column", "reason"), CELLS)
def test_each_mistake_is_named_with_its_cell(
    rt: Runtime, sheet: str, place: int, cells: dict[str, Any], column: str, reason: str
):
    ensure_programmes(rt)
    rows = world()
    rows[sheet][place] |= cells
    found = refused(rt, workbook(rows))
    assert any(one[:3] == (sheet, FIRST + place, column) and reason in one[3] for one in found), found


def test_mistakes_are_told_all_at_once_in_the_order_of_the_workbook_and_nothing_is_stored(rt: Runtime):
    ensure_programmes(rt)
    before = counts(rt)
    rows = world()
    rows["机构"][2]["类别"] = "诊所"
    rows["人员"][0]["手机"] = "1"
    rows["人员"][4]["机构编码"] = "没有"
    rows["派驻"][0]["截止"] = None
    found = refused(rt, workbook(rows))
    places = [(sheet, row, column) for sheet, row, column, _ in found]
    for place in [("机构", 5, "类别"), ("人员", 3, "手机"), ("人员", 7, "机构编码"), ("派驻", 3, "截止")]:
        assert place in places
    order = [sheet.title for sheet in SHEETS]
    assert places == sorted(places, key=lambda place: (order.index(place[0]), place[1]))
    assert counts(rt) == before


def test_one_wrong_row_among_good_ones_stores_none_of_them(rt: Runtime):
    directory(rt)
    before = counts(rt)
    rows = world()
    rows["机构"].append({"机构编码": "SQ2", "名称": "石桥社区卫生服务中心", "类别": "受援机构", "所在县": "WJ"})
    rows["人员"][0]["手机"] = "无"
    assert refused(rt, workbook(rows)) == [("人员", FIRST, "手机", "手机号应为 11 位数字,以 1 开头")]
    assert counts(rt) == before


@pytest.mark.parametrize("title", [sheet.title for sheet in SHEETS])
def test_a_missing_sheet_is_refused(rt: Runtime, title: str):
    ensure_programmes(rt)
    found = refused(rt, edited(workbook(world()), lambda book: book.remove(book[title])))
    assert (title, 0, "", f"缺少工作表「{title}」") in found


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        # a heading nobody knows, one that is gone, one that stands twice
        (lambda page: page.cell(1, 2, "全称"), [("机构", 1, "全称", "不认识的列「全称」"), ("机构", 1, "名称", "缺少列「名称」")]),
        (lambda page: page.cell(1, 10, "名称*"), [("机构", 1, "名称", "列「名称」出现了两次")]),
        # a formula, even one with a right value; an error value; a clock time
        (lambda page: page.cell(4, 2, '="青禾"&"医院"'), [("机构", 4, "名称", "这是公式,请改为数值或文字")]),
        (lambda page: setattr(page.cell(4, 2, "#N/A"), "data_type", "e"), [("机构", 4, "名称", "单元格是错误值 #N/A")]),
        (lambda page: page.cell(4, 2, dt.time(8, 30)), [("机构", 4, "名称", "单元格是错误值 08:30:00")]),
    ],
)  # fmt: skip
def test_wrong_headings_formulas_and_error_values_are_refused(rt: Runtime, edit: Any, expected: list[Any]):
    directory(rt)
    assert sorted(refused(rt, edited(workbook(world()), lambda book: edit(book["机构"])))) == sorted(expected)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("机构编码\tWJ\n".encode(), "这不是 .xlsx 工作簿"),  # a text file with another name
        (b"", "这不是 .xlsx 工作簿"),
        (b"PK\x03\x04" + bytes(40), "这不是 .xlsx 工作簿"),  # looks like an archive and is none
        (bytes(20 * 1024 * 1024 + 1), "文件太大"),
        (swollen(201), "文件解压后太大"),
    ],
)
def test_what_is_no_workbook_is_refused(rt: Runtime, data: bytes, reason: str):
    [(_, _, _, said)] = refused(rt, data)
    assert reason in said


@pytest.mark.parametrize(
    "cells",
    [{"截止": dt.date(2026, 12, 31)}, {"起始": dt.date(2026, 9, 8)}, {"方式": "工作专班", "席位编码": None}],
)
def test_changed_terms_of_a_posting_need_a_new_document(rt: Runtime, cells: dict[str, Any]):
    directory(rt)
    rows = world()
    rows["派驻"][0] |= cells
    [(sheet, row, column, reason)] = refused(rt, workbook(rows))
    assert (sheet, row, column) == ("派驻", FIRST, "文号")
    assert "需要新的文号" in reason
    rows["派驻"][0]["文号"] = "青医〔2026〕7号"
    assert import_workbook(rt, workbook(rows)).changed == 1
    rows["派驻"][0]["截止"] = dt.date(2026, 12, 1)  # the document of the last change does not cover the next
    assert refused(rt, workbook(rows))[0][2] == "文号"


def test_a_posting_number_is_not_used_again_for_another_person(rt: Runtime):
    directory(rt)
    rows = world()
    rows["派驻"][0] |= {"工号": "D2", "文号": "A"}
    assert ("派驻", FIRST, "工号", "派驻编号已属于另一人,请用新的编号") in refused(rt, workbook(rows))


def test_a_posting_that_overlaps_a_stored_one_is_refused(rt: Runtime):
    directory(rt)
    rows = world()
    rows["派驻"] = [{**rows["派驻"][0], "派驻编号": "P7", "起始": dt.date(2027, 3, 31), "截止": dt.date(2027, 6, 30)}]
    rows["排班"] = []
    assert refused(rt, workbook(rows)) == [("派驻", FIRST, "起始", "与派驻 P1 的日期重叠,方式和执业点也相同")]
    rows["派驻"][0]["起始"] = dt.date(2027, 4, 1)
    assert import_workbook(rt, workbook(rows)).created == 1


def test_two_postings_at_once_are_fine_in_different_modes_or_clinics(rt: Runtime):
    ensure_programmes(rt)
    rows = world()
    rows["派驻"][1] |= {"工号": "D1"}  # resident at SQ1 and rounds at SQ1, SQ2
    rows["派驻"].append({**rows["派驻"][0], "派驻编号": "P3", "执业点编码": "SQ2", "起始": START, "截止": END})
    assert import_workbook(rt, workbook(rows)).created == 16


def test_a_phone_number_of_somebody_in_the_directory_is_refused_without_saying_whose(rt: Runtime):
    directory(rt)
    rows = world()
    rows["人员"] = [{"工号": "N1", "姓名": "新人", "手机": "13900000001", "机构编码": "YY", "角色": "派驻医师"}]
    assert refused(rt, workbook(rows)) == [("人员", FIRST, "手机", "手机号已登记给另一人")]
