"""The half-days of one physician in one programme, each with its status: what continuity, accumulation and coverage
stand on, whether they come from a case file or from folded day facts. Pure."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass

from shared.rules.days import HalfDay
from shared.rules.terms import PostingTerms


@dataclass(frozen=True)
class Half:
    """One half-day of one posting.

    `duty`: it is owed (continuity.md §1.1). `status`: A attended, O ordered work, L leave, P pending, X absent; "" off
    duty and not attended, or in the future. Off duty L and O say that cover lies over it, for the n of a week.
    `reason`: leave type of L, kind of order of O, why P or X (the words of continuity.md §6.5, `line`). `clinic`: where
    it was attended, or is owed by the roster. `record_ref`: whether an attended half-day carries one; None where nobody
    says. `corrected`: attended through an approved correction.
    """

    date: dt.date
    half: str
    posting_id: str
    duty: bool
    status: str
    reason: str | None = None
    clinic: str | None = None
    record_ref: bool | None = None
    corrected: bool = False
    evidence: tuple[str, ...] = ()

    @property
    def at(self) -> HalfDay:
        """(date, "am" | "pm"): half-days compare in time order."""
        return self.date, self.half


@dataclass(frozen=True)
class History:
    """A physician's postings in one programme, in order of start, and every half-day of them up to `as_of`.

    `halves` are in time order, then by posting; duty half-days after `as_of` are there with status "". `as_of` None =
    everything is known and every window is closed (continuity.md §6.1). `leave_split`: touching leave slips together
    exceed the limit of who approved them; their status stays.
    """

    person_id: str
    postings: tuple[PostingTerms, ...]
    halves: tuple[Half, ...]
    as_of: dt.datetime | None = None
    leave_split: bool = False

    @functools.cached_property
    def by_date(self) -> Mapping[dt.date, tuple[Half, ...]]:
        """The half-days of each date that has some; made once for all questions about the history."""
        found: dict[dt.date, list[Half]] = {}
        for half in self.halves:
            found.setdefault(half.date, []).append(half)
        return {day: tuple(halves) for day, halves in found.items()}
