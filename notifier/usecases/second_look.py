"""The second look: each planned reminder is decided on the facts of this moment, delivered once, or not at all."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from notifier.domain import check_in, policy
from notifier.domain.case import Case
from notifier.domain.policy import Pushed, Reader, Verdict
from notifier.domain.rows import DAY, DUE, ROWS
from notifier.models import DIGESTED, DROPPED, EXPIRED, IN_APP, PLANNED, SENT, Reminder
from notifier.store import inbox, people, posts, presence, reminders
from notifier.usecases import deliveries, families, sessions
from notifier.usecases.families import Asked
from notifier.usecases.reminders import ask
from shared import clock, outbox
from shared.calendar import local_date
from shared.service import Runtime

VOID = "void"
"""The thing a reminder spoke of is no more: a posting ended, a request was taken back."""
CAPPED = frozenset(row.id for row in ROWS.values() if row.cls in (DAY, DUE))
_STATES = {policy.SEND: SENT, policy.TO_DIGEST: DIGESTED, policy.TO_INBOX: IN_APP}


@dataclass(frozen=True)
class Looked:
    """What a batch was seen to be: its reminders, the answer to each (None: still owed), and where its readers stand."""

    found: Mapping[str, Reminder] = field(default_factory=dict)
    answers: Mapping[str, str | None] = field(default_factory=dict)
    readers: Mapping[str, Reader] = field(default_factory=dict)
    off: frozenset[str] = frozenset()


def looked(rt: Runtime, ids: Iterable[str]) -> Looked:
    """Read everything a batch is decided on; writes nothing."""
    now = clock.now()
    with rt.db.read() as session:
        found = reminders.planned(session, ids)
        readers = people.of_sessions(session, {one.person_id for one in found if one.type in presence.ROWS})
        others = {one.person_id for one in found if one.type not in presence.ROWS}
        readers |= people.readers(session, others, now) if others else {}
        answers, off = answers_to(session, found, now), people.switched_off(session)
    return Looked({one.id: one for one in found}, answers, readers, off)


def answers_to(session: Session, found: Sequence[Reminder], now: dt.datetime) -> dict[str, str | None]:
    """What the facts answer to each reminder: a reason, or None while it is owed."""
    cases = {(case.key, case.person_id): case for case in _again(session, found, now)}
    told: dict[str, str | None] = {}
    for one in found:
        case = cases.get((one.key, one.person_id))
        follows_an_event = one.type not in families.FAMILY_OF and one.type not in sessions.TYPES
        told[one.id] = None if follows_an_event else case.answered if case else VOID
    return told


def _again(session: Session, found: Sequence[Reminder], now: dt.datetime) -> Iterable[Case]:
    yield from sessions.again(session, [one for one in found if one.type in sessions.TYPES], now)
    groups: dict[tuple[str, dt.date], list[Reminder]] = defaultdict(list)
    for one in found:
        if name := _family(one):
            groups[name, local_date(one.due_at)].append(one)
    for (name, day), mine in groups.items():
        only = {one.subject for one in mine}
        asked = Asked(session, day, now, only, _postings(session, only, day) if name in families.BY_POSTING else ())
        yield from families.family(name)(asked)


def _family(one: Reminder) -> str | None:
    return "urgent" if one.type == "R02" and one.step == 0 else families.FAMILY_OF.get(one.type)


def _postings(session: Session, subjects: Iterable[str], day: dt.date) -> list[str]:
    named = [name.partition(":") for name in subjects]
    teams = posts.of_teams(session, {key for kind, _, key in named if kind == "team"}, day)
    return sorted({key for kind, _, key in named if kind == "posting"} | set(teams))


def send(session: Session, seen: Looked) -> None:
    """Decide and deliver: to the inbox always, as a push where it passes; past its use it expires, it is never late.

    Rows with caps are decided one batch at a time: what another batch has just pushed to the same person counts.
    """
    now = clock.now()
    found = {key: seen.found[key] for key in reminders.held(session, seen.found)}
    if any(one.type in CAPPED for one in found.values()):
        outbox.alone(session, ["notifier.caps"])
    pushed = people.pushed(session, {one.person_id for one in found.values()}, now)
    groups: dict[tuple[str, str | None, dt.datetime | None], list[str]] = defaultdict(list)
    for key in policy.in_order((one.type, one.due_at, one.id) for one in found.values()):
        verdict = _verdict(found[key], seen, pushed[found[key].person_id], now)
        groups[verdict.result, verdict.reason, verdict.until].append(key)
    for (result, reason, until), keys in groups.items():
        _carry_out(session, [found[key] for key in keys], Verdict(result, reason, until), now)


def _verdict(one: Reminder, seen: Looked, pushed: Pushed, now: dt.datetime) -> Verdict:
    row = ROWS[one.type]
    verdict = policy.decide(
        row, answered=seen.answers[one.id], most=one.most, expires_at=one.expires_at, now=now,
        reader=seen.readers[one.person_id], pushed=pushed, enabled=row.id not in seen.off,
    )  # fmt: skip
    if verdict.result == policy.SEND:
        pushed.note(row.id)
    return verdict


def _carry_out(session: Session, found: Sequence[Reminder], verdict: Verdict, now: dt.datetime) -> None:
    ids = [one.id for one in found]
    if verdict.result == policy.EXPIRE:
        reminders.decided(session, ids, EXPIRED, None, now)
    elif verdict.result == policy.DROP:
        reminders.decided(session, ids, DROPPED, verdict.reason, now)
    elif verdict.result == policy.POSTPONE and verdict.until is not None:
        reminders.decided(session, ids, PLANNED, verdict.reason, now)
        ask(session, ids, verdict.until, max(one.expires_at for one in found))
    else:
        inbox.deliver(session, ids, now)
        reminders.decided(session, ids, _STATES[verdict.result], verdict.reason, now, pushed=verdict.result == policy.SEND)
        if verdict.result == policy.SEND:
            deliveries.plan(session, found, now)


def answered_by_facts(reason: str | None) -> bool:
    """Whether an answer closes what stands in an inbox: silence for now is none."""
    return reason not in (None, VOID, check_in.WAITS)
