"""SV-01 and SV-02: what waits for an office, and one request with everything a decision stands on. Reads only."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from checkin.models import Correction, Handover, Leave, OrderedWork
from checkin.usecases import asked
from checkin.usecases.leave import OPEN
from shared import clock, ledger
from shared.access.models import AuditRow
from shared.directory import lookup
from shared.directory.models import Clinic
from shared.directory.scope import role_over
from shared.problems import NotFound
from shared.progress import lookup as progress
from shared.progress import todo, wording
from shared.progress.facts import DayFact, HalfFact
from shared.progress.models import OpenRequest
from shared.roles import Principal
from shared.rules import words
from shared.service import Runtime

PAGE = 20
Row = Correction | Leave | OrderedWork | Handover
MODELS: dict[str, type[Any]] = {"correction": Correction, "leave": Leave, "ordered_work": OrderedWork, "handover": Handover}
ROLES_OF = {
    "correction": ("recipient_admin", "county_officer"), "leave": todo.OFFICES, "ordered_work": ("recipient_admin", "county_officer"),
    "handover": ("recipient_admin",),
}  # fmt: skip
_WAITING = {"correction": ("requested",), "leave": OPEN, "ordered_work": ("filed",)}
METHODS = {"rotating": "现场码", "poster": "海报", "typed": "8 位码", "kiosk_offline": "屏幕离线码", "none": "无码"}
WAYS = {"in": "签到", "out": "签退"}


def listing(rt: Runtime, who: Principal, page: int) -> dict[str, Any]:
    """One page of what waits, oldest first: {total, items, next, last}; requests decided a moment ago are left out."""
    with rt.db.read() as session:
        rows = [(row, role) for row, role in todo.waiting(session, who) if row.role != "doctor" and _still_open(session, row)]
        shown = rows[page * PAGE : (page + 1) * PAGE]
        items = [{**one, "waited": _waited(one), "asked_text": _time(one["asked_at"])} for one in todo.described(session, shown)]
        more = page + 1 if len(rows) > (page + 1) * PAGE else None
        return {"total": len(rows), "items": items, "next": more, "last": None if rows else _last(session, who)}


def chosen(rt: Runtime, who: Principal, ids: list[str]) -> list[dict[str, Any]]:
    """The chosen requests that still wait for the person, described, with the usual answer to each."""
    with rt.db.read() as session:
        found = [todo.one(session, who, name) for name in dict.fromkeys(ids)]
        rows = [one for one in found if one and one[0].kind != "handover" and _still_open(session, one[0])]
        return todo.described(session, rows)


def _still_open(session: Session, row: OpenRequest) -> bool:
    """Whether nobody decided since the last fold."""
    own = session.get(MODELS[row.kind], row.id)
    if own is None:
        return False
    if row.kind == "handover":
        return bool(own.step == "in")
    passed = row.kind == "leave" and own.state == "endorsed" and (own.decision or {}).get("role") == row.role
    return own.state in _WAITING[row.kind] and not passed


def _waited(one: dict[str, Any]) -> str:
    return f"已等 {one['waited_workdays']} 个工作日" if one["waited_workdays"] else "今天提交"


def _time(text: str) -> str:
    at = clock.local(clock.parse_iso(text))
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def _last(session: Session, who: Principal) -> str | None:
    """When the person decided last, in words."""
    query = sa.select(sa.func.max(AuditRow.at)).where(
        AuditRow.account_id == who.account_id, AuditRow.result == "done", AuditRow.policy.like("checkin.%.decide%")
    )
    at = session.scalar(query)
    return _time(clock.iso(at)) if isinstance(at, dt.datetime) else None


def find(session: Session, who: Principal, request_id: str) -> tuple[str, Row, str]:
    """(kind, row, role) of a request in the person's scope, decided or not. Raises NotFound, for an own request too."""
    for kind, model in MODELS.items():
        row = session.get(model, request_id)
        if row is None:
            continue
        posting = lookup.posting(session, row.posting_id)
        role = role_over(session, who, posting, ROLES_OF[kind])
        own = who.person_id in (posting.person_id, getattr(row, "asked_by", None), getattr(row, "filed_by", None))
        if role and not own:
            return kind, row, role
    raise NotFound(f"no request {request_id[:40]}")


