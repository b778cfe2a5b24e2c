"""Field by field from the data object: HTML, PDF, Word and Excel show the same figures.

What is expected is worked out here from forms.md §1, not with the product's own printing.
"""

import datetime as dt
from typing import Any

import pytest

from tests.services.reports.drawn import CASES, drawn, report
from tests.services.reports.reading import docx_tables, html_tables, pdf_pages, squeezed, xlsx_rows

PRESENCE = ("duty_half_days", "attended", "ordered", None, "absent", "pending", "attendance_rate")
REST = ("late_count", "corrections", "scan_only_days", "record_ref_ratio")
DIARY = ("due", "on_time", "late", "missing", "open", "photos", "on_time_rate")
MARKS = {"met": "✓", "not_met": "×", "open": "…", "waived": "—", "provisional": "?"}


def said(figure: dict[str, Any], reason: bool = False) -> str:
    """A figure in print, without white space."""
    if figure["state"] == "not_reported":
        return "未报"
    if figure["state"] == "not_applicable":
        return f"不适用({figure['reason']})" if reason else "不适用"
    text = f"{figure['percent']}%({figure['num']}/{figure['den']})" if "num" in figure else str(figure["value"])
    marks = ["暂定"] if figure.get("provisional") else []
    if "missing" in figure:
        marks.append(f"未报{figure['missing']}{figure['missing_unit']}")
    return text + (f"({','.join(marks)})" if marks else "")


def leave(row: dict[str, Any]) -> str:
    within, over = row["leave_within_cap"], row["leave_over_cap"]
    return f"{within['value']}/{over['value']}" if within["state"] == "reported" else said(within)


def presence_rows(data: dict[str, Any]) -> list[list[str]]:
    rows = [
        [
            row["name"],
            row["department"],
            row["mode_label"],
            *(leave(row) if key is None else said(row[key]) for key in PRESENCE),
        ]
        for row in data["presence"]
    ]
    total = data["presence_total"]
    return (
        [*rows, ["合计", "", "", *(leave(total) if key is None else said(total[key]) for key in PRESENCE)]]
        if rows
        else []
    )


def week_rows(data: dict[str, Any]) -> list[list[str]]:
    return [
        [row["name"], row["label"], *(week(cell) for cell in row["cells"]),
         f"{row['weeks_met']['value']}/{row['weeks_evaluated']['value']}"]
        for row in data["weekly"]["rows"]
    ]  # fmt: skip


def week(cell: dict[str, Any]) -> str:
    return f"{cell['number']}/{cell['required']}{MARKS[cell['result']]}" if cell["result"] else ""


def rows_of(data: dict[str, Any], block: str, keys: tuple[str, ...], *more: str, reason: bool) -> list[list[str]]:
    rows = [
        [row["name"], *(row[name] for name in more), *(said(row[key], reason) for key in keys)] for row in data[block]
    ]
    total = data[f"{block}_total"]
    return [*rows, ["合计", *("" for _ in more), *(said(total[key], reason) for key in keys)]] if rows else []


def tables(data: dict[str, Any]) -> dict[str, list[list[str]]]:
    """Table id -> the rows that must be there."""
    seats = [
        [row["seat_no"], row["specialty"], "、".join(row["holders"]),
         *(said(row[key]) for key in ("duty_half_days", "covered", "gap_half_days", "pending"))] for row in data["seats"]
    ]  # fmt: skip
    return {
        "presence": presence_rows(data),
        "seats": seats,
        "weekly": week_rows(data),
        "workload": [[row["label"], said(row["total"], reason=True), row["unit"]] for row in data["workload"]],
        "diaries": rows_of(data, "diaries", DIARY, "department", reason=False),
        "presence_rest": rows_of(data, "presence", REST, reason=True),
        "anomalies": [
            [f"{row['date'][5:]}{row['half']}", row["name"], row["kind"], row["text"]] for row in data["anomalies"]
        ],
        "drawn_spots": spot_rows(data["spots"]["drawn"]),
        "own_spots": spot_rows(data["spots"]["own"]),
        "chains": [[row["name"], row["posting_no"], str(row["seq"]), row["hash"][:32]] for row in data["chains"]],
    }


CHECKED = ("issued", "present", "excused", "waiting", "lapsed", "not_found", "void")


def spot_rows(block: dict[str, Any]) -> list[list[str]]:
    rows = [[row["name"], *(str(row[key]["value"]) for key in CHECKED)] for row in block["rows"]]
    return [*rows, ["合计", *(str(block["total"][key]["value"]) for key in CHECKED)]] if rows else []


