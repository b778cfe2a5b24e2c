"""A workday behind a physician: what happened on it before the page is opened."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from checkin.usecases import office, ordered
from checkin.usecases.record import record_event
from checkin.usecases.spot import deciding
from checkin.usecases.spot.telling import SpotNotNow
from services.roster.usecases.closing import record_substitution
from shared import clock
from shared.calendar import local_date
from tests.checkin.scene import doctor, id_of, item, principal
from tests.checkin.usecases.asking import event, order
from tests.web.conftest import Site

COUNTY, DESK = ("C1", "county_officer"), ("R1", "recipient_admin")


@dataclass(frozen=True)
class Lived:
    """A workday behind us: a tap, what offices wrote, a check that was decided and one that still waits."""

    day: str
    decided: str
    waiting: str


def wall(day: dt.date, text: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(text), clock.SHANGHAI)


def checked(site: Site, day: dt.date, time: str) -> str:
    with clock.at(wall(day, time)):
        return str(deciding.own_check(site.rt, principal(site.rt, *COUNTY), id_of(site.rt, "posting", "P1"))["id"])


def last_workday(site: Site) -> tuple[dt.date, str]:
    """The newest day behind us on which a check was possible, with that check."""
    for back in range(1, 14):
        day = local_date(clock.now()) - dt.timedelta(days=back)
        try:
            return day, checked(site, day, "09:00")
        except SpotNotNow:
            continue
    raise AssertionError("no workday in a fortnight")


def live(site: Site) -> Lived:
    """What happened before the physician opens the page."""
    rt, (day, decided) = site.rt, last_workday(site)
    mine = id_of(rt, "posting", "P1")
    with clock.at(wall(day, "07:55")):
        record_event(rt, doctor(rt), item(rt, doctor(rt), direction="in", device_time=clock.iso(clock.now())))
    with clock.at(wall(day, "11:30")):
        deciding.decide(rt, principal(rt, *COUNTY), decided, {"result": "not_found", "method": "visit", "note": "到诊室未见本人"})
        office.note_day(rt, principal(rt, *DESK), event(posting_id=mine, service_date=day.isoformat(), sessions=["pm"], text="下午停电,门诊照常"))
        substitute = {"substitute_id": doctor(rt, "D2").person_id, "half_days": [{"date": day.isoformat(), "session": "pm"}]}
        record_substitution(rt, principal(rt, *DESK), event(posting_id=mine, **substitute))
    site.drain()
    waiting = checked(site, day, "15:00")  # not drained: a notice so late would void it, as an order before it does
    with clock.at(wall(day, "16:00")):
        ordered.file_order(rt, principal(rt, *DESK), order(rt, **{"from": day.isoformat(), "to": day.isoformat()}))
    return Lived(day.isoformat(), decided, waiting)
