"""Records of offices: checks, inspections, findings, ticks, waivers, credits, payments. Pure."""

from __future__ import annotations

from services.records.domain.fields import Field
from services.records.domain.hospitals import DATE, FROM, HOSPITALS, TO, WORKERS
from services.records.domain.kinds import (
    FILES,
    NOTE,
    PROGRAMME,
    RULE,
    Kind,
    Step,
    begun,
    in_order,
    reason_for,
)  # fmt: skip
from shared.rules.words.slugs import ITEMS, TRIGGERS

METHODS = {"walkthrough": "走访", "phone": "电话", "unannounced": "暗访"}
CHECKS = {
    "city_inspections": "市级督查考核", "county_checks": "县级日常检查", "county_inspections": "县级督查考核",
    "county_evaluations": "县级评估", "fund_inspections": "资金检查", "pair_evaluations": "双方工作评估",
    "quality_inspections": "质控检查", "self_checks": "自查", "supporter_checks": "支援医院检查",
}  # fmt: skip
_BY_CHECK = {
    "city_inspections": ("city_officer",), "county_checks": ("county_officer",), "county_inspections": ("county_officer",),
    "county_evaluations": ("county_officer",), "fund_inspections": ("finance_officer", "province_officer"),
    "pair_evaluations": HOSPITALS, "quality_inspections": ("quality_office", "supporter_admin"),
    "self_checks": HOSPITALS, "supporter_checks": ("supporter_admin",),
}  # fmt: skip
INSPECTORS = ("county_officer", "city_officer", "supporter_admin", "quality_office")
CHECK = Kind(
    "check", "checks", "检查评估", "inspection.recorded",
    ("posting", "pair", "supporter", "recipient", "county", "city", "province"),
    ("county_officer", "city_officer", "supporter_admin", "quality_office", "recipient_admin", "finance_officer",
     "province_officer"),
    (Field("metric", "检查种类", "choice", options=CHECKS), DATE, Field("found", "检查情况", "long", max_length=4000),
     Field("findings", "发现的问题", "long", required=False, max_length=4000),
     Field("due", "整改期限", "date", required=False), Field("recheck", "回头看日期", "date", required=False), FILES),
    span=("date",), by_value={"metric": _BY_CHECK}, checks=(begun("date"), in_order("date", "due"), in_order("date", "recheck")),
    id_name="inspection_id", touches=("quota",),
)  # fmt: skip
INSPECTION = Kind(
    "inspection", "inspections", "随机抽查", "inspection.drawn", ("supporter", "recipient", "county", "city"), INSPECTORS,
    (PROGRAMME, RULE, DATE, Field("method", "方式", "choice", options=METHODS),
     Field("number", "抽取人数", "number", low=1, high=100)),
    span=("date",), state="drawn", rule_kind="inspection", id_name="inspection_id", touches=("inspection",),
    checks=(begun("date"),),
    steps=(Step("results", "检查结果", INSPECTORS, {"visited": ("inspection.recorded", "drawn")},
                (Field("decision", "结果", "choice", options={"visited": "已检查"}),
                 Field("posting", "被抽中的派驻", max_length=36), DATE,
                 Field("found", "是否在岗", "flag"), Field("findings", "发现的问题", "long", required=False, max_length=4000),
                 Field("due", "整改期限", "date", required=False), Field("recheck", "回头看日期", "date", required=False)),
                ("drawn",), independent=False, checks=(begun("date"), in_order("date", "due"))),),
)  # fmt: skip
FINDING = Kind(
    "finding", "findings", "问题核查", "finding.opened", ("posting", "person", "pair", "supporter", "recipient"),
    ("county_officer", "city_officer", "province_officer", "supporter_admin", "recipient_admin", "quality_office"),
    (PROGRAMME, RULE, Field("trigger", "事由", "choice", options=TRIGGERS), DATE,
     Field("note", "情况", "long", max_length=4000), FILES),
    span=("date",), state="suspected", rule_kind="sanction", id_name="finding_id", touches=("sanction",),
    checks=(begun("date"),), hidden_from=("doctor", "team_leader"),
    steps=(Step("decision", "核查结论",
                ("supporter_admin", "county_officer", "city_officer", "province_officer"),
                {"under_review": ("finding.decided", "under_review"), "confirmed": ("finding.decided", "confirmed"),
                 "rejected": ("finding.decided", "rejected")},
                (Field("decision", "结论", "choice",
                       options={"under_review": "开始核查", "confirmed": "查实", "rejected": "不成立"}), DATE, NOTE, FILES),
                ("suspected", "under_review"), independent=False,
                checks=(reason_for("decision", "confirmed", "rejected"), begun("date"))),),
)  # fmt: skip

