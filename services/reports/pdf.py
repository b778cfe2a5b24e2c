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
_lock = threading.Lock()


def monthly_pdf(view: dict[str, Any], charts: list[dict[str, Any]]) -> bytes:
    """The PDF of a printed view and its charts. Text reaches Typst as JSON data and is never read as markup.

    The creation date is left out, so the same view gives the same bytes.
    """
    return compile_template("monthly.typ", {"view": view, "charts": charts})


def chart_png(svg: str, width_mm: int, ppi: int = 200) -> bytes:
    """One chart as a picture, for documents that cannot hold SVG."""
    return compile_template("chart.typ", {"svg": svg, "width": width_mm}, format="png", ppi=ppi)


def compile_template(name: str, data: dict[str, Any], **options: Any) -> bytes:
    """Compile a template with its data. One compiler per process keeps fonts and template warm; it takes one thread."""
    inputs = {"data": json.dumps(fonts.drawable(data), ensure_ascii=False)}
    with _lock:
        made: Any = _compiler().compile(str(TEMPLATES / name), sys_inputs=inputs, **{"format": "pdf", **options})
    return bytes(made)


@functools.cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=str(TEMPLATES), font_paths=[str(fonts.FOLDER)], ignore_system_fonts=True)
