"""Plays the acts of a plan through the use cases the HTTP doors call, each at its own time."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from checkin.domain import codes
from checkin.usecases.arrival import master
from checkin.usecases.leave import file_leave
from checkin.usecases.leave_decide import decide_leave
from checkin.usecases.record import record_event
from services.suite.demo.phones import Phone, agree, fix
from services.suite.demo.photos import photo
from services.suite.demo.plan import Act
from services.worklog.usecases.diaries import submit_diary
from services.worklog.usecases.half_days import record_half_day
from services.worklog.usecases.photos import store_photo
from shared import clock
from shared.access import lookup as access
from shared.directory.models import Clinic, Person
from shared.ledger import beacon
from shared.roles import Principal
from shared.service import Runtime

READING = dt.timedelta(seconds=4)
"""Between opening the page, which brings a beacon, and the tap."""


@dataclass(frozen=True)
class Site:
    """A clinic's id, what hangs on its wall, and what the screen on its desk makes codes from."""

    id: str
    site_token: str
    master: bytes = field(repr=False)

    def code(self) -> str:
        """What the screen shows at this moment."""
        return codes.rotating(self.master, self.id, codes.slot_at(clock.now()))


class Cast:
    """The people of the demo world, signed in, and its clinics, by code."""

    def __init__(self, rt: Runtime, seed: int) -> None:
        self._rt, self._seed = rt, seed
        with rt.db.read() as session:
            self.sites = {
                one.code: Site(one.id, one.site_token, master(rt.keys, one))
                for one in session.scalars(sa.select(Clinic))
            }
            self.people: Mapping[str, Principal] = {
                code: Principal(account.id, person_id, access.grants(session, account.id))
                for code, person_id in session.execute(sa.select(Person.code, Person.id))
                if (account := access.account_by_person(session, person_id))
            }
        self._slips: dict[str, str] = {}
        self._phones: dict[str, Phone] = {}
        self._kinds: Mapping[str, Callable[[Principal, Act], None]] = {
            "tap": self._tap, "half_day": self._half_day, "diary": self._diary, "leave": self._leave,
            "decide": self._decide,
        }  # fmt: skip

    def equip(self, physicians: Iterable[tuple[str, bool]]) -> None:
        """Physicians (code, whether their taps carry a place) open their invitation on their own phone."""
        for person, attaches in physicians:
            who = self.people[person]
            with self._rt.db.transaction() as session:
                self._phone(person).enrol(self._rt, session, who.person_id or "")
            if attaches:
                agree(self._rt, who)

    def play(self, act: Act) -> None:
        """One act, with the clock set to its time. Raises whatever the use case refuses: a plan has no refusals."""
        with clock.at(act.at):
            self._kinds[act.kind](self.people[act.person], act)

    def _body(self, who: Principal, act: Act) -> dict[str, Any]:
        """What every body carries; the id follows from seed, person and time, so a play can be told from its repeat."""
        name = f"{self._seed}/{act.person}/{act.kind}/{act.at.isoformat()}"
        return {"client_event_id": hashlib.sha256(name.encode()).hexdigest()[:32], "person": who.person_id}

    def _tap(self, who: Principal, act: Act) -> None:
        site = self.sites[act.data["clinic"]]
        code = {"k": site.code()} if act.data["code"] else {}
        body = {
            **self._body(who, act), "kind": "attendance", "site_token": site.site_token,
            "direction": act.data["direction"], "device_time": clock.iso(clock.now()), **code,
            "beacon_id": beacon.make(self._rt.keys.beacon_signer, who.person_id or "", clock.now() - READING)["id"],
            "beacon_age_ms": READING // dt.timedelta(milliseconds=1),
        }  # fmt: skip
        place = fix(self._seed, act.person, act.data["clinic"], clock.now()) if act.data["place"] else None
        record_event(self._rt, who, self._phone(act.person).sealed(body, place))

    def _phone(self, person: str) -> Phone:
        return self._phones.setdefault(person, Phone(self._seed, person))

    def _half_day(self, who: Principal, act: Act) -> None:
        data = {name: value for name, value in act.data.items() if name != "clinic"}
        clinic_id = self.sites[act.data["clinic"]].id
        record_half_day(self._rt, who, {"body": {**self._body(who, act), "clinic_id": clinic_id, **data}})

    def _diary(self, who: Principal, act: Act) -> None:
        data = {name: value for name, value in act.data.items() if name != "photo"}
        hashes = []
        if act.data["photo"] is not None:
            picture = photo(act.data["photo"])
            hashes.append(hashlib.sha256(picture).hexdigest())
            store_photo(self._rt, who, hashes[0], picture)
        submit_diary(self._rt, who, {"body": {
            **self._body(who, act), **data, "photo_sha256": hashes, "declaration": bool(hashes),
        }})  # fmt: skip

    def _leave(self, who: Principal, act: Act) -> None:
        _, slip = file_leave(self._rt, who, {**self._body(who, act), **act.data["body"]})
        self._slips[act.data["slip"]] = slip.id

    def _decide(self, who: Principal, act: Act) -> None:
        decide_leave(self._rt, who, self._slips[act.data["slip"]], act.data["decision"], act.data["note"])
