"""Builds templates/monthly.docx: the Word form as docxtpl fills it. `python -m services.reports.template` rewrites it.

A province may replace the file by its own; the names it may use are those of the printed view (domain/layout.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TEMPLATE = Path(__file__).parent / "templates" / "monthly.docx"
SONG, HEI = "宋体", "黑体"


def build() -> Any:
    """The template as a document: A4 with the margins of the PDF, heads that repeat, rows that do not split."""
    document = Document()
    _page(document)
    _styles(document)
    centred = WD_ALIGN_PARAGRAPH.CENTER
    _paragraph(document, "{{ view.title }}", "Title").alignment = centred
    for line in ("{{ view.subtitle }}", "{{ view.period }}"):
        _paragraph(document, line, "Subtitle").alignment = centred
    _pairs(document, "view.facts")
    _paragraph(document, "{{ view.sentence }}", "Sentence")
    _loop_table(document, ("{{ item.label }}", "{{ item.value }}", "{{ item.note }}"), "item in view.tiles")
    for line in ("{%p for chart in charts %}", "{{ chart.title }}", "{%p for piece in chart.pieces %}", "{{ piece }}",
                 "{%p endfor %}", "{%p endfor %}", "{%p for section in view.sections %}"):  # fmt: skip
        _paragraph(document, line, "Chart title" if line == "{{ chart.title }}" else None)
    _paragraph(document, "{{ section.title }}", "Heading 1")
    _paragraph(document, "{%p for t in section.tables %}")
    _grid(document)
    for line in ("{%p endfor %}", "{%p for line in section.lines %}", "{{ line }}", "{%p endfor %}", "{%p endfor %}"):
        _paragraph(document, line)
    _signatures(document)
    _annex(document)
    return document


def _annex(document: Any) -> None:
    _paragraph(document, "附录 口径", "Heading 1")
    for line in ("{%p for label, text in view.annex.definitions %}", "{{ label }}:{{ text }}", "{%p endfor %}"):
        _paragraph(document, line)
    for title, source in (("本地设置", "view.annex.settings"), ("证据", "view.annex.evidence")):
        _paragraph(document, title, "Heading 2")
        _pairs(document, source)
    for line in ("{%p for gap in view.annex.gaps %}", "数据缺口:{{ gap }}", "{%p endfor %}"):
        _paragraph(document, line)
    _paragraph(document, "{%p for t in annex_tables %}")
    _paragraph(document, "{{ t.label }}", "Heading 2")
    _grid(document)
    _paragraph(document, "{%p endfor %}")
    _paragraph(document, "版本", "Heading 2")
    _pairs(document, "versions")


def _grid(document: Any) -> None:
    """Any table of the view: head row, group lines, rows, totals, note; one sentence where there are no rows."""
    _paragraph(document, "{%p if t.rows %}")
    head = "{%tc for c in t.columns %}", "{{ c.label }}", "{%tc endfor %}"
    cells = "{%tc for cell in row.cells %}", "{{ cell.text }}", "{%tc endfor %}"
    table = document.add_table(rows=0, cols=3, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _width(_row(table, head, bold=True, repeat=True), "{{ c.twips }}")
    _row(table, ("{%tr for row in t.rows %}",))
    _row(table, ("{%tr if row.group %}",))
    group = table.add_row()
    group.cells[0].text = "{% colspan t.columns|length %}{{ row.group }}"
    for spare in group.cells[1:]:
        group._tr.remove(spare._tc)
    _never_split(group)
    _row(table, ("{%tr else %}",))
    row = _row(table, cells)
    _width(row, "{{ cell.twips }}")
    _aligned(row)
    _row(table, ("{%tr endif %}",))
    _row(table, ("{%tr endfor %}",))
    _paragraph(document, "{%p if t.note %}")
    _paragraph(document, "{{ t.note }}", "Note")
    for line in ("{%p endif %}", "{%p else %}", "{{ t.empty }}。", "{%p endif %}"):
        _paragraph(document, line)


def _aligned(row: Any) -> None:
    """A cell's paragraph stands left or right as its column says: one of two paragraphs survives."""
    cell = row.cells[1]
    cell.paragraphs[0].text = "{%p if cell.left %}"
    for text in ("{{ cell.text }}", "{%p else %}", "{{ cell.text }}", "{%p endif %}"):
        cell.add_paragraph(text)
    cell.paragraphs[3].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _width(row: Any, twips: str) -> None:
    """The width of a looped cell is filled in with its text (1/1440 inch)."""
    row.cells[1]._tc.get_or_add_tcPr().get_or_add_tcW().set(qn("w:w"), twips)


