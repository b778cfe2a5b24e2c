"""Every statistic is a number, 未报 or 不适用(原因), and stays what it is when it is added up or divided."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reports.domain import words
from services.reports.domain.figures import not_applicable, not_reported, percent, ratio, reported, total

CELLS = st.one_of(
    st.integers(0, 500).map(reported),
    st.builds(not_reported),
    st.sampled_from(["方案规定", "县级设定"]).map(not_applicable),
)


def test_a_true_zero_is_a_number_and_prints_as_zero():
    assert reported(0) == {"state": "reported", "value": 0}
    assert words.text(reported(0)) == "0"


@pytest.mark.parametrize("value", [-1, 1.0, True, "3", None])
def test_only_counts_are_reported(value):
    with pytest.raises(ValueError, match="not a count"):
        reported(value)


def test_not_applicable_without_a_reason_is_refused():
    with pytest.raises(ValueError, match="reason"):
        not_applicable("  ")


def test_a_sum_says_how_many_cells_are_missing():
    figure = total([reported(3), not_reported(), reported(0), not_reported()])
    assert figure == {"state": "reported", "value": 3, "missing": 2, "missing_unit": "家"}
    assert words.text(figure) == "3 (未报 2 家)"


def test_a_sum_of_missing_cells_is_missing():
    assert total([not_reported(), not_reported()]) == not_reported()
    assert total([not_reported(), not_applicable("方案规定")]) == not_reported()
    assert words.text(total([not_reported()])) == "未报"


def test_a_sum_of_what_cannot_occur_does_not_apply():
    assert total([not_applicable("方案规定"), not_applicable("方案规定")]) == not_applicable("方案规定")


@given(st.lists(CELLS, max_size=12))
def test_missing_is_never_counted_as_zero(cells):
    figure = total(cells)
    known = [cell["value"] for cell in cells if cell["state"] == "reported"]
    missing = sum(cell["state"] == "not_reported" for cell in cells)
    if known:
        assert figure["value"] == sum(known)
        assert figure.get("missing", 0) == missing
    else:
        assert figure["state"] != "reported"


def test_a_rate_carries_its_counts():
    rate = ratio(reported(63), reported(66))
    assert rate == {"state": "reported", "num": 63, "den": 66, "percent": "95.5"}
    assert words.text(rate) == "95.5% (63/66)"


def test_a_rate_over_nothing_does_not_apply():
    assert words.text(ratio(reported(0), reported(0))) == "不适用(分母为0)"


def test_a_rate_of_something_missing_is_missing():
    assert ratio(not_reported(), reported(3)) == not_reported()
    assert ratio(reported(3), not_applicable("方案规定")) == not_applicable("方案规定")


def test_u44_a_rate_above_100_percent_is_refused():
    with pytest.raises(ValueError, match="above 100"):
        ratio(reported(4), reported(3))


@pytest.mark.parametrize(
    ("num", "den", "shown"),
    [(1, 3, "33.3"), (2, 3, "66.7"), (1, 2000, "0.1"), (1, 2001, "0.0"), (1999, 2000, "100.0"), (0, 7, "0.0"), (7, 7, "100.0")],
)  # fmt: skip
def test_rates_are_rounded_half_up_to_a_tenth_of_a_percent(num, den, shown):
    assert percent(num, den) == shown


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_rounding_is_exact(num, den):
    shown = Fraction(percent(num, den))
    assert abs(shown - Fraction(num * 100, den)) <= Fraction(1, 20)


def test_a_provisional_figure_says_so():
    assert words.text(reported(4, provisional=True)) == "4 (暂定)"
    assert words.text(ratio(reported(1), reported(2, provisional=True))) == "50.0% (1/2) (暂定)"
