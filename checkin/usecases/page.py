"""What the scan page shows. Reading only: a page load writes nothing, a fresh code earns a stateless ticket."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from checkin import store
from checkin.domain import codes, words
from checkin.domain.proof import is_fresh
from checkin.domain.ticket import Ticket, seal
from checkin.models import Attendance
from checkin.store import spots
from checkin.usecases.arrival import install_hash, master
from checkin.usecases.record import registered, taps_of
from checkin.usecases.refuse import UnknownCode
from checkin.usecases.spot.reading import OPEN
from shared import clock
from shared.attendance.session import SessionWindows, is_open, label, next_direction
from shared.directory import lookup
from shared.directory.models import Clinic, Posting
from shared.keys import Keys
from shared.ledger import beacon
from shared.progress import lookup as progress_lookup
from shared.roles import Principal
from shared.service import Runtime

USUAL = SessionWindows((dt.time(8), dt.time(12)), (dt.time(14), dt.time(17, 30)), 180, 30)
"""Session windows shown to somebody whose programme is not known yet; they only label the button."""
NEAR_SESSION = dt.timedelta(hours=1)
OTHER = {"in": "out", "out": "in"}


@dataclass(frozen=True)
class _Visitor:
    """What is known of who looks at the page: nothing, or posting, windows, the day's taps and the week's line."""

    posting: Posting | None = None
    windows: SessionWindows = USUAL
    rows: tuple[Attendance, ...] = ()
    line: str = ""
    unregistered: bool = False


def scan_page(rt: Runtime, who: Principal | None, site_token: str, k: str | None, install: str) -> dict[str, Any]:
    """The context of scan.html without its CSRF value. Raises UnknownCode for an address of no clinic."""
    now = clock.now()
    with rt.db.read() as session:
        found = store.site(session, site_token)
        if found is None:
            raise UnknownCode("no clinic has this site token")
        clinic, revoked = found
        visitor = _visitor(session, who, clinic.id, now)
        state, ticket = _code(rt.keys, clinic, k, now, install)
        foreign = visitor.posting is not None and clinic.id not in visitor.posting.clinics
        state = "revoked" if revoked else "foreign" if foreign else state
        return {
            "clinic_name": clinic.name, "organisation_name": lookup.organisation(session, clinic.organisation_id).name,
            "now_text": words.now_text(now), "server_time_ms": int(now.timestamp() * 1000),
            **_offer(visitor, [row for row in visitor.rows if row.clinic_id == clinic.id], now),
            "fields": {"client_event_id": secrets.token_hex(16), "ticket": ticket}, "code_state": state,
            "beacon": beacon.make(rt.keys.beacon_signer, who.person_id, now) if who and who.person_id else None,
            "notice": _notice(session, who, clinic, visitor, state, now), "progress_line": visitor.line,
            "signed_in": who is not None, "spot": _spot(session, who, now, {"site": site_token, "ticket": ticket} if ticket else {}),
        }  # fmt: skip


def _spot(session: Session, who: Principal | None, now: dt.datetime, scanned: dict[str, str]) -> str | None:
    """Where the visitor answers a spot check of today with this very scan; the ticket is not used up by looking."""
    checks = spots.of_person_on(session, who.person_id, clock.local_date(now)) if who and who.person_id else []
    found = next((row.id for row in reversed(checks) if row.state in OPEN), None)
    return f"/app/spot/{found}?{urlencode(scanned)}".rstrip("?") if found else None


def _offer(visitor: _Visitor, here: list[Attendance], now: dt.datetime) -> dict[str, Any]:
    """The two buttons, and what the page's script needs to label them itself."""
    taps = taps_of(here)
    direction, half = next_direction(visitor.windows, taps, now)
    return {
        "action": {"direction": direction, "label": label(direction, half)},
        "other": {"direction": OTHER[direction], "label": label(OTHER[direction], half)},
        "windows": {"windows": _spans(visitor.windows), "open": is_open(taps)},
    }  # fmt: skip


def _visitor(session: Session, who: Principal | None, clinic_id: str, now: dt.datetime) -> _Visitor:
    """The posting that holds today, the one of this clinic first."""
    today = clock.local_date(now)
    postings = lookup.open_postings(session, who.person_id, today) if who and who.person_id else []
    posting = next((each for each in postings if clinic_id in each.clinics), postings[0] if postings else None)
    if posting is None:
        return _Visitor()
    programme = lookup.programme(session, posting.programme_id, today)
    rows = tuple(store.day_rows(session, posting.id, today))
    line = progress_lookup.week(session, posting.id, today).line
    return _Visitor(posting, programme.session_windows, rows, line, not registered(posting, programme))


def _code(keys: Keys, clinic: Clinic, k: str | None, now: dt.datetime, install: str) -> tuple[str, str]:
    """(state, ticket): fresh with a ticket for the current slot and one past, stale or poster without one."""
    if not k:
        return "poster", ""
    slot = codes.read_rotating(master(keys, clinic), clinic.id, k)
    if slot is None or not is_fresh(slot, now):
        return "stale", ""
    ticket = Ticket(secrets.token_hex(16), clinic.id, slot, "rotating", now, install_hash(keys, install))
    return "fresh", seal(keys.ticket, ticket)


def _notice(
    session: Session, who: Principal | None, clinic: Clinic, visitor: _Visitor, state: str, now: dt.datetime
) -> str | None:  # fmt: skip
    """The one sentence above the button: the most serious thing first. Nothing of it stops the tap."""
    if state == "revoked":
        return words.NOTICES["revoked"]
    if who is not None and visitor.posting is None:
        return words.NOTICES["no_posting"] + _phone(session, clinic)
    if state == "foreign":
        return words.NOTICES["foreign"].format(clinic=clinic.name)
    if state == "stale":
        return words.NOTICES["stale"]
    if visitor.unregistered:
        return words.NOTICES["unregistered"]
    taps = taps_of(list(visitor.rows))
    elsewhere = {tap.clinic_id for tap in taps if tap.clinic_id != clinic.id}
    for clinic_id in sorted(elsewhere):
        if is_open([tap for tap in taps if tap.clinic_id == clinic_id]):
            return words.NOTICES["open_elsewhere"].format(clinic=lookup.clinic(session, clinic_id).name)
    return words.NOTICES["outside"] if words.outside_sessions(visitor.windows, now, NEAR_SESSION) else None


def _phone(session: Session, clinic: Clinic) -> str:
    phone = lookup.organisation(session, clinic.organisation_id).office_phone
    return f" {phone}" if phone else ""


def _spans(windows: SessionWindows) -> dict[str, list[str]]:
    return {half: [f"{time:%H:%M}" for time in windows.of(half)] for half in ("am", "pm")}