def _pairs(document: Any, source: str) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    _row(table, (f"{{%tr for label, text in {source} %}}",))
    _row(table, ("{{ label }}", "{{ text }}"), widths=(Mm(42), Mm(114)))
    _row(table, ("{%tr endfor %}",))
    _paragraph(document, "", "Note")


def _loop_table(document: Any, cells: tuple[str, ...], loop: str) -> None:
    table = document.add_table(rows=0, cols=len(cells), style="Table Grid")
    _row(table, (f"{{%tr for {loop} %}}",))
    _row(table, cells, widths=(Mm(60), Mm(48), Mm(48)))
    _row(table, ("{%tr endfor %}",))


def _signatures(document: Any) -> None:
    """Four rows, each with room for a seal of 50 x 50 mm."""
    _paragraph(document, "{{ sign_title }}", "Heading 1")
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    _row(table, ("{%tr for s in view.signatures %}",))
    row = _row(table, ("{{ s.label }} {{ s.unit }}", "盖章处"), widths=(Mm(104), Mm(52)))
    for text in ("意见:{{ s.opinion }}", "", "签名:{{ s.name }}", "时间:{{ s.at }}", "签署期限:{{ s.due }}"):
        row.cells[0].add_paragraph(text)
    row.height = Mm(52)
    row.cells[1].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    _row(table, ("{%tr endfor %}",))


def _row(table: Any, texts: tuple[str, ...], *, bold: bool = False, repeat: bool = False,
         widths: tuple[Any, ...] = ()) -> Any:  # fmt: skip
    row = table.add_row()
    for cell, text in zip(row.cells, texts, strict=False):
        cell.paragraphs[0].add_run(text).bold = bold or None
    for cell, width in zip(row.cells, widths, strict=False):
        cell.width = width
    if len(texts) == 1:
        for spare in row.cells[1:]:
            row._tr.remove(spare._tc)
    _never_split(row)
    if repeat:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell in row.cells:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    return row


def _never_split(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _paragraph(document: Any, text: str, style: str | None = None) -> Any:
    return document.add_paragraph(text, style=style)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("{{ view.foot }} · 第 ")
    _field(foot, "PAGE")
    foot.add_run(" 页 共 ")
    _field(foot, "NUMPAGES")
    foot.add_run(" 页")


def _field(paragraph: Any, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _styles(document: Any) -> None:
    sizes = {"Normal": (SONG, 12), "Title": (HEI, 22), "Subtitle": (HEI, 14), "Heading 1": (HEI, 16),
             "Heading 2": (HEI, 13), "Table Grid": (SONG, 10.5)}  # fmt: skip
    for name, base in (("Sentence", HEI), ("Chart title", HEI), ("Note", SONG)):
        document.styles.add_style(name, 1).base_style = document.styles["Normal"]
        sizes[name] = (base, 9 if name == "Note" else 12)
    for name, (font, size) in sizes.items():
        style = document.styles[name]
        style.font.name, style.font.size, style.font.italic = font, Pt(size), False
        style.font.color.rgb = None
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in [name for name in fonts.attrib if name.endswith("Theme")]:
            del fonts.attrib[theme]
        fonts.set(qn("w:eastAsia"), font)
    for line in document.styles["Title"].element.iter(qn("w:pBdr")):
        line.getparent().remove(line)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    for name in ("Heading 1", "Heading 2", "Chart title"):
        document.styles[name].paragraph_format.keep_with_next = True


if __name__ == "__main__":
    build().save(TEMPLATE)
