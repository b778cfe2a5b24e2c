"""The report as one HTML file for phone and A4: no script, nothing fetched, every text escaped."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
NUMERALS = "一二三四五六七八九十"
CARDS = ("presence", "seats", "diaries", "anomalies", "presence_rest", "drawn_spots", "own_spots")
"""Tables that become cards on a phone; the others scroll inside theirs."""


def monthly_html(view: dict[str, Any], charts: list[dict[str, Any]], *, excel: str | None = None) -> str:
    """The page of a printed view and its charts; `excel` is the address of the workbook beside it, if there is one."""
    template = _environment().get_template("monthly.html")
    return template.render(view=view, charts=charts, excel=excel, css=Markup(style(view)), numerals=NUMERALS,
                           card_tables=CARDS)  # fmt: skip


def style(view: dict[str, Any]) -> str:
    """The style sheet of the page, byte for byte as it stands in its <style>: a door may allow it by its hash.

    Alignment and the labels on the phone's cards are rules per column; as attributes of every cell they would take more
    room than the figures.
    """
    tables = [table for section in view["sections"] for table in section["tables"]]
    return _sheet() + "".join(
        _columns(table) for table in (*tables, view["annex"]["presence"], view["annex"]["chains"])
    )


def _columns(table: dict[str, Any]) -> str:
    rules: list[str] = []
    whole = sum(column["width"] for column in table["columns"])
    for n, column in enumerate(table["columns"], start=1):
        rules.append(f"#t-{table['key']} thead th:nth-child({n}){{width:{100 * column['width'] // whole}%}}")
        cell = f"#t-{table['key']} td:nth-child({n})"
        if column["left"]:
            rules.append(f"{cell}{{text-align:left;word-break:normal}}")
        if table["key"] in CARDS and n > 1:
            rules.append(f'@media screen and (max-width:640px){{{cell}::before{{content:"{column["label"]} "}}}}')
    return "".join(rules)


@functools.cache
def _sheet() -> str:
    return (TEMPLATES / "monthly.css").read_text(encoding="utf-8").replace("\n", "")


@functools.cache
def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(TEMPLATES)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, auto_reload=False
    )
    environment.globals["dict"] = dict
    return environment
