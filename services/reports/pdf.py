"""The report as PDF: Typst with the bundled Chinese font. The template is fixed; everything else goes in as data."""

from __future__ import annotations

import functools
import json
import threading
from pathlib import Path
from typing import Any

import typst

from services.reports import fonts

TEMPLATES = Path(__file__).parent / "templates"
AGES = 11
"""Typst keeps what it computed for ten more compilations. Eleven empty ones (14 ms) let a report's 10-60 MB go."""

_lock = threading.Lock()


def monthly_pdf(view: dict[str, Any], charts: list[dict[str, Any]]) -> bytes:
    """The PDF of a printed view and its charts. Text reaches Typst as JSON data and is never read as markup.

    The creation date is left out, so the same view gives the same bytes.
    """
    return compile_template("monthly.typ", {"view": view, "charts": charts})[0]


def chart_pngs(svgs: list[str], width_mm: int, ppi: int = 200) -> list[bytes]:
    """Charts as pictures of this width, for documents that cannot hold SVG."""
    data = {"svgs": svgs, "width": width_mm}
    return compile_template("chart.typ", data, format="png", ppi=ppi) if svgs else []


def compile_template(name: str, data: dict[str, Any], **options: Any) -> list[bytes]:
    """Compile a template with its data: one PDF, or a picture for each page.

    One compiler per process keeps the fonts open; it serves one thread at a time.
    """
    inputs = {"data": json.dumps(fonts.drawable(data), ensure_ascii=False)}
    with _lock:
        made: Any = _compiler().compile(str(TEMPLATES / name), sys_inputs=inputs, **{"format": "pdf", **options})
        for _ in range(AGES):
            _compiler().compile(b"", format="pdf")
    return [bytes(page) for page in made] if isinstance(made, list) else [bytes(made)]


@functools.cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=str(TEMPLATES), font_paths=[str(fonts.FOLDER)], ignore_system_fonts=True)
