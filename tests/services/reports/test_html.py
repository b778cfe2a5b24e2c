"""The page: one file, no script, nothing fetched, every text escaped, small enough for a phone."""

import re

import pytest

from services.reports import html
from services.reports.domain.layout import view
from services.reports.domain.monthly import figures_sha256, monthly_clinic
from tests.services.reports.drawn import CASES, MADE, draw, drawn, report
from tests.services.reports.monthly_world import world


@pytest.mark.parametrize("case", CASES)
def test_it_stands_alone_within_its_budget(case):
    text = drawn(case, "html").decode()
    assert len(text.encode()) <= 150 * 1024
    assert not re.search(r"<script|<link|<img|\son\w+=|javascript:|@import|url\((?!#)", text)
    addresses = re.findall(r'(?:href|src)="([^"]*)"', text)
    assert set(addresses) <= {"x.xlsx"}


@pytest.mark.parametrize("case", CASES)
def test_no_style_outside_the_one_element_a_door_can_allow(case):
    text = drawn(case, "html").decode()
    assert " style=" not in text
    assert re.findall(r"<style>(.*?)</style>", text, re.S) == [
        html.style(view(report(case), figures_sha256(report(case))))
    ]


def test_text_of_users_is_escaped_everywhere():
    evil = "<script>alert(1)</script>\"'&{{7*7}}"
    text = draw(monthly_clinic(world(2, names=(evil,), recipient=evil, supporter=evil), MADE), "html").decode()
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "{{7*7}}" in text


def test_it_zooms_and_speaks_chinese():
    text = drawn("one", "html").decode()
    assert '<html lang="zh-CN">' in text
    assert not re.search("user-scalable|maximum-scale|text-size-adjust", text)


def test_a_long_table_is_folded_on_the_phone_and_points_to_excel():
    text = drawn("sixty", "html").decode()
    assert text.count("查看全部 60 行") == 5
    assert '<a class="get" href="x.xlsx">下载 Excel</a>' in text
    assert "查看全部" not in drawn("one", "html").decode()


def test_every_chart_has_a_title_and_a_data_table():
    text = drawn("eight", "html").decode()
    figures = re.findall(r"<figure>(.*?)</figure>", text, re.S)
    assert len(figures) == 2
    for figure in figures:
        assert re.search(r"<figcaption>图\d .+</figcaption>", figure)
        assert 'role="img" aria-label="图' in figure
        assert "<details><summary>" in figure
        assert figure.count("<tr>") >= 9


def test_it_prints_on_a4_with_repeating_heads():
    sheet = html.style(view(report("one"), ""))
    assert "@page{size:A4 portrait;margin:37mm 26mm 35mm 28mm}" in sheet
    assert "thead{display:table-header-group}" in sheet
    assert "break-inside:avoid" in sheet
