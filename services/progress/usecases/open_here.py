"""What is open about one posting, and what the offices said of its days: notes, substitutes. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.progress.usecases.days_shown import DOUBTS
from shared import ledger
from shared.attendance import spot
from shared.directory import lookup as directory
from shared.directory.models import Person, Posting
from shared.progress import todo, wording
from shared.progress.facts import DayFact
from shared.progress.models import OpenRequest
from shared.roles import ROLES, Principal

UNDECIDED = (spot.ANSWERED_LATE, spot.BUSY, spot.LAPSED)
DECIDED_AT = {"D-FLAG": "/sup/flags", "D-OBJECTION": "/sup/objections"}


def open_here(session: Session, who: Principal, posting: Posting, facts: Sequence[DayFact]) -> list[tuple[str, str, str]]:
    """(what, whose turn or when, address or "") of open requests, undecided doubts and undecided checks."""
    return [*_requests(session, who, posting), *_doubts(facts), *_checks(facts)]


def _requests(session: Session, who: Principal, posting: Posting) -> Iterable[tuple[str, str, str]]:
    rows = session.scalars(sa.select(OpenRequest).where(OpenRequest.posting_id == posting.id).order_by(OpenRequest.asked_at))
    for row in rows:
        fact = ledger.fact(session, row.entry_id)
        what = wording.asked(row.kind, fact.payload) if fact and row.kind != "handover" else ""
        mine = row.role != "doctor" and todo.one(session, who, row.id) is not None
        turn = "待您处理" if mine else f"待{ROLES[row.role].label}处理"
        yield f"{wording.KINDS[row.kind]} {what}".strip(), turn, f"/sup/todo/{row.id}" if mine else ""


def _doubts(facts: Sequence[DayFact]) -> Iterable[tuple[str, str, str]]:
    for fact in facts:
        for half, seen in fact.halves.items():
            if doubt := DOUBTS.get(seen.grade_reason or ""):
                yield doubt, f"{wording.day_text(fact.date)}{wording.HALVES[half]}", DECIDED_AT[seen.grade_reason or ""]


def _checks(facts: Sequence[DayFact]) -> Iterable[tuple[str, str, str]]:
    for fact in facts:
        for one in fact.spots:
            if one["state"] in UNDECIDED:
                when = f"{wording.day_text(fact.date)}{wording.HALVES[one['session']]}"
                yield f"抽查{spot.WORDS[one['state']]}", when, "/sup/spot"


def told_by_day(session: Session, facts: Sequence[ledger.Fact]) -> dict[str, list[str]]:
    """Date → what the offices wrote about it."""
    subs = [fact for fact in facts if fact.kind == "substitution.recorded"]
    names = directory.names(session, Person, {fact.payload["who"] for fact in subs})
    found: dict[str, list[str]] = {}
    for fact in facts:
        if fact.kind == "day.noted":
            halves = "、".join(wording.HALVES[half] for half in fact.payload["sessions"])
            role = ROLES[fact.payload["actor"]["role"]].label
            found.setdefault(fact.payload["service_date"], []).append(f"{halves}说明:{fact.payload['text']}({role})")
    for fact in subs:
        for one in fact.payload["half_days"]:
            text = f"{wording.HALVES[one['session']]}由{names.get(fact.payload['who'], '他人')}替班"
            found.setdefault(one["date"], []).append(text)
    return found
