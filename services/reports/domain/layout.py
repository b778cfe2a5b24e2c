"""The printed view of the data object: texts and tables in the order of experience.md §8, the same for every output.

HTML, PDF and Word print these very texts; Excel writes the numbers behind them. Pure: object in, view out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.reports.domain import annex, words
from services.reports.domain.source import HALF_WORDS, week_title, window_title
from services.reports.domain.spots import COLUMNS, KINDS
from shared.calendar import week_days

Report = dict[str, Any]
Table = dict[str, Any]

LONGEST_LIST = 20


def view(report: Report, sha256: str) -> dict[str, Any]:
    """Title, head lines, sentence, tiles, sections of tables, signatures, foot: texts only, ready to be set."""
    head = report["head"]
    part = f"({head['part_of']})" if head["part_of"] else ""
    sections = [presence(report), seats(report), weekly(report), workload(report), diaries(report), anomalies(report)]
    return {
        "title": "月度督导报告", "subtitle": head["recipient"], "period": f"({words.month(head['month'])}){part}",
        "foot": f"{head['form_no']} · {words.version(head['version'])}",
        "facts": head_lines(report), "sentence": head["sentence"], "tiles": tiles(report), "sections": sections,
        "signatures": [
            {"label": s["label"], "unit": s["unit"], "name": s["name"] or "未签", "at": s["at"] or "",
             "opinion": s["opinion"] or "", "due": f"{words.day(s['due'])} 18:00 前"} for s in report["signatures"]
        ],
        "annex": annex.annex(report), "sha256": annex.grouped(sha256),
        "generated_at": words.stamp(head["generated_at"]), "strip_legend": words.STRIP_LEGEND,
    }  # fmt: skip


def head_lines(report: Report) -> list[tuple[str, str]]:
    """Label and text of each head line."""
    head = report["head"]
    return [
        ("编号", head["form_no"]), ("版本", words.version(head["version"])), ("项目", head["programme"]),
        ("期间", f"{head['counted_from']}至{head['counted_to']}"), ("数据截止", words.stamp(head["data_cutoff"])),
        ("支援医院", "、".join(head["supporters"]) or "本月无"), ("协议编号", "、".join(head["agreement_no"]) or "未报"),
        ("工作日", f"{words.text(head['workdays'])} 天"), ("派驻人数", f"{words.text(head['persons_posted'])} 人"),
        ("席位", f"在岗 {words.text(head['seats_filled'])} / 应有 {words.text(head['seats_required'])}"),
        ("方案版本", shorten(head["rules_version"])), ("日历版本", shorten(head["calendar_version"])),
    ]  # fmt: skip


def tiles(report: Report) -> list[dict[str, str]]:
    """The six tiles: label, value, unit or remark."""
    summary = report["summary"]
    rate, diaries_rate, outpatient = summary["attendance_rate"], summary["diaries_on_time"], summary["outpatient"]
    present = f"{words.days(summary['attended'])}/{words.days(summary['duty_half_days'])}"
    if summary["duty_half_days"]["state"] != "reported":
        present = words.short(summary["duty_half_days"])
    return [
        {"label": "在岗人天 实/应", "value": present, "note": "人天"},
        {"label": "到岗率", "value": words.percent(rate), "note": _aside(rate)},
        {"label": "门诊半天 完成/应", "value": words.of(outpatient["done"], outpatient["required"]), "note": "按周计"},
        {"label": "查房/教学", "value": _slash(summary["ward_rounds"], summary["teaching_rounds"]), "note": "次"},
        {"label": "日志按时", "value": words.counts(diaries_rate), "note": _percent(diaries_rate)},
        {"label": "未处理异常", "value": words.text(summary["open_anomalies"]), "note": "项"},
    ]


def _aside(rate: Report) -> str:
    """The counts of a rate, or why there is none."""
    return words.counts(rate) if rate["state"] == "reported" else str(rate.get("reason", ""))


def _percent(rate: Report) -> str:
    return words.percent(rate) if rate["state"] == "reported" else str(rate.get("reason", ""))


def _slash(first: Report, second: Report) -> str:
    one, two = words.short(first), words.short(second)
    return one if one == two and first["state"] != "reported" else f"{one}/{two}"


PRESENCE = (
    ("duty_half_days", "应到"), ("attended", "实到"), ("ordered", "抽调"), ("leave", "请假(内/超)"), ("absent", "未到"),
    ("pending", "待定"),
)  # fmt: skip


def presence(report: Report) -> dict[str, Any]:
    """到岗情况 (table A), ten columns; the rest of block 2 stands in the annex. Unit: half-days."""
    counts = ((label, 17 if key == "leave" else 12) for key, label in PRESENCE)
    columns = _columns(("姓名", 17), ("科室", 16), ("方式", 13), *counts, ("到岗率", 33), left=(0, 1, 2))
    rows: list[Report] = []
    shown = None
    for row in report["presence"]:
        if row["supporter"] != shown:
            rows.append({"group": f"支援医院:{row['supporter']}"})
            shown = row["supporter"]
        rows.append({"cells": [row["name"], row["department"], row["mode_label"], *_presence(row)]})
    total = ["合计", "", "", *_presence(report["presence_total"])]
    note = "单位:半天。到岗率 = 实到 ÷(应到 − 抽调 − 限额内请假)。" + _reasons(
        report["presence"], report["presence_total"]
    )
    return _section("到岗情况", table("presence", columns, rows, total=total, note=note))


def _presence(row: Report) -> list[str]:
    leave = words.of(row["leave_within_cap"], row["leave_over_cap"])
    if row["leave_within_cap"]["state"] == "not_applicable":
        leave = "不适用"
    values = [leave if key == "leave" else words.short(row[key]) for key, _ in PRESENCE]
    return [*values, words.short(row["attendance_rate"])]


def seats(report: Report) -> dict[str, Any]:
    """席位在岗, one row per seat, gaps with their dates."""
    columns = _columns(("席位", 20), ("专业", 15), ("在席人员", 21), ("应到", 12), ("有人", 12), ("空缺", 12), ("待定", 12),
                       ("空缺时间", 52), left=(0, 1, 2, 7))  # fmt: skip
    keys = ("duty_half_days", "covered", "gap_half_days", "pending")
    rows = [
        {"cells": [row["seat_no"], row["specialty"], "、".join(row["holders"]) or "无", *(words.short(row[k]) for k in keys),
                   "、".join(_gaps(row["gaps"])) or "无"]}
        for row in report["seats"]
    ]  # fmt: skip
    note = "单位:半天。替班:未报。交接(已办/应办):未报。" + _reasons(report["seats"])
    return _section("席位在岗", table("seats", columns, rows, note=note, empty="本月没有席位"))


def _gaps(gaps: list[Report]) -> list[str]:
    """Dates of gaps, both halves of a date in one: 11-03全天, 11-26下午."""
    days: dict[str, list[str]] = {}
    for gap in gaps:
        days.setdefault(gap["date"], []).append(HALF_WORDS[gap["half"]])
    return [f"{day[5:]}{'全天' if len(halves) == 2 else halves[0]}" for day, halves in days.items()]


def weekly(report: Report) -> dict[str, Any]:
    """每周达标: a row per person and obligation, a column per ISO week; then the teams' two-week windows."""
    block = report["weekly"]
    tables = [
        _matrix(
            "weekly",
            block["rows"],
            [f"{week_title(name)} {week_days(name)[0]:%m-%d}起" for name in block["weeks"]],
            "本月没有按周评价的义务",
        )
    ]
    if block["windows"]:
        titles = [window_title(name) for name in block["windows"]]
        tables.append(_matrix("windows", block["team_rows"], titles, ""))
    met = f"评价 {words.text(block['weeks_evaluated'])} 项周,达标 {words.text(block['weeks_met'])}。"
    return _section("每周达标", *tables, lines=[met + _deficits(block["deficits"])])


