"""Checks as their physician and his supervisors read them; the share of busy answers is a question, no accusation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from checkin import store
from checkin.domain.spot import PER_MONTH
from checkin.models import SpotCheck
from checkin.store import spots
from checkin.usecases.spot import telling
from shared import clock
from shared.attendance import spot
from shared.attendance.spot import Told, Window
from shared.calendar import Calendar, local_date
from shared.directory import lookup
from shared.directory.models import Clinic, Person
from shared.directory.scope import supervised
from shared.roles import Principal
from shared.service import Runtime

OPEN = (spot.ISSUED, spot.ANSWERED_LATE, spot.BUSY, spot.LAPSED)
ORIGINS = {"drawn": "系统随机", "random": "自行随机", "named": "指定"}
REASONS = {
    "leave": "请假", "ordered_work": "抽调", "no_duty": "不在派驻或排班", "outage": "网络停用", "late": "发出过晚",
    "other_check": "本半天已有抽查", "no_notice": "没有通知到",
}  # fmt: skip
WHY = {
    "drawn": "由系统按月初前公布的种子随机抽取,每位派驻医师平均每月 {n} 次",
    "random": "由管理单位当场随机抽取", "named": "由管理单位指定",
}  # fmt: skip
OVERDUE_WORKDAYS = 3


def listing(rt: Runtime, who: Principal, after: str | None, limit: int, *, own: bool) -> list[dict[str, Any]]:
    """Up to limit + 1 checks, newest first: the caller's own as a physician, or those of the postings he supervises."""
    with rt.db.read() as session:
        if own:
            return [one_own(session, row) for row in spots.page_of_person(session, who.person_id or "", limit + 1, after)]
        rows = spots.page_of_postings(session, supervised(session, who), limit + 1, after)
        return shown(session, rows)


def one(rt: Runtime, who: Principal, check_id: str) -> dict[str, Any]:
    """One check in the reader's scope. Raises NotFound."""
    with rt.db.read() as session:
        row = telling.visible(session, who, check_id)
        return one_own(session, row) if row.person_id == who.person_id else shown(session, [row])[0]


def one_own(session: Session, row: SpotCheck) -> dict[str, Any]:
    """A check as its physician reads it."""
    clinics = lookup.names(session, Clinic, [row.clinic_id] if row.clinic_id else [])
    return _view(row, _told(session, row), clinics)


def shown(session: Session, rows: Iterable[SpotCheck]) -> list[dict[str, Any]]:
    """Checks as supervisors read them: whose, what was answered, how long it has waited, how often he said busy."""
    rows = list(rows)
    people = lookup.names(session, Person, {row.person_id for row in rows})
    clinics = lookup.names(session, Clinic, {row.clinic_id for row in rows if row.clinic_id})
    calendar, shares = lookup.calendar(session), store.busy_shares(session, {row.posting_id for row in rows})
    every = telling.of_rows(session, rows)
    found = []
    for row in rows:
        told = every[row.id].told if row.id in every else Told(None)
        found.append({
            **_view(row, told, clinics), "name": people.get(row.person_id, ""), "posting_id": row.posting_id,
            "answers": [{"verdict": verdict, "at": clock.iso(at)} for verdict, at in told.answers],
            "overdue": _overdue(calendar, row), "busy_share": shares.get(row.posting_id, [0, 0]),
        })  # fmt: skip
    return found


def _told(session: Session, row: SpotCheck) -> Told:
    found = telling.read(session, row)
    return found.told if found else Told(None)


def _view(row: SpotCheck, told: Told, clinics: dict[str, str]) -> dict[str, Any]:
    window = Window(row.issued_at, row.deadline, row.session_end) if row.issued_at and row.deadline and row.session_end else None
    now = clock.now()
    return {
        "id": row.id, "service_date": row.service_date.isoformat(), "session": row.session, "origin": row.origin,
        "origin_words": ORIGINS[row.origin], "why": WHY[row.origin].format(n=PER_MONTH), "outside": row.outside, "state": row.state,
        "state_words": spot.WORDS[row.state], "reason": REASONS.get(row.reason or "", ""),
        "clinic": {"id": row.clinic_id or "", "name": clinics.get(row.clinic_id or "", "")},
        "issued_at": clock.iso(window.issued_at) if window else None, "deadline": clock.iso(window.deadline) if window else None,
        "busy_until": clock.iso(window.busy_until) if window else None, "met_until": clock.iso(window.met_until) if window else None,
        "seconds_left": max(0, int((window.deadline - now).total_seconds())) if window else 0,
        "answerable": bool(window) and row.state in OPEN,
        "may_say_busy": bool(window and now <= window.busy_until) and row.state in (spot.ISSUED, spot.ANSWERED_LATE),
        "busy": told.busy, "needs_decision": needs_decision(row), "decision": row.decision,
    }  # fmt: skip


def needs_decision(row: SpotCheck) -> bool:
    """Whether a person has still to decide; an outside check that was answered needs somebody off the rota (§10.2)."""
    return row.state in (spot.ANSWERED_LATE, spot.BUSY, spot.LAPSED) or (row.outside and row.state == spot.ANSWERED)


def _overdue(calendar: Calendar, row: SpotCheck) -> bool:
    """Undecided for three workdays: said to the reviewer, never to the physician's cost (§10.3)."""
    today: dt.date = local_date(clock.now())
    return needs_decision(row) and today > calendar.add_workdays(row.service_date, OVERDUE_WORKDAYS)


def on_duty(rt: Runtime, who: Principal) -> list[tuple[str, str]]:
    """(posting id, name and clinic) of the postings of today the principal may name for a check."""
    today = local_date(clock.now())
    with rt.db.read() as session:
        ids = set(supervised(session, who))
        rows = [row for row in lookup.postings_between(session, today, today) if row.id in ids and row.person_id != who.person_id]
        people = lookup.names(session, Person, {row.person_id for row in rows})
        clinics = lookup.names(session, Clinic, {row.clinics[0] for row in rows if row.clinics})
    return [(row.id, f"{people.get(row.person_id, '')} · {clinics.get((row.clinics or [''])[0], '')}") for row in rows]
