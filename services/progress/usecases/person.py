"""SV-04: one posting of a physician as the offices over it see a month of it. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from services.progress.usecases import read
from services.progress.usecases.days_shown import diaries, shown
from services.progress.usecases.open_here import open_here, told_by_day
from shared import calendar as periods
from shared import clock, ledger
from shared.calendar import month_days
from shared.directory import lookup as directory
from shared.directory.models import Clinic, Organisation, Posting
from shared.directory.scope import role_over
from shared.problems import InvalidBody
from shared.progress import lookup as progress
from shared.progress import wording
from shared.progress.facts import DayFact
from shared.progress.standing import PERIOD
from shared.roles import Principal
from shared.service import Runtime

HOSPITALS, REVIEWERS = ("recipient_admin", "supporter_admin"), ("recipient_admin", "county_officer")
OFFICES = (*HOSPITALS, "county_officer")
ACTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("visit", "登记走访", OFFICES), ("substitution", "登记替班", HOSPITALS), ("ordered", "登记抽调", OFFICES), ("note", "写说明", HOSPITALS),
    ("arrival", "确认到岗", REVIEWERS), ("correction", "停电断网补签", ("recipient_admin",)), ("objection", "提出异议", OFFICES),
    ("closing", "结束派驻", HOSPITALS),
)  # fmt: skip
"""The forms below a posting, their words and the offices that may use them."""


def person(rt: Runtime, who: Principal, posting_id: str, month: str) -> dict[str, Any]:
    """Head, calendar of the month, obligations with why, what is open, diaries, and the forms the reader may use.

    Raises InvalidBody for a month that is none.
    """
    held = _held(month)
    with rt.db.read() as session:
        posting = directory.posting(session, posting_id)
        days = progress.days(session, [posting.id], held[0], held[-1])
        facts = [days[key] for key in sorted(days)]
        told = told_by_day(session, ledger.facts(session, posting.id, held[0], held[-1]))
        clinics = directory.names(session, Clinic, posting.clinics)
        return {
            "posting": _head(session, posting, clinics), "month": month, "months": _around(posting, month),
            "days": [{**shown(fact), "told": told.get(fact.date.isoformat(), [])} for fact in reversed(facts)],
            "obligations": _obligations(session, posting, month, clinics), "open": open_here(session, who, posting, facts),
            "diaries": _diaries(session, posting, facts), "actions": _actions(session, who, posting), "others": _others(session, who, posting),
            "begun": posting.start <= clock.today(),
        }  # fmt: skip


def _held(month: str) -> Sequence[dt.date]:
    try:
        return month_days(month)
    except (ValueError, OverflowError) as error:
        raise InvalidBody("month", f"no such month: {month[:20]!r}") from error


def _head(session: Session, posting: Posting, clinics: Mapping[str, str]) -> dict[str, Any]:
    who = directory.person(session, posting.person_id)
    names = directory.names(session, Organisation, {posting.supporter_id, posting.recipient_id})
    programme = directory.programme(session, posting.programme_id, clock.today())
    reason = f"({wording.ENDED.get(posting.end_reason, '')})" if posting.end_reason else ""
    return {
        "id": posting.id, "name": who.name, "department": who.specialty or "", "supporter": names.get(posting.supporter_id, ""),
        "recipient": names.get(posting.recipient_id, ""), "clinics": "、".join(clinics.get(key, "") for key in posting.clinics),
        "mode": programme.modes[posting.mode].label,
        "term": f"{posting.start} 至 {posting.end}{reason}" if posting.end else f"{posting.start} 起",
    }  # fmt: skip


def _around(posting: Posting, month: str) -> dict[str, str | None]:
    """The months before and after, where the posting holds them and they have begun."""
    first = month_days(month)[0]
    before, after = first - dt.timedelta(days=1), month_days(month)[-1] + dt.timedelta(days=1)
    last = min(posting.end or clock.today(), clock.today())
    return {
        "before": f"{before:%Y-%m}" if before >= posting.start else None,
        "after": f"{after:%Y-%m}" if after <= last else None,
    }


def _obligations(session: Session, posting: Posting, month: str, clinics: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the physician, the posting and its team owe over the month, its weeks, and the whole time."""
    held = month_days(month)
    weeks = periods.weeks_between(held[0], held[-1])
    subjects = [f"posting:{posting.id}", f"team:{posting.pair_id}/{posting.mode}", f"doctor:{posting.person_id}"]
    names = [PERIOD, posting.id, month, *weeks]
    states = progress.states(session, subjects=subjects, periods=names, programme_id=posting.programme_id)
    states.sort(key=lambda state: names.index(state.period))
    found = read.describe_states(session, states, clinics)
    return [{**one, "when": _when(one["period"], weeks), "count": _count(one)} for one in found]


def _when(period: str, weeks: Sequence[str]) -> str:
    """The dates of a week; a month and the whole time need no word on the page of a month."""
    held = periods.week_days(period) if period in weeks else ()
    return f"{held[0]:%m-%d} 至 {held[-1]:%m-%d}" if held else ""


def _count(one: Mapping[str, Any]) -> str:
    standing = one["standing"]
    if standing:
        return f"{standing['months']} 个月 {standing['days']} 天"
    if one["number"] is None or not one["effective_threshold"]:
        return ""
    return f"{one['number']}/{one['effective_threshold']}"


def _diaries(session: Session, posting: Posting, facts: Sequence[DayFact]) -> list[dict[str, str]]:
    programme = directory.programme(session, posting.programme_id, facts[0].date) if facts else None
    return diaries(programme, facts, clock.now()) if programme else []


def _actions(session: Session, who: Principal, posting: Posting) -> list[tuple[str, str]]:
    return [(path, label) for path, label, roles in ACTIONS if role_over(session, who, posting, roles)]


def _others(session: Session, who: Principal, posting: Posting) -> list[tuple[str, str]]:
    """Other postings of the physician the reader supervises too."""
    rows = [row for row in directory.postings_of_person(session, posting.person_id) if row.id != posting.id and role_over(session, who, row)]
    names = directory.names(session, Organisation, {row.recipient_id for row in rows})
    return [(row.id, f"{names.get(row.recipient_id, '')}({row.start:%Y-%m-%d} 起)") for row in rows]

