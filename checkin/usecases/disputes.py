"""Objections as an office reads them, and what of a posting's day one may be filed about. Reads only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from checkin.models import Attendance, Objection, SpotCheck
from checkin.store import day_rows, signing
from checkin.store.spots import of_day
from checkin.usecases import objections
from shared import clock
from shared.attendance import spot
from shared.attendance.session import label
from shared.directory import lookup
from shared.directory.models import Person
from shared.directory.scope import supervised
from shared.problems import Problem
from shared.progress.objections import DISPUTES
from shared.roles import Principal
from shared.service import Runtime

MOST = 100
VERDICTS = {"upheld": "异议成立", "rejected": "异议不成立"}
HALVES = {"am": "上午", "pm": "下午"}


def listing(rt: Runtime, who: Principal) -> list[dict[str, Any]]:
    """Objections in the person's scope, those that wait first: about whom and what, and why the reader may not decide."""
    with rt.db.read() as session:
        rows = signing.objections(session, supervised(session, who), MOST, None)
        found = [_described(session, who, row) for row in rows]
    return sorted(found, key=lambda one: one["state"] != "open")


def _described(session: Session, who: Principal, row: Objection) -> dict[str, Any]:
    posting = lookup.posting(session, row.posting_id)
    people = (posting.person_id, row.filed_by, (row.decision or {}).get("by"))
    names = lookup.names(session, Person, {name for name in people if name})
    refused = _refused(session, who, row) if row.state == "open" else None
    return {
        **objections.view(session, row), "name": names.get(posting.person_id, ""), "filed_by": names.get(row.filed_by or "", ""),
        "about": _about(session, row), "decided_by": names.get((row.decision or {}).get("by", ""), ""),
        "decides": row.state == "open" and refused is None, "refused": refused, "overdue": row.state == "open" and row.due < clock.today(),
    }  # fmt: skip


def _refused(session: Session, who: Principal, row: Objection) -> str | None:
    """The sentence with which the person would be refused; None when he may decide."""
    try:
        objections.judge(session, who, row, lookup.posting(session, row.posting_id))
    except Problem as refused:
        return str(refused.extra.get("hint") or refused.title_text())
    return None


def _about(session: Session, row: Objection) -> str:
    if row.target_kind == "month":
        return f"{row.target} 月报"
    if row.target_kind == "check":
        check = session.get(SpotCheck, row.target)
        return f"{_check_words(check)}" if check else "抽查"
    tap = session.get(Attendance, row.target.partition(":")[0])
    return _tap_words(tap) if tap else "一条记录"


def targets(rt: Runtime, posting_id: str, day: dt.date) -> dict[str, str]:
    """What may be objected to about a date, `kind:target` → words."""
    with rt.db.read() as session:
        taps = day_rows(session, posting_id, day)
        checks = of_day(session, posting_id, day)
    return {
        **{f"entry:{tap.id}": _tap_words(tap) for tap in taps},
        **{f"check:{check.id}": _check_words(check) for check in checks},
        f"month:{day:%Y-%m}": f"{day:%Y-%m} 月报",
    }


def reasons() -> dict[str, str]:
    """Why an office may object; a grade and its flags are the physician's own matter."""
    return {name: words for name, words in objections.REASONS.items() if name in (DISPUTES, "check_wrong", "figure_wrong", "other")}


def _tap_words(tap: Attendance) -> str:
    return f"{label(tap.direction, tap.session)} {clock.local(tap.effective_at):%m-%d %H:%M}"


def _check_words(check: SpotCheck) -> str:
    return f"抽查 {check.service_date:%m-%d}{HALVES[check.session]}({spot.WORDS[check.state]})"
