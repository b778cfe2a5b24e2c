"""The seven sheets of the roster workbook and their columns (forms.md §12). Pure.

A column's `field` is the name of the value in a row; references to other sheets are held as codes. The first column
is the key of its sheet, except on the roster sheet, whose rows together make the duty half-days of a posting's month.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from shared.roles import ROLES

KINDS = {
    "支援医院": "supporter", "受援机构": "recipient", "县级卫健": "county", "市级卫健": "city", "省级卫健": "province",
    "片区": "area",
}  # fmt: skip
LEVELS = {"未达标": "below_basic", "基本标准": "basic", "推荐标准": "recommended", "创建中": "creating"}
RANKS = {"医师": "physician", "主治医师": "attending", "副主任医师": "associate_chief", "主任医师": "chief"}
SHORT_RANKS = {"住院医师": "physician", "主治": "attending", "副主任": "associate_chief", "主任": "chief"}
CATEGORIES = {
    "临床": "clinical", "中医": "tcm", "口腔": "stomatology", "公共卫生": "public_health", "护理": "nursing",
    "医技": "technician", "管理": "management",
}  # fmt: skip
ROLE_LABELS = {role.label: role.id for role in ROLES.values() if role.id != "kiosk"}
WEEKDAYS = {f"{prefix}{name}": n for prefix in ("星期", "周") for n, name in enumerate("一二三四五六日")}


@dataclass(frozen=True)
class Column:
    """One column: its heading, the field it fills, how a cell is read (`cells.PARSERS`) and what it refers to."""

    title: str
    field: str
    kind: str = "text"
    required: bool = False
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)
    also: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Further words that are read but not offered in the list."""
    refers: str = ""
    """Name of the sheet whose key this is."""
    size: int = 100
    """Longest text stored, in characters."""
    note: str = ""

    @property
    def heading(self) -> str:
        """The heading as the template prints it, `*` = required."""
        return self.title + ("*" if self.required else "")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its Chinese title, its name in code, its columns from left to right."""

    title: str
    name: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column that fills this field. KeyError when there is none."""
        return {column.field: column for column in self.columns}[name]


def _code(title: str, name: str = "code", refers: str = "", required: bool = True, note: str = "") -> Column:
    return Column(title, name, "code", required, refers=refers, size=64, note=note)


def _day(title: str, name: str, required: bool = False) -> Column:
    return Column(title, name, "date", required, note="真正的日期,例如 2026-11-21")


_MODE = Column("方式", "mode", "code", True, size=32, note="项目文件里的方式,例如 驻点、巡诊、工作专班")
_SPECIALTY = "例如 内科、外科、中医、全科"

ORGANISATION = Sheet("机构", "organisation", (
    _code("机构编码", note="本机构的编号,以后不再改变"),
    Column("名称", "name", required=True, size=200),
    Column("类别", "kind", "choice", True, KINDS),
    _code("所在县", "county", "organisation", False, "县级卫健的机构编码或名称"),
    _code("所在市", "city", "organisation", False, "市级卫健的机构编码或名称"),
    _code("所在省", "province", "organisation", False, "省级卫健的机构编码或名称"),
    Column("受援层级", "recipient_level", "choice", choices=LEVELS, note="仅受援机构"),
    Column("医务科电话", "office_phone", "telephone", size=32),
    Column("监督电话", "complaint_phone", "telephone", size=32),
))  # fmt: skip
CLINIC = Sheet("执业点", "clinic", (
    _code("执业点编码"),
    Column("名称", "name", required=True, size=200, note="印在海报上的名称"),
    _code("机构编码", "organisation", "organisation"),
    Column("地址", "address", size=300),
    Column("纬度", "lat_e6", "latitude", note="度,例如 35.244"),
    Column("经度", "lon_e6", "longitude", note="度,例如 113.236"),
    Column("坐标系", "crs", "choice", choices={"WGS84": "wgs84", "GCJ02": "gcj02"}, note="地图上点选的是 GCJ02"),
    Column("半径米", "radius_m", "radius", note="100 至 1000,不填为 300"),
))  # fmt: skip
PERSON = Sheet("人员", "person", (
    _code("工号"),
    Column("姓名", "name", required=True),
    Column("手机", "phone", "phone", True, note="登录用,11 位,不能与他人相同"),
    _code("机构编码", "organisation", "organisation"),
    Column("角色", "roles", "roles", True, ROLE_LABELS, note="几个角色用 ; 分开"),
    _code("管辖机构编码", "scope_organisation", "organisation", False, "不填为本人所在机构"),
    Column("性别", "sex", "choice", choices={"男": "male", "女": "female"}),
    Column("出生年月", "birth_month", "month", note="例如 1985-03"),
    Column("证件后四位", "id_last4", "last4", note="只填最后四位"),
    Column("职称", "title_rank", "choice", choices=RANKS, also=SHORT_RANKS),
    _day("职称取得日期", "title_since"),
    Column("执业证号", "licence_no", size=32),
    _day("执业日期", "licence_since"),
    Column("类别", "category", "choice", choices=CATEGORIES),
    Column("专业", "specialty", size=50, note=_SPECIALTY),
))  # fmt: skip
SEAT = Sheet("席位", "seat", (
    _code("席位编码"),
    _code("支援机构", "supporter", "organisation"),
    _code("受援机构", "recipient", "organisation"),
    Column("专业", "specialty", required=True, size=50, note=_SPECIALTY),
    _MODE,
    _day("起始", "start", True),
    _day("截止", "end"),
))  # fmt: skip
AGREEMENT = Sheet("协议", "agreement", (
    _code("协议编号"),
    _code("项目编码", "programme"),
    _code("支援机构", "supporter", "organisation"),
    _code("受援机构", "recipient", "organisation"),
    _day("签订日期", "signed", True),
    _day("起始", "start", True),
    _day("截止", "end"),
    Column("目标", "targets", "targets", note="指标=数值,几个用 ; 分开,例如 lectures=12;new_techniques=1"),
))  # fmt: skip
POSTING = Sheet("派驻", "posting", (
    _code("派驻编号"),
    _code("工号", "person", "person"),
    _code("项目编码", "programme"),
    _code("协议编号", "agreement", "agreement", False),
    _code("受援机构", "recipient", "organisation"),
    Column("执业点编码", "clinics", "codes", True, refers="clinic", note="几个用 ; 分开,第一个是主要的"),
    _MODE,
    _code("席位编码", "seat", "seat", False),
    Column("组长", "team_leader", "yesno", choices={"是": "yes", "否": "no"}),
    _day("起始", "start", True),
    _day("截止", "end", True),
    Column("备案号", "registration_no", size=64),
    Column("文号", "doc_no", size=64, note="修改起止、受援机构或方式时,填写新的文号"),
))  # fmt: skip
ROSTER = Sheet("排班", "roster", (
    _code("派驻编号", "posting", "posting"),
    Column("月份", "month", "month", True, note="例如 2026-11"),
    Column("星期或日期", "days", "days", True, note="星期一 或日期,几个用 ; 分开;星期只排在工作日"),
    Column("半天", "half", "half", True, {"上午": "am", "下午": "pm", "全天": "both"}),
    _code("执业点编码", "clinic", "clinic", False, "不填为派驻的第一个执业点"),
))  # fmt: skip

SHEETS = (ORGANISATION, CLINIC, PERSON, SEAT, AGREEMENT, POSTING, ROSTER)
BY_NAME: Mapping[str, Sheet] = {sheet.name: sheet for sheet in SHEETS}
