"""Roster workbooks for tests: a small world without mistakes, and ways to spoil it."""

from __future__ import annotations

import copy
import datetime as dt
import io
from typing import Any

import openpyxl

from services.roster import template
from services.roster.domain.sheets import SHEETS

Rows = dict[str, list[dict[str, Any]]]
"""Sheet title -> rows as {column title: cell}."""

PROGRAMME = "zhongzhan-demo"
START, END = dt.date(2026, 9, 1), dt.date(2027, 3, 31)

WORLD: Rows = {
    "机构": [
        {"机构编码": "WJ", "名称": "青禾区卫生健康委员会", "类别": "县级卫健"},
        {"机构编码": "YY", "名称": "青禾区人民医院", "类别": "支援医院", "所在县": "WJ", "医务科电话": "0391-6001"},
        {"机构编码": "SQ", "名称": "柳岸社区卫生服务中心", "类别": "受援机构", "所在县": "WJ", "受援层级": "未达标"},
    ],
    "执业点": [
        {"执业点编码": "SQ1", "名称": "柳岸社区卫生服务中心", "机构编码": "SQ", "纬度": 35.244, "经度": 113.236,
         "坐标系": "GCJ02", "半径米": 300},
        {"执业点编码": "SQ2", "名称": "柳岸东站", "机构编码": "SQ"},
    ],
    "人员": [
        {"工号": "D1", "姓名": "林知远", "手机": "13900000001", "机构编码": "YY", "角色": "派驻医师", "职称": "主治医师",
         "专业": "内科"},
        {"工号": "D2", "姓名": "何清越", "手机": "13900000002", "机构编码": "YY", "角色": "派驻医师;组长"},
        {"工号": "A1", "姓名": "方以宁", "手机": "13900000003", "机构编码": "YY", "角色": "支援医院医务科"},
        {"工号": "R1", "姓名": "苏文简", "手机": "13900000004", "机构编码": "SQ", "角色": "受援医院医务科"},
        {"工号": "C1", "姓名": "陆见川", "手机": "13900000005", "机构编码": "WJ", "角色": "县级卫健部门"},
    ],
    "席位": [
        {"席位编码": "X1", "支援机构": "YY", "受援机构": "SQ", "专业": "内科", "方式": "驻点", "起始": START},
    ],
    "协议": [
        {"协议编号": "XY1", "项目编码": PROGRAMME, "支援机构": "YY", "受援机构": "SQ", "签订日期": dt.date(2026, 8, 20),
         "起始": START, "截止": END, "目标": "lectures=12"},
    ],
    "派驻": [
        {"派驻编号": "P1", "工号": "D1", "项目编码": PROGRAMME, "协议编号": "XY1", "受援机构": "SQ", "执业点编码": "SQ1",
         "方式": "驻点", "席位编码": "X1", "起始": START, "截止": END},
        {"派驻编号": "P2", "工号": "D2", "项目编码": PROGRAMME, "受援机构": "SQ", "执业点编码": "SQ1;SQ2", "方式": "巡诊",
         "组长": "是", "起始": START, "截止": END},
    ],
    "排班": [
        {"派驻编号": "P2", "月份": "2026-10", "星期或日期": "星期二;星期四", "半天": "上午"},
        {"派驻编号": "P2", "月份": "2026-10", "星期或日期": dt.date(2026, 10, 16), "半天": "全天", "执业点编码": "SQ2"},
    ],
}  # fmt: skip


def world() -> Rows:
    """A copy of the small world, to be spoiled."""
    return copy.deepcopy(WORLD)


def two_counties() -> Rows:
    """The small world, and a second county beside it with a hospital, a recipient and their people."""
    rows = world()
    rows["机构"] += [
        {"机构编码": "WJ2", "名称": "云岭区卫生健康委员会", "类别": "县级卫健"},
        {"机构编码": "YY2", "名称": "云岭区人民医院", "类别": "支援医院", "所在县": "WJ2"},
        {"机构编码": "SQ9", "名称": "石桥社区卫生服务中心", "类别": "受援机构", "所在县": "WJ2"},
    ]
    rows["执业点"].append({"执业点编码": "SQ91", "名称": "石桥", "机构编码": "SQ9"})
    rows["人员"] += [
        {"工号": "D8", "姓名": "秦望舒", "手机": "13900000081", "机构编码": "YY2", "角色": "派驻医师"},
        {"工号": "C2", "姓名": "顾长安", "手机": "13900000082", "机构编码": "WJ2", "角色": "县级卫健部门"},
        {"工号": "S1", "姓名": "季向晚", "手机": "13900000083", "机构编码": "WJ", "角色": "系统管理员"},
    ]
    return rows


def only(**sheets: list[dict[str, Any]]) -> Rows:
    """A workbook with these rows and no others."""
    return {**{title: [] for title in world()}, **sheets}


NEW_DOCTOR = {"工号": "D3", "姓名": "白秋实", "手机": "13900000031", "机构编码": "YY", "角色": "派驻医师"}
NEW_POSTING = {"派驻编号": "P3", "工号": "D3", "项目编码": PROGRAMME, "受援机构": "SQ", "执业点编码": "SQ2", "方式": "驻点",
               "起始": START, "截止": dt.date(2026, 12, 31)}  # fmt: skip


def workbook(rows: Rows) -> bytes:
    """The rows as .xlsx, written by the product's own template."""
    return template.workbook({
        sheet.title: [[row.get(column.title) for column in sheet.columns] for row in rows.get(sheet.title, ())]
        for sheet in SHEETS
    })  # fmt: skip


def edited(data: bytes, edit: Any) -> bytes:
    """The workbook after `edit(openpyxl workbook)`: for what the template itself would never write."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
