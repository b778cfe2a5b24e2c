"""What the shells of the pages need to know before a script runs. Reads only."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from shared import calendar as periods
from shared import clock
from shared.directory import lookup as directory
from shared.directory.models import Organisation, Posting
from shared.progress.models import MonthState
from shared.roles import ROLES, Principal
from shared.service import Runtime

REPORT_ROLES = ("recipient_admin", "supporter_admin", "county_officer", "city_officer")
RECORD_ROLES = ("team_leader", "province_officer", "quality_office", "hr_officer", "finance_officer", "auditor")
LISTED = dt.timedelta(days=366)


def home(who: Principal | None) -> str | None:
    """The address at which a person starts: sign-in, the physician's day, the reports, the records or the administrator's
    desk.

    None = no page for the roles.
    """
    if who is None:
        return "/login"
    if who.has("doctor"):
        return "/app/today"
    if who.has(*REPORT_ROLES):
        return "/sup/reports"
    if who.has(*RECORD_ROLES):
        return "/sup/records"
    return "/sup/programmes" if who.has("system_admin") else None


def me(rt: Runtime, who: Principal) -> dict[str, Any]:
    """The signed-in person as the scripts of the pages see it; names are empty for an account without a person."""
    with rt.db.read() as session:
        person = directory.person(session, who.person_id) if who.person_id else None
        name = person.name if person else ""
        hospital = directory.organisation(session, person.organisation_id).name if person else ""
    return {
        "person": {"id": who.person_id, "name": name, "organisation": hospital},
        "roles": [ROLES[role].label for role in sorted(who.roles)],
        "server_time_ms": int(clock.now().timestamp() * 1000),
    }


NO_WORKER = "self.registration.unregister();\n"


def worker(dist: Path) -> str:
    """The text of the service worker: version and assets of this build, then its code; before a build one that goes."""
    try:
        manifest: dict[str, dict[str, Any]] = json.loads((dist / ".vite" / "manifest.json").read_text(encoding="utf-8"))
        code = (dist / manifest.pop("src/entries/sw/main.ts")["file"]).read_text(encoding="utf-8")
    except (FileNotFoundError, KeyError):
        return NO_WORKER
    manifest.pop("src/entries/screen/main.ts", None)  # a clinic's screen is no phone
    assets = sorted({f"/{file}" for entry in manifest.values() for file in (entry["file"], *entry.get("css", ()))})
    version = hashlib.sha256("\n".join([*assets, code]).encode()).hexdigest()[:12]
    return f"self.ZD = {json.dumps({'version': version, 'assets': assets})};\n{code}"


def reports(rt: Runtime, who: Principal) -> list[dict[str, Any]]:
    """The recipients the reader supervises, by name, each with its months of the last year, newest first."""
    today = clock.today()
    with rt.db.read() as session:
        visible = directory.recipients_visible(session, who)
        names = directory.names(session, Organisation, visible)
        postings = [
            row for row in directory.postings_between(session, today - LISTED, today) if row.recipient_id in visible
        ]
        rows = [
            {
                "id": key,
                "name": name,
                "months": _months(session, [row for row in postings if row.recipient_id == key], today),
            }
            for key, name in names.items()
        ]
    return sorted(rows, key=lambda row: str(row["name"]))


def _months(session: Session, postings: list[Posting], today: dt.date) -> list[dict[str, str]]:
    """The months in which one of these postings of a recipient was open."""
    found: dict[str, Posting] = {}
    for posting in postings:
        first, last = max(posting.start, today - LISTED), min(posting.end or today, today)
        for month in periods.months_between(first, last):
            found.setdefault(month, posting)
    return [_month(session, found[month], month) for month in sorted(found, reverse=True)]


def _month(session: Session, posting: Posting, month: str) -> dict[str, str]:
    """One month: its name, whether it is still a draft and until when, and the addresses of the report."""
    address = f"/api/reports/monthly/{posting.recipient_id}/{month}"
    row = session.get(MonthState, (posting.programme_id, posting.recipient_id, month))
    locked = row is not None and row.locked_at is not None
    closes = closing_day(session, posting.programme_id, month)
    draft = f"每天更新草稿,{closes.month}月{closes.day}日 18:00 锁定" if closes >= clock.today() else "草稿,尚未锁定"
    return {
        "label": f"{month[:4]}年{int(month[5:])}月", "state": "已锁定" if locked else draft, "html": f"{address}.html",
        "pdf": f"{address}.pdf", "docx": f"{address}.docx", "xlsx": f"{address}.xlsx",
    }  # fmt: skip


def closing_day(session: Session, programme_id: str, month: str) -> dt.date:
    """The workday after the month's end on which it is locked at 18:00 (`[lock] month_close_workday`)."""
    workdays: int = directory.programme(session, programme_id, month).setting("lock.month_close_workday")
    return directory.calendar(session).add_workdays(periods.month_days(month)[-1], workdays)
