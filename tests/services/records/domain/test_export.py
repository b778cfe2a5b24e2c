"""The export of a HIS, line by line."""

from __future__ import annotations

import datetime as dt

from services.records.domain.export import COLUMNS, read

TODAY = dt.date(2026, 11, 17)


def test_figures_are_read_whatever_the_order_of_columns_and_a_blank_is_not_reported():
    lines, mistakes = read([["月份", "门急诊人次", "机构编码"], ["2026-09", 120, "SQ"], [dt.date(2026, 10, 1), None, "SQ"], [None] * 3], TODAY)
    assert mistakes == []
    assert [(one.code, one.month, one.value) for one in lines] == [("SQ", "2026-09", 120), ("SQ", "2026-10", None)]


def test_every_mistake_is_told_at_once_with_row_and_column():
    _, mistakes = read([list(COLUMNS), ["", "2026-9", "12.5"], ["SQ", "2026-12", -3], ["SQ", "2026-08", 1], ["SQ", "2026-08", 2]], TODAY)
    assert {(one.row, one.column) for one in mistakes} == {
        (2, "机构编码"), (2, "月份"), (2, "门急诊人次"), (3, "月份"), (3, "门急诊人次"), (5, "月份"),
    }  # fmt: skip


def test_missing_columns_are_named():
    _, mistakes = read([["机构编码"], ["SQ"]], TODAY)
    assert [one.column for one in mistakes] == ["月份", "门急诊人次"]


def test_an_empty_table_is_a_mistake_and_not_a_success():
    assert [one.reason for one in read([list(COLUMNS)], TODAY)[1]] == ["表里没有数据"]
    assert read([], TODAY)[1] != []
