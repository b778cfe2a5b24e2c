"""The template is the workbook the importer reads."""

from __future__ import annotations

import io

import openpyxl

from services.roster import template, workbook
from services.roster.domain.book import parse
from services.roster.domain.sheets import SHEETS


def test_the_empty_template_is_read_back_without_a_row_and_without_a_mistake():
    book = parse(workbook.tables(template.workbook()))
    assert book.mistakes == []
    assert set(book.rows) == {sheet.name for sheet in SHEETS}
    assert not any(book.rows.values())


def test_every_sheet_has_its_frozen_heading_with_stars_and_a_line_of_explanation():
    book = openpyxl.load_workbook(io.BytesIO(template.workbook()))
    assert book.sheetnames == ["机构", "执业点", "人员", "席位", "协议", "派驻", "排班"]
    for sheet in SHEETS:
        page = book[sheet.title]
        assert [cell.value for cell in page[1]] == [column.heading for column in sheet.columns]
        assert page["A2"].value.startswith("说明")
        assert all(cell.value for cell in page[2])
        assert page.freeze_panes == "B3"


def test_columns_with_few_words_offer_them_as_a_list():
    page = openpyxl.load_workbook(io.BytesIO(template.workbook()))["机构"]
    [kinds] = [rule for rule in page.data_validations.dataValidation if "C3" in rule.sqref]
    assert kinds.formula1 == '"支援医院,受援机构,县级卫健,市级卫健,省级卫健,片区"'


def test_text_that_looks_like_a_formula_or_a_link_stays_text():
    book = openpyxl.load_workbook(io.BytesIO(template.workbook({"机构": [["=1+1", "http://x.example"]]})))
    cells = book["机构"]["A3"], book["机构"]["B3"]
    assert [(cell.data_type, cell.hyperlink) for cell in cells] == [("s", None), ("s", None)]
