"""The desk pages of people, doubts, clinics and handovers in the matrix: every form on own and foreign objects."""

from __future__ import annotations

from dataclasses import replace

from flask.testing import FlaskClient

from tests.shared.http import request_cases
from tests.shared.http.realm import MALFORMED, MISSING, Realm, clinic, key
from tests.shared.http.request_cases import form
from tests.shared.http.world import CLINIC_IDS, POSTINGS, TAPPED, Case, made, page, workbook

OUTAGES = tuple(replace(clinic(name), value=key(name)) for name in ("clinic-1", "clinic-3"))
ENDED = (("outage_id", "made:outage/{label}"),)
"""Whoever comes second finds it ended."""
DESK_ELSEWHERE = {
    "checkin.flag.decide_form", "checkin.ordered.revoke_form", "checkin.handover.sign_form",
    "checkin.visit.form", "checkin.correction.form", "roster.clinic.place.approve_form", "roster.clinic.outage.end",
    "roster.clinic.outage.end_form", "checkin.request.attachment",
}  # fmt: skip
"""Rights that need a flag, a tap, a declared outage or an upload: tests of the rooms they live in."""


def forms_of(policy: str, about: str, **fields: str) -> dict[str, Case]:
    """The page and the form below a posting or a clinic, on every object of the world."""
    targets, argument = (POSTINGS, "posting_id") if about == "posting" else (CLINIC_IDS, "clinic_id")
    return {f"{policy}_page": Case(targets, argument, request=page), f"{policy}_form": Case(targets, argument, request=form(**fields))}


ORDER = {"kind": "meeting", "doc_no": "1号", "issuer": "医务科", "issuer_level": "supporter", "from": "2026-11-17", "to": "2026-11-17"}
CASES: dict[str, Case] = {
    "progress.people.page": Case(request=page), "progress.person.page": Case(POSTINGS, "posting_id", request=page),
    **forms_of("checkin.day.note", "posting", service_date="2026-11-16", sessions="am", text="停电"),
    "checkin.arrival.page": Case(POSTINGS, "posting_id", request=page),
    "checkin.arrival.form": Case(POSTINGS, "posting_id", request=form(date="2026-03-02", session="am", id_shown="yes")),
    "checkin.ordered.page": Case(POSTINGS, "posting_id", request=page),
    "checkin.ordered.form": Case(POSTINGS, "posting_id", request=form(**ORDER)),
    "checkin.visit.page": Case(POSTINGS, "posting_id", request=page),
    "checkin.visit.form": Case(POSTINGS, "posting_id", request=form(), unless="forbidden"),
    "checkin.correction.page": Case(POSTINGS, "posting_id", request=page),
    "checkin.correction.form": Case(POSTINGS, "posting_id", request=form()),
    "checkin.objection.new_page": Case(POSTINGS, "posting_id", request=page),
    "checkin.objection.file_form": Case(POSTINGS, "posting_id", request=form(target="month:2026-11", reason_code="other", text="请核对")),
    "checkin.objection.page": Case(request=page),
    "checkin.objection.decide_form": Case(
        made("objection", *TAPPED), "objection_id", request=form(decision="rejected", note="已核实"), unless="forbidden"),
    "checkin.flag.page": Case(request=page),
    "checkin.flag.decide_form": Case(made("event", *TAPPED), "event_id", request=form(flag="clock_skew", decision="dismissed", note="已核")),
    "checkin.ordered.revoke_page": Case(made("order", *TAPPED), "ordered_id", request=page),
    "checkin.ordered.revoke_form": Case(made("order", *TAPPED), "ordered_id", request=form()),
    "checkin.request.attachment": Case((MISSING, MALFORMED), "request_id", (("sha256", "0" * 64),)),
    "checkin.handover.page": Case(request=page),
    "checkin.handover.sign_form": Case(made("handover", *request_cases.TAKES_OVER), "handover_id", request=form(items_sha256="0" * 64)),
    "checkin.poster.page": Case(CLINIC_IDS, "clinic_id", request=page), "checkin.poster.issue_form": Case(CLINIC_IDS, "clinic_id", request=form()),
    "roster.substitution.page": Case(POSTINGS, "posting_id", request=page),
    "roster.substitution.form": Case(POSTINGS, "posting_id", request=form(**{
        "substitute_id": key("doctor-2"), "from": "2026-11-17", "sessions": "am"})),
    "roster.posting.close_page": Case(POSTINGS, "posting_id", request=page),
    "roster.posting.close_form": Case(POSTINGS, "posting_id", request=form(reason="completed", last_day="2027-12-31")),
    "roster.import.page": Case(request=page), "roster.import.template": Case(request=page), "roster.import.form": Case(request=workbook),
    "roster.clinic.page": Case(request=page), "roster.clinic.one_page": Case(CLINIC_IDS, "clinic_id", request=page),
    **forms_of("roster.clinic.place", "clinic", lat_e6="31.5", lon_e6="108.5", crs="gcj02", how="map_pick"),
    **forms_of("roster.clinic.outage", "clinic", kind="network", from_at="2026-11-17T08:00", to_at="2026-11-17T12:00"),
    **forms_of("roster.clinic.rota", "clinic"),
    "roster.clinic.place.approve_form": Case(CLINIC_IDS, "clinic_id", request=form(proposal="none")),
    "roster.clinic.outage.end": Case((*OUTAGES, MISSING), "clinic_id", ENDED, unless="absent"),
    "roster.clinic.outage.end_form": Case((*OUTAGES, MISSING), "clinic_id", ENDED, request=form(), unless="absent"),
}  # fmt: skip


def declare_outages(client: FlaskClient, realm: Realm) -> None:
    """An outage of a clinic of each county."""
    for label, site in (("recip-1", "clinic-1"), ("recip-3", "clinic-3")):
        said = client.post(
            f"/api/roster/clinics/{key(site)}/outages", headers={"Authorization": f"Bearer {realm.tokens[label]}"},
            json={"kind": "network", "from_at": "2026-11-17T01:00:00Z", "to_at": "2026-11-17T09:00:00Z"},
        )  # fmt: skip
        assert said.status_code == 201, said.text
        realm.made[f"made:outage/{site}"] = said.json["id"]
