"""Records around a posting and a promotion: registrations, changes asked for, moves, applications, disclosures. Pure."""

from __future__ import annotations

from services.records.domain.fields import Field
from services.records.domain.hospitals import DATE, FROM, HOSPITALS, TO
from services.records.domain.kinds import FILES, NOTE, Kind, Step, begun, in_order, reason_for
from shared.rules.words.slugs import FORBIDDEN, REQUIRED

ROLE_TYPES = {"physician": "医师", "nurse": "护理", "technician": "医技", "manager": "管理", "assistant": "助手"}
FLAGS = ("dept_head", "deputy_head", "senior_physician", "senior_nurse", "promotion_candidate")
REGISTRARS = ("supporter_admin", "recipient_admin", "county_officer", "city_officer", "province_officer")
"""Of these the one that the programme's approval rule names, else the supporter."""
REGISTRATION = Kind(
    "registration", "registrations", "派驻备案", "posting.registered", ("posting",), REGISTRARS,
    (Field("number", "备案号", max_length=64), DATE,
     Field("role_type", "人员类别", "choice", required=False, options=ROLE_TYPES),
     Field("flags", "符合的条件", "choices", required=False, options={flag: REQUIRED[flag] for flag in FLAGS}), NOTE, FILES),
    span=("date",), slot=("number",), checks=(begun("date"),), touches=("approval", "eligibility", "headcount"),
)  # fmt: skip
CHANGE = Kind(
    "change", "changes", "对口关系调整", "change.requested", ("pair",), HOSPITALS,
    (Field("change", "申请事项", "choice", options=FORBIDDEN), Field("date", "拟调整日期", "date"),
     Field("reason", "理由", "long", max_length=2000), FILES),
    span=("date",), state="filed", id_name="change_id", touches=("constraint",),
    steps=(Step("decision", "审批", ("county_officer", "city_officer", "province_officer"),
                {"approved": ("change.decided", "approved"), "rejected": ("change.decided", "rejected")},
                (Field("decision", "结论", "choice", options={"approved": "同意", "rejected": "不同意"}),
                 Field("number", "批复文号", required=False, max_length=64), NOTE),
                ("filed",), checks=(reason_for("decision", "rejected"),)),),
)  # fmt: skip
MOVE = Kind(
    "move", "moves", "定人定点定时变更", "arrangement.changed", ("team", "posting"), HOSPITALS,
    (Field("fixed", "变更了什么", "choice", options={"person": "人员", "place": "地点", "time": "时间"}), DATE,
     Field("agreement_no", "补充协议编号", required=False, max_length=64, hint="没有补充协议的不填,以后可以补"), NOTE, FILES),
    span=("date",), slot=("fixed", "date"), checks=(begun("date"),), touches=("headcount",),
)  # fmt: skip
GATES = {
    "appoint_intermediate": "聘任中级职称",
    "apply_associate_senior": "申报副高级职称",
    "apply_senior": "申报正高级职称",
}
APPLICATION = Kind(
    "application", "applications", "职称申报", "application.filed", ("person",), ("doctor", "hr_officer"),
    (Field("gate", "事项", "choice", options=GATES), Field("date", "申报日期", "date", hint="还没有申报的填计划日期"), NOTE, FILES),
    span=("date",), slot=("gate", "date"), id_name="application_id", touches=("document", "disclosure", "incentive"),
    steps=(Step("withdrawal", "撤回", ("hr_officer",), {"withdrawn": ("application.withdrawn", "withdrawn")},
                (Field("decision", "处理", "choice", options={"withdrawn": "撤回这次申报"}), NOTE), ("recorded",), independent=False,
                checks=(reason_for("decision", "withdrawn"),)),),
)  # fmt: skip
DISCLOSURE = Kind(
    "disclosure", "disclosures", "公示", "disclosure.recorded", ("person",), ("hr_officer",),
    (Field("gate", "事项", "choice", options=GATES), FROM, TO, Field("where", "公示地点", max_length=100),
     Field("objections", "收到异议", "number", high=10_000), NOTE, FILES),
    span=("from", "to"), checks=(in_order(), begun("from")), touches=("disclosure",),
)  # fmt: skip
KINDS = (REGISTRATION, CHANGE, MOVE, APPLICATION, DISCLOSURE)
