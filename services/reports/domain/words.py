"""How the data object is printed: figures, results, dates. Every output draws its words from here and only here."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from services.reports.domain.figures import Figure

# × and not the heavier U+2717: the bundled Chinese font has no glyph for that one.
RESULT_MARKS: dict[str, str] = {"met": "✓", "not_met": "×", "waived": "—", "provisional": "?", "open": "…", "not_applicable": "不适用",
                "not_reported": "未报", "not_evaluable": "无法评价"}  # fmt: skip
RESULT_LEGEND = "✓ 达标　× 未达标　… 进行中　— 免考　? 暂定"
BASIS_MARKS = {"inferred": "(推定)", "local": "(本地)"}
STRIP_LEGEND = (("●", "到"), ("▲", "到(离线补传)"), ("△", "到(补签)"), ("◆", "抽调"), ("–", "请假"), ("×", "未到"),
                ("?", "待定"))  # fmt: skip


def text(figure: Figure) -> str:
    """A figure as printed: 12, 0, 未报, 不适用(原因); with 暂定 and 未报 n 家 where they belong."""
    return (bare(figure) + " " + _remarks(figure)).rstrip()


def bare(figure: Figure) -> str:
    """The value alone; a rate with its counts: 95.5% (63/66)."""
    if figure["state"] == "not_reported":
        return "未报"
    if figure["state"] == "not_applicable":
        return f"不适用({figure['reason']})"
    return f"{figure['percent']}% ({figure['num']}/{figure['den']})" if "percent" in figure else str(figure["value"])


def short(figure: Figure) -> str:
    """For a narrow table cell: 不适用 without its reason, which the table's note gives."""
    return "不适用" if figure["state"] == "not_applicable" else text(figure)


def percent(rate: Figure) -> str:
    """A rate without its counts and remarks, which stand beside it."""
    return f"{rate['percent']}%" if rate["state"] == "reported" else short(rate)


def reasons(values: Any) -> list[str]:
    """Every reason of a 不适用 within these JSON values, each once."""
    if isinstance(values, dict):
        own = [values["reason"]] if values.get("state") == "not_applicable" else []
        return list(dict.fromkeys(own + reasons(list(values.values()))))
    if isinstance(values, list):
        return list(dict.fromkeys(reason for value in values for reason in reasons(value)))
    return []


def of(part: Figure, whole: Figure) -> str:
    """Two counts as n/T: 实到/应到. When one is no number its word stands for both."""
    for figure in (part, whole):
        if figure["state"] != "reported":
            return short(figure)
    return f"{part['value']}/{whole['value']}"


def counts(rate: Figure) -> str:
    """The counts behind a rate: 63/66, with its remarks."""
    return f"{rate['num']}/{rate['den']} {_remarks(rate)}".rstrip() if rate["state"] == "reported" else short(rate)


def days(half_days: Figure) -> str:
    """Half-days as person-days: 131 half-days are 65.5."""
    if half_days["state"] != "reported":
        return short(half_days)
    whole, rest = divmod(Fraction(half_days["value"], 2), 1)
    return f"{whole}.5" if rest else str(whole)


def cell(judged: dict[str, Any]) -> str:
    """One week of one obligation: 3/3 ✓, 2/3 ×, 0/0 —; blank where the posting has no such week."""
    if judged["result"] is None:
        return ""
    mark = RESULT_MARKS[judged["result"]]
    if judged["number"] is None or judged["result"] in ("not_applicable", "not_reported", "not_evaluable"):
        return mark
    return f"{judged['number']}/{judged['required'] or 0} {mark}"


def month(name: str) -> str:
    """`2026-11` as 2026年11月."""
    year, _, number = name.partition("-")
    return f"{year}年{int(number)}月"


def day(iso: str) -> str:
    """`2026-11-05` as 11月5日."""
    date = dt.date.fromisoformat(iso)
    return f"{date.month}月{date.day}日"


def stamp(iso: str) -> str:
    """An instant of the data object as `YYYY-MM-DD HH:MM`; it is written on the clock of Asia/Shanghai."""
    return iso[:16].replace("T", " ")


def sentence(report: dict[str, Any]) -> str:
    """The one sentence with numbers: 应到 66 人天,实到 63;2 人门诊未达标。"""
    summary, head = report["summary"], report["head"]
    if not report["presence"]:
        return f"{month(head['month'])}名册无派驻人员。"
    duty, there = days(summary["duty_half_days"]), days(summary["attended"])
    told = f"应到 {duty} 人天,实到 {there};{text(summary['outpatient_short'])} 人门诊未达标"
    waiting: int = summary["open_anomalies"]["value"]
    return told + (f",{waiting} 项待处理。" if waiting else "。")


def version(number: int) -> str:
    """0 is the draft."""
    return f"第{number}版" if number else "草稿"


def _remarks(figure: Figure) -> str:
    marks = ["暂定"] if figure.get("provisional") else []
    if figure.get("missing"):
        marks.append(f"未报 {figure['missing']} {figure['missing_unit']}")
    return f"({','.join(marks)})" if marks else ""
