"""Judge day facts by the quota rules of a programme: obligation states of week, two weeks and month. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from shared.calendar import Calendar
from shared.progress.facts import DayFact, PostingTerms
from shared.rules.load import Programme


@dataclass(frozen=True)
class State:
    """The judgement of one rule over one subject and period.

    `value` is the result, one of rules.md §4. `number` is the lowest group where the rule has groups, `groups` maps a
    clinic id to its number. `best`/`worst` are the two readings of a provisional result. `judged_with` lists the
    postings of the same person that were judged together. In a month state of a weekly rule `number` is weeks met,
    `threshold` weeks evaluated, and `detail` holds `value_by_date` and `deficits`.
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

    @property
    def subject(self) -> str:
        """`posting:<id>` or `team:<pair>/<mode>`."""
        return f"{self.subject_kind}:{self.subject_id}"

    @property
    def result(self) -> str:
        """Another name of `value`."""
        return self.value

    def short(self) -> str:
        """The part of the week line on the scan page: 「门诊 1/3」; empty when there is nothing to show."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        data = asdict(self)
        return {**data, **{name: list(data[name]) for name in ("evidence", "judged_with", "local_settings")}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> State:
        """Read `to_dict` back."""
        return cls(**{**data, **{name: tuple(data[name]) for name in ("evidence", "judged_with", "local_settings")}})


def judge_week(
    programme: Programme, calendar: Calendar, postings: Sequence[PostingTerms], day_facts: Sequence[DayFact],
    week: str, as_of: dt.datetime,
) -> list[State]:  # fmt: skip
    """Every weekly quota state of `2026-W47` for these postings; postings of one person are judged together."""
    raise NotImplementedError


def judge_two_weeks(
    programme: Programme, calendar: Calendar, postings: Sequence[PostingTerms], day_facts: Sequence[DayFact],
    window: str, as_of: dt.datetime,
) -> list[State]:  # fmt: skip
    """Every two-week quota state of the window `2026-11-16/2w`; `postings` are all postings of the team ever."""
    raise NotImplementedError


def judge_month(
    programme: Programme, calendar: Calendar, postings: Sequence[PostingTerms], day_facts: Sequence[DayFact],
    month: str, as_of: dt.datetime,
) -> list[State]:  # fmt: skip
    """The roll-up of every weekly quota rule over `2026-11`; `day_facts` cover all its weeks and all its dates."""
    raise NotImplementedError
