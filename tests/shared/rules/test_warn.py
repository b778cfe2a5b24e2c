"""Warnings of valid rule files: they say what is odd and forbid nothing."""

from __future__ import annotations

from importlib import resources

import pytest

from shared.rules.check import check_files
from shared.rules.warn import warnings

NAME = "zhongzhan-2021.toml"
FOLDER = resources.files("shared.rules") / "programmes"
GOOD = (FOLDER / NAME).read_text(encoding="utf-8")
LOADED = range(2004, 2027)
SHIPPED = sorted(item.name for item in FOLDER.iterdir() if item.name.endswith(".toml"))


def found(old="", new="", years=LOADED):
    """The warnings of the shipped file once its first `old` has become `new`; it must still be valid."""
    assert old in GOOD
    text = GOOD.replace(old, new, 1).encode()
    assert check_files([(NAME, text)]) == []
    return [(w.rule, w.key, w.code) for w in warnings([(NAME, text)], years)]


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "zhongzhan-demo.toml"])
def test_no_programme_of_a_source_document_has_a_warning(name: str):
    assert warnings([(name, (FOLDER / name).read_bytes())], LOADED) == []


def test_the_demo_reaches_into_a_year_whose_holidays_are_not_published():
    name = "zhongzhan-demo.toml"
    (warning,) = warnings([(name, (FOLDER / name).read_bytes())], LOADED)
    assert (warning.rule, warning.key, warning.code, warning.warning) == (
        "[programme]", "effective_to", "calendar_year", True,
    )  # fmt: skip
    assert str(warning) == (
        "zhongzhan-demo.toml: [programme]: effective_to: calendar_year: warning: "
        "2027 年的放假安排尚未载入,这一年的结果只能暂定"
    )
    assert warnings([(name, (FOLDER / name).read_bytes())], range(2004, 2028)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('on = "2021-07-31"', 'on = "2021-06-30"', [("ZZ-01", "due.on", "outside_window")]),
        ('on = "2021-07-31"', 'on = "2026-01-01"', [("ZZ-01", "due.on", "outside_window")]),
        ('on = "2021-07-31"', 'on = "2025-12-31"', []),
        ('on = "2021-07-31"', 'on = ["2021-07-31", "2028-01-31"]',
         [("ZZ-01", "due.on", "outside_window"), ("ZZ-01", "due.on", "calendar_year")]),
        ('on = "2021-07-31"', 'on = "--06-30"', []),
        ('on = "2021-07-31"', 'on = "2021-07-02"', []),
        ('on = "2021-07-31"', 'on = "2021-07-01"', [("ZZ-01", "due.on", "outside_window")]),
        ("effective_to = 2025-12-31", "effective_to = 2021-10-31",
         [("ZZ-24", "due.on", "outside_window"), ("ZZ-29", "due.on", "outside_window"),
          ("ZZ-32", "due.on", "outside_window")]),
        ("effective_to = 2025-12-31\n", "", []),
        ('id = "ZZ-02"\nkind = "constraint"\nsubject = "pair"',
         'id = "ZZ-99"\nkind = "constraint"\nsubject = "pair"\nquote = "支援目标未完成前不调整对口关系"\nbasis = "local"\n'
         'severity = "info"\nforbid = "pair_change_before_target"\nconfirm_by = "county"\nevidence = []\nremind = []\n'
         'feeds = []\n[[rule]]\nid = "ZZ-02"\nkind = "constraint"\nsubject = "pair"',
         [("ZZ-02", "quote", "duplicate_quote")]),
    ],
)  # fmt: skip
def test_each_oddity_is_named_where_it_stands(old: str, new: str, expected: list[tuple[str, str, str]]):
    assert found(old, new) == expected


def test_the_same_clause_with_another_measure_is_no_duplicate():
    assert GOOD.count('quote = "每周出门诊不少于3个半天"') == 1
    assert found('quote = "组织查房不少于2次"', 'quote = "每周出门诊不少于3个半天"') == []


def test_years_before_the_published_calendar_are_named_once_each():
    assert found(years=range(2023, 2027)) == [
        ("[programme]", "effective_from", "calendar_year"), ("[programme]", "effective_to", "calendar_year"),
    ]  # fmt: skip
