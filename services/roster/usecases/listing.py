"""Lists of the directory within the reader's scope; phone numbers are masked (security.md §3.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.roster.store import pages
from shared.directory.models import Clinic, Organisation, Person, Posting
from shared.roles import Principal
from shared.service import Runtime


def masked(phone: str | None) -> str | None:
    """138****5678: enough to recognise, not enough to call."""
    return f"{phone[:3]}****{phone[-4:]}" if phone else None


def organisations(rt: Runtime, who: Principal, after: str | None, limit: int) -> list[dict[str, Any]]:
    """Up to limit + 1 organisations after a code."""
    return _page(rt, who, pages.organisations, _organisation, after, limit)


def clinics(rt: Runtime, who: Principal, after: str | None, limit: int) -> list[dict[str, Any]]:
    """Up to limit + 1 clinics after a code; their tokens are credentials and are not here."""
    return _page(rt, who, pages.clinics, _clinic, after, limit)


def people(rt: Runtime, who: Principal, after: str | None, limit: int) -> list[dict[str, Any]]:
    """Up to limit + 1 people after a code."""
    return _page(rt, who, pages.people, _person, after, limit)


def postings(rt: Runtime, who: Principal, after: str | None, limit: int) -> list[dict[str, Any]]:
    """Up to limit + 1 postings after a code."""
    return _page(rt, who, pages.postings, _posting, after, limit)


def _page(
    rt: Runtime, who: Principal, read: Callable[..., pages.Page], show: Callable[..., dict[str, Any]],
    after: str | None, limit: int,
) -> list[dict[str, Any]]:  # fmt: skip
    with rt.db.read() as session:
        page = read(session, who, after, limit + 1)
        return [show(row, page.names) for row in page.rows]


def _named(key: str | None, names: Mapping[str, str]) -> dict[str, str] | None:
    return {"id": key, "name": names.get(key, "")} if key else None


def _organisation(row: Organisation, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": row.id, "code": row.code, "name": row.name, "kind": row.kind, "county": _named(row.county_id, names),
        "recipient_level": row.recipient_level, "office_phone": row.office_phone,
        "complaint_phone": row.complaint_phone,
    }  # fmt: skip


def _clinic(row: Clinic, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": row.id, "code": row.code, "name": row.name, "organisation": _named(row.organisation_id, names),
        "address": row.address, "radius_m": row.radius_m,
    }  # fmt: skip


def _person(row: Person, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": row.id, "code": row.code, "name": row.name, "phone": masked(row.phone), "roles": list(row.roles),
        "organisation": _named(row.organisation_id, names), "title_rank": row.title_rank, "specialty": row.specialty,
    }  # fmt: skip


def _posting(row: Posting, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": row.id, "code": row.code, "person": _named(row.person_id, names), "programme_id": row.programme_id,
        "supporter": _named(row.supporter_id, names), "recipient": _named(row.recipient_id, names),
        "clinics": [_named(clinic, names) for clinic in row.clinics], "mode": row.mode, "start": row.start,
        "end": row.end, "team_leader": row.team_leader, "registration_no": row.registration_no, "doc_no": row.doc_no,
    }  # fmt: skip
