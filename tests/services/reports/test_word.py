"""The Word file: filled from a template that the repository can rebuild and a province may replace."""

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from services.reports import template, word
from services.reports.domain.charts import charts
from services.reports.domain.layout import view
from services.reports.domain.monthly import figures_sha256, monthly_clinic
from tests.services.reports.drawn import CASES, MADE, draw, drawn, report
from tests.services.reports.monthly_world import world


def part(data: bytes, name: str = "word/document.xml") -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read(name)


def test_the_template_is_what_its_builder_makes():
    made = io.BytesIO()
    template.build().save(made)
    for name in ("word/document.xml", "word/styles.xml", "word/footer1.xml"):
        assert part(made.getvalue(), name) == part(template.TEMPLATE.read_bytes(), name)


@pytest.mark.parametrize("case", CASES)
def test_nothing_of_the_template_language_is_left(case):
    text = part(drawn(case, "docx")).decode()
    assert "{%" not in text
    assert "{{" not in text


def test_heads_repeat_and_rows_do_not_split():
    tables = docx.Document(io.BytesIO(drawn("sixty", "docx"))).tables
    heads = [table.rows[0]._tr for table in tables if table.rows[0].cells[0].text in ("姓名", "日期", "席位", "项目")]
    assert len(heads) >= 6
    assert all(head.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for head in heads)
    rows = [row._tr for table in tables for row in table.rows]
    assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)


def test_every_table_fits_the_text_block():
    for table in docx.Document(io.BytesIO(drawn("eight", "docx"))).tables:
        width = sum(column.w or 0 for column in table._tbl.tblGrid.gridCol_lst)
        assert 0 < width <= 156.5 * 36000


def test_page_and_foot():
    section = docx.Document(io.BytesIO(drawn("eight", "docx"))).sections[0]
    assert [
        round(side.mm)
        for side in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    ] == [37, 35, 28, 26]
    foot = section.footer.paragraphs[0]
    assert foot.text.startswith(f"{report('eight')['head']['form_no']} · 草稿 · 第 ")
    fields = [node.get(qn("w:instr")) for node in foot._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_text_of_users_is_data():
    names = ("{{ 7*7 }}", "{% raise %}", '<w:p/>&"', "王\x07伟")
    data = monthly_clinic(world(len(names), names=names), MADE)
    texts = [
        cell.text
        for table in docx.Document(io.BytesIO(draw(data, "docx"))).tables
        for row in table.rows
        for cell in row.cells[:1]
    ]
    assert {"{{ 7*7 }}", "{% raise %}", '<w:p/>&"', "王 伟"} <= set(texts)


def test_charts_are_pictures():
    document = docx.Document(io.BytesIO(drawn("eight", "docx")))
    assert len(document.inline_shapes) == 2
    assert all(round(shape.width.mm) == 156 for shape in document.inline_shapes)


def test_the_empty_month_has_no_pictures_and_still_a_page():
    data = report("nobody")
    made = word.monthly_docx(view(data, figures_sha256(data)), charts(data))
    document = docx.Document(io.BytesIO(made))
    assert len(document.inline_shapes) == 0
    assert "本月没有人员。" in [paragraph.text for paragraph in document.paragraphs]