TICK = Kind(
    "tick", "ticks", "清单打勾", "checklist.ticked",
    ("posting", "team", "pair", "supporter", "recipient", "county", "city", "province"), WORKERS,
    (PROGRAMME, RULE, Field("period", "期间", "period", hint="如 2026-Q4;一次性的填 once"),
     Field("item", "事项", "choice", options=ITEMS), Field("yes", "已做到", "flag"), NOTE, FILES),
    span=("period",), slot=("programme_id", "rule_id", "period", "item"), rule_kind="checklist", touches=("checklist",),
    checks=(begun("period"),),
)  # fmt: skip
WAIVER = Kind(
    "waiver", "waivers", "免除与不适用", "obligation.waived",
    ("posting", "team", "pair", "supporter", "recipient", "county", "city"), ("supporter_admin", "county_officer"),
    (PROGRAMME, RULE, Field("period", "期间", "period"),
     Field("kind", "类别", "choice", options={"waived": "免除", "not_applicable": "不适用"}),
     Field("group", "只免其中一组", required=False, max_length=64, hint="如 surgery;整条规则免除的不填"),
     Field("reason", "理由", "long", max_length=1000), FILES),
    span=("period",), slot=("programme_id", "rule_id", "period", "group"), rule_kind="*", touches=("*",),
)  # fmt: skip
COUNTS = {
    "aid_abroad": "援外", "aid_tibet": "援藏", "aid_xinjiang": "援疆", "emergency_order": "应急指令性任务", "mentoring": "带教",
}  # fmt: skip
CREDIT = Kind(
    "credit", "credits", "其他服务时间", "credit.filed", ("person",), ("doctor", "hr_officer"),
    (Field("counts", "种类", "choice", options=COUNTS), FROM, TO, Field("doc_no", "证明文号", max_length=64),
     Field("attachment_sha256", "证明材料", "files", hint="PDF 或照片,最多 9 个")),
    span=("from", "to"), state="filed", id_name="credit_id", touches=("credit", "accumulate"),
    checks=(in_order(), begun("to")),
    steps=(Step("decision", "认定", ("hr_officer",),
                {"accepted": ("credit.decided", "accepted"), "rejected": ("credit.decided", "rejected")},
                (Field("decision", "结论", "choice", options={"accepted": "认可", "rejected": "不认可"}), NOTE), ("filed",),
                checks=(reason_for("decision", "rejected"),)),),
)  # fmt: skip
USES = {
    "salary": "工资", "allowance": "津贴", "work_subsidy": "工作补贴", "transport": "交通支出", "other": "其他",
}  # fmt: skip
PAYMENT = Kind(
    "payment", "payments", "补助支付", "payment.recorded", ("posting",), ("finance_officer",),
    (Field("amount", "金额(元)", "number", low=1, hint="整元"), Field("use", "用途", "choice", options=USES), DATE, NOTE, FILES),
    span=("date",), checks=(begun("date"),), touches=("funding",), hidden_from=("team_leader",),
)  # fmt: skip
KINDS = (CHECK, INSPECTION, FINDING, TICK, WAIVER, CREDIT, PAYMENT)
