"""A clinic's place, set by its hospital and in force once the county has looked at it; outages of a site; its witnesses.

Each is a fact in the clinic's stream: `clinic.location_set` with step proposed or approved, `clinic.outage_declared`,
`clinic.rota_set`.
A declared outage explains; it upgrades nothing and lets a correction of that date go uncounted (evidence.md §8, §11).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock, ledger
from shared.attendance import geo
from shared.directory import lookup
from shared.directory.models import Clinic, Person
from shared.problems import InvalidBody, NotFound, Problem, SelfApproval
from shared.progress import outages
from shared.roles import Principal
from shared.service import Runtime

KINDS = ("network", "power", "display", "system")
LONGEST_OUTAGE, BACK = dt.timedelta(days=14), dt.timedelta(days=3)


class NothingProposed(Problem):
    """No place of this clinic waits for the county, or another one than was looked at."""

    status, slug, title = 409, "nothing-proposed", "没有待确认的位置,或位置已更改,请刷新后再看"


def clinic_of(session: Session, who: Principal, clinic_id: str) -> Clinic:
    """The clinic of the recipient hospital's own office. Raises NotFound."""
    row = session.get(Clinic, clinic_id)
    if row is None or row.organisation_id not in who.scopes("recipient_admin"):
        raise NotFound(f"no clinic {clinic_id}")
    return row


def outage_of(session: Session, who: Principal, clinic_id: str, outage_id: str) -> Clinic:
    """The clinic of the own office, of an outage it declared. Raises NotFound."""
    row = clinic_of(session, who, clinic_id)
    if all(fact.entry_id != outage_id for fact in ledger.facts_of_kinds(session, row.id, [outages.KIND])):
        raise NotFound(f"no outage {outage_id[:40]}")
    return row


def clinic_of_county(session: Session, who: Principal, clinic_id: str) -> Clinic:
    """The clinic below the county officer's authority. Raises NotFound."""
    row = session.get(Clinic, clinic_id)
    owner = lookup.organisation(session, row.organisation_id) if row else None
    if row is None or owner is None or owner.county_id not in who.scopes("county_officer"):
        raise NotFound(f"no clinic {clinic_id}")
    return row


def propose(rt: Runtime, who: Principal, clinic_id: str, said: dict[str, Any]) -> dict[str, Any]:
    """Name the clinic's place {lat_e6, lon_e6, crs, radius_m?, how}; nothing changes before the county approves it.

    Raises InvalidBody for null island, NotFound outside the own hospital.
    """
    if not geo.is_valid(said["lat_e6"], said["lon_e6"]):
        raise InvalidBody("lat_e6", "not a place", hint="经纬度不对,请检查")
    with rt.db.transaction() as session:
        row = clinic_of(session, who, clinic_id)
        lat, lon = geo.converted(geo.Point.of_e6(said["lat_e6"], said["lon_e6"]), said["crs"]).to_e6()
        place = {name: said[name] for name in ("lat_e6", "lon_e6", "crs", "how")}
        place |= {"radius_m": said.get("radius_m") or geo.RADIUS_M, "wgs84_lat_e6": lat, "wgs84_lon_e6": lon}
        entry = _told(rt, session, row, "clinic.location_set", ledger.Actor(who.person_id, "recipient_admin", row.organisation_id),
                      {**place, "step": "proposed", "date": clock.today().isoformat()})  # fmt: skip
    return {"proposal": entry.entry_id, "state": "proposed", **place}


def approve(rt: Runtime, who: Principal, clinic_id: str, proposal: str) -> dict[str, Any]:
    """Put the newest proposed place in force; taps recorded before stay as they were judged.

    Raises NothingProposed, SelfApproval.
    """
    with rt.db.transaction() as session:
        row = clinic_of_county(session, who, clinic_id)
        ledger.lock(session, rt.keys, [ledger.Stream.clinic(clinic_id)])
        newest = newest_place(session, clinic_id)
        if newest is None or newest.entry_id != proposal or newest.payload["step"] != "proposed":
            raise NothingProposed("no such proposal is the newest")
        if who.person_id is not None and newest.payload["actor"]["person"] == who.person_id:
            raise SelfApproval("who named the place does not approve it")
        names = ("lat_e6", "lon_e6", "crs", "how", "radius_m", "wgs84_lat_e6", "wgs84_lon_e6")
        place = {name: newest.payload[name] for name in names}
        county = lookup.organisation(session, row.organisation_id).county_id
        _told(rt, session, row, "clinic.location_set", ledger.Actor(who.person_id, "county_officer", county),
              {**place, "step": "approved", "proposal": proposal, "date": clock.today().isoformat()})  # fmt: skip
        row.lat_e6, row.lon_e6, row.crs = place["lat_e6"], place["lon_e6"], place["crs"]
        row.radius_m = place["radius_m"]
    return {"proposal": proposal, "state": "approved", **place}


