"""The queue's door: seeds and plans of spot checks, their issue by the minute, what became of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from checkin.usecases.spot import aftermath, issue, plan, seeds
from shared import clock
from shared.calendar import local_date, month_days
from shared.service import Job, Runtime, Schedule


def spot_commit(rt: Runtime, session: Session, payload: dict[str, Any], _: object) -> None:
    """Make the seed of the month after the firing's."""
    fired = local_date(clock.parse_iso(payload["fire_at"]))
    following = month_days(f"{fired:%Y-%m}")[-1] + dt.timedelta(days=1)
    seeds.commit(session, rt, f"{following:%Y-%m}")


def left_over(rt: Runtime, payload: dict[str, Any]) -> aftermath.Swept:
    """What downtime left over."""
    with rt.db.read() as session:
        return aftermath.to_sweep(session, rt, clock.now())


def spot_plan(rt: Runtime, session: Session, payload: dict[str, Any], swept: aftermath.Swept) -> None:
    """Void what was missed, reveal closed months, plan what is new."""
    aftermath.sweep(session, rt, swept, clock.now())
    plan.plan(session, rt, clock.now())


def spot_reveal(rt: Runtime, session: Session, payload: dict[str, Any], swept: aftermath.Swept) -> None:
    """Reveal the seeds of months that close this evening."""
    aftermath.sweep(session, rt, swept, clock.now())


def due_now(rt: Runtime, payload: dict[str, Any]) -> list[issue.Due]:
    """The drawn checks whose minute has come."""
    now = clock.now()
    today = local_date(now)
    with rt.db.read() as session:
        return issue.due(session, rt, f"{today:%Y-%m}", today, now)


def spot_issue(rt: Runtime, session: Session, payload: dict[str, Any], found: list[issue.Due]) -> None:
    """Issue them."""
    issue.begin(session, rt, clock.now())
    issue.issue(session, rt, found, clock.now())


def spot_lapse(rt: Runtime, session: Session, payload: dict[str, Any], _: object) -> None:
    """Write down what nobody answered."""
    aftermath.lapse(session, rt, clock.now())


def spot_notice(rt: Runtime, session: Session, payload: dict[str, Any], _: object) -> None:
    """Take down what became of a notice."""
    aftermath.noticed(session, rt, payload["check_id"], payload["accepted"] == "yes")


JOBS = (
    Job("checkin.spot_commit", "maintenance", spot_commit),
    Job("checkin.spot_plan", "maintenance", spot_plan, left_over),
    Job("checkin.spot_issue", "notify", spot_issue, due_now),
    Job("checkin.spot_lapse", "maintenance", spot_lapse),
    Job("checkin.spot_reveal", "maintenance", spot_reveal, left_over),
    Job("checkin.spot_notice", "notify", spot_notice),
)
SCHEDULES = (
    Schedule("checkin.spot_commit", "10 2 25 * *", "all"),
    Schedule("checkin.spot_plan", "20 0 * * *"),
    Schedule("checkin.spot_issue", "* 7-18 * * *", "skip", 5 * 60),
    Schedule("checkin.spot_lapse", "*/5 * * * *"),
    Schedule("checkin.spot_reveal", "5 18 * * *"),
)
