"""Read everything one report is a function of into a MonthSource. One consistent snapshot, no writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from services.reports import store
from services.reports.domain import settings
from services.reports.domain.source import ModeLine, MonthSource, PostingLine, ProgrammeLine, RuleLine, SeatLine
from services.reports.usecases.scope import Part
from shared import calendar as periods
from shared import ledger
from shared.directory import lookup as directory
from shared.directory.models import Clinic, Posting
from shared.problems import NotFound
from shared.progress import lookup as progress
from shared.progress.diaries import diary_hours
from shared.rules.load import Programme
from shared.service import Runtime

FORM = "monthly_clinic"


@dataclass(frozen=True)
class Asked:
    """Which report: a part of a recipient's month in a programme, read at an instant."""

    recipient: str
    month: str
    programme_id: str
    part: Part
    as_of: dt.datetime


@dataclass(frozen=True)
class Ground:
    """The rows a report stands on and the fingerprint of everything read for it but the folds themselves."""

    asked: Asked
    programme: Programme
    calendar: periods.Calendar
    rows: store.Rows
    heads: dict[str, tuple[int, str]]
    fingerprint: str


def choose_programme(session: Session, recipient: str, month: str, wanted: str | None, part: Part) -> str:
    """The programme of the report: the wanted one, else that with most postings in the month, else the pair's first.

    Raises NotFound when the recipient takes part in no such programme.
    """
    held = [posting.programme_id for posting in store.postings(session, recipient, month) if part.holds(posting)]
    known = sorted(set(held), key=lambda name: (-held.count(name), name)) or store.programmes(session, recipient)
    if wanted is not None and wanted in {*held, *store.programmes(session, recipient)}:
        return wanted
    if wanted is not None or not known:
        raise NotFound(f"recipient {recipient} has no programme {wanted or ''}")
    return known[0]


def ground(rt: Runtime, session: Session, asked: Asked) -> Ground:
    """The rows, heads and versions of a report, and their fingerprint."""
    programme = directory.programme(session, asked.programme_id, asked.month)
    calendar = directory.calendar(session)
    held = [p for p in store.postings(session, asked.recipient, asked.month)
            if p.programme_id == asked.programme_id and asked.part.holds(p)
            and p.start <= periods.local_date(asked.as_of)]  # fmt: skip
    rows = store.rows(session, asked.recipient, asked.month, asked.programme_id, held)
    heads = _heads(rt, session, held)
    read = [
        [[row.id, *heads.get(row.id, ())] for row in held], _words(rows), programme.sha256, calendar.version,
        store.folds(session, asked.programme_id, asked.recipient, [row.id for row in held], asked.month),
        _clock(asked),
    ]  # fmt: skip
    return Ground(asked, programme, calendar, rows, heads, store.fingerprint(read))


def source(session: Session, on: Ground) -> MonthSource:
    """The source of the data object."""
    asked, rows = on.asked, on.rows
    ids = [row.id for row in rows.postings]
    days = periods.month_days(asked.month)
    lines = _postings(on, store.leave_before(session, ids, days[0]))
    clinics = {clinic for row in rows.postings for clinic in row.clinics}
    blank = MonthSource(
        programme=programme_line(on.programme), calendar=on.calendar, recipient_id=asked.recipient,
        recipient_code=rows.recipient.code, recipient=rows.recipient.name, month=asked.month, cutoff=asked.as_of,
        postings=lines, seats=_seats(on), agreements=tuple(row.code for row in rows.agreements),
        county="、".join(store.names_of(rows.organisations, [rows.recipient.county_id])),
        part_of=_part_name(asked.part, rows),
    )  # fmt: skip
    subjects = {f"posting:{key}" for key in ids} | {f"team:{line.team}" for line in lines}
    wanted = [*blank.weeks(), *blank.windows()]
    states = progress.states(session, recipient_id=asked.recipient, programme_id=asked.programme_id, periods=wanted)
    return replace(
        blank, days=progress.days(session, ids, days[0], days[-1]), clinic_names=directory.names(session, Clinic, clinics),
        states=tuple(state for state in states if state.subject in subjects),
    )  # fmt: skip