def declare_outage(rt: Runtime, who: Principal, clinic_id: str, said: dict[str, Any]) -> dict[str, Any]:
    """Declare that the clinic's network, power, display or the system failed {kind, from_at, to_at}: at most 14 days, begun at
    most 3 days ago. Raises InvalidBody, NotFound."""
    first, last = said["from_at"], said["to_at"]
    if not first < last <= first + LONGEST_OUTAGE or first < clock.now() - BACK:
        raise InvalidBody("from_at", "an outage of at most 14 days that began in the last 3 days", hint="起始在最近 3 天内,最长 14 天,结束晚于开始")
    days = clock.local_date(first), clock.local_date(last)
    with rt.db.transaction() as session:
        row = clinic_of(session, who, clinic_id)
        entry = _told(rt, session, row, outages.KIND, ledger.Actor(who.person_id, "recipient_admin", row.organisation_id), {
            "kind": said["kind"], "from": days[0].isoformat(), "to": days[1].isoformat(), "from_at": clock.iso(first),
            "to_at": clock.iso(last),
        })  # fmt: skip
    return {"id": entry.entry_id, "kind": said["kind"], "from_at": clock.iso(first), "to_at": clock.iso(last)}


def end_outage(rt: Runtime, who: Principal, clinic_id: str, outage_id: str) -> dict[str, Any]:
    """Tell that an outage is over now, before the time that was declared. Raises NotFound for one that does not last."""
    now = clock.now()
    with rt.db.transaction() as session:
        row = clinic_of(session, who, clinic_id)
        ledger.lock(session, rt.keys, [ledger.Stream.clinic(clinic_id)])
        lasting = [fact for fact in outages.standing(ledger.facts_of_kinds(session, clinic_id, [outages.KIND])) if fact.entry_id == outage_id]
        told = lasting[0].payload if lasting else {}
        if not told or not clock.parse_iso(told["from_at"]) < now < clock.parse_iso(told["to_at"]):
            raise NotFound(f"no lasting outage {outage_id[:40]}")
        declared = dt.date.fromisoformat(told["from"]), dt.date.fromisoformat(told["to"])
        said = {"kind": told["kind"], "from": told["from"], "to": clock.today().isoformat(), "from_at": told["from_at"],
                "to_at": clock.iso(now), "supersedes": outage_id}  # fmt: skip
        actor = ledger.Actor(who.person_id, "recipient_admin", row.organisation_id)
        entry = _told(rt, session, row, outages.KIND, actor, said, declared)
    return {"id": entry.entry_id, "kind": said["kind"], "from_at": said["from_at"], "to_at": said["to_at"]}


def set_rota(rt: Runtime, who: Principal, clinic_id: str, said: dict[str, Any]) -> dict[str, Any]:
    """Name who may witness presence at the clinic from today on {witnesses: person ids}; the newest list stands alone.

    Everybody on it belongs to the clinic's own hospital, so never a physician posted there. Raises InvalidBody, NotFound.
    """
    names = sorted(set(said["witnesses"]))
    with rt.db.transaction() as session:
        row = clinic_of(session, who, clinic_id)
        known = set(session.scalars(sa.select(Person.id).where(Person.id.in_(names), Person.organisation_id == row.organisation_id)))
        if known != set(names):
            raise InvalidBody("witnesses", "not a person of the clinic's hospital", hint="名单里有人不在本机构的人员名册中")
        today = clock.today().isoformat()
        entry = _told(rt, session, row, "clinic.rota_set", ledger.Actor(who.person_id, "recipient_admin", row.organisation_id),
                      {"witnesses": names, "valid_from": today, "from": today, "to": None})  # fmt: skip
    return {"id": entry.entry_id, "witnesses": names, "valid_from": today}


def newest_place(session: Session, clinic_id: str) -> ledger.Fact | None:
    """The newest word about the clinic's place."""
    return newest_places(session, [clinic_id])[clinic_id]


def newest_places(session: Session, clinic_ids: Iterable[str]) -> dict[str, ledger.Fact | None]:
    """That of each of several clinics."""
    told = ledger.facts_by_subject(session, clinic_ids, dt.date(2000, 1, 1), clock.today(), kinds=("clinic.location_set",))
    return {clinic_id: facts[-1] if facts else None for clinic_id, facts in told.items()}


def _told(
    rt: Runtime, session: Session, row: Clinic, kind: str, actor: ledger.Actor, payload: dict[str, Any],
    days: tuple[dt.date, dt.date] | None = None,
) -> ledger.Appended:  # fmt: skip
    stream = ledger.Stream.clinic(row.id)
    return ledger.append(session, rt.keys, kind=kind, stream=stream, actor=actor, payload={"clinic_id": row.id, **payload}, days=days)