def _deficits(gaps: list[Report]) -> str:
    """What was missing and when; a long list is left to the matrix above it."""
    if len(gaps) > LONGEST_LIST:
        return f"未达标 {len(gaps)} 项周,见上表标 × 处。"
    told = [f"{g['name']} {g['title']}{g['label']}{_clinic(g)} {g['number']}/{g['required']}" for g in gaps]
    return f"未达标:{';'.join(told)}。" if told else ""


def _matrix(key: str, rows: Iterable[Report], titles: list[str], empty: str) -> Table:
    columns = _columns(("姓名" if key == "weekly" else "团队", 20), ("项目", 24), *((title, 19) for title in titles), ("达标/评价", 20),
                       left=(0, 1))  # fmt: skip
    body = [
        {"cells": [row["name"], f"{row['label']}{words.BASIS_MARKS.get(row['basis'], '')}{_clinic(row)}",
                   *(words.cell(cell) for cell in row["cells"]), words.of(row["weeks_met"], row["weeks_evaluated"])]}
        for row in rows
    ]  # fmt: skip
    return table(key, columns, body, note=words.RESULT_LEGEND, empty=empty)


def _clinic(row: Report) -> str:
    return f" {row['clinic']}" if row["clinic"] else ""


def workload(report: Report) -> dict[str, Any]:
    """工作量: figure, total, source; 未报 where nobody wrote anything down."""
    marks = {"L": "门诊登记", "D": "工作日志", "H": "医院信息系统", "M": "人工填报"}
    columns = _columns(("项目", 50), ("合计", 50), ("单位", 20), ("来源", 36), left=(0, 2, 3))
    rows = [
        {"cells": [row["label"], words.text(row["total"]), row["unit"], marks[row["src"]]]}
        for row in report["workload"]
    ]
    return _section("工作量", table("workload", columns, rows, note="各人数字见 Excel 的「人员」表。"))


