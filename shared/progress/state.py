"""The judgement of one rule over one subject and period, as it is stored and shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from shared.calendar import Calendar
from shared.rules import words
from shared.rules.load import Programme
from shared.rules.result import Result

_TUPLES = ("evidence", "judged_with", "local_settings")


@dataclass(frozen=True)
class State:
    """One obligation state.

    `value` is the result, one of rules.md §4. `number` is the lowest group where the rule has groups, `groups` maps a
    clinic id to its number. `best`/`worst` are the two readings of a provisional result. `judged_with` lists the
    postings of the person or team that were judged together. In a month state of a weekly rule `number` is weeks met,
    `threshold` weeks evaluated, unit `week`; `groups` and `detail` (`value_by_date`, `unit`, `deficits`) count by date.
    """

    programme_id: str
    rule_id: str
    subject_kind: str
    subject_id: str
    period_kind: str
    period: str
    value: str
    number: int | None
    threshold: int
    effective_threshold: int
    unit: str
    metric: str = ""
    groups: Mapping[str, int] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    explanation: str = ""
    provisional: bool = False
    best: str | None = None
    worst: str | None = None
    waived_reason: str | None = None
    n_workdays: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    judged_with: tuple[str, ...] = ()
    rules_version: str = ""
    calendar_version: str = ""
    local_settings: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, programme: Programme, calendar: Calendar, rule_id: str, period_kind: str, period: str, result: Result
    ) -> State:
        """The state of a judgement, still without the name of its subject."""
        return cls(
            programme_id=programme.id, rule_id=rule_id, subject_kind="", subject_id="", period_kind=period_kind, period=period,
            value=result.value, number=result.number, threshold=result.threshold or 0,
            effective_threshold=result.effective_threshold or 0, unit=result.unit, metric=result.metric, groups=result.groups,
            evidence=result.evidence, explanation=result.explanation, provisional=result.provisional, best=result.best,
            worst=result.worst, waived_reason=result.waived_reason, n_workdays=result.n_workdays, detail=result.detail,
            rules_version=programme.sha256, calendar_version=calendar.version, local_settings=result.local_settings,
        )  # fmt: skip

    @property
    def subject(self) -> str:
        """`posting:<id>` or `team:<pair>/<mode>`."""
        return f"{self.subject_kind}:{self.subject_id}"

    @property
    def result(self) -> str:
        """Another name of `value`."""
        return self.value

    def missing(self) -> int:
        """How many are missing, over all groups."""
        numbers = self.groups.values() or [self.number or 0]
        return sum(max(0, self.effective_threshold - number) for number in numbers)

    def short(self) -> str:
        """The part of the week line on the scan page: 「门诊 1/3」; empty when nothing is owed."""
        return words.week_part(self.value, self.metric, self.number, self.effective_threshold)

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        data = asdict(self)
        return {**data, **{name: list(data[name]) for name in _TUPLES}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> State:
        """Read `to_dict` back."""
        return cls(**{**data, **{name: tuple(data[name]) for name in _TUPLES}})
