"""What judging one rule over one subject and period gives: one of eight values, and everything that explains it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NOT_APPLICABLE, WAIVED, NOT_REPORTED, NOT_EVALUABLE = "not_applicable", "waived", "not_reported", "not_evaluable"
PROVISIONAL, OPEN, MET, NOT_MET = "provisional", "open", "met", "not_met"
VALUES = (NOT_APPLICABLE, WAIVED, NOT_REPORTED, NOT_EVALUABLE, PROVISIONAL, OPEN, MET, NOT_MET)
"""The results in falling precedence (rules.md §4); met and not_met stand side by side."""


def readings(best: str | None, worst: str | None) -> dict[str, dict[str, str]]:
    """The members `best` and `worst` of an answer, each left out where nothing is told (continuity.md §6.3)."""
    return {name: {"result": found} for name, found in (("best", best), ("worst", worst)) if found}


@dataclass(frozen=True)
class Result:
    """The judgement of a rule. `value` is one of VALUES, `explanation` one Chinese sentence.

    `number` is what was counted (the lowest group where the rule has groups), `threshold` what the clause says,
    `effective_threshold` what is owed after proration; all in whole `unit`s, None where the kind counts nothing.
    `groups` maps a group (clinic id, specialty, item) to its number. `best` and `worst` are the readings of a
    provisional result. `detail` holds what only this kind has, in JSON's types. `local_settings` are the settings of the
    programme file with basis other than text that touched the figure, by dotted name.
    """

    value: str
    explanation: str
    number: int | None = None
    threshold: int | None = None
    effective_threshold: int | None = None
    unit: str = ""
    metric: str = ""
    groups: Mapping[str, int] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    best: str | None = None
    worst: str | None = None
    waived_reason: str | None = None
    n_workdays: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    local_settings: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.value not in VALUES:
            raise ValueError(f"not a result: {self.value!r}")

    @property
    def provisional(self) -> bool:
        """Whether the result may still change through a decision or an unpublished calendar."""
        return self.value == PROVISIONAL
