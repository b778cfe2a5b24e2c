"""Count qualifying items of a period and compare them with a quota rule (rules.md §3 quota, §4 results). Pure."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.rules.load import Rule
from shared.rules.schema import TITLE_RANKS

MET, NOT_MET, OPEN, WAIVED, PROVISIONAL = "met", "not_met", "open", "waived", "provisional"
_OPS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge, ">": operator.gt, "==": operator.eq, "<=": operator.le, "<": operator.lt,
}  # fmt: skip
_RANK = {NOT_MET: 0, OPEN: 1, MET: 2, WAIVED: 3}


@dataclass(frozen=True)
class Item:
    """One thing that counts: equal `key`s are one. `group` is its clinic, specialty, person or kind, where a rule counts by
    these. `sure` False = only if a pending half-day turns out attended."""

    key: tuple[Any, ...]
    day: dt.date
    group: str | None = None
    sure: bool = True
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """One way the facts may turn out: numbers by group, the threshold they must reach, and the result."""

    numbers: Mapping[str, int]
    threshold: int
    value: str


@dataclass(frozen=True)
class Verdict:
    """The result of a quota: what is sure, the best and worst reading, and whether they differ."""

    value: str
    sure: Reading
    best: str
    worst: str

    @property
    def provisional(self) -> bool:
        """Whether the result may still change through a decision or an unpublished calendar."""
        return self.value == PROVISIONAL


def holds(op: str, number: Any, threshold: Any) -> bool:
    """Whether `number op threshold`; exact for whole numbers and fractions."""
    return _OPS[op](number, threshold)


def tally(items: Iterable[Item], groups: Sequence[str], *, hoped: bool) -> dict[str, int]:
    """Distinct items by group, every group named even with 0; group "" takes all. `hoped` also counts unsure items."""
    keys: dict[str, set[tuple[Any, ...]]] = {group: set() for group in groups}
    for item in items:
        if item.sure or hoped:
            for group in groups:
                if group in ("", item.group):
                    keys[group].add(item.key)
    return {group: len(found) for group, found in keys.items()}


def reading(rule: Rule, numbers: Mapping[str, int], threshold: int, *, over: bool, waived: bool) -> Reading:
    """Compare every group: met when all hold (with `interpretation = "any"`: when one does); open while the period runs and
    they may still be reached."""
    if waived:
        return Reading(numbers, threshold, WAIVED)
    op = rule.get("op")
    hold = [_OPS[op](number, threshold) for number in numbers.values()]
    whole = any(hold) if rule.get("interpretation") == "any" else all(hold)
    final = over or (whole if op in (">=", ">") else not whole and op in ("<=", "<"))
    return Reading(numbers, threshold, (MET if whole else NOT_MET) if final else OPEN)


def verdict(sure: Reading, others: Iterable[Reading], *, unpublished: bool) -> Verdict:
    """Put the readings together: provisional when they differ or when the calendar they stand on is not published.

    Waived comes before provisional (rules.md §4).
    """
    if sure.value == WAIVED:
        return Verdict(WAIVED, sure, WAIVED, WAIVED)
    values = [sure.value, *(other.value for other in others)]
    best, worst = max(values, key=_RANK.__getitem__), min(values, key=_RANK.__getitem__)
    return Verdict(PROVISIONAL if best != worst or unpublished else sure.value, sure, best, worst)


def matches(where: Mapping[str, Any], attributes: Mapping[str, str | None]) -> bool:
    """Whether every filter of a rule fits; an unknown attribute never matches (rules.md §2).

    Only filters on the subject are looked at; `channel` filters items and is left to their metric.
    """
    return all(_fits(name, wanted, attributes.get(name)) for name, wanted in where.items() if name != "channel")


def _fits(name: str, wanted: str | Collection[str], value: str | None) -> bool:
    if value is None:
        return False
    if isinstance(wanted, str) and wanted.startswith(">=") and name == "title_rank":
        return value in TITLE_RANKS and TITLE_RANKS.index(value) >= TITLE_RANKS.index(wanted[2:])
    return value == wanted if isinstance(wanted, str) else value in wanted
