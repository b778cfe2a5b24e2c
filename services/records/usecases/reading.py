"""Records as a reader in its scope sees them: lists, one record, and the subjects one may file about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.records import store
from services.records.domain import catalogue
from services.records.domain.kinds import SUBJECTS, Kind
from services.records.models import Record
from services.records.usecases import subjects
from services.records.usecases.deciding import kind_of
from shared import clock
from shared.directory import lookup
from shared.directory.models import Organisation, Pair, Person, Posting
from shared.problems import InvalidBody, NotFound
from shared.roles import Principal
from shared.service import Runtime

HIDDEN = frozenset(kind.id for kind in catalogue.KINDS if "doctor" in kind.hidden_from)
SHOWN_SUBJECTS = 300


def listing(
    rt: Runtime, who: Principal, kind: Kind | None, state: str | None, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Up to limit + 1 records in the scope, newest first. Raises InvalidBody for an unknown state."""
    if state and state not in catalogue.STATES:
        raise InvalidBody("state", f"one of {', '.join(catalogue.STATES)}")
    with rt.db.read() as session:
        condition = store.visible(who, HIDDEN)
        rows = store.page(session, condition, kind.id if kind else None, state, after[0] if after else None, limit)
        return views(session, rows)


def visible_record(session: Session, who: Principal, record: str, kind: str | None = None, **_: Any) -> Record:
    """The record as an object of requests, of the kind at the address if one is named. Raises NotFound."""
    found = store.find(session, record, store.visible(who, HIDDEN))
    if found is None or (kind is not None and kind_of(kind).id != found.kind):
        raise NotFound(f"no record {record}")
    return found


def one(rt: Runtime, who: Principal, record_id: str, kind: str | None = None) -> dict[str, Any]:
    """One record in the scope. Raises NotFound."""
    with rt.db.read() as session:
        return views(session, [visible_record(session, who, record_id, kind)])[0]


def one_row(rt: Runtime, row: Record) -> dict[str, Any]:
    """A record that was just written, for who wrote it."""
    with rt.db.read() as session:
        return views(session, [row])[0]


def views(session: Session, rows: Sequence[Record]) -> list[dict[str, Any]]:
    """Records with the names of whom they are about and who filed and decided."""
    about = _names(session, {(row.subject_kind, row.subject_id) for row in rows})
    people = {row.filed_by for row in rows} | {one["by"] for row in rows for one in row.decisions}
    names = lookup.names(session, Person, [key for key in people if key])
    return [_view(row, about[row.subject_kind, row.subject_id], names) for row in rows]


def _view(row: Record, about: str, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": row.id, "kind": row.kind, "state": row.state, "about": f"{row.subject_kind}:{row.subject_id}",
        "about_name": about, "values": row.values, "drawn": row.drawn, "filed_by": names.get(row.filed_by or "", ""),
        "filed_role": row.filed_role, "filed_at": clock.iso(row.filed_at), "entry_id": row.entry_id,
        "decisions": [
            {**{name: said[name] for name in ("path", "decision", "role", "at", "values")},
             "by": names.get(said["by"] or "", "")}
            for said in row.decisions
        ],
    }  # fmt: skip


def _names(session: Session, keys: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Chinese names of subjects: a pair by its hospitals, a posting by its physician and recipient."""
    return {(kind, key): _name(session, kind, key) for kind, key in keys}


def _name(session: Session, kind: str, key: str) -> str:
    if kind == "person":
        return lookup.person(session, key).name
    if kind == "posting":
        row = lookup.posting(session, key)
        start = f"{row.start:%Y-%m-%d} 起"
        return f"{lookup.person(session, row.person_id).name}({_organisation(session, row.recipient_id)},{start})"
    if kind in ("pair", "team"):
        pair = lookup.pair(session, key.partition("/")[0])
        return f"{_organisation(session, pair.supporter_id)} → {_organisation(session, pair.recipient_id)}"
    return _organisation(session, key)


def _organisation(session: Session, key: str) -> str:
    return lookup.organisation(session, key).name


def sample_names(rt: Runtime, record: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """(posting id, label, visited) of the list of an inspection; none for another record."""
    drawn = record["drawn"] or {}
    with rt.db.read() as session:
        return [(key, _name(session, "posting", key), key in drawn["visited"]) for key in drawn.get("sample", ())]


def subjects_for(rt: Runtime, who: Principal, kind: Kind) -> list[tuple[str, str]]:
    """("kind:id", Chinese label) of everything the principal may file this kind about, by kind and label."""
    with rt.db.read() as session:
        found = []
        for about in _candidates(session, who):
            subject_kind = about.partition(":")[0]
            if subject_kind in kind.about:
                subject = subjects.load(session, about)
                if subject.role_of(who, kind.filers):
                    found.append((about, f"{SUBJECTS[subject_kind]}:{_name(session, subject.kind, subject.id)}"))
        return sorted(found, key=lambda one: (list(SUBJECTS).index(one[0].partition(":")[0]), one[1]))[:SHOWN_SUBJECTS]


def _candidates(session: Session, who: Principal) -> list[str]:
    """Subjects near the principal: own hospitals and areas, their pairs, and the postings of these."""
    scopes = {grant.scope for grant in who.grants if grant.scope}
    above = (Organisation.county_id, Organisation.city_id, Organisation.province_id)
    near = sa.or_(Organisation.id.in_(scopes), *(column.in_(scopes) for column in above))
    organisations = session.execute(sa.select(Organisation.id, Organisation.kind).where(near)).all()
    ids = [row.id for row in organisations]
    pairs = list(session.scalars(sa.select(Pair.id).where(sa.or_(Pair.supporter_id.in_(ids), Pair.recipient_id.in_(ids)))))
    mine = Posting.person_id == (who.person_id or "")
    postings = session.scalars(sa.select(Posting).where(sa.or_(Posting.pair_id.in_(pairs), mine)).order_by(Posting.start.desc())).all()
    found = [f"{row.kind}:{row.id}" for row in organisations] + [f"pair:{key}" for key in pairs]
    found += [f"team:{key}" for key in sorted({f"{row.pair_id}/{row.mode}" for row in postings})]
    found += [f"posting:{row.id}" for row in postings] + [f"person:{key}" for key in sorted({row.person_id for row in postings})]
    return found


def fileable(who: Principal) -> list[Kind]:
    """The kinds in which a role of the principal may file something."""
    return [kind for kind in catalogue.KINDS if who.has(*kind.filers)]
