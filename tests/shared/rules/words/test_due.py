"""Due dates in words: every form of `due` a rule may have."""

from __future__ import annotations

from typing import Any

import pytest

from shared.rules.words.due import day_text, due


@pytest.mark.parametrize(("text", "words"), [("--12-31", "每年12月31日"), ("--06-05", "每年6月5日"), ("2021-07-31", "2021年7月31日")])
def test_a_date_or_a_day_of_every_year(text: str, words: str) -> None:
    assert day_text(text) == words


@pytest.mark.parametrize(("table", "words"), [
    ({"on": "2021-07-31", "roll": "backward"}, "2021年7月31日前(遇休息日提前)"),
    ({"on": "--12-31", "roll": "forward"}, "每年12月31日前(遇休息日顺延)"),
    ({"on": ["--06-20", "--12-20"], "roll": "backward"}, "每年6月20日、12月20日前(遇休息日提前)"),
    ({"every": "attended_day", "within_hours": 48}, "每个出勤日后 48 小时内"),
    ({"every": "quarter", "day": 10, "after_period": True, "roll": "backward"}, "每季度结束后次月10日前(遇休息日提前)"),
    ({"every": "half_year", "day": -1, "roll": "forward"}, "每半年末月最后一天前(遇休息日顺延)"),
    ({"every": "quarter", "day": 25, "after_period": False, "roll": "backward"}, "每季度末月25日前(遇休息日提前)"),
    ({"every": "month", "day": -1, "roll": "backward"}, "每月最后一天前(遇休息日提前)"),
    ({"every": "month", "day": 5, "roll": "backward"}, "每月5日前(遇休息日提前)"),
    ({"after": "posting_end", "workdays": 5}, "派驻结束后 5 个工作日内"), ({"before": "promotion_application"}, "申报职称前"),
])  # fmt: skip
def test_each_form_of_a_due_date(table: dict[str, Any], words: str) -> None:
    assert due(table) == words
