"""A result is one of the values of the language and nothing else."""

from __future__ import annotations

import pytest

from shared.rules.result import VALUES, Result


@pytest.mark.parametrize("value", sorted(VALUES))
def test_every_value_of_the_language_is_a_result_and_only_one_is_provisional(value: str) -> None:
    assert Result(value, "说明").provisional is (value == "provisional")


@pytest.mark.parametrize("value", ["", "MET", "failed", "0"])
def test_another_word_is_no_result(value: str) -> None:
    with pytest.raises(ValueError, match="not a result"):
        Result(value, "说明")
