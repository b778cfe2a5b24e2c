"""The rows of the workbook from the data object: numbers stay numbers, 未报 and 不适用 stay words. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.reports.domain import annex, words
from services.reports.domain.figures import Figure
from services.reports.domain.source import week_title, window_title
from services.reports.domain.spots import COLUMNS, KINDS
from shared.calendar import month_days, two_weeks_days, week_days

Head = tuple[tuple[str, int], ...]
Sheet = tuple[str, Head, list[list[Any]]]

PRESENCE = (
    ("duty_half_days", "应到半天"), ("attended", "实到半天"), ("ordered", "抽调半天"), ("leave_within_cap", "限额内请假半天"),
    ("leave_over_cap", "超限额请假半天"), ("absent", "未到半天"), ("pending", "待定半天"), ("attendance_rate", "到岗率"),
    ("late_count", "迟到次数"), ("corrections", "补签次数"), ("scan_only_days", "仅扫码天数"), ("record_ref_ratio", "病历编号比例"),
)  # fmt: skip
DIARIES = (
    ("due", "日志应交"), ("submitted", "日志已交"), ("on_time", "日志按时"), ("late", "日志迟交"), ("missing", "日志缺交"),
    ("open", "日志未到期"), ("photos", "照片"), ("on_time_rate", "日志按时率"),
)  # fmt: skip
SYMBOLS = dict(words.STRIP_LEGEND)
RESULTS = {"met": "达标", "not_met": "未达标", "open": "进行中", "waived": "免考", "not_applicable": "不适用",
           "not_reported": "未报", "not_evaluable": "无法评价", "provisional": "暂定"}  # fmt: skip


@dataclass(frozen=True)
class Rate:
    """A rate in tenths of a percent: 955 is 95.5 %."""

    tenths: int


def sheets(report: dict[str, Any], sha256: str) -> list[Sheet]:
    """(name, (label, width) of each column, rows) of the six sheets."""
    return [
        _summary(report),
        _people(report),
        _daily(report),
        _weekly(report),
        _anomalies(report),
        _notes(report, sha256),
    ]


def value(figure: Figure) -> int | Rate | str:
    """A cell: the number where there is one, else its word with the reason."""
    if figure["state"] != "reported":
        return words.text(figure)
    return Rate(int(figure["percent"].replace(".", ""))) if "percent" in figure else int(figure["value"])


def _remark(figure: Figure) -> str:
    parts = ["暂定"] if figure.get("provisional") else []
    if figure.get("missing"):
        parts.append(f"未报 {figure['missing']} {figure['missing_unit']}")
    if "percent" in figure:
        parts.append(f"{figure['num']}/{figure['den']}")
    return ",".join(parts)


def _summary(report: dict[str, Any]) -> Sheet:
    head = (("项目", 30), ("数值", 18), ("单位", 10), ("说明", 60))
    facts = report["head"]
    rows: list[list[Any]] = [
        ["编号", facts["form_no"], None, None], ["版本", words.version(facts["version"]), None, None],
        ["受援机构", facts["recipient"], None, None], ["月份", words.month(facts["month"]), None, None],
        ["期间起", dt.date.fromisoformat(facts["counted_from"]), None, None],
        ["期间止", dt.date.fromisoformat(facts["counted_to"]), None, None],
        ["数据截止", words.stamp(facts["data_cutoff"]), None, None], ["支援医院", "、".join(facts["supporters"]) or "本月无", None, None],
        ["协议编号", "、".join(facts["agreement_no"]) or "未报", None, None],
    ]  # fmt: skip
    named = [("工作日", "天", facts["workdays"]), ("应有席位", "个", facts["seats_required"]),
             ("在岗席位", "个", facts["seats_filled"]), ("派驻人数", "人", facts["persons_posted"])]  # fmt: skip
    named += [(label, "", report["presence_total"][key]) for key, label in PRESENCE]
    outpatient = report["summary"]["outpatient"]
    named += [("门诊半天按周完成", "半天", outpatient["done"]), ("门诊半天按周应完成", "半天", outpatient["required"]),
              ("门诊未达标人数", "人", report["summary"]["outpatient_short"]),
              ("评价项周", "项周", report["weekly"]["weeks_evaluated"]), ("达标项周", "项周", report["weekly"]["weeks_met"]),
              ("未处理异常", "项", report["summary"]["open_anomalies"])]  # fmt: skip
    named += [(label, "", report["diaries_total"][key]) for key, label in DIARIES]
    named += [(row["label"], row["unit"], row["total"]) for row in report["workload"]]
    named += [(f"{title}:{label}", "次", report["spots"][kind]["total"][key]) for kind, title in KINDS for key, label in COLUMNS]
    rows += [[label, value(figure), unit or None, _remark(figure) or None] for label, unit, figure in named]
    return "汇总", head, rows


def _people(report: dict[str, Any]) -> Sheet:
    personal = [row for row in report["workload"] if row["src"] in "LD"]
    head = (("姓名", 12), ("派驻编号", 16), ("支援医院", 24), ("科室", 12), ("方式", 10),
            *((label, 10) for _, label in (*PRESENCE, *DIARIES)), *((f"{row['label']}({row['unit']})", 10) for row in personal),
            *((f"{title}:{label}", 10) for _, title in KINDS for _, label in COLUMNS))  # fmt: skip
    rows = []
    for person, diary in zip(report["presence"], report["diaries"], strict=True):
        who = [person[key] for key in ("name", "posting_no", "supporter", "department", "mode_label")]
        figures = [person[key] for key, _ in PRESENCE] + [diary[key] for key, _ in DIARIES]
        figures += [row["by_posting"][person["posting_id"]] for row in personal]
        rows.append([*who, *map(value, figures), *_spots(report, person["posting_id"])])
    return "人员", head, rows


def _spots(report: dict[str, Any], posting_id: str) -> list[int | Rate | str]:
    """The person's spot checks of both kinds; 0 where there was none."""
    found: list[int | Rate | str] = []
    for kind, _ in KINDS:
        row = next((one for one in report["spots"][kind]["rows"] if one["posting_id"] == posting_id), None)
        found += [value(row[key]) if row else 0 for key, _ in COLUMNS]
    return found


