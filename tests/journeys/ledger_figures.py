"""Figures of a recipient's month counted from the raw facts of the ledger, without the product's fold, rules or reports.

The rules used are few and written down here again on purpose: a half-day is attended when the intervals between check-in
and check-out cover at least MINUTES of its session; a round counts once per kind and date; a later entry of the same
date, session, clinic and department replaces the earlier one.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from shared.service import Runtime

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
SESSIONS = {"am": (dt.time(8), dt.time(12)), "pm": (dt.time(14), dt.time(17, 30))}
MINUTES = 180
FACTS = """SELECT e.kind, e.seq, p.subject, p.fact FROM ledger_entry e JOIN ledger_payload p ON p.entry_id = e.id
    JOIN posting ON posting.id = p.subject WHERE posting.recipient_id = :recipient AND e.kind IN
    ('attendance.recorded', 'worklog.recorded', 'diary.submitted') ORDER BY p.subject, e.seq"""
Payload = dict[str, Any]


@dataclass(frozen=True)
class Figures:
    """What a month's report must say."""

    outpatient_visits: int
    outpatient_half_days: int
    ward_rounds: int
    diaries: int
    photos: int


def figures(rt: Runtime, recipient: str, month: str) -> Figures:
    """Count a recipient's month (such as 2026-11) from the stored facts of its postings."""
    taps: dict[tuple[str, str], list[Payload]] = defaultdict(list)
    logs: dict[tuple[str, ...], Payload] = {}
    diaries: dict[tuple[str, str], Payload] = {}
    for kind, subject, fact in _facts(rt, recipient, month):
        date = fact["service_date"]
        if kind == "attendance.recorded":
            taps[subject, date].append(fact)
        elif kind == "diary.submitted":
            diaries[subject, date] = fact
        else:
            assert fact["type"] == "outpatient", "this county logs nothing else by half-day"
            logs[subject, date, fact["session"], fact["clinic_id"], fact["department"]] = fact
    attended = {(*day, half): clinic for day, found in taps.items() for half, clinic in _halves(found).items()}
    present = {(subject, date) for subject, date, _ in attended}
    return Figures(
        outpatient_visits=sum(log["counts"]["visits"] or 0 for log in logs.values()),
        outpatient_half_days=sum(attended.get((key[0], key[1], key[2])) == key[3] for key in {k[:4] for k in logs}),
        ward_rounds=sum(len(_rounds(diary)) for diary in diaries.values()),
        diaries=len(present & set(diaries)),
        photos=sum(len(diary["photo_sha256"]) for diary in diaries.values()),
    )


def _facts(rt: Runtime, recipient: str, month: str) -> list[tuple[str, str, Payload]]:
    with rt.db.read() as session:
        rows = session.execute(sa.text(FACTS), {"recipient": recipient}).all()
    found = [(row.kind, row.subject, json.loads(bytes(row.fact))) for row in rows]
    return [one for one in found if one[2]["service_date"].startswith(month)]


def _rounds(diary: Payload) -> set[str]:
    return {one["kind"] for one in diary["activities"]} & {"ward_round", "teaching_round"}


def _halves(taps: list[Payload]) -> dict[str, str]:
    """Half -> clinic of the attended half-days of one date."""
    open_at: dict[str, dt.datetime] = {}
    spent: dict[tuple[str, str], dt.timedelta] = defaultdict(dt.timedelta)
    for tap in sorted(taps, key=lambda one: one["effective_at"]):
        clinic, at = tap["clinic_id"], dt.datetime.fromisoformat(tap["effective_at"]).astimezone(SHANGHAI)
        if tap["direction"] == "in":
            open_at.setdefault(clinic, at)
        elif came := open_at.pop(clinic, None):
            for half, (begin, end) in SESSIONS.items():
                first = max(came, dt.datetime.combine(at.date(), begin, SHANGHAI))
                last = min(at, dt.datetime.combine(at.date(), end, SHANGHAI))
                spent[half, clinic] += max(last - first, dt.timedelta())
    return {half: clinic for (half, clinic), time in spent.items() if time >= dt.timedelta(minutes=MINUTES)}
