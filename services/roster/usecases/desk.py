"""What the desk forms of a posting offer: substitutes, half-days that were owed, handovers, what approves its end. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from services.roster.usecases import closing
from shared import clock, ledger
from shared.calendar import days_between
from shared.directory import lookup
from shared.directory.models import Person
from shared.problems import InvalidBody
from shared.rules.days import Pattern
from shared.service import Runtime

LONGEST = 31
APPROVALS = {"illness": "因病结束", "ordered": "因指令性任务结束"}


def substitutes(rt: Runtime, posting_id: str) -> dict[str, str]:
    """Persons with a posting at the same recipient, id → name."""
    with rt.db.read() as session:
        posting = lookup.posting(session, posting_id)
        rows = lookup.postings_from(session, [posting.recipient_id], posting.start)
        return lookup.names(session, Person, {row.person_id for row in rows} - {posting.person_id})


def owed(rt: Runtime, posting_id: str, first: str, last: str, sessions: Collection[str]) -> list[dict[str, str]]:
    """The duty half-days of these sessions from first to last, {date, session}. Raises InvalidBody."""
    try:
        begin, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)
    except ValueError as error:
        raise InvalidBody("from", "not a date", hint="请填写日期") from error
    if not begin <= end or (end - begin).days >= LONGEST:
        raise InvalidBody("to", "not a span of a month", hint="结束不能早于开始,一次最多一个月")
    with rt.db.read() as session:
        posting, calendar = lookup.posting(session, posting_id), lookup.calendar(session)
        pattern = Pattern.of(lookup.programme(session, posting.programme_id, begin), lookup.posting_terms(session, posting_id))
    halves = [
        {"date": day.isoformat(), "session": half}
        for day in days_between(begin, end) for half, duty in pattern.owed(calendar, day).items() if duty and half in sessions
    ]  # fmt: skip
    if not halves:
        raise InvalidBody("from", "no duty half-day in the span", hint="这些日期没有应出诊的半天")
    return halves


def handovers(rt: Runtime, posting_id: str) -> dict[str, str]:
    """The posting's handovers by id, with the date of the newest signature."""
    with rt.db.read() as session:
        signed = ledger.facts_of_kinds(session, posting_id, ["handover.signed"])
    return {fact.payload["handover_id"]: f"{fact.payload['date']} 签字" for fact in signed}


def approvals(rt: Runtime, posting_id: str) -> list[tuple[str, str]]:
    """What would approve an end today, in words: an illness or order without approval counts as an early end."""
    with rt.db.read() as session:
        posting = lookup.posting(session, posting_id)
        last = min(posting.end or clock.today(), clock.today())
        found = {reason: closing.approval_of(session, posting, reason, last) for reason in APPROVALS}
    return [(words, "已有批准的病假或抽调" if found[reason] else "没有批准,按提前轮换计") for reason, words in APPROVALS.items()]
