"""What is asked of a rule: which subject, which period, as of when, on what record. Pure."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shared import calendar as cal
from shared.calendar import Calendar, days_between
from shared.rules import periods, quota
from shared.rules.facts import Application, Facts, Tick, Waiver
from shared.rules.history import Half, History
from shared.rules.load import Programme, Rule
from shared.rules.terms import PostingTerms

_OF_INSTITUTIONS = frozenset({"supporter", "recipient_level"})
"""Attributes of hospitals and centres themselves; the other ones are those of postings."""


@dataclass(frozen=True)
class Subject:
    """Who or what is judged: doctor, team, pair, supporter, recipient, county, city or province.

    `attributes` are those `where` may ask of it (recipient_level, supporter, title_rank ...); of doctors and teams every
    posting is asked instead. `since`: the dates of licence and title of a doctor, by name.
    """

    kind: str
    id: str
    attributes: Mapping[str, str | None] = field(default_factory=dict)
    since: Mapping[str, dt.date | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Inquiry:
    """One rule over one subject and period. `period` is a name of rules.md §5, a posting id, or "" where the rule has
    none; `as_of` None = everything is known and every period is over."""

    programme: Programme
    calendar: Calendar
    rule: Rule
    subject: Subject
    period: str
    histories: tuple[History, ...] = ()
    facts: Facts = field(default_factory=Facts)
    as_of: dt.datetime | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of clinics and the like, for sentences; a missing name shows the id."""

    @functools.cached_property
    def postings(self) -> tuple[PostingTerms, ...]:
        """Every posting of the subject, in order of start."""
        found = {posting.id: posting for history in self.histories for posting in history.postings}
        return tuple(sorted(found.values(), key=lambda posting: (posting.start, posting.id)))

    @functools.cached_property
    def halves(self) -> tuple[Half, ...]:
        """Every half-day of the subject's postings."""
        return tuple(half for history in self.histories for half in history.halves)

    @functools.cached_property
    def by_date(self) -> Mapping[dt.date, tuple[Half, ...]]:
        """The half-days of each date of the period that has some."""
        found: dict[dt.date, tuple[Half, ...]] = {}
        for day in self._days:
            if halves := tuple(half for history in self.histories for half in history.by_date.get(day, ())):
                found[day] = halves
        return found

    @functools.cached_property
    def period_kind(self) -> str:
        """The kind of period the rule counts in; of a document what its due date is about, of growth the year; "" where it
        has none."""
        due = self.rule.get("due") or {}
        if self.rule.kind == "growth":
            return "year"
        if "on" in due:
            return str(self.rule.get("coverage", "year"))
        if "after" in due:
            return "posting"
        return str(self.rule.get("period") or (due.get("every", "") if "day" in due else ""))

    def days(self) -> tuple[dt.date, ...]:
        """The dates of the period: laid out by its name, of the posting, of the programme; its window cut out."""
        return self._days

    @functools.cached_property
    def _days(self) -> tuple[dt.date, ...]:
        return tuple(day for day in self._laid_out if self._in_window(day))

    @functools.cached_property
    def _laid_out(self) -> list[dt.date]:
        kind = self.period_kind
        if kind == "posting":
            return self._held(self.named)
        if kind == "posting_start":
            return [day for one in self.named for day in days_between(one.start, self.arrival_due(one))]
        if kind in ("programme", "once"):
            return self._effective()
        if kind in ("", "day") and not self.period:
            return self._held(self.postings) if self.people else self._effective()
        return list(periods.period(kind, self.period).days)

    def _held(self, postings: tuple[PostingTerms, ...]) -> list[dt.date]:
        if not postings:
            return self._effective()
        first, ends = postings[0].start, [posting.end for posting in postings]
        last = max((end for end in ends if end), default=first) if None not in ends else max(self.today or first, first)
        return days_between(first, last)

    def _effective(self) -> list[dt.date]:
        first, last = self.programme.effective_from, self.programme.effective_to
        return days_between(first, last or max(self.today or first, first))

    @property
    def people(self) -> bool:
        """Whether the subject is a physician or a team: judged by their postings, not by the programme's dates."""
        return self.subject.kind in ("doctor", "team")

    @property
    def named(self) -> tuple[PostingTerms, ...]:
        """The postings that the period names: the one whose id it is, or all of them."""
        return tuple(posting for posting in self.postings if self.period in ("", posting.id))

    @functools.cached_property
    def touching(self) -> tuple[PostingTerms, ...]:
        """The postings that hold at least one date of the period."""
        days = self.days()
        return tuple(p for p in self.postings if days and p.start <= days[-1] and (p.end is None or p.end >= days[0]))

    def arrival_due(self, posting: PostingTerms) -> dt.date:
        """The last date on which an arrival is in time: `grace_workdays` workdays after the posting's start."""
        return self.calendar.add_workdays(posting.start, self.rule.get("grace_workdays", 0))

    def about(self, period: str | None, posting_id: str | None = None) -> bool:
        """Whether a record is about this period; what is owed once, over the whole programme or for a posting goes without a
        name, and the last belongs to the posting it was recorded about."""
        unnamed = ("", "once", "programme", None)
        return period == self.period or (period in unnamed and self.period in (*unnamed, posting_id))

    def concerns(self, one: Tick | Waiver) -> bool:
        """Whether a tick or what somebody decided is about this rule and period."""
        return one.rule_id == self.rule.id and self.about(one.period, one.posting_id)

    @functools.cached_property
    def _window(self) -> tuple[str | None, str | None]:
        return self.rule.get("window_from"), self.rule.get("window_to")

    def _in_window(self, day: dt.date) -> bool:
        first, last = self._window
        if first is None and last is None:
            return True
        text = f"--{day:%m-%d}"
        return (first is None or text >= first) and (last is None or text <= last)

    def counting(self) -> tuple[dt.date, ...]:
        """The dates of the period inside the subject's postings and the programme; the rule's window cut out."""
        return self._counting

    @functools.cached_property
    def _counting(self) -> tuple[dt.date, ...]:
        return tuple(day for day in self.inside() if self._in_window(day))

    def inside(self) -> tuple[dt.date, ...]:
        """The same, whatever the rule's window: what decides whether enough of a period lies inside."""
        return self._inside

    @functools.cached_property
    def _inside(self) -> tuple[dt.date, ...]:
        """Physicians and teams owe a period as far as they are posted, institutions as far as their agreements reach (where
        there are some) and the programme; of a year only the programme is asked."""
        effective = self.programme.effective_from, self.programme.effective_to
        if self.people:
            spans = [(p.start, p.end) for p in self.postings] or [effective]
            return periods.dates_that_count(self._laid_out, spans, effective)
        agreed = [(a.first, a.last) for a in self.facts.agreements] if self.period_kind != "year" else []
        bound = periods.inside(self._laid_out, [effective]) or tuple(self._laid_out)
        return periods.inside(bound, agreed) if agreed else bound

    @property
    def today(self) -> dt.date | None:
        """The Shanghai date of `as_of`."""
        return cal.local_date(self.as_of) if self.as_of else None

    def applied(self, one: Application) -> bool:
        """Whether an application was made by now; a later date is a plan."""
        return self.today is None or one.date <= self.today

    def over(self) -> bool:
        """Whether the period has ended."""
        if self.as_of is None:
            return True
        if self.period_kind in ("", "once"):
            return False
        days = self.days()
        endless = self.period_kind == "posting" and any(p.end is None for p in self.named)
        return bool(days) and not endless and self.as_of >= cal.midnight_after(days[-1])

    def matching(self) -> tuple[Inquiry | None, tuple[str, ...]]:
        """The inquiry over what the rule's `where` fits, or None; and `where_unknown` where an attribute is not known.

        Institutions are asked themselves for what they are (supporter, recipient_level); of every subject only the
        postings are kept that match the rest. Doctors and teams without one are not concerned.
        """
        where = {name: value for name, value in self.rule.where.items() if name != "channel"}
        own = {name: value for name, value in where.items() if name in _OF_INSTITUTIONS and not self.people}
        unknown = any(self.subject.attributes.get(name) is None for name in own)
        if own and (unknown or not quota.matches(own, self.subject.attributes)):
            return None, ("where_unknown",) if unknown else ()
        rest = {name: value for name, value in where.items() if name not in own}
        if not rest:
            return self, ()
        kept, unknown = self._kept(rest)
        return (kept if kept.postings or not self.people else None), ("where_unknown",) if unknown else ()

    def _kept(self, where: Mapping[str, object]) -> tuple[Inquiry, bool]:
        ids, unknown = set(), False
        for posting in self.postings:
            known = posting.attributes()
            blank = any(known.get(name) is None for name in where)
            unknown = unknown or blank
            if not blank and quota.matches(where, known):
                ids.add(posting.id)
        if len(ids) == len(self.postings):
            return self, unknown  # with the half-days of those who stood in without a posting
        seats = self.rule.kind == "coverage" or self.rule.get("scope") == "team_slot"
        stood_in = {one.person_id for one in self.facts.substitutions} if seats else set[str]()
        histories = tuple(
            replace(h, postings=tuple(p for p in h.postings if p.id in ids),
                    halves=tuple(half for half in h.halves if half.posting_id in ids or h.person_id in stood_in))
            for h in self.histories
        )  # fmt: skip
        return replace(self, histories=histories), unknown
