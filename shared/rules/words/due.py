"""Due dates and dates as a rule's deadline names them: 「每季度结束后次月10日前(遇休息日提前)」. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.rules.words.names import PERIODS

_ROLL = {"backward": "(遇休息日提前)", "forward": "(遇休息日顺延)"}
_MONTHS_OF = {"month": "", "quarter": "末月", "half_year": "末月"}


def day_text(text: str) -> str:
    """`--12-31` as 每年12月31日, `2021-07-31` as 2021年7月31日."""
    year, month, day = text.replace("--", "0-").split("-")
    return f"{'每年' if year == '0' else year + '年'}{int(month)}月{int(day)}日"


def _listed(texts: Sequence[str]) -> str:
    """Several dates; 每年 is said once."""
    first, *more = map(day_text, texts)
    return "、".join([first, *(day.removeprefix("每年") for day in more)])


def due(table: Mapping[str, Any]) -> str:
    """A `due` of a document in words."""
    if "on" in table:
        days = [table["on"]] if isinstance(table["on"], str) else table["on"]
        return f"{_listed(days)}前{_ROLL[table['roll']]}"
    if table.get("every") == "attended_day":
        return f"每个出勤日后 {table['within_hours']} 小时内"
    if "every" in table:
        month = "次月" if table.get("after_period") else _MONTHS_OF[table["every"]]
        day = "最后一天" if table["day"] == -1 else f"{table['day']}日"
        end = "结束后" if table.get("after_period") else ""
        return f"{PERIODS[table['every']]}{end}{month}{day}前{_ROLL[table['roll']]}"
    if "after" in table:
        return f"派驻结束后 {table['workdays']} 个工作日内"
    return "申报职称前"
