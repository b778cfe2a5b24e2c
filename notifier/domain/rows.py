"""The one list of what is said unasked (reminders.md §3), as data: class, levels and the ladder of every row. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SES, DAY, DUE, DIG, NOW = "SES", "DAY", "DUE", "DIG", "NOW"
PUSH, DIGEST, IN_APP = LEVELS = ("push", "digest", "in_app")
"""Levels from loud to quiet."""
LEVEL_WORDS = {PUSH: "推送", DIGEST: "仅汇总", IN_APP: "仅应用内"}


@dataclass(frozen=True)
class Row:
    """One row: `usual` is the level without a choice, `floor` the quietest a person may choose."""

    id: str
    label: str
    cls: str
    usual: str = PUSH
    floor: str = DIGEST

    def allowed(self) -> tuple[str, ...]:
        """The levels a person may choose, from loud to quiet."""
        return LEVELS[: LEVELS.index(self.floor) + 1]


def _rows() -> tuple[Row, ...]:
    return (
        Row("D01", "未签到提醒", SES, floor=IN_APP), Row("D02", "未签退提醒", SES, floor=IN_APP),
        Row("D03", "前一天未记录到", DAY, floor=IN_APP), Row("D04", "本周门诊、查房进度", DAY, floor=IN_APP),
        Row("D05", "日志未写", DAY, floor=IN_APP), Row("D06", "连续派驻需要注意", DAY),
        Row("D07", "手机里有未发送的记录", DAY, floor=IN_APP), Row("D08", "返岗", DAY, floor=IN_APP),
        Row("D09", "月度记录待确认", DAY), Row("D10", "申请的处理结果", NOW, floor=IN_APP), Row("D11", "本人表格待填写", DAY),
        Row("X01", "抽查", NOW, floor=PUSH), Row("X02", "主管提醒", NOW, floor=IN_APP), Row("X03", "绑定新设备", NOW, floor=IN_APP),
        Row("L01", "组员日志未齐", DAY), Row("L02", "专业小结待交", DUE), Row("L03", "专班现场指导", DUE), Row("L04", "派驻总结待上报", DUE),
        Row("R01", "岗位无人", SES), Row("R02", "申请待审批", DUE), Row("R03", "在岗待确认", DUE), Row("R04", "排班待发布", DUE),
        Row("R05", "到岗待确认", DUE), Row("S01", "接替人员未备案", DUE), Row("S02", "交接单待签", DUE),
        Row("S03", "未备案已签到", DUE, usual=DIGEST), Row("S04", "季度统计表待报", DUE), Row("M01", "月度报告待签发", DUE),
        Row("K01", "督查未满次数", DUE), Row("K02", "半年评估总结待报", DUE), Row("Y01", "半年统计表待报", DUE), Row("Y02", "年度档案待齐", DUE),
        Row("Y03", "材料待报", DUE), Row("Y04", "数量要求未满", DUE, usual=DIGEST), Row("H01", "公示待开始", DUE),
        Row("H02", "限制即将到期", DUE, usual=DIGEST),
        Row("P4", "到岗情况(次日)", DIG, usual=DIGEST), Row("P5", "到岗情况(第三天)", DUE), Row("P6", "到岗情况(周报)", DIG, usual=DIGEST),
        Row("G01", "每日待办汇总", DIG), Row("G02", "每周概况", DIG),
    )  # fmt: skip


ROWS: Mapping[str, Row] = {row.id: row for row in _rows()}
ORDER = ("D03", "D09", "D08", "D04", "D11", "D07", "D05")
"""Rows of class DAY that are due in the same minute, first come first pushed."""
URGENT = (
    "P5", "P4", "D06", "R01", "R02", "R03", "M01", "K02", "R04", "S04", "Y01", "Y02", "L02", "L04", "Y03", "R05", "S01", "S02",
    "S03", "L03", "L01", "K01", "Y04", "D07", "X03", "H01", "H02", "P6",
)  # fmt: skip
"""Lines of a digest, most urgent first."""
AUDIENCES: Mapping[str, tuple[str, ...]] = {
    "doctor": ("D01", "D02", "D03", "D04", "D05", "D06", "D07", "D08", "D09", "D10", "D11", "X01", "X02", "X03"),
    "team_leader": ("L01", "L02", "L03", "L04", "Y03", "G01"),
    "recipient_admin": ("R01", "R02", "R03", "R04", "R05", "S04", "D06", "P4", "P5", "Y03", "Y04", "M01", "G01"),
    "supporter_admin": ("S01", "S02", "S03", "S04", "R02", "R04", "D06", "L03", "K01", "Y02", "Y03", "Y04", "X03", "M01", "G01"),
    "county_officer": ("K01", "K02", "Y02", "Y03", "Y04", "R02", "R05", "P6", "M01", "G02"),
    "city_officer": ("K01", "Y01", "Y02", "Y03", "Y04", "M01", "G02"), "province_officer": ("Y03", "G02"),
    "quality_office": ("K01", "G01"), "finance_officer": ("K01", "G02"), "hr_officer": ("H01", "H02", "G01"),
}  # fmt: skip
"""Which rows a role may receive: what its settings page lists."""


def quieter(one: str, other: str) -> str:
    """The quieter of two levels."""
    return max(one, other, key=LEVELS.index)


def chosen(row: Row, choice: str | None) -> str:
    """The level a person reads a row at: his own choice where he made one, never quieter than the floor."""
    return row.usual if choice is None else min(choice, row.floor, key=LEVELS.index)
