"""How the local settings that touch a monthly figure are printed (本地设置)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.reports.domain.source import Setting

ROLES = {"recipient_admin": "受援医院", "supporter_admin": "支援医院", "county_officer": "县级卫健部门",
         "city_officer": "市级卫健部门", "province_officer": "省级卫健部门"}  # fmt: skip
LEVELS = {"county": "县级", "city": "市级", "province": "省级", "national": "国家级"}
COVERS = {"leave": "请假", "ordered": "抽调"}
LABELS = {
    "session.am": "上午时段", "session.pm": "下午时段", "session.min_minutes": "半天最低分钟数",
    "session.late_after_minutes": "迟到起算分钟数", "week.prorate": "周任务折算", "week.subtract": "周任务扣除",
    "leave.cap_workdays": "请假限额(工作日)", "leave.late_filing_workdays": "急病补交期限(工作日)",
    "leave.approve": "请假审批级别", "ordered.min_issuer": "抽调文件最低级别",
    "correction.window_workdays": "补签期限(工作日)", "correction.max_per_month": "每月补签次数",
    "lock.month_close_workday": "月度锁定(次月第几个工作日)", "lock.sign_workdays": "签署期限(次月第几个工作日)",
}  # fmt: skip


def printed(settings: Mapping[str, Any]) -> tuple[Setting, ...]:
    """The settings with basis other than text that affect this form, in the order of LABELS."""
    return tuple(Setting(label, value(name, settings[name])) for name, label in LABELS.items() if name in settings)


def value(name: str, raw: Any) -> str:
    """One value in words."""
    if name in ("session.am", "session.pm"):
        return "–".join(str(part) for part in raw)
    if name == "leave.approve":
        return ";".join(_rung(rung) for rung in raw)
    if name == "ordered.min_issuer":
        return LEVELS.get(raw, str(raw))
    if name == "week.prorate":
        return "按工作日比例向上取整" if raw == "ceil" else "不折算"
    if name == "week.subtract":
        return "、".join(COVERS.get(item, str(item)) for item in raw) or "无"
    return "、".join(str(item) for item in raw) if isinstance(raw, (list, tuple)) else str(raw)


def _rung(rung: Mapping[str, Any]) -> str:
    who = ROLES.get(rung["by"], rung["by"])
    return f"{rung['up_to_workdays']} 个工作日以内{who}" if "up_to_workdays" in rung else f"更长{who}"
