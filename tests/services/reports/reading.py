"""How tests read what was drawn: tables of the HTML and the Word file, text and glyphs of the PDF, rows of the workbook."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import docx
import openpyxl
import pypdf
from pypdf.generic import ContentStream

Rows = list[list[str]]


class _Tables(HTMLParser):
    """Collects the rows of every table that has an id."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, Rows] = {}
        self._rows: Rows | None = None
        self._cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = dict(attrs).get("id")
        if tag == "table":
            self._rows = self.tables.setdefault(name.removeprefix("t-"), []) if name else None
        if self._rows is not None and tag == "tr":
            self._rows.append([])
        if self._rows is not None and tag in ("th", "td"):
            self._rows[-1].append("")
        self._cell = tag in ("th", "td")

    def handle_endtag(self, tag: str) -> None:
        self._cell = False
        if tag == "table":
            self._rows = None

    def handle_data(self, data: str) -> None:
        if self._rows and self._rows[-1] and self._cell:
            self._rows[-1][-1] += data.rstrip("\n")


@functools.cache
def html_tables(text: str) -> dict[str, Rows]:
    """Table key -> rows of cell texts, head included."""
    parser = _Tables()
    parser.feed(text)
    return parser.tables


@functools.cache
def docx_tables(data: bytes) -> list[Rows]:
    """Every table of a Word file, a merged cell once."""
    document = docx.Document(io.BytesIO(data))
    return [
        [["\n".join(p.text for p in cell.paragraphs) for cell in _once(row.cells)] for row in table.rows]
        for table in document.tables
    ]


def _once(cells: Any) -> list[Any]:
    found: list[Any] = []
    for cell in cells:
        if not found or found[-1]._tc is not cell._tc:
            found.append(cell)
    return found


def xlsx_rows(data: bytes, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet as {column title: value}."""
    head, *rows = openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def squeezed(text: str) -> str:
    """Without any white space: a PDF knows glyphs and places, not words."""
    return re.sub(r"\s", "", text)


@functools.cache
def pdf_pages(data: bytes) -> list[str]:
    """The squeezed text of every page."""
    return [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def pdf_fonts(data: bytes) -> dict[str, Any]:
    """Base font name -> descriptor of every font in the file."""
    return {
        str(font["/BaseFont"]): font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for page in pypdf.PdfReader(io.BytesIO(data)).pages
        for _, font in _fonts(page["/Resources"])
    }


def missing_glyphs(data: bytes) -> int:
    """How many shown characters are glyph 0, the fallback box, on any page or in any picture on it."""
    return sum(_missing(page) for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def _missing(owner: Any) -> int:
    """Glyph 0 in the content of a page or form, and in the forms it draws. Typst writes two-byte codes = glyph ids."""
    resources = owner["/Resources"].get_object()
    content = owner.get_contents() if hasattr(owner, "get_contents") else ContentStream(owner, None)
    shown = b"".join(_strings(content)) if content is not None else b""
    found = sum(shown[n : n + 2] == b"\0\0" for n in range(0, len(shown), 2))
    forms = [form.get_object() for form in resources.get("/XObject", {}).values()]
    return found + sum(_missing(form) for form in forms if form.get("/Subtype") == "/Form" and "/Resources" in form)


def _strings(content: Any) -> Iterator[bytes]:
    for operands, operator in content.operations:
        if operator in (b"Tj", b"TJ"):
            items = operands[0] if operator == b"TJ" else operands
            yield from (item.original_bytes for item in items if hasattr(item, "original_bytes"))


def _fonts(resources: Any) -> Iterator[tuple[str, Any]]:
    resources = resources.get_object()
    for name, font in resources.get("/Font", {}).items():
        yield name, font.get_object()
    for form in resources.get("/XObject", {}).values():
        if "/Resources" in form.get_object():
            yield from _fonts(form.get_object()["/Resources"])
