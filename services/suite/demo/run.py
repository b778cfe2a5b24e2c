"""The demo from the empty database to folded days: world, import, sign-ins, play, roll-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from services.identity.usecases.accounts import set_password
from services.progress.usecases.duties import SLOT
from services.roster import template
from services.roster.domain.sheets import SHEETS
from services.roster.usecases.imports import import_workbook
from services.roster.usecases.programmes import ensure_programmes
from services.suite.composition import jobs as jobs_of
from services.suite.demo.plan import acts, habits_of
from services.suite.demo.play import Cast
from services.suite.demo.shown import PASSWORD, shown_people
from services.suite.demo.storage import DemoRefused, fast_commits, reset, state_of
from services.suite.demo.world import World, build
from shared import clock, outbox
from shared.calendar import SHANGHAI
from shared.directory import lookup
from shared.directory.models import Person
from shared.events import DayTouched
from shared.service import Job, Runtime, Service

Progress = Callable[[str, int, int], None]
"""(what, done, total)"""
BEFORE = dt.timedelta(days=7)
"""So long before the postings begin the roster is imported."""
MOST_MONTHS, MOST_PHYSICIANS = 12, 500


@dataclass(frozen=True)
class Demo:
    """What was made; `made` False = the demo world was there already and nothing was done."""

    made: bool
    acts: int = 0
    worked: int = 0


def demo(
    rt: Runtime, services: Iterable[Service], months: int = 2, physicians: int = 24, seed: int = 1,
    today: dt.date | None = None, progress: Progress = lambda what, done, total: None,
) -> Demo:  # fmt: skip
    """Fill an empty database with the demo world and its life up to now; the same figures for the same arguments.

    Nothing later than now is played; `today` (a date not after the present one) ends the play earlier. A demo that was
    cut short is wiped and made again. Raises DemoRefused in production and over anybody else's directory.
    """
    if not 1 <= months <= MOST_MONTHS or not 1 <= physicians <= MOST_PHYSICIANS:
        raise DemoRefused(f"月数应为 1 至 {MOST_MONTHS},医师人数应为 1 至 {MOST_PHYSICIANS}")
    state = state_of(rt)
    if state == "complete":
        return Demo(False)
    if state == "begun":
        reset(rt)
    jobs, now = jobs_of(tuple(services)), min(clock.now(), _end_of(today)) if today else clock.now()
    with fast_commits(rt.db):
        ensure_programmes(rt)
        with rt.db.read() as session:
            calendar = lookup.calendar(session)
        world = build(months, physicians, seed, clock.local_date(now), calendar)
        _import(rt, world, jobs, progress)
        planned = [act for act in acts(world, calendar) if act.at <= now]
        cast = Cast(rt, seed)
        with clock.at(_begin(world)):
            cast.equip((one.code, habits_of(world, one).place) for one in world.physicians)
        for done, act in enumerate(planned, 1):
            cast.play(act)
            progress("日常", done, len(planned))
        with clock.at(now):
            worked = _roll_up(rt, world, jobs, progress)
        _sign_ins(rt)
    return Demo(True, len(planned), worked)


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59, 59), SHANGHAI)


def _import(rt: Runtime, world: World, jobs: dict[str, Job], progress: Progress) -> None:
    """Import the world as a workbook a week before it begins, and let the accounts follow."""
    progress("名单", 0, 1)
    rows: dict[str, Any] = {sheet.title: world.rows.get(sheet.title, ()) for sheet in SHEETS}
    with clock.at(_begin(world)):
        import_workbook(rt, template.workbook(rows))
        outbox.drain(rt, jobs)
    progress("名单", 1, 1)


def _begin(world: World) -> dt.datetime:
    return dt.datetime.combine(world.start, dt.time(9), SHANGHAI) - BEFORE


def _sign_ins(rt: Runtime) -> None:
    """Demo passwords, last of all: with them the demo world is complete."""
    with rt.db.read() as session:
        codes = shown_people(session)
        people = session.scalars(sa.select(Person.id).where(Person.code.in_(codes)).order_by(Person.code.desc())).all()
    for person_id in people:
        set_password(rt, person_id, PASSWORD)


def _roll_up(rt: Runtime, world: World, jobs: dict[str, Job], progress: Progress) -> int:
    """Ask for every day of every posting, as the night does for days nobody recorded, and work the whole outbox."""
    with rt.db.transaction() as session:
        for posting in lookup.postings_between(session, world.start, world.today):
            span = (world.start.isoformat(), world.today.isoformat())
            touched = DayTouched(f"demo:{world.seed}", posting.id, *span)
            outbox.put(session, touched, run_after=_begin(world))  # first of all: it folds every day at once
        waiting = outbox.stats(session).open
    worked = 0
    while done := outbox.drain(rt, jobs, until_empty=False):
        worked += done
        progress("汇总", min(worked, waiting), waiting)
    return worked + outbox.drain(rt, jobs, clock_now=clock.now() + SLOT)  # what folds asked to be judged together
