"""Flagged taps in an office's scope: what was doubted, and what was decided about it. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from checkin.models import Attendance
from checkin.store import day_rows
from shared import clock, ledger
from shared.attendance import flags as rules
from shared.attendance.session import intervals, label
from shared.attendance.words import ABOUT
from shared.calendar import Calendar, month_days
from shared.directory import lookup
from shared.directory.models import Clinic, Person
from shared.directory.scope import supervised
from shared.progress import grades
from shared.progress import lookup as progress
from shared.progress.facts import DayFact
from shared.progress.known import placed_facts
from shared.progress.reading import Decisions, taps_of
from shared.roles import ROLES, Principal
from shared.service import Runtime

DECISIONS = {"dismissed": "不影响,照常计入", "upheld": "疑点属实,不计入"}
Decided = dict[tuple[str, str], ledger.Fact]


def listing(rt: Runtime, who: Principal, first: dt.date, *, amber: bool = False) -> list[dict[str, Any]]:
    """Flags of taps since a date, the undecided first, then the newest; red ones, and with `amber` every one."""
    today = clock.today()
    with rt.db.read() as session:
        days = progress.days(session, supervised(session, who), first, today)
        wanted = [fact for fact in days.values() if any(_shown(flag, amber) for flag in fact.flags)]
        rows = [row for fact in wanted for row in _of_day(session, fact, lookup.calendar(session), amber)]
        found = _described(session, who, rows)
    return sorted(sorted(found, key=lambda row: str(row["at"]), reverse=True), key=lambda row: row["decision"] is not None)


def _shown(flag: str, amber: bool) -> bool:
    return flag in ABOUT and (amber or rules.is_red(flag))


def _of_day(session: Session, fact: DayFact, calendar: Calendar, amber: bool) -> Iterator[tuple[Attendance, str, ledger.Fact | None]]:
    """(tap, flag, the decision on it) of a date: what the tap bears itself, and what others show of it.

    Two places at once is said of the first of the taps that show it; a decision about that one decides.
    """
    taps = day_rows(session, fact.posting_id, fact.date)
    held = month_days(f"{fact.date:%Y-%m}")
    known = placed_facts(session, fact.posting_id, held[0], held[-1])
    decisions = Decisions.of(known)
    marked = grades.graded(known, fact.date, decisions, calendar, clock.now())
    decided = _decided(session, fact)
    overlaps = {flag.evidence[0]: flag.code for flag in rules.two_places(intervals(taps_of(known, fact.date, decisions)))}
    for tap in taps:
        together = (overlaps[tap.id],) if tap.id in overlaps and overlaps[tap.id] in fact.flags else ()
        bears = dict.fromkeys((*tap.flags, *(marked[tap.id].flags if tap.id in marked else ()), *together))
        yield from ((tap, flag, decided.get((tap.id, flag))) for flag in bears if _shown(flag, amber))


def _decided(session: Session, fact: DayFact) -> Decided:
    said = ledger.facts(session, fact.posting_id, fact.date, fact.date)
    return {(one.payload["target"], one.payload["flag"]): one for one in said if one.kind == "flag.decided"}


def _described(
    session: Session, who: Principal, rows: Sequence[tuple[Attendance, str, ledger.Fact | None]]
) -> list[dict[str, Any]]:  # fmt: skip
    people = lookup.names(session, Person, {tap.person_id for tap, _, _ in rows})
    clinics = lookup.names(session, Clinic, {tap.clinic_id for tap, _, _ in rows})
    return [
        {
            "event_id": tap.id, "posting_id": tap.posting_id, "name": people.get(tap.person_id, ""), "flag": flag,
            "flag_words": ABOUT[flag], "red": rules.is_red(flag), "clinic": clinics.get(tap.clinic_id, ""),
            "date": tap.service_date, "what": label(tap.direction, tap.session), "at": clock.iso(tap.effective_at),
            "decision": _said(fact) if fact else None,
            "decides": (who.has("county_officer") or not rules.is_red(flag)) and who.person_id != tap.person_id,
        }
        for tap, flag, fact in rows
    ]  # fmt: skip


def _said(fact: ledger.Fact) -> dict[str, str]:
    told = fact.payload
    return {"words": DECISIONS[told["decision"]], "note": told.get("note") or "", "role": ROLES[told["actor"]["role"]].label,
            "at": clock.iso(fact.at), "entry_id": fact.entry_id}  # fmt: skip
