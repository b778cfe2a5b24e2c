"""Where each reader stands at this moment: choices, rest day, leave, session (reminders.md §2); what was pushed already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.domain.policy import Pushed, Reader
from notifier.domain.post import Post
from notifier.domain.times import half_of
from notifier.models import Preference, Reminder, ReminderRule
from notifier.store import posts
from notifier.store.among import among
from shared import ledger
from shared.calendar import at, local_date, monday_of
from shared.directory import lookup as directory
from shared.directory.models import Posting
from shared.progress.known import facts_of
from shared.progress.reading import orders_of, slips_of
from shared.rules.days import Order, Slip
from shared.rules.durations import DAY

COVER = posts.LEAVE | {"ordered_work.filed", "ordered_work.decided", "ordered_work.revoked"}


def readers(session: Session, person_ids: Iterable[str], now: dt.datetime) -> dict[str, Reader]:
    """Every one of these persons; whoever has no posting today rests on rest days only."""
    people, today = sorted(set(person_ids)), local_date(now)
    calendar = directory.calendar(session)
    choices = _choices(session, people)
    mine = _postings(session, people, today, now)
    covered = _covered(session, [post for found in mine.values() for post in found], today, half_of(now))
    found = {}
    for person in people:
        held = mine.get(person, [])
        quiet = held[0].programme.setting("remind.quiet_hours") if held else ("21:00", "07:00")
        found[person] = Reader(
            calendar, choices.get(person, {}),
            resting=not calendar.is_workday(today) and not any(post.on_duty(today) for post in held),
            covered=person in covered, on_duty=any(_in_session(post, now) for post in held),
            quiet_hours=(dt.time.fromisoformat(quiet[0]), dt.time.fromisoformat(quiet[1])),
        )  # fmt: skip
    return found


def of_sessions(session: Session, person_ids: Iterable[str]) -> dict[str, Reader]:
    """Readers of messages about a session: its own silence has looked at leave, roster and the hour already."""
    people, calendar = sorted(set(person_ids)), directory.calendar(session)
    choices = _choices(session, people)
    return {person: Reader(calendar, choices.get(person, {}), on_duty=True) for person in people}


def _choices(session: Session, people: Sequence[str]) -> dict[str, dict[str, str]]:
    choices: dict[str, dict[str, str]] = {}
    query = sa.select(Preference.person_id, Preference.type, Preference.level)
    for row in session.execute(query.where(among(session, Preference.person_id, people))):
        choices.setdefault(row.person_id, {})[row.type] = row.level
    return choices


def _postings(session: Session, people: Sequence[str], today: dt.date, now: dt.datetime) -> dict[str, list[Post]]:
    within = sa.and_(Posting.start <= today, sa.or_(Posting.end.is_(None), Posting.end >= today))
    ids = list(session.scalars(sa.select(Posting.id).where(Posting.person_id.in_(people), within)))
    found: dict[str, list[Post]] = {}
    for post in posts.posts(session, ids, today, now) if ids else ():
        found.setdefault(post.terms.person_id, []).append(post)
    return found


def _covered(session: Session, found: Sequence[Post], today: dt.date, half: str) -> set[str]:
    """Persons whose leave or ordered work, filed and not refused, lies over this half-day."""
    facts = ledger.facts_by_subject(session, [post.terms.id for post in found], today, today, kinds=COVER)
    gone = set()
    for post in found:
        known = facts_of(facts[post.terms.id])
        covers: list[Slip | Order] = [*slips_of(known), *orders_of(known)]
        if any(one.decision != "rejected" and one.covers((today, half)) for one in covers):
            gone.add(post.terms.person_id)
    return gone


def _in_session(post: Post, now: dt.datetime) -> bool:
    today, owed = local_date(now), post.owed(local_date(now))
    windows = post.programme.session_windows
    spans = [windows.on(half, today) for half, mine in owed.items() if mine]
    return any(first <= now <= last for first, last in spans)


def pushed(session: Session, person_ids: Iterable[str], now: dt.datetime) -> dict[str, Pushed]:
    """What was pushed to each person today and in this week, by row."""
    people, today = sorted(set(person_ids)), local_date(now)
    found = {person: Pushed() for person in people}
    since = at(monday_of(today), dt.time())
    query = sa.select(Reminder.person_id, Reminder.type, Reminder.pushed_at).where(
        among(session, Reminder.person_id, people), Reminder.due_at >= since - 4 * DAY, Reminder.pushed_at >= since
    )
    for person, kind, when in session.execute(query):
        found[person].week[kind] += 1
        if when is not None and local_date(when) == today:
            found[person].today[kind] += 1
    return found


def switched_off(session: Session) -> frozenset[str]:
    """Rows an administrator has switched off."""
    return frozenset(session.scalars(sa.select(ReminderRule.type).where(ReminderRule.enabled.is_(False))))
