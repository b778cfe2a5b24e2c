"""The notice of a spot check: delivered once, its fate told to check-in, marked as done when the check was answered.

The inbox accepts a notice when it can be read: its physician can sign in, and it stands there within five minutes of the
issue. Without any other channel an inbox nobody can open would let a check lapse that nobody was told of.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from notifier.domain import spot_check, wording
from notifier.domain.rows import PUSH
from notifier.models import DONE, IN_APP, PLANNED
from notifier.store import inbox, reminders, spot
from shared import clock, outbox
from shared.attendance.spot import ISSUED, Window
from shared.events import SpotNoticed
from shared.ids import new_id
from shared.service import Runtime


@dataclass(frozen=True)
class Notice:
    """A check to tell its physician of: `readable`, whether his inbox can be."""

    check_id: str
    person_id: str
    origin: str
    window: Window
    readable: bool
    period: str


def owed(rt: Runtime, check_id: str, posting_id: str, day: dt.date) -> Notice | None:
    """The notice, or None when the check has been answered or voided meanwhile; reads only."""
    with rt.db.read() as session:
        found = next((one for one in spot.of_day(session, posting_id, day) if one.check_id == check_id), None)
        if found is None or found.state != ISSUED or found.told.window is None:
            return None
        person_id, readable = spot.reader(session, posting_id, clock.now())
    return Notice(check_id, person_id, found.origin, found.told.window, readable, wording.period(day, found.session))


def tell(session: Session, notice: Notice) -> bool:
    """Put it into the inbox, and say whether it was accepted; past its use nothing is delivered."""
    now = clock.now()
    accepted = notice.readable and spot_check.in_time(notice.window, now)
    if accepted:
        _deliver(session, notice, now)
    outbox.put(session, SpotNoticed(notice.check_id, "yes" if accepted else "no"))
    return accepted


def _deliver(session: Session, notice: Notice, now: dt.datetime) -> None:
    said = spot_check.words(notice.check_id, notice.window, spot_check.why(notice.origin))
    row = {
        "id": new_id(), "key": f"{spot_check.TYPE}|{spot_check.subject(notice.check_id)}|{notice.period}|1",
        "type": spot_check.TYPE, "rule_id": None, "most": PUSH, "person_id": notice.person_id, "subject": spot_check.subject(notice.check_id),
        "period": notice.period, "step": 1, "due_at": notice.window.issued_at, "expires_at": notice.window.deadline,
        "state": PLANNED, "reason": None, "planned_at": now, "decided_at": None, "pushed_at": None, **asdict(said),
    }  # fmt: skip
    new = reminders.plan(session, [row])
    inbox.deliver(session, new, now)
    reminders.decided(session, new, IN_APP, None, now)


def answered(rt: Runtime, posting_id: str, day: dt.date) -> list[str]:
    """Checks of a folded date that no longer wait for an answer; reads only."""
    with rt.db.read() as session:
        return [one.check_id for one in spot.of_day(session, posting_id, day) if one.state != ISSUED]


def close(session: Session, check_ids: list[str]) -> None:
    """Mark their notices as done."""
    now = clock.now()
    for reminder in spot.open_notices(session, [spot_check.subject(one) for one in check_ids]):
        inbox.done(session, reminder.id, now)
        reminders.decide(reminder, DONE, "answered", now)
