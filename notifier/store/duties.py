"""Documents and counted duties as the rules have judged them, for every subject at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.domain.duties import Duty
from notifier.store.offices import Offices, leaders
from shared.calendar import Calendar
from shared.directory import lookup as directory
from shared.directory.models import Posting
from shared.progress.models import ObligationState
from shared.progress.state import State
from shared.rules.load import Programme, Rule

KINDS = ("document", "quota", "inspection")
SHORT = ("week", "two_weeks", "day")


def duties(session: Session, today: dt.date, only: Collection[str] | None = None) -> list[Duty]:
    """Every judged rule that somebody is to be reminded of; `only` these subjects."""
    calendar, offices = directory.calendar(session), Offices(session)
    found: list[tuple[Programme, State]] = []
    for programme_id in sorted(directory.programme_ids(session)):
        programme = directory.programme(session, programme_id, today)
        rules = [rule.id for rule in programme.rules if asked(rule)]
        query = sa.select(ObligationState.state).where(
            ObligationState.programme_id == programme_id, ObligationState.rule_id.in_(rules),
            ~ObligationState.subject.startswith("posting:"),
        )  # fmt: skip
        query = query if only is None else query.where(ObligationState.subject.in_(list(only)))
        found += [(programme, State.from_dict(state)) for state in session.scalars(query)]
    return _around(session, found, calendar, offices)


def asked(rule: Rule) -> bool:
    """Whether a rule has a date or a period long enough for these rows."""
    return bool(rule.remind) and rule.kind in KINDS and rule.get("period") not in SHORT and (
        (rule.get("due") or {}).get("every") != "attended_day"
    )  # fmt: skip


def _around(
    session: Session, found: Iterable[tuple[Programme, State]], calendar: Calendar, offices: Offices
) -> list[Duty]:
    listed = list(found)
    doctors = {state.subject_id for _, state in listed if state.subject_kind == "doctor"}
    query = sa.select(Posting.person_id, Posting.supporter_id, Posting.recipient_id, Posting.pair_id, Posting.mode)
    held = {row.person_id: row for row in session.execute(query.where(Posting.person_id.in_(doctors)).order_by(Posting.start))}
    teams = {state.subject_id for _, state in listed if state.subject_kind == "team"}
    led = leaders(session, teams | {f"{row.pair_id}/{row.mode}" for row in held.values()})
    made = []
    for programme, state in listed:
        mine = held.get(state.subject_id) if state.subject_kind == "doctor" else None
        around = offices.between(mine.supporter_id, mine.recipient_id) if mine else offices.of(state.subject)
        team = f"{mine.pair_id}/{mine.mode}" if mine else state.subject_id
        person = state.subject_id if state.subject_kind == "doctor" else None
        made.append(Duty(state, programme, calendar, around, person, led.get(team, ())))
    return made
