"""Records hospitals keep: agreements, documents, figures, stays, activities (evidence.md §2.4, §2.5). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from services.records.domain.fields import Field
from services.records.domain.kinds import (
    FILES,
    NOTE,
    PROGRAMME,
    RULE,
    Kind,
    Mistake,
    Step,
    Values,
    at_most,
    begun,
    in_order,
    reason_for,
)  # fmt: skip
from services.records.domain.spans import span_of
from shared.rules.words.slugs import DOCS

HOSPITALS = ("recipient_admin", "supporter_admin")
WORKERS = (
    "doctor", "team_leader", "recipient_admin", "supporter_admin", "county_officer", "city_officer", "province_officer",
    "quality_office", "hr_officer", "finance_officer",
)  # fmt: skip
DATE, FROM, TO = Field("date", "日期", "date"), Field("from", "开始日期", "date"), Field("to", "结束日期", "date")
OPEN_TO = Field("to", "结束日期", "date", required=False, hint="没有期限可不填")

ADDRESSEES = {
    "recipient": "受援医院", "supporter": "支援医院", "county": "县级卫健部门", "city": "市级卫健部门",
    "province": "省级卫健部门", "hr": "人事科", "team_leader": "组长", "national_system": "国家信息系统",
}  # fmt: skip
ADDRESSEE_ROLES = {
    "recipient": ("recipient_admin",), "supporter": ("supporter_admin",), "county": ("county_officer",),
    "city": ("city_officer",), "province": ("province_officer",), "hr": ("hr_officer",), "team_leader": ("team_leader",),
    "national_system": ("supporter_admin", "city_officer"),
}  # fmt: skip
"""Who may say that a document reached its addressee; a filing to the national system is recorded by hand."""

AGREEMENT = Kind(
    "agreement", "agreements", "对口支援协议", "agreement.recorded", ("pair",), HOSPITALS,
    (Field("agreement_no", "协议编号", max_length=64), Field("signed", "签订日期", "date"), FROM, OPEN_TO,
     Field("targets", "目标", "targets", required=False, hint="每行一个,写成 指标=数值"),
     Field("area", "片区", required=False, max_length=64, hint="按片区挂钩帮扶的填片区名称"), FILES),
    span=("from", "to"), slot=("agreement_no",), amended="agreement.amended",
    checks=(in_order(), begun("signed")), id_name="agreement_id",
    touches=("document", "constraint", "headcount"),
)  # fmt: skip

_acknowledging = (
    Field("decision", "结果", "choice", options={"acknowledged": "收到", "returned": "退回"}),
    Field("by", "收件单位", "choice", options=ADDRESSEES), DATE,
    Field("number", "收文号", required=False, max_length=64),
    Field("seals", "已盖章", "choices", required=False,
          options={key: ADDRESSEES[key] for key in ("recipient", "supporter", "county", "city")}),
    NOTE,
)  # fmt: skip
DOCUMENT = Kind(
    "document", "documents", "文件材料", "document.filed",
    ("posting", "team", "pair", "supporter", "recipient", "county", "city"), WORKERS,
    (Field("doc", "材料种类", "choice", options={**DOCS, "other": "其他材料"}),
     replace(PROGRAMME, required=False), replace(RULE, required=False, hint="没有规则要求的材料不填"),
     Field("period", "所属期间", "period", required=False, hint="如 2026-Q4;与派驻期有关的不填"), DATE,
     Field("to", "报送", "choices", options=ADDRESSEES),
     Field("copies", "形式", "choices", required=False, options={"paper": "纸质", "electronic": "电子"}),
     Field("group", "专业", required=False, max_length=64), Field("text", "正文", "long", required=False, max_length=8000),
     FILES),
    span=("date",), state="filed", rule_kind="document", rule_optional=True, id_name="document_id", touches=("document",),
    checks=(begun("date"),),
    steps=(Step("acknowledgement", "收件", ("recipient_admin", "supporter_admin", "county_officer", "city_officer",
                                            "province_officer", "hr_officer", "team_leader"),
                {"acknowledged": ("document.acknowledged", "acknowledged"), "returned": ("document.returned", "returned")},
                _acknowledging, ("filed",), checks=(reason_for("decision", "returned"), begun("date"))),),
)  # fmt: skip

STAY = Kind(
    "stay", "stays", "进修", "stay.recorded", ("pair",), ("supporter_admin", "recipient_admin"),
    (Field("person", "进修人员", max_length=50, hint="姓名或工号"), FROM, TO,
     Field("clinic", "所在机构", required=False, max_length=36), Field("department", "进修科室", max_length=50), FILES),
    span=("from", "to"), slot=("person", "from"), checks=(in_order(), begun("from")), touches=("quota",),
)  # fmt: skip

LEVELS = {"below_basic": "未达标", "basic": "基本标准", "recommended": "推荐标准", "creating": "创建中"}
METRICS = {
    "outpatient_emergency_visits": "门急诊人次", "centres_level2": "达到二级医院标准的中心数", "featured_specialties": "特色专科数",
    "beds_managed": "管理床位数", "referrals_up": "上转人次", "referrals_down": "下转人次",
}  # fmt: skip
_BY_METRIC = {
    "outpatient_emergency_visits": ("recipient_admin",), "featured_specialties": ("recipient_admin",),
    "centres_level2": ("county_officer",), "beds_managed": ("doctor", "recipient_admin"), "referrals_up": HOSPITALS,
    "referrals_down": HOSPITALS,
}  # fmt: skip


def _period_of_metric(values: Values, _today: dt.date) -> Iterator[Mistake]:
    """Visits and referrals are reported by the month, beds by the day."""
    wanted = {"outpatient_emergency_visits": 7, "referrals_up": 7, "referrals_down": 7, "beds_managed": 10}
    length = wanted.get(values["metric"])
    if length and (len(values["period"]) != length or span_of(values["period"]) is None or "Q" in values["period"]
                   or "H" in values["period"]):  # fmt: skip
        yield "period", "这项按月填报,如 2026-11" if length == len("2026-11") else "这项按日填报,如 2026-11-21"


FIGURE = Kind(
    "figure", "figures", "数据上报", "figure.reported", ("recipient", "posting", "county"),
    ("recipient_admin", "supporter_admin", "doctor", "county_officer"),
    (Field("metric", "指标", "choice", options=METRICS),
     Field("period", "期间", "period", hint="按月 2026-11,按日 2026-11-21,按年 2026"),
     Field("value", "数值", "number", required=False, high=50_000_000, hint="还不知道就不填,记为未报,不是 0"), FILES),
    span=("period",), slot=("metric", "period"), by_value={"metric": _BY_METRIC}, touches=("growth", "quota"),
    checks=(begun("period"), _period_of_metric),
)  # fmt: skip
LEVEL = Kind(
    "level", "levels", "受援层级", "figure.reported", ("recipient",), ("county_officer",),
    (Field("level", "层级", "choice", options=LEVELS), Field("date", "起始日期", "date"), FILES),
    span=("date",), slot=("date",), checks=(begun("date"),), touches=("headcount", "continuity", "quota"),
)  # fmt: skip
FEEDBACK = Kind(
    "feedback", "feedback", "病员反映", "figure.reported", ("posting", "recipient"), ("recipient_admin",),
    (Field("period", "期间", "period"), Field("value", "调查人数", "number", high=1_000_000),
     Field("satisfied", "满意人数", "number", high=1_000_000), Field("complaints", "投诉件数", "number", high=1_000_000), FILES),
    span=("period",), slot=("period",),
    checks=(begun("period"), at_most("satisfied", "value", "满意人数不能多于调查人数")), touches=("document",),
)  # fmt: skip

ACTIVITIES = {
    "training": "业务培训", "lecture": "讲座", "teaching_round": "教学查房", "outpatient": "门诊活动", "ward_round": "查房活动",
    "surgery": "手术活动", "mentoring": "带教", "new_technique": "新技术", "new_service": "新增服务项目",
    "urgent_need": "解决一项医疗急需", "weak_link": "突破一个薄弱环节", "team_built": "带出一支技术团队",
    "featured_specialty": "特色专科", "guideline": "诊疗常规和临床路径", "free_clinic": "义诊", "donation": "捐赠药品设备",
    "survey_visit": "调研或指导", "remote_consultation": "远程会诊", "referral_up": "上转", "referral_down": "下转",
}  # fmt: skip
NAMED = ("mentoring", "new_technique", "new_service", "featured_specialty", "guideline")


def _named(values: Values, _today: dt.date) -> Iterator[Mistake]:
    """A technique, specialty, guideline or mentee is told apart by its name; a donation by what it was worth."""
    if values["kind"] in NAMED and not values.get("group"):
        yield "group", "请写明名称或带教对象"
    if values["kind"] == "donation" and not values.get("value"):
        yield "value", "请填写价值(元)"


ACTIVITY = Kind(
    "activity", "activities", "活动", "activity.recorded", ("posting", "pair", "supporter", "recipient"),
    ("doctor", "team_leader", "supporter_admin", "recipient_admin"),
    (Field("kind", "活动", "choice", options=ACTIVITIES), DATE,
     Field("session", "半天", "choice", required=False, options={"am": "上午", "pm": "下午"}, hint="全天可不选"),
     Field("place", "地点", required=False, max_length=100),
     Field("channel", "方式", "choice", required=False, options={"onsite": "现场", "online": "线上"}),
     Field("attendees", "参加人次", "number", required=False, high=100_000),
     Field("value", "价值(元)", "number", required=False, high=1_000_000_000),
     Field("group", "名称或对象", required=False, max_length=100, hint="新技术、专科、常规的名称,或带教对象;不写患者"), FILES),
    span=("date",), checks=(begun("date"), _named), touches=("quota",),
)  # fmt: skip
KINDS = (AGREEMENT, DOCUMENT, STAY, FIGURE, LEVEL, FEEDBACK, ACTIVITY)
