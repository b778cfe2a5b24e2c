"""The closed list of event kinds, pure: the streams each stands in and the roles that may append it (evidence.md §2).

Ownership (own posting, own clinic, own county) always applies on top and is the use case's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

STREAMS = frozenset({"posting", "person", "clinic", "organisation", "system"})
SYSTEM = ("system",)
DOCTOR = ("doctor",)
RECIPIENT = ("recipient_admin",)
HOSPITALS = ("recipient_admin", "supporter_admin")
COUNTY = ("county_officer",)
LEVELS = ("recipient_admin", "supporter_admin", "county_officer", "city_officer", "province_officer")
INSPECTORS = ("county_officer", "city_officer", "supporter_admin", "quality_office")
SUPERVISORS = (*LEVELS, "quality_office")
CONFIRMERS = (*LEVELS, "hr_officer")
WORKERS = ("doctor", "team_leader", *LEVELS, "quality_office", "hr_officer", "finance_officer")
"""Every role a rule can name (domain.md §3): where a rule of the programme decides who, the list is this one."""
PEOPLE = (*WORKERS, "witness", "auditor", "system_admin", "security_admin", "audit_admin")
"""Every role a natural person can hold."""


class KindError(ValueError):
    """A kind not on the list, a stream it does not stand in, or a role that may not append it: a program error."""


@dataclass(frozen=True)
class Kind:
    """One event kind, the streams it may stand in and the roles that may append it."""

    name: str
    streams: frozenset[str]
    roles: frozenset[str]


_POSTING = {
    "attendance.recorded": DOCTOR,
    "attendance.direction_flipped": DOCTOR,
    "attendance.countersigned": ("witness", *HOSPITALS, "quality_office", "county_officer", "city_officer"),
    "attendance.countersign_withdrawn": ("witness", *HOSPITALS, "quality_office", "county_officer", "city_officer"),
    "attendance.countersign_declined": ("witness", *HOSPITALS, "quality_office", "county_officer", "city_officer"),
    "flag.decided": (*COUNTY, *RECIPIENT),
    "objection.filed": ("doctor", *HOSPITALS, "county_officer"),
    "objection.decided": ("county_officer", "city_officer"),
    "correction.requested": (*DOCTOR, *RECIPIENT),
    "correction.decided": (*RECIPIENT, *COUNTY),
    "correction.withdrawn": (*DOCTOR, *RECIPIENT),
    "leave.requested": DOCTOR,
    "leave.decided": LEVELS,
    "leave.cancelled": ("doctor", *LEVELS),
    "leave.returned": DOCTOR,
    "ordered_work.filed": (*HOSPITALS, "county_officer"),
    "ordered_work.decided": (*COUNTY, *RECIPIENT),
    "ordered_work.revoked": COUNTY,
    "spotcheck.planned": SYSTEM,
    "spotcheck.issued": ("system", *HOSPITALS, "county_officer"),
    "spotcheck.answered": DOCTOR,
    "spotcheck.busy": DOCTOR,
    "spotcheck.lapsed": SYSTEM,
    "spotcheck.decided": ("recipient_admin", "county_officer", "supporter_admin", "quality_office", "city_officer",
                          "system"),
    "posting.opened": ("supporter_admin",),
    "posting.amended": ("supporter_admin",),
    "posting.registered": LEVELS,
    "posting.arrival_confirmed": (*RECIPIENT, *COUNTY),
    "posting.closed": HOSPITALS,
    "handover.signed": (*DOCTOR, *RECIPIENT),
    "day.noted": HOSPITALS,
    "roster.published": HOSPITALS,
    "substitution.recorded": HOSPITALS,
    "worklog.recorded": DOCTOR,
    "worklog.amended": DOCTOR,
    "diary.submitted": DOCTOR,
    "diary.amended": DOCTOR,
    "month.closed": SYSTEM,
    "month.signed": ("doctor", *HOSPITALS, "county_officer"),
    "month.returned": ("doctor", *HOSPITALS, "county_officer"),
    "month.amended": COUNTY,
    "certificate.issued": (*COUNTY, "supporter_admin"),
    "certificate.revoked": (*COUNTY, "supporter_admin"),
}  # fmt: skip

_POSTING_OR_PERSON = {"attendance.refused": SYSTEM}

_POSTING_CLINIC_OR_ORGANISATION = {
    "inspection.recorded": (*INSPECTORS, "recipient_admin", "province_officer", "finance_officer"),
}
"""Who drew a list records what was found; self-checks, fund checks and joint evaluations have nobody who draws."""

_POSTING_OR_ORGANISATION = {
    "finding.opened": SUPERVISORS,
    "finding.decided": CONFIRMERS,
    "agreement.recorded": HOSPITALS,
    "agreement.amended": HOSPITALS,
    "document.filed": WORKERS,
    "document.acknowledged": (*CONFIRMERS, "team_leader"),
    "document.returned": (*CONFIRMERS, "team_leader"),
    "stay.recorded": HOSPITALS,
    "figure.reported": WORKERS,
    "activity.recorded": ("doctor", "team_leader", *HOSPITALS),
    "checklist.ticked": WORKERS,
    "obligation.waived": ("supporter_admin", *COUNTY),
    "credit.filed": (*DOCTOR, "hr_officer"),
    "credit.decided": ("hr_officer",),
    "payment.recorded": ("finance_officer",),
    "disclosure.recorded": ("hr_officer",),
    "application.filed": (*DOCTOR, "hr_officer"),
    "application.withdrawn": ("hr_officer",),
    "change.requested": HOSPITALS,
    "change.decided": ("county_officer", "city_officer", "province_officer"),
    "arrangement.changed": HOSPITALS,
}

_CLINIC = {
    "clinic.location_set": (*RECIPIENT, *COUNTY),
    "clinic.poster_issued": RECIPIENT,
    "clinic.poster_revoked": RECIPIENT,
    "clinic.code_key_rotated": ("security_admin", "system"),
    "clinic.rota_set": RECIPIENT,
    "clinic.outage_declared": (*RECIPIENT, "system"),
    "kiosk.enrolled": RECIPIENT,
    "kiosk.skewed": SYSTEM,
    "kiosk.revoked": (*RECIPIENT, "security_admin"),
}

_PERSON = {
    "device.enrolled": DOCTOR,
    "device.revoked": (*DOCTOR, "supporter_admin", "security_admin", "system"),
    "device.confirmed": (*DOCTOR, *HOSPITALS),
    "consent.given": PEOPLE,
    "consent.withdrawn": PEOPLE,
}

_SYSTEM = {
    "spotcheck.committed": SYSTEM,
    "spotcheck.revealed": SYSTEM,
    "inspection.drawn": INSPECTORS,
    "key.added": ("security_admin",),
    "key.rotated": ("security_admin",),
    "key.revoked": ("security_admin",),
    "audit.batch": SYSTEM,
}

_ANYWHERE = {"payload.erased": SYSTEM}


def _declare() -> Iterator[Kind]:
    groups: tuple[tuple[Mapping[str, tuple[str, ...]], frozenset[str]], ...] = (
        (_POSTING, frozenset({"posting"})),
        (_POSTING_OR_PERSON, frozenset({"posting", "person"})),
        (_POSTING_CLINIC_OR_ORGANISATION, frozenset({"posting", "clinic", "organisation"})),
        (_POSTING_OR_ORGANISATION, frozenset({"posting", "organisation"})),
        (_CLINIC, frozenset({"clinic"})),
        (_PERSON, frozenset({"person"})),
        (_SYSTEM, frozenset({"system"})),
        (_ANYWHERE, STREAMS),
    )
    for kinds, streams in groups:
        for name, roles in kinds.items():
            yield Kind(name, streams, frozenset(roles))


KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _declare()}


def check(kind: str, stream: str, role: str) -> None:
    """Raise KindError unless `kind` is on the list, lives in streams of this kind, and `role` may append it."""
    declared = KINDS.get(kind)
    if declared is None:
        raise KindError(f"{kind} is not an event kind")
    if stream not in declared.streams:
        raise KindError(f"{kind} does not stand in a {stream} stream")
    if role not in declared.roles:
        raise KindError(f"{role} may not append {kind}")
