"""X02: a supervisor reminds a physician of one thing that is missing now; the words are shown before they are sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.domain import days, week
from notifier.domain.case import Case
from notifier.domain.wording import TITLE_CHARACTERS, Words
from notifier.models import DROPPED, Reminder
from notifier.store import posts
from notifier.usecases import sessions
from notifier.usecases.reminders import plan, row_of
from shared import clock, outbox
from shared.calendar import local, local_date
from shared.directory import lookup as directory
from shared.directory.models import Posting
from shared.directory.scope import role_over
from shared.problems import NotFound, Problem
from shared.roles import Principal
from shared.rules.durations import DAY
from shared.service import Runtime

FROM, UNTIL = dt.time(7, 20), dt.time(20, 45)
COOLDOWN = dt.timedelta(hours=4)
SENDERS = ("recipient_admin", "supporter_admin", "county_officer")


class NothingMissing(Problem):
    """Nothing is missing (any more): there is nothing to remind of."""

    status, slug, title = 409, "nothing-missing", "目前没有需要提醒的事项"


class NudgeTooSoon(Problem):
    """The same office reminded this physician less than four hours ago."""

    status, slug, title = 409, "nudge-too-soon", "{until} 后可再次提醒"


class NudgeHours(Problem):
    """Outside 07:20 to 20:45."""

    status, slug, title = 409, "nudge-hours", "07:20 至 20:45 之间可以提醒"


@dataclass(frozen=True)
class Gap:
    """What is missing, in the words the physician will read."""

    posting_id: str
    person_id: str
    case: Case
    words: Words
    role: str
    last_at: dt.datetime | None
    times: int

    @property
    def free_at(self) -> dt.datetime | None:
        """When the office may remind again; None = now."""
        until = self.last_at + COOLDOWN if self.last_at else None
        return until if until and until > clock.now() else None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "posting_id": self.posting_id, "title": self.words.title, "text": self.words.text, "why": self.words.why,
            "last_at": clock.iso(self.last_at) if self.last_at else None,
            "free_at": clock.iso(self.free_at) if self.free_at else None,
        }  # fmt: skip


def supervised(session: Session, who: Principal, posting_id: str) -> Posting:
    """A posting the reader's office stands over. Raises NotFound."""
    row = session.get(Posting, posting_id)
    if row is None or role_over(session, who, row, SENDERS) is None:
        raise NotFound(f"no posting {posting_id} in this scope")
    return row


def shown(rt: Runtime, who: Principal, posting_id: str) -> dict[str, Any]:
    """The exact text, and when it was last sent. Raises NotFound, NothingMissing."""
    with rt.db.read() as session:
        return _gap(session, who, posting_id).to_dict()


def send(rt: Runtime, who: Principal, posting_id: str) -> dict[str, Any]:
    """Send it. Raises NotFound, NothingMissing, NudgeTooSoon, NudgeHours."""
    now = clock.now()
    if not FROM <= local(now).time() <= UNTIL:
        raise NudgeHours("outside the hours")
    with rt.db.transaction() as session:
        outbox.alone(session, [f"notifier.nudge:{posting_id}"])
        gap = _gap(session, who, posting_id)
        if gap.free_at:
            raise NudgeTooSoon("cooldown", until=f"{local(gap.free_at):%H:%M}")
        step = gap.times + 1
        case = Case("X02", gap.person_id, f"nudge:{gap.role}:{posting_id}", gap.case.period[:40], step, now, gap.words)
        plan(session, [row_of(case, now)])
        return {**gap.to_dict(), "last_at": clock.iso(now), "free_at": clock.iso(now + COOLDOWN)}


def _gap(session: Session, who: Principal, posting_id: str) -> Gap:
    posting = supervised(session, who, posting_id)
    role = role_over(session, who, posting, SENDERS) or SENDERS[0]
    case = next(iter(_missing(session, posting_id)), None)
    if case is None:
        raise NothingMissing("no gap")
    name = directory.person(session, who.person_id).name if who.person_id else ""
    words = Words(f"{name} 提醒您"[:TITLE_CHARACTERS], f"{case.words.title}。{case.words.text}", case.words.why, case.words.url)
    query = sa.select(Reminder.planned_at).where(
        Reminder.type == "X02", Reminder.subject == f"nudge:{role}:{posting_id}", Reminder.state != DROPPED
    )
    sent = list(session.scalars(query.order_by(Reminder.planned_at)))
    return Gap(posting_id, posting.person_id, case, words, role, sent[-1] if sent else None, len(sent))


def _missing(session: Session, posting_id: str) -> list[Case]:
    """What is missing now, the most urgent first: a session that runs, a day of the correction window, this week's count."""
    now = clock.now()
    today = local_date(now)
    found = [case for case in sessions.running(session, posting_id, now) if case.answered is None]
    (post,) = posts.posts(session, [posting_id], today, now)
    (post,) = posts.with_week(session, posts.with_days(session, [post], lambda one: one.duty_days(today - 7 * DAY, today)), today)
    for day in reversed(post.duty_days(today - 7 * DAY, today - DAY)):
        after = post.calendar.add_workdays(day, 1)
        found += [case for case in days.missed(post, after) if case.answered is None and case.period == f"{day}"]
    return found + [case for case in week.gap(post, today) if case.answered is None]
