"""What a reader sees of a posting's progress. Every function asks the directory what the reader may see first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from shared import calendar as periods
from shared import clock
from shared.directory import lookup as directory
from shared.directory import subjects
from shared.directory.models import Clinic, Posting
from shared.problems import InvalidBody, NotFound
from shared.progress import lookup as progress
from shared.progress import standing
from shared.progress.fold import DayFact
from shared.progress.judge import State
from shared.roles import Principal
from shared.rules import words
from shared.rules.explain.text import line_text
from shared.rules.load import Programme
from shared.service import Runtime


def visible_posting(session: Session, who: Principal, posting_id: str | None, on: dt.date | None = None) -> Posting:
    """The posting asked for, or without an id the reader's own one of the date (today).

    Raises NotFound when it does not exist or lies outside the reader's scope.
    """
    if posting_id is None:
        own = directory.open_postings(session, who.person_id, on or clock.today()) if who.person_id else []
        if not own:
            raise NotFound("no posting of the reader on this date")
        return own[0]
    if not directory.posting_visible(session, who, posting_id):
        raise NotFound(f"no posting {posting_id} in scope")
    return directory.posting(session, posting_id)


def today(rt: Runtime, who: Principal) -> dict[str, Any]:
    """The reader's own day: posting, half-days so far, the week's line. `posting` is None outside every posting."""
    date = clock.today()
    with rt.db.read() as session:
        own = directory.open_postings(session, who.person_id, date) if who.person_id else []
        if not own:
            return {"date": date, "posting": None, "day": None, "week": periods.iso_week(date), "line": ""}
        week = progress.week(session, own[0].id, date)
        fact = progress.day(session, own[0].id, date)
        return {
            "date": date, "posting": describe_posting(session, own[0]), "week": week.period, "line": week.line,
            "day": describe_day(session, fact) if fact else None,
        }  # fmt: skip


def week(rt: Runtime, who: Principal, name: str, posting_id: str | None) -> dict[str, Any]:
    """A posting's week `2026-W47`. Raises InvalidBody for a name that is no week."""
    return _period(rt, who, name, posting_id, _days(name, periods.week_days))


def month(rt: Runtime, who: Principal, name: str, posting_id: str | None) -> dict[str, Any]:
    """A posting's month `2026-11`. Raises InvalidBody for a name that is no month."""
    return _period(rt, who, name, posting_id, _days(name, periods.month_days))


def obligations(rt: Runtime, who: Principal, subject: str, period: str | None) -> list[dict[str, Any]]:
    """The states of a subject, of one period or of all: `posting:<id>` (which includes its team's), `doctor:<person>`,
    `team:<pair>/<mode>`, `pair:`, `recipient:`, `supporter:`, `county:`, `city:`, `province:`. Raises NotFound for one that
    does not exist or lies outside the reader's scope.
    """
    names = [period] if period else None
    with rt.db.read() as session:
        kind, _, key = subject.partition(":")
        if kind == "posting":
            return _obligations(session, visible_posting(session, who, key), names)
        if kind not in subjects.KINDS or not subjects.visible(session, who, kind, key):
            raise NotFound(f"no subject {subject[:100]} in scope")
        states = progress.states(session, subjects=[subject], periods=names)
        clinics = directory.names(session, Clinic, {key for state in states for key in state.groups})
        return describe_states(session, states, clinics)


def _days(name: str, of: Any) -> list[dt.date]:
    try:
        found: list[dt.date] = of(name)
    except (ValueError, OverflowError) as error:
        raise InvalidBody("period", f"no such period: {name!r}") from error
    return found


def _period(rt: Runtime, who: Principal, name: str, posting_id: str | None, held: list[dt.date]) -> dict[str, Any]:
    with rt.db.read() as session:
        posting = visible_posting(session, who, posting_id, min(max(held[0], clock.today()), held[-1]))
        facts = progress.days(session, [posting.id], held[0], held[-1])
        return {
            "period": name, "posting": describe_posting(session, posting),
            "days": [describe_day(session, facts[key]) for key in sorted(facts)],
            "obligations": _obligations(session, posting, [name]),
        }  # fmt: skip


def _obligations(session: Session, posting: Posting, names: list[str] | None) -> list[dict[str, Any]]:
    subjects = [f"posting:{posting.id}", f"team:{posting.pair_id}/{posting.mode}"]
    clinics = directory.names(session, Clinic, posting.clinics)
    states = progress.states(session, subjects=subjects, periods=names, programme_id=posting.programme_id)
    return describe_states(session, states, clinics)


def describe_states(session: Session, states: Sequence[State], clinics: Mapping[str, str]) -> list[dict[str, Any]]:
    """States with their words: what is counted, the clause, the result in Chinese, groups by clinic name."""
    programmes = {key: directory.programme(session, key, clock.today()) for key in {state.programme_id for state in states}}
    return [_state(state, programmes[state.programme_id], clinics) for state in states]


def _state(state: State, programme: Programme, clinics: Mapping[str, str]) -> dict[str, Any]:
    rule = programme.rule(state.rule_id)
    asked = words.METRICS.get(state.metric) or words.ASKS.get(state.metric)
    return {
        **state.to_dict(),
        "label": words.RESULTS[state.value], "title": asked or words.KINDS[rule.kind],
        "standing": _standing(state, programme),
        "quote": rule.quote,
        "groups": [{"clinic": clinics.get(key, key), "number": number} for key, number in state.groups.items()],
    }  # fmt: skip


def _standing(state: State, programme: Programme) -> dict[str, Any] | None:
    found = standing.shown(state, programme.setting("leave.cap_workdays"))
    if found is None:
        return None
    days = {name: dt.date.fromisoformat(found[name]) if found[name] else None for name in ("met_on", "earliest")}
    return {**found, **days, "lines": [line_text(line) for line in found["lines"]]}


def describe_day(session: Session, fact: DayFact) -> dict[str, Any]:
    """A day fact as the phone shows it; clinics by name."""
    clinics = directory.names(session, Clinic, {h.clinic_id for h in fact.halves.values() if h.clinic_id})
    return {
        "date": fact.date, "rest_day": fact.rest_day, "ward_rounds": fact.ward_rounds, "diary": fact.diary,
        "halves": [
            {**half.to_dict(), "session": name, "duty": fact.duty[name], "clinic": clinics.get(half.clinic_id or ""),
             "in_at": half.in_at, "out_at": half.out_at, "grade_version": half.grade_version, "grade_reason": half.grade_reason}
            for name, half in fact.halves.items()
        ],
    }  # fmt: skip


def describe_posting(session: Session, posting: Posting) -> dict[str, Any]:
    """A posting with the names of its recipient, clinics and mode."""
    clinics = directory.names(session, Clinic, posting.clinics)
    programme = directory.programme(session, posting.programme_id, clock.today())
    recipient = directory.organisation(session, posting.recipient_id)
    return {
        "id": posting.id, "start": posting.start, "end": posting.end, "mode": posting.mode,
        "mode_label": programme.modes[posting.mode].label,
        "department": directory.person(session, posting.person_id).specialty,
        "recipient": {"id": recipient.id, "name": recipient.name},
        "clinics": [{"id": clinic_id, "name": clinics[clinic_id]} for clinic_id in posting.clinics],
    }  # fmt: skip