def programme_line(programme: Programme) -> ProgrammeLine:
    """What a report needs of a programme."""
    windows = programme.session_windows
    return ProgrammeLine(
        id=programme.id, title=programme.title, rules_version=programme.sha256,
        modes={mode.id: ModeLine(mode.id, mode.label, mode.duty, tuple(mode.sessions)) for mode in programme.modes.values()},
        rules=tuple(_rules(programme)), settings=settings.printed(programme.local_settings()),
        session_ends={half: windows.of(half)[1] for half in ("am", "pm")},
        leave_cap_workdays=programme.setting("leave.cap_workdays"),
        sign_workdays=tuple(programme.setting("lock.sign_workdays")), diary_hours=diary_hours(programme),
    )  # fmt: skip


def _rules(programme: Programme) -> Iterable[RuleLine]:
    """The weekly and two-weekly quotas that feed this form, in the order of the file."""
    for rule in programme.rules:
        if rule.kind == "quota" and FORM in rule.feeds and rule.get("period") in ("week", "two_weeks"):
            modes = rule.where.get("mode") or tuple(programme.modes)
            modes = (modes,) if isinstance(modes, str) else tuple(modes)
            per = rule.get("per") or ()
            yield RuleLine(rule.id, rule.get("metric"), rule.get("value"), rule.get("unit"), rule.get("period"),
                           "clinic" in per, modes, rule.basis)  # fmt: skip


def _postings(on: Ground, leave: dict[str, int]) -> tuple[PostingLine, ...]:
    rows = on.rows
    specialties = {seat.id: seat.specialty for seat in rows.seats}
    return tuple(
        PostingLine(
            id=row.id, code=row.code, person_id=row.person_id, name=rows.people[row.person_id].name,
            supporter_id=row.supporter_id, supporter=rows.organisations[row.supporter_id].name,
            department=specialties.get(row.seat_id or "") or rows.people[row.person_id].specialty or "未报",
            mode=row.mode, start=row.start, end=row.end, team=f"{row.pair_id}/{row.mode}", seat_id=row.seat_id,
            clinics=tuple(row.clinics), head=on.heads.get(row.id), leave_before=leave.get(row.id, 0),
        )
        for row in rows.postings
    )  # fmt: skip


def _seats(on: Ground) -> tuple[SeatLine, ...]:
    """The seats of the part: all of its supporters, or the one its person holds."""
    held, part = {row.seat_id for row in on.rows.postings}, on.asked.part
    return tuple(
        SeatLine(seat.id, seat.code, on.rows.organisations[seat.supporter_id].name, seat.specialty, seat.mode, seat.start,
                 seat.end)
        for seat in on.rows.seats
        if seat.mode in on.programme.modes and (part.person is None or seat.id in held)
        and (part.supporters is None or seat.supporter_id in part.supporters)
    )  # fmt: skip


def _heads(rt: Runtime, session: Session, held: Iterable[Posting]) -> dict[str, tuple[int, str]]:
    found = {row.id: ledger.head(session, rt.keys, ledger.Stream.posting(row.id)) for row in held}
    return {key: (head[0], head[1].hex()) for key, head in found.items() if head}


def _words(rows: store.Rows) -> list[Any]:
    """What the report prints of the directory, so that a changed name makes a draft old."""
    people = [
        [row.code, rows.people[row.person_id].name, str(row.start), str(row.end), row.mode, row.seat_id]
        for row in rows.postings
    ]
    places = sorted([row.code, row.name] for row in (rows.recipient, *rows.organisations.values()))
    seats = sorted([row.code, row.specialty, str(row.start), str(row.end)] for row in rows.seats)
    agreements = sorted([row.code, str(row.start), str(row.end)] for row in rows.agreements)
    return [people, places, seats, agreements]


def _clock(asked: Asked) -> str:
    """The hour of reading while time alone still changes figures: sessions end, diaries fall due. Later nothing does."""
    settled = periods.month_days(asked.month)[-1] + dt.timedelta(days=10)
    local = periods.local(asked.as_of)
    return f"{local:%Y-%m-%dT%H}" if local.date() <= settled else "settled"


def _part_name(part: Part, rows: store.Rows) -> str | None:
    if part.person is not None:
        return f"本人:{'、'.join(sorted({rows.people[row.person_id].name for row in rows.postings}))}"
    if part.supporters is None:
        return None
    return f"支援医院:{'、'.join(store.names_of(rows.organisations, sorted(part.supporters)))}"
