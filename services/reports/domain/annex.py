"""附录 口径: what every figure means, local settings, evidence grades, gaps, chain heads, the columns table A left out."""

from __future__ import annotations

from typing import Any

from services.reports.domain import words

DEFINITIONS = (
    ("应到", "派驻期内、数据截止前已结束的应到半天:驻点为日历工作日(含调休)上下午,巡诊为排班半天。"),
    ("实到", "在一处门诊签到签退、时长达到半天最低分钟数的应到半天;休息日到岗只计工作量。"),
    ("抽调", "有文件号的统一调遣;到岗率的分母不含。"),
    ("请假(内/超)", "按规定级别批准并及时提交的请假;限额内不计入到岗率分母,超限额计入。限额自本次派驻开始累计。"),
    ("未到", "补签期已过仍没有到岗记录的应到半天。"),
    ("待定", "补签期未满、申请待审或等待复核的应到半天,计入到岗率分母。"),
    ("到岗率", "实到 ÷(应到 − 抽调 − 限额内请假),精确到 0.1%,四舍五入;有待定时为暂定。"),
    ("迟到", "签到晚于开始时间超过规定分钟数的到岗半天,不影响到岗。"),
    ("仅扫码天数", "到岗但没有病历文书编号的天数;病历编号比例 = 有编号天数 ÷ 到岗天数。"),
    ("每周达标", "一周归属其星期四所在月份;两周窗口归属其最后一天所在月份。评价周不含进行中、免考和暂定的周。"),
    ("门诊半天 完成/应", "各周完成数与应完成数之和;一周超出部分不抵另一周缺口。"),
    ("工作量", "按日期计入自然月,来自门诊登记和工作日志;没有人填报的为未报,不作 0 计。带教为单日最多人数。"),
    ("日志按时", "到岗日在规定时限内交齐的日志 ÷ 到期的日志;方案未规定时限的以当日 24:00 为限;没有文字的日志不算。"),
    ("未处理异常", "仍待补签、审批或复核的项目数。"),
    ("抽查", "系统随机抽查由月初前公布校验值的种子抽取,月末公布种子;管理单位自行抽查另计。未响应不等于缺勤,由人判定;作废计入抽查次数。"),
)
PRESENCE_REST = (
    ("late_count", "迟到"),
    ("corrections", "补签"),
    ("scan_only_days", "仅扫码天数"),
    ("record_ref_ratio", "病历编号比例"),
)


def annex(report: dict[str, Any]) -> dict[str, Any]:
    """Texts and tables of the annex."""
    return {
        "definitions": list(DEFINITIONS),
        "settings": [(item["label"], item["value"]) for item in report["head"]["local_settings"]],
        "evidence": evidence(report),
        "gaps": [f"{gap['name']}:{gap['days']} 天的记录尚未汇总,数字暂定" for gap in report["gaps"]],
        "versions": [
            ("方案版本", grouped(report["head"]["rules_version"])),
            ("日历版本", grouped(report["head"]["calendar_version"])),
        ],
        "presence": _presence(report),
        "chains": _chains(report),
    }


def evidence(report: dict[str, Any]) -> list[tuple[str, str]]:
    """Grade counts and the verified share; 未评级 until the half-days are graded."""
    block = report["evidence"]
    ungraded = block["ungraded"]["value"]
    if ungraded:
        return [("证据等级 A/B/C/D", f"未评级({ungraded} 个到岗半天)"), ("证据充分率 (A+B)/实到", "未评级")]
    grades = "/".join(words.bare(block["grades"][name]) for name in "ABCD")
    return [("证据等级 A/B/C/D", grades), ("证据充分率 (A+B)/实到", words.text(block["verified_share"]))]


def _presence(report: dict[str, Any]) -> dict[str, Any]:
    columns = [
        ("姓名", 30, True),
        ("迟到", 20, False),
        ("补签", 20, False),
        ("仅扫码天数", 30, False),
        ("病历编号比例", 40, False),
    ]
    rows = [{"cells": [row["name"], *(words.text(row[key]) for key, _ in PRESENCE_REST)]} for row in report["presence"]]
    total = ["合计", *(words.text(report["presence_total"][key]) for key, _ in PRESENCE_REST)]
    return _table("presence_rest", columns, rows, total if rows else None, "本月没有人员")


def _chains(report: dict[str, Any]) -> dict[str, Any]:
    columns = [("姓名", 24, True), ("派驻编号", 34, True), ("条数", 16, False), ("存证链末条校验值", 82, True)]
    rows = [{"cells": [row["name"], row["posting_no"], str(row["seq"]), grouped(row["hash"], 32)]} for row in report["chains"]]
    return _table("chains", columns, rows, None, "没有存证记录")


def grouped(digest: str, digits: int = 64) -> str:
    """The first hex digits in groups of 8, as people compare them."""
    plain = digest.removeprefix("sha256:")[:digits]
    return " ".join(plain[n : n + 8] for n in range(0, len(plain), 8))


def _table(key: str, columns: list[Any], rows: list[Any], total: Any, empty: str) -> dict[str, Any]:
    named = [{"label": label, "width": width, "left": left} for label, width, left in columns]
    return {"key": key, "columns": named, "rows": rows, "total": total, "note": "", "empty": empty}