def _daily(report: dict[str, Any]) -> Sheet:
    head = (("日期", 12), ("姓名", 12), ("派驻编号", 16), ("上午", 14), ("下午", 14))
    days = month_days(report["head"]["month"])
    rows = []
    for strip, person in zip(report["strip"], report["presence"], strict=True):
        for day, am, pm in zip(days, strip["am"], strip["pm"], strict=True):
            if am + pm != "  ":
                rows.append([day, strip["name"], person["posting_no"], SYMBOLS.get(am, "休"), SYMBOLS.get(pm, "休")])
    return "每日", head, sorted(rows, key=lambda row: row[0])


def _weekly(report: dict[str, Any]) -> Sheet:
    head = (("姓名", 16), ("项目", 14), ("方案条款", 10), ("门诊点", 24), ("周期", 16), ("起始日期", 12), ("完成", 8), ("应完成", 8),
            ("结果", 10), ("免考原因", 16))  # fmt: skip
    block = report["weekly"]
    return "门诊查房", head, [row for line in (*block["rows"], *block["team_rows"]) for row in _cells(line)]


def _cells(line: dict[str, Any]) -> Iterator[list[Any]]:
    for cell in line["cells"]:
        if cell["result"] is None:
            continue
        long = cell["period"].endswith("/2w")
        title, first = (window_title, two_weeks_days) if long else (week_title, week_days)
        yield [line["name"], line["label"], line["rule_id"], line["clinic"], title(cell["period"]), first(cell["period"])[0],
               cell["number"], cell["required"], RESULTS[cell["result"]], cell["reason"]]  # fmt: skip


def _anomalies(report: dict[str, Any]) -> Sheet:
    head = (("日期", 12), ("半天", 8), ("人员", 12), ("类型", 12), ("说明", 40), ("状态", 10))
    rows = [
        [dt.date.fromisoformat(row["date"]), row["half"] or None, row["name"], row["kind"], row["text"],
         "待处理" if row["open"] else "已记录"] for row in report["anomalies"]
    ]  # fmt: skip
    return "异常", head, rows


def _notes(report: dict[str, Any], sha256: str) -> Sheet:
    shown = annex.annex(report)
    rows: list[list[Any]] = [["口径", label, text] for label, text in shown["definitions"]]
    rows += [["本地设置", label, text] for label, text in shown["settings"]]
    rows += [["证据", label, text] for label, text in shown["evidence"]]
    rows += [["数据缺口", None, text] for text in shown["gaps"]]
    rows += [["不适用", None, reason] for reason in words.reasons(report)]
    rows += [["版本", label, text] for label, text in shown["versions"]]
    rows += [["版本", "生成时间", words.stamp(report["head"]["generated_at"])], ["版本", "数据校验值 SHA-256", sha256]]
    rows += [
        ["存证链", f"{row['name']} {row['posting_no']} 第 {row['seq']} 条", row["hash"]] for row in report["chains"]
    ]
    return "口径", (("类别", 12), ("名称", 28), ("内容", 90)), rows
