"""Confirm, decline or withdraw that somebody else was there; at most 20 records at once, never "all" (evidence.md §9.1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from checkin.domain import independence
from checkin.domain.independence import Relation
from checkin.models import Attendance, Countersign
from checkin.store import day_rows, rota, signing
from checkin.usecases import arrival
from checkin.usecases.deciding import actor
from checkin.usecases.spot.deciding import NotIndependent
from shared import clock, ledger, outbox
from shared.attendance.session import label
from shared.calendar import local_date
from shared.directory import lookup
from shared.directory.models import Clinic, Person
from shared.directory.scope import role_over, supervised
from shared.events import DayTouched
from shared.ids import new_id
from shared.problems import InvalidBody, MonthLocked, NotFound
from shared.progress import lookup as progress
from shared.roles import Principal
from shared.service import Runtime

KINDS = {
    "confirm": ("attendance.countersigned", "confirmed"), "withdraw": ("attendance.countersign_withdrawn", "withdrawn"),
    "decline": ("attendance.countersign_declined", "declined"),
}  # fmt: skip
SHARED_DAYS = dt.timedelta(days=30)
BACK = dt.timedelta(days=35)
CODES = {"rotating": "屏幕动态码", "typed": "8 位码", "kiosk_offline": "屏幕码(离线)", "poster": "固定海报码", "none": "没有码"}


def sign(rt: Runtime, who: Principal, said: dict[str, Any], install: str | None = None) -> list[dict[str, str]]:
    """Say it: {act, targets, statement?, reason_code?, shown_at?, tapped_at?}. [{target, state}] in the order given.

    What was said already is not said twice. Raises NotFound outside the scope, NotIndependent, MonthLocked, InvalidBody.
    """
    if who.person_id is None:
        raise NotFound("this account has no person")
    act, targets = said["act"], list(dict.fromkeys(said["targets"]))
    with rt.db.transaction() as session:
        found = signing.taps(session, targets)
        if missing := [one for one in targets if one not in found]:
            raise NotFound(f"no record {missing[0][:40]}")
        relations = {one: _relation(session, rt, who, found[one], install) for one in targets}
        for one in targets:
            _check(session, said, found[one], relations[one])
        ledger.lock(session, rt.keys, {ledger.Stream.posting(row.posting_id) for row in found.values()})
        known = signing.signatures(session, who.person_id, targets)
        groups: dict[tuple[str, dt.date, Relation], list[Attendance]] = {}
        for one in targets:
            if _changes(known.get(one), act):
                groups.setdefault((found[one].posting_id, found[one].service_date, relations[one]), []).append(found[one])
        for (posting_id, day, relation), rows in groups.items():
            _append(session, rt, who, said, (posting_id, day, relation), rows, known)
        known = signing.signatures(session, who.person_id, targets)
        return [{"target": one, "state": known[one].state if one in known else "none"} for one in targets]


def _relation(session: Session, rt: Runtime, who: Principal, row: Attendance, install: str | None) -> Relation:
    role = role_over(session, who, lookup.posting(session, row.posting_id), independence.ROLES)
    if role is None:
        raise NotFound(f"no record {row.id} in scope")
    person, first = who.person_id or "", row.service_date - SHARED_DAYS
    hashed = arrival.install_hash(rt.keys, install)
    approver = rota.approved_leave_of(session, row.person_id, person) or rota.decided_correction_of(
        session, row.posting_id, person, first, row.service_date
    )
    return Relation(
        role, person == row.person_id, person in rota.witnesses(session, row.clinic_id), approver,
        hashed is not None and hashed in rota.installs(session, row.posting_id, first, row.service_date + SHARED_DAYS),
    )  # fmt: skip


def _check(session: Session, said: dict[str, Any], row: Attendance, relation: Relation) -> None:
    if not relation.admitted and said["act"] != "withdraw":  # one's own word may always be taken back
        raise NotIndependent("the signer is tied to this record")
    if said["act"] != "decline" and progress.month_locked(session, row.posting_id, row.service_date):
        raise MonthLocked("the month is closed")
    reasons = {"decline": independence.DECLINED, "withdraw": independence.WITHDRAWN}.get(said["act"])
    if reasons is not None and said.get("reason_code") not in reasons:
        raise InvalidBody("reason_code", f"one of {', '.join(reasons)}", hint="请选择原因")
    wanted = independence.BASES if relation.role != "witness" and relation.off_rota else frozenset(independence.STATEMENTS)
    if said["act"] == "confirm" and said.get("statement") not in wanted:
        raise InvalidBody("statement", f"one of {', '.join(sorted(wanted))}", hint="请选择确认依据")


def _changes(known: Countersign | None, act: str) -> bool:
    if act == "withdraw":
        return known is not None and known.state == "confirmed"
    return known is None or known.state != KINDS[act][1]


def _append(
    session: Session, rt: Runtime, who: Principal, said: dict[str, Any], about: tuple[str, dt.date, Relation],
    rows: list[Attendance], known: dict[str, Countersign],
) -> None:  # fmt: skip
    """One fact for the records of one posting and date, and a row for each."""
    (posting_id, day, relation), (kind, state) = about, KINDS[said["act"]]
    entry = ledger.append(
        session, rt.keys, kind=kind, stream=ledger.Stream.posting(posting_id),
        actor=actor(session, who, relation.role, lookup.posting(session, posting_id)),
        payload={
            "posting_id": posting_id, "service_date": day.isoformat(), "targets": [row.id for row in rows],
            "statement": said.get("statement"), "reason_code": said.get("reason_code"), "relation": relation.word,
            "independent": relation.independent, "off_rota": relation.off_rota, "shown_at": said.get("shown_at"),
            "tapped_at": said.get("tapped_at"), "signed_at": clock.iso(clock.now()),
        },
    )  # fmt: skip
    for row in rows:
        signed = known.get(row.id)
        if signed is None:
            signed = Countersign(id=new_id(), target=row.id, posting_id=posting_id, person_id=who.person_id or "")
            session.add(signed)
        signed.state, signed.off_rota, signed.entry_id, signed.at = state, relation.off_rota, entry.entry_id, entry.at
    outbox.put(session, DayTouched(entry.entry_id, posting_id, day.isoformat(), day.isoformat()))
    session.flush()


def waiting(rt: Runtime, who: Principal, limit: int = independence.MAX_TARGETS) -> list[dict[str, Any]]:
    """Up to `limit` records that wait for a signature: first those that lack it to count, then by age. No coordinates."""
    now = clock.now()
    with rt.db.read() as session:
        ids = supervised(session, who)
        first = max(local_date(now - BACK), local_date(now).replace(day=1) - dt.timedelta(days=14))
        rows = signing.waiting(session, ids, who.person_id or "", now - independence.LONG, first)
        rows = [row for row in rows if not progress.month_locked(session, row.posting_id, row.service_date)]
        rows.sort(key=lambda row: (not independence.weak(row.strength, row.flags), row.effective_at, row.id))
        return _shown(session, rows[:limit], now)


def of_day(rt: Runtime, who: Principal, posting_id: str, day: dt.date) -> list[dict[str, Any]]:
    """The records of a posting and date, each with what the caller said of it so far (`said`, None = nothing)."""
    with rt.db.read() as session:
        rows = day_rows(session, posting_id, day)
        said = signing.said(session, who.person_id or "", [row.id for row in rows])
        return [{**one, "said": said.get(one["id"])} for one in _shown(session, rows, clock.now())]


def signed(rt: Runtime, who: Principal) -> list[dict[str, Any]]:
    """What the caller confirmed lately and may withdraw."""
    now = clock.now()
    with rt.db.read() as session:
        found = signing.signed_by(session, who.person_id or "", now - independence.LONG)
        return _shown(session, [tap for _, tap in found], now)


def _shown(session: Session, rows: list[Attendance], now: dt.datetime) -> list[dict[str, Any]]:
    people = lookup.names(session, Person, {row.person_id for row in rows})
    clinics = lookup.names(session, Clinic, {row.clinic_id for row in rows})
    return [
        {
            "id": row.id, "name": people.get(row.person_id, ""), "clinic": clinics.get(row.clinic_id, ""),
            "service_date": row.service_date.isoformat(), "session": row.session, "label": label(row.direction, row.session),
            "effective_at": clock.iso(row.effective_at), "code": CODES.get(row.method, "没有码"),
            "needed": independence.weak(row.strength, row.flags),
            "until": clock.iso(independence.closes(row.effective_at, now)),
            "in_time": now <= row.effective_at + independence.LONG,
        }
        for row in rows
    ]  # fmt: skip
