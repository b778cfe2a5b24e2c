"""`/api/roster/clinics/<id>/…`: the place of a clinic and its approval, outages, witnesses."""

from __future__ import annotations

from typing import Any

from services.roster import schemas
from services.roster.routes.directory import blp
from services.roster.usecases import sites
from shared.http.app import runtime
from shared.http.auth import OWN_COUNTY, OWN_ORG, policy, principal


@blp.route("/clinics/<clinic_id>/location", methods=["POST"])
@policy("roster.clinic.place", allow={"recipient_admin": OWN_ORG}, object=sites.clinic_of, audit="write")
@blp.arguments(schemas.Place)
@blp.response(201, schemas.Placed)
def propose(said: dict[str, Any], clinic_id: str) -> dict[str, Any]:
    """Name the clinic's place; it waits for the county."""
    return sites.propose(runtime(), principal(), clinic_id, said)


@blp.route("/clinics/<clinic_id>/location/approval", methods=["POST"])
@policy("roster.clinic.place.approve", allow={"county_officer": OWN_COUNTY}, object=sites.clinic_of_county, audit="decision")
@blp.arguments(schemas.PlaceApproval)
@blp.response(200, schemas.Placed)
def approve(said: dict[str, Any], clinic_id: str) -> dict[str, Any]:
    """Put the proposed place in force."""
    return sites.approve(runtime(), principal(), clinic_id, said["proposal"])


@blp.route("/clinics/<clinic_id>/outages", methods=["POST"])
@policy("roster.clinic.outage", allow={"recipient_admin": OWN_ORG}, object=sites.clinic_of, audit="write")
@blp.arguments(schemas.Outage)
@blp.response(201, schemas.Declared)
def declare_outage(said: dict[str, Any], clinic_id: str) -> dict[str, Any]:
    """Declare an outage of the clinic."""
    return sites.declare_outage(runtime(), principal(), clinic_id, said)


@blp.route("/clinics/<clinic_id>/outages/<outage_id>/end", methods=["POST"])
@policy("roster.clinic.outage.end", allow={"recipient_admin": OWN_ORG}, object=sites.outage_of, audit="write")
@blp.response(200, schemas.Declared)
def end_outage(clinic_id: str, outage_id: str) -> dict[str, Any]:
    """Tell that an outage is over before the time that was declared."""
    return sites.end_outage(runtime(), principal(), clinic_id, outage_id)


@blp.route("/clinics/<clinic_id>/rota", methods=["PUT"])
@policy("roster.clinic.rota", allow={"recipient_admin": OWN_ORG}, object=sites.clinic_of, audit="write")
@blp.arguments(schemas.Rota)
@blp.response(200, schemas.RotaSet)
def set_rota(said: dict[str, Any], clinic_id: str) -> dict[str, Any]:
    """Name who may witness presence at the clinic."""
    return sites.set_rota(runtime(), principal(), clinic_id, said)