def detail(rt: Runtime, who: Principal, request_id: str) -> dict[str, Any]:
    """One request: who, what, effect, the taps of the date with both times, half-days now and as asked, decisions so far."""
    with rt.db.read() as session:
        kind, row, role = find(session, who, request_id)
        ask = _as_open(kind, row, role)
        facts = todo.month_facts(session, ask)
        found = todo.describe(session, ask, role)
        turn = todo.one(session, who, request_id)
        decided = _decided(kind, row)
        able = turn is not None or kind in ("leave", "ordered_work") or role == "recipient_admin" or bool(decided)
        return {
            **found, "waited": _waited(found), "asked_text": _time(found["asked_at"]), "state_words": _state(session, kind, row),
            "taps": _taps(session, row) if isinstance(row, Correction) else [],
            "halves": _halves(session, ask, todo.effect(session, ask, facts).days) if kind in todo.JUDGED else [],
            "history": _history(session, row), "replaces": decided, "actions": found["actions"] if able else [],
            "items": row.items if isinstance(row, Handover) else [], "items_sha256": getattr(row, "items_sha256", ""),
        }  # fmt: skip


def _decided(kind: str, row: Row) -> str | None:
    """The entry of the decision that another one would replace; None while nothing is final."""
    if isinstance(row, Handover) or row.state in _WAITING[kind]:
        return None
    return (row.decision or {}).get("entry_id")


def _as_open(kind: str, row: Row, role: str) -> OpenRequest:
    """The row as an open request, whether it still is one or not; never stored."""
    days = {"correction": ("service_date", "service_date")}.get(kind, ("first_day", "last_day"))
    if isinstance(row, Handover):
        day = clock.local_date(clock.parse_iso(row.signatures[0]["at"]))
        first, last, at, by = day, day, clock.parse_iso(row.signatures[0]["at"]), row.signatures[0]["by"]
    else:
        first, last, at = getattr(row, days[0]), getattr(row, days[1]), row.filed_at
        by = getattr(row, "asked_by", None) or getattr(row, "filed_by", None) or getattr(row, "person_id", None)
    return OpenRequest(id=row.id, kind=kind, posting_id=row.posting_id, role=role, scope_id=None, asked_at=at, asked_by=by,
                       entry_id=row.entry_id, day_from=first, day_to=last)  # fmt: skip


def _state(session: Session, kind: str, row: Row) -> str:
    if isinstance(row, Handover):
        return {"out": "待接手医师签字", "in": "待受援医院签字", "recipient": "已完成"}[row.step]
    return wording.STATES[kind][row.state]


def _history(session: Session, row: Row) -> list[dict[str, str]]:
    """Every decision so far, the first one first."""
    said = None if isinstance(row, Handover) else asked.decision_view(session, row.decision)
    every = [*said["earlier"], said] if said else []
    return [
        {"label": one["label"], "by": f"{one['role_label']} {one['by']}", "at": _time(one["at"]), "note": one["note"],
         "mark": "批量" if one["blanket"] else ""}
        for one in every
    ]  # fmt: skip


def _taps(session: Session, row: Correction) -> list[dict[str, str]]:
    """What was recorded on the date: the effective time, what the phone said, when it was received, and how."""
    facts = ledger.facts(session, row.posting_id, row.service_date, row.service_date)
    taps = [fact for fact in facts if fact.kind == "attendance.recorded" and fact.payload["service_date"] == row.service_date.isoformat()]
    clinics = lookup.names(session, Clinic, {fact.payload["clinic_id"] for fact in taps})
    return [
        {"what": f"{WAYS[fact.payload['direction']]} {_clock(fact.payload['effective_at'])}",
         "place": clinics.get(fact.payload["clinic_id"], ""), "how": METHODS.get(fact.payload.get("method", ""), ""),
         "phone": _clock(fact.payload.get("device_time")), "received": _clock(clock.iso(fact.at))}
        for fact in taps
    ]  # fmt: skip


def _clock(text: str | None) -> str:
    return f"{clock.local(clock.parse_iso(text)):%H:%M}" if text else "无"


def _halves(session: Session, ask: OpenRequest, granted: Any) -> list[dict[str, str]]:
    """The duty half-days concerned, now and as they would be; at most a week of them, the rest counted."""
    now = progress.days(session, [ask.posting_id], ask.day_from, ask.day_to)
    found = []
    for day, fact in sorted(granted.items()):
        before: DayFact | None = now.get((ask.posting_id, day))
        for half, would in fact.halves.items():
            was = before.halves[half] if before else None
            if fact.duty[half] or would.status:
                found.append({"when": f"{wording.day_text(day)} {wording.HALVES[half]}", "now": _status(was), "then": _status(would)})
    return found[:14]


def _status(half: HalfFact | None) -> str:
    if half is None or not half.status:
        return words.STATUSES[""]
    why = words.REASONS.get(half.reason or "", "")
    return f"{words.STATUSES[half.status]}{f'({why})' if why else ''}{'(补签)' if half.corrected else ''}"
