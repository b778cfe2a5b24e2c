"""Day facts and rosters -> the values rules read beside half-days: outpatient entries, rounds, diaries, rosters. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping

from shared.calendar import local_date
from shared.progress.facts import DayFact, FactRecord
from shared.progress.records import ITEMS_OF_ACTIVITY, least
from shared.rules.facts import Document, Facts, Item
from shared.rules.load import Programme, Rule
from shared.rules.terms import PostingTerms

ROSTER = "roster.published"
_WORK: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    **ITEMS_OF_ACTIVITY,
    "ward_round": (("ward_rounds", "ward_round"),),
    "teaching_round": (("ward_rounds", "teaching_round"), ("activity", "teaching")),
    "surgery_demo": (("surgeries", "demo"),), "surgery_guided": (("surgeries", "guided"),),
    "surgery_joined": (("surgeries", "joined"),), "surgery_independent": (("surgeries", "independent"),),
}  # fmt: skip
"""Metrics (and group) each kind of logged work counts for; rounds and surgery are an activity by themselves."""


def facts_of(programme: Programme, postings: Iterable[PostingTerms], days: Iterable[DayFact], recorded: Collection[str] = ()) -> Facts:
    """What the work logs and diaries of these postings say to the rules.

    `recorded` = ids of entries that records.facts_of reads itself: a day fact holds recorded activities too.
    """
    terms = {posting.id: posting for posting in postings}
    held = [(day, terms[day.posting_id]) for day in days if day.posting_id in terms]
    diary = next((rule for rule in programme.rules if _each_day(rule)), None)
    return Facts(
        items=tuple(item for day, one in held for item in _items(day, one, recorded)),
        outpatient=tuple(item for day, one in held for item in _outpatient(day, one)),
        documents=tuple(found for day, one in held if diary and (found := _diary(diary, day, one))),
    )


def rosters(programme: Programme, records: Iterable[FactRecord]) -> tuple[Document, ...]:
    """A published roster is the document a rule asks for: everybody it is sent to reads it here from that day on."""
    rules = [rule for rule in programme.rules if rule.kind == "document" and rule.get("doc") == "monthly_roster"]
    published = [one for one in records if one.kind == ROSTER]
    return tuple(
        Document(one.entry_id, rule.id, one.payload["month"], None, local_date(one.at),
                 dict.fromkeys(rule.get("to"), local_date(one.at)), evidence=(one.entry_id,))
        for rule in rules for one in published
    )  # fmt: skip


def _each_day(rule: Rule) -> bool:
    return rule.kind == "document" and (rule.get("due") or {}).get("every") == "attended_day"


def _items(day: DayFact, posting: PostingTerms, recorded: Collection[str]) -> Iterator[Item]:
    for number, work in enumerate(day.activities):
        if work["entry_id"] in recorded or work["count"] == 0:
            continue
        for metric, group in _WORK.get(work["kind"], ()):
            yield Item(
                f"{work['entry_id']}/{number}", metric, day.date, least(metric), group, person_id=posting.person_id,
                clinic=_clinic(day, posting), recipient_id=posting.recipient_id, evidence=(work["entry_id"],),
            )  # fmt: skip


def _clinic(day: DayFact, posting: PostingTerms) -> str | None:
    """Where the day was spent: the first attended half-day's clinic, else the usual one."""
    attended = [half.clinic_id for half in day.halves.values() if half.status == "A"]
    return next(iter(attended), posting.clinics[0] if posting.clinics else None)


def _outpatient(day: DayFact, posting: PostingTerms) -> Iterator[Item]:
    for name, half in day.halves.items():
        if logged := half.outpatient:
            yield Item(
                logged["entry_id"], "outpatient", day.date, logged["visits"] or 0, None, posting.person_id,
                logged["clinic_id"], posting.recipient_id, name, evidence=(logged["entry_id"],),
            )  # fmt: skip


def _diary(rule: Rule, day: DayFact, posting: PostingTerms) -> Document | None:
    told = day.diary
    if told is None:
        return None
    filed = dt.datetime.fromisoformat(told["submitted_at"])
    return Document(told["entry_id"], rule.id, None, posting.id, day.date, photos=told["photos"], chars=told["chars"],
                    date=day.date, filed_at=filed, evidence=(told["entry_id"],))  # fmt: skip