def clean(rows: list[list[str]]) -> list[list[str]]:
    return [[squeezed(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("case", CASES)
def test_html_shows_every_figure(case):
    found = html_tables(drawn(case, "html").decode())
    for key, rows in tables(report(case)).items():
        shown = [row[: len(rows[0])] for row in clean(found.get(key, [])[1:]) if len(row) > 1] if rows else []
        assert shown == clean(rows), key


@pytest.mark.parametrize("case", CASES)
def test_word_shows_every_figure(case):
    found = [clean(table) for table in docx_tables(drawn(case, "docx"))]
    for key, rows in tables(report(case)).items():
        if rows:
            shown = [[row[: len(rows[0])] for row in table[1:] if len(row) > 1] for table in found]
            assert clean(rows) in shown, key


@pytest.mark.parametrize("case", CASES)
def test_pdf_shows_every_row_whole_on_one_page(case):
    pages = pdf_pages(drawn(case, "pdf"))
    for key, rows in tables(report(case)).items():
        for row in clean(rows):
            line = "".join(row)
            assert any(line in page for page in pages), f"{key}: {line}"


@pytest.mark.parametrize("case", CASES)
def test_sentence_and_tiles_are_the_same_in_html_pdf_and_word(case):
    sentence = squeezed(report(case)["head"]["sentence"])
    page, pages = squeezed(drawn(case, "html").decode()), pdf_pages(drawn(case, "pdf"))
    assert sentence in page
    assert sentence in pages[0]
    summary = report(case)["summary"]
    if summary["attended"]["state"] == "reported":
        for text in (f"{half(summary['attended'])}/{half(summary['duty_half_days'])}",
                     f"{summary['attendance_rate']['percent']}%",
                     f"{summary['outpatient']['done']['value']}/{summary['outpatient']['required']['value']}"):  # fmt: skip
            assert text in page
            assert text in pages[0]
            assert any(text in row for row in docx_tables(drawn(case, "docx"))[1])


def half(figure: dict[str, Any]) -> str:
    return f"{figure['value'] / 2:g}"


def typed(figure: dict[str, Any]) -> Any:
    if figure["state"] != "reported":
        return said(figure, reason=True)
    return round(float(figure["percent"]) / 100, 3) if "percent" in figure else figure["value"]


@pytest.mark.parametrize("case", CASES)
def test_excel_holds_every_figure_as_a_number(case):
    data, book = report(case), drawn(case, "xlsx")
    summary = {row["项目"]: row for row in xlsx_rows(book, "汇总")}
    named = {
        "应到半天": "duty_half_days",
        "实到半天": "attended",
        "未到半天": "absent",
        "到岗率": "attendance_rate",
        "迟到次数": "late_count",
    }
    for label, key in named.items():
        assert squeezed(str(summary[label]["数值"])) == squeezed(str(typed(data["presence_total"][key]))), label
    for row in data["workload"]:
        assert summary[row["label"]]["数值"] == typed(row["total"])
    people = xlsx_rows(book, "人员")
    assert [row["姓名"] for row in people] == [row["name"] for row in data["presence"]]
    for row, person, diary in zip(people, data["presence"], data["diaries"], strict=True):
        assert [row[label] for label in named] == [typed(person[key]) for key in named.values()]
        assert [row["日志应交"], row["日志按时"], row["照片"]] == [
            typed(diary[key]) for key in ("due", "on_time", "photos")
        ]
        for figure in (line for line in data["workload"] if line["src"] in "LD"):
            assert row[f"{figure['label']}({figure['unit']})"] == typed(figure["by_posting"][person["posting_id"]])


@pytest.mark.parametrize("case", CASES)
def test_excel_holds_the_spot_checks_of_both_kinds_as_numbers(case):
    data, book = report(case), drawn(case, "xlsx")
    words = dict(zip(CHECKED, ("抽查", "到位", "已说明", "待判定", "未响应", "未找到", "作废"), strict=True))
    summary = {row["项目"]: row["数值"] for row in xlsx_rows(book, "汇总")}
    people = {row["派驻编号"]: row for row in xlsx_rows(book, "人员")}
    numbers = {row["posting_id"]: row["posting_no"] for row in data["presence"]}
    for kind, title in (("drawn", "系统随机抽查"), ("own", "管理单位自行抽查")):
        block = data["spots"][kind]
        assert [summary[f"{title}:{words[key]}"] for key in CHECKED] == [block["total"][key]["value"] for key in CHECKED]
        for row in block["rows"]:
            shown = people[numbers[row["posting_id"]]]
            assert [shown[f"{title}:{words[key]}"] for key in CHECKED] == [row[key]["value"] for key in CHECKED]
            assert row["issued"]["value"] == sum(row[key]["value"] for key in CHECKED[1:])


@pytest.mark.parametrize("case", CASES)
def test_excel_lists_weeks_days_and_anomalies(case):
    data, book = report(case), drawn(case, "xlsx")
    weeks = [
        (row["姓名"], row["方案条款"], row["周期"], row["完成"], row["应完成"]) for row in xlsx_rows(book, "门诊查房")
    ]
    assert weeks == [
        (row["name"], row["rule_id"], f"第{int(cell['period'][-2:])}周", cell["number"], cell["required"])
        for row in data["weekly"]["rows"] for cell in row["cells"] if cell["result"]
    ]  # fmt: skip
    daily = xlsx_rows(book, "每日")
    assert len(daily) == sum(
        am + pm != "  " for row in data["strip"] for am, pm in zip(row["am"], row["pm"], strict=True)
    )
    assert all(isinstance(row["日期"], dt.datetime) for row in daily)
    anomalies = [(row["日期"].date().isoformat(), row["人员"], row["类型"]) for row in xlsx_rows(book, "异常")]
    assert anomalies == [(row["date"], row["name"], row["kind"]) for row in data["anomalies"]]


def test_a_missing_figure_is_a_word_in_every_format():
    data = report("eight")
    missing = [row["label"] for row in data["workload"] if row["total"]["state"] == "not_reported"]
    assert len(missing) > 10
    summary = {row["项目"]: row["数值"] for row in xlsx_rows(drawn("eight", "xlsx"), "汇总")}
    shown = {row[0]: row[1] for row in html_tables(drawn("eight", "html").decode())["workload"]}
    assert {summary[label] for label in missing} == {shown[label] for label in missing} == {"未报"}
