"""The three-state value every statistic is (forms.md §1): reported, 未报 or 不适用(原因). Missing is never 0.

In the data object a figure is a plain dict; here is the only place that makes one, adds some up or divides two.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

Figure = dict[str, Any]

ZERO_DENOMINATOR = "分母为0"


def reported(value: int, *, provisional: bool = False) -> Figure:
    """A figure somebody reported: an integer >= 0, a true zero included. Raises ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"not a count: {value!r}")
    return _with_flag({"state": "reported", "value": value}, provisional)


def not_reported() -> Figure:
    """未报: nobody has reported it. Neither time nor a lock nor an import turns it into 0."""
    return {"state": "not_reported"}


def not_applicable(reason: str) -> Figure:
    """不适用: it cannot occur. The reason is mandatory and names who set it; ValueError without one."""
    if not reason.strip():
        raise ValueError("a reason is needed")
    return {"state": "not_applicable", "reason": reason}


def is_reported(figure: Figure) -> bool:
    """Whether the figure is a number."""
    return bool(figure["state"] == "reported")


def total(cells: Iterable[Figure], unit: str = "家") -> Figure:
    """The sum of the reported cells; `missing` counts the 未报 ones, each one `unit` (家 hospitals, 人 people).

    All cells 未报, or none at all: 未报. Only 不适用: 不适用 with the first cell's reason. Source: forms.md §1.
    """
    cells = list(cells)
    known = [cell for cell in cells if is_reported(cell)]
    missing = sum(cell["state"] == "not_reported" for cell in cells)
    if not known:
        barred = [cell for cell in cells if cell["state"] == "not_applicable"]
        return dict(barred[0]) if barred and not missing else not_reported()
    figure = reported(sum(cell["value"] for cell in known), provisional=any(c.get("provisional") for c in known))
    return {**figure, "missing": missing, "missing_unit": unit} if missing else figure


def ratio(part: Figure, whole: Figure, *, provisional: bool = False) -> Figure:
    """part / whole in percent, rounded half up to 0.1 %, with both counts: {"num", "den", "percent": "95.5"}.

    Denominator 0: 不适用(分母为0). A part 未报 or 不适用 makes the rate so. Raises ValueError above 100 % (U44).
    """
    for figure in (part, whole):
        if not is_reported(figure):
            return dict(figure)
    num, den = part["value"], whole["value"]
    if den == 0:
        return not_applicable(ZERO_DENOMINATOR)
    if num > den:
        raise ValueError(f"a rate above 100 %: {num}/{den}")
    doubtful = provisional or bool(part.get("provisional") or whole.get("provisional"))
    return _with_flag({"state": "reported", "num": num, "den": den, "percent": percent(num, den)}, doubtful)


def percent(num: int, den: int) -> str:
    """num / den in percent with one decimal, exact and rounded half up: percent(63, 66) = "95.5"."""
    tenths = (Fraction(num, den) * 1000 + Fraction(1, 2)).__floor__()
    return f"{tenths // 10}.{tenths % 10}"


def _with_flag(figure: Figure, provisional: bool) -> Figure:
    return {**figure, "provisional": True} if provisional else figure