def diaries(report: Report) -> dict[str, Any]:
    """日志: due, on time, late, missing, not yet due, photos per person; the specialty summaries."""
    keys = (
        ("due", "应交"),
        ("on_time", "按时"),
        ("late", "迟交"),
        ("missing", "缺交"),
        ("open", "未到期"),
        ("photos", "照片"),
    )
    columns = _columns(("姓名", 20), ("科室", 22), *((label, 14) for _, label in keys), ("按时率", 31))
    every = [*(key for key, _ in keys), "on_time_rate"]
    rows = [
        {"cells": [row["name"], row["department"], *(words.short(row[k]) for k in every)]} for row in report["diaries"]
    ]
    total = ["合计", "", *(words.short(report["diaries_total"][key]) for key in every)]
    lines = [
        f"各专业月小结:{words.text(report['specialty_summaries'])}。",
        f"备案:{words.text(report['registrations'])}。",
    ]
    return _section(
        "日志与专业小结", table("diaries", columns, rows, total=total, note=_reasons(report["diaries"])), lines=lines
    )


def anomalies(report: Report) -> dict[str, Any]:
    """异常与督查 (table B)."""
    columns = _columns(("日期", 20), ("人员", 22), ("类型", 24), ("说明", 66), ("状态", 20), left=(0, 1, 2, 3, 4))
    rows = [
        {
            "cells": [
                f"{row['date'][5:]}{row['half']}",
                row["name"],
                row["kind"],
                row["text"],
                "待处理" if row["open"] else "已记录",
            ]
        }
        for row in report["anomalies"]
    ]
    lines = [f"督查与整改:{words.text(report['supervision'])}。"]
    return _section("异常与督查", table("anomalies", columns, rows, empty="本月没有异常"), *_spots(report), lines=lines)


def _spots(report: Report) -> list[Table]:
    """抽查 n, 到位, 待判定, 未响应 …: a table for the drawn checks, one for the supervisors' own."""
    tables = []
    for kind, title in KINDS:
        block = report["spots"][kind]
        columns = _columns((title, 40), *((label, 16) for _, label in COLUMNS), left=(0,))
        rows = [{"cells": [row["name"], *(words.short(row[key]) for key, _ in COLUMNS)]} for row in block["rows"]]
        total = ["合计", *(words.short(block["total"][key]) for key, _ in COLUMNS)]
        tables.append(table(f"{kind}_spots", columns, rows, total=total, empty=f"{title}:本月没有"))
    return tables


def table(key: str, columns: list[Report], rows: list[Report], *, total: list[str] | None = None, note: str = "",
          empty: str = "本月没有人员") -> Table:  # fmt: skip
    """A table as every renderer takes it; a row is {"cells": [...]} or {"group": text over the whole width}."""
    return {
        "key": key,
        "columns": columns,
        "rows": rows,
        "total": total if rows else None,
        "note": note,
        "empty": empty,
    }


def _reasons(*values: Any) -> str:
    """The reasons of the 不适用 in a table, as its note."""
    return "".join(f"不适用:{reason}。" for reason in words.reasons(list(values)))


def shorten(version: str) -> str:
    """A hash of which people compare the beginning; the whole of it stands in the annex."""
    return version.removeprefix("sha256:")[:12]


def _columns(*columns: tuple[str, int], left: tuple[int, ...] = (0, 1)) -> list[Report]:
    """Label, relative width, alignment: text left, numbers right."""
    return [{"label": label, "width": width, "left": n in left} for n, (label, width) in enumerate(columns)]


def _section(title: str, *tables: Table, lines: list[str] | None = None) -> dict[str, Any]:
    return {"title": title, "tables": list(tables), "lines": lines or []}
