"""A report of the invented month, computed and drawn once for all tests that look at it."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

from services.reports import excel, html, pdf, word
from services.reports.domain.charts import charts
from services.reports.domain.layout import view
from services.reports.domain.monthly import figures_sha256, monthly_clinic
from tests.services.reports.monthly_world import world

MADE = dt.datetime(2026, 12, 9, 1, 2, 3, tzinfo=dt.UTC)
LONG_HOSPITAL = "焦作市中站区人民医院医疗健康集团附属城乡对口支援与分级诊疗协作中心暨区域慢性病规范化管理与基层卫生人才培养示范基地总院"
CASES = {
    "nobody": (0, "2026-11", {}),
    "one": (1, "2026-10", {"names": ("王伟",)}),
    "eight": (8, "2026-11", {}),
    "february": (8, "2026-02", {"names": ("欧阳文山", "李敏")}),
    "thirty-one": (8, "2026-10", {"supporter": LONG_HOSPITAL, "recipient": LONG_HOSPITAL}),
    "sixty": (60, "2026-11", {}),
}


@functools.cache
def report(case: str) -> dict[str, Any]:
    """The data object of a case."""
    people, month, over = CASES[case]
    return monthly_clinic(world(people, month, **over), MADE)


@functools.cache
def drawn(case: str, suffix: str) -> bytes:
    """The case as html, pdf, docx or xlsx."""
    data = report(case)
    return draw(data, suffix)


def draw(data: dict[str, Any], suffix: str) -> bytes:
    """A data object as html, pdf, docx or xlsx."""
    sha256 = figures_sha256(data)
    shown = view(data, sha256)
    if suffix == "xlsx":
        return excel.monthly_xlsx(data, sha256)
    if suffix == "html":
        return html.monthly_html(shown, charts(data, None), excel="x.xlsx").encode()
    return (
        pdf.monthly_pdf(shown, charts(data)) if suffix == "pdf" else word.monthly_docx(shown, charts(data, word.PIECES))
    )
