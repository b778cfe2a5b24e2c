"""The clinics of an office and one of them: its place in force and the one proposed, outages, witnesses, reviewers. Reads only."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.roster.usecases import sites
from shared import clock, ledger
from shared.access import lookup as access
from shared.attendance import geo
from shared.directory import lookup
from shared.directory.models import Clinic, Organisation, Person
from shared.problems import NotFound
from shared.progress import outages
from shared.roles import Principal
from shared.service import Runtime

KINDS = {"network": "断网", "power": "停电", "display": "屏幕或码故障", "system": "系统故障"}
CRS = {"gcj02": "地图坐标(高德、腾讯)", "wgs84": "卫星定位坐标"}
WAYS = {"map_pick": "地图选点", "on_site": "现场定位", "survey": "测绘"}
SHOWN = 20


def visible(session: Session, who: Principal, clinic_id: str) -> Clinic:
    """A clinic of the own hospital, or below the own county. Raises NotFound."""
    for find in (sites.clinic_of, sites.clinic_of_county):
        try:
            return find(session, who, clinic_id)
        except NotFound:
            continue
    raise NotFound(f"no clinic {clinic_id[:40]}")


def listing(rt: Runtime, who: Principal) -> list[dict[str, Any]]:
    """The clinics in view by hospital and name, each with what waits: a place to be approved, no place at all."""
    with rt.db.read() as session:
        below = sa.select(Organisation.id).where(Organisation.county_id.in_(who.scopes("county_officer")))
        query = sa.select(Clinic).where(sa.or_(Clinic.organisation_id.in_(who.scopes("recipient_admin")), Clinic.organisation_id.in_(below)))
        rows = list(session.scalars(query))
        names = lookup.names(session, Organisation, {row.organisation_id for row in rows})
        newest = sites.newest_places(session, [row.id for row in rows])
        found = [
            {"id": row.id, "name": row.name, "hospital": names.get(row.organisation_id, ""), "state": _state(row, newest[row.id])}
            for row in rows
        ]  # fmt: skip
    return sorted(found, key=lambda one: (one["hospital"], one["name"]))


def _state(row: Clinic, newest: ledger.Fact | None) -> str:
    if newest is not None and newest.payload["step"] == "proposed":
        return "位置待县级确认"
    return "位置已确认" if row.lat_e6 is not None else "还没有位置"


def one(rt: Runtime, who: Principal, clinic_id: str) -> dict[str, Any]:
    """One clinic with everything its page shows, and what the reader may do."""
    with rt.db.read() as session:
        row = visible(session, who, clinic_id)
        own = row.organisation_id in who.scopes("recipient_admin")
        witnesses = _witnesses(session, row)
        office = access.holders(session, "recipient_admin", row.organisation_id)
        names = lookup.names(session, Person, {*witnesses, *office})
        return {
            "id": row.id, "name": row.name, "address": row.address or "", "own": own,
            "hospital": lookup.organisation(session, row.organisation_id).name, "screen": row.screen_token if own else None,
            "place": _place({name: getattr(row, name) for name in ("lat_e6", "lon_e6", "crs", "radius_m")}) if row.lat_e6 is not None else "",
            "proposal": _proposal(session, row), "outages": _outages(session, row),
            "witnesses": sorted(names.get(name, "") for name in witnesses), "on_rota": sorted(witnesses),
            "reviewers": sorted(names.get(name, "") for name in office - witnesses),
        }  # fmt: skip


def staff(rt: Runtime, clinic_id: str) -> dict[str, str]:
    """Everybody on the roster of the clinic's hospital, id → name: who may be named a witness."""
    with rt.db.read() as session:
        hospital = lookup.clinic(session, clinic_id).organisation_id
        rows = session.execute(sa.select(Person.id, Person.name).where(Person.organisation_id == hospital).order_by(Person.name))
        return {row.id: row.name for row in rows}


def _place(told: dict[str, Any]) -> str:
    return f"{told['lat_e6'] / 1e6:.6f},{told['lon_e6'] / 1e6:.6f} · {CRS[told['crs']]} · 半径 {told['radius_m']} 米"


def _proposal(session: Session, row: Clinic) -> dict[str, Any] | None:
    """The place that waits for the county: who named it, and how far it lies from the one in force."""
    newest = sites.newest_place(session, row.id)
    if newest is None or newest.payload["step"] != "proposed":
        return None
    told = newest.payload
    by = (told.get("actor") or {}).get("person")
    moved = None
    if row.lat_e6 is not None and row.lon_e6 is not None:
        now = geo.converted(geo.Point.of_e6(row.lat_e6, row.lon_e6), row.crs or "wgs84")
        moved = round(geo.distance_m(now, geo.Point.of_e6(told["wgs84_lat_e6"], told["wgs84_lon_e6"])))
    return {
        "id": newest.entry_id, "place": _place(told), "how": WAYS[told["how"]], "moved": moved,
        "by": lookup.names(session, Person, [by]).get(by, "") if by else "", "at": f"{clock.local(newest.at):%Y-%m-%d %H:%M}",
    }  # fmt: skip


def _outages(session: Session, row: Clinic) -> list[dict[str, Any]]:
    """The newest outages as they stand; `lasting` may be ended now."""
    now, found = clock.now(), []
    for fact in reversed(outages.standing(ledger.facts_of_kinds(session, row.id, [outages.KIND]))):
        begins, ends = clock.parse_iso(fact.payload["from_at"]), clock.parse_iso(fact.payload["to_at"])
        found.append({
            "id": fact.entry_id, "kind": KINDS[fact.payload["kind"]], "lasting": begins < now < ends,
            "span": f"{clock.local(begins):%m-%d %H:%M} 至 {clock.local(ends):%m-%d %H:%M}",
        })  # fmt: skip
    return found[:SHOWN]


def _witnesses(session: Session, row: Clinic) -> frozenset[str]:
    said = ledger.facts_of_kinds(session, row.id, ["clinic.rota_set"])
    return frozenset(said[-1].payload["witnesses"]) if said else frozenset()
