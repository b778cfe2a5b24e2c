"""Posters: issued by the hospital's own office as a fact of the clinic, or printed again by the operator."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from checkin import poster as paper
from checkin.models import Poster
from shared import clock, files, ledger
from shared.directory import lookup
from shared.directory.models import Clinic
from shared.ids import new_id
from shared.problems import NotFound
from shared.roles import Principal
from shared.service import Runtime

MEDIA = {"pdf": "application/pdf", "png": "image/png"}


@dataclass(frozen=True)
class Issued:
    """A poster that was issued: its id and where its two files are to be fetched."""

    id: str
    clinic_id: str
    links: dict[str, str]


def own_clinic(session: Session, who: Principal, clinic_id: str) -> Clinic:
    """A clinic of the person's own hospital. Raises NotFound."""
    clinic = session.get(Clinic, clinic_id)
    if clinic is None or clinic.organisation_id not in who.scopes("recipient_admin"):
        raise NotFound(f"no clinic {clinic_id}")
    return clinic


def own_poster(session: Session, who: Principal, clinic_id: str, poster_id: str, suffix: str) -> Poster:
    """A poster of a clinic of the person's own hospital. Raises NotFound, also for a suffix that is no form of it."""
    own_clinic(session, who, clinic_id)
    found = session.get(Poster, poster_id)
    if found is None or found.clinic_id != clinic_id or suffix not in MEDIA:
        raise NotFound(f"no poster {poster_id}")
    return found


def issue_poster(rt: Runtime, who: Principal, clinic_id: str) -> Issued:
    """Print the clinic's poster and append `clinic.poster_issued`. Raises NotFound for a clinic of another hospital."""
    with rt.db.read() as session:
        sheet = _sheet(session, rt, own_clinic(session, who, clinic_id))
    drawn = paper.draw(sheet)  # half a second of drawing belongs in no transaction
    with rt.db.transaction() as session:
        clinic = own_clinic(session, who, clinic_id)
        stored = {
            suffix: files.store(session, rt.settings.files, data, media_type=MEDIA[suffix], owner=clinic_id).sha256
            for suffix, data in (("pdf", drawn.pdf), ("png", drawn.png))
        }
        token, now, poster_id = hashlib.sha256(clinic.site_token.encode()).hexdigest(), clock.now(), new_id()
        session.add(Poster(
            id=poster_id, clinic_id=clinic_id, token_sha256=token, issued_at=now, issued_by=who.person_id,
            pdf_sha256=stored["pdf"], png_sha256=stored["png"], revoked_at=None,
        ))  # fmt: skip
        ledger.append(
            session, rt.keys, kind="clinic.poster_issued", stream=ledger.Stream.clinic(clinic_id),
            actor=ledger.Actor(who.person_id, "recipient_admin", clinic.organisation_id),
            payload={"clinic_id": clinic_id, "poster_id": poster_id, "token_sha256": token, "printed_at": clock.iso(now)},
        )  # fmt: skip
    base = base_of(clinic_id, poster_id)
    return Issued(poster_id, clinic_id, {suffix: f"{base}.{suffix}" for suffix in MEDIA})


def base_of(clinic_id: str, poster_id: str) -> str:
    """The address of a poster's files, without suffix."""
    return f"/api/checkin/clinics/{clinic_id}/posters/{poster_id}"


def issued(rt: Runtime, clinic_id: str) -> list[Poster]:
    """The clinic's posters, the newest first."""
    with rt.db.read() as session:
        return list(session.scalars(sa.select(Poster).where(Poster.clinic_id == clinic_id).order_by(Poster.issued_at.desc())))


def read_poster(rt: Runtime, who: Principal, clinic_id: str, poster_id: str, suffix: str) -> bytes:
    """The bytes of an issued poster, suffix "pdf" or "png". Raises NotFound."""
    with rt.db.read() as session:
        found = own_poster(session, who, clinic_id, poster_id, suffix)
        sha256 = found.pdf_sha256 if suffix == "pdf" else found.png_sha256
    return files.open_path(rt.settings.files, sha256).read_bytes()


def print_poster(rt: Runtime, clinic: str) -> tuple[str, paper.Poster]:
    """(clinic code, poster) of a clinic named by id, code or name, for the operator; nothing is written. Raises NotFound."""
    query = sa.select(Clinic).where(sa.or_(Clinic.id == clinic, Clinic.code == clinic, Clinic.name == clinic))
    with rt.db.read() as session:
        found = session.scalars(query).all()
        if len(found) != 1:
            raise NotFound(f"{len(found)} clinics are called {clinic!r}")
        code, sheet = found[0].code, _sheet(session, rt, found[0])
    return code, paper.draw(sheet)


def _sheet(session: Session, rt: Runtime, clinic: Clinic) -> paper.Sheet:
    organisation = lookup.organisation(session, clinic.organisation_id)
    return paper.Sheet(
        clinic_name=clinic.name, organisation_name=organisation.name, phone=organisation.office_phone,
        url=f"{rt.settings.public_base_url}/c/{clinic.site_token}", issued=clock.today(),
    )  # fmt: skip
