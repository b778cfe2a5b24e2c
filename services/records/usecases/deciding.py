"""Decide on a filed record: receive or return a document, accept a credit, confirm a finding, report a visit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.records import store
from services.records.domain import catalogue
from services.records.domain.hospitals import ADDRESSEE_ROLES
from services.records.domain.kinds import Kind, Step, found_in
from services.records.models import Record
from services.records.usecases import filing, subjects
from shared import clock, files, ledger
from shared.directory import lookup
from shared.directory.models import Person
from shared.problems import AlreadyDecided, Forbidden, InvalidBody, LevelTooLow, NotFound, SelfApproval
from shared.roles import ROLES, Principal
from shared.rules.schema import APPROVERS
from shared.service import Runtime

CONFIRMERS = {
    "supporter": "supporter_admin", "county": "county_officer", "city": "city_officer", "province": "province_officer",
}  # fmt: skip


def decide(
    rt: Runtime, who: Principal, kind: Kind, step: Step, record_id: str, body: Mapping[str, Any]
) -> Record:  # fmt: skip
    """Decide: {<fields of the step>}. The record in its new state.

    Raises NotFound outside the scope, SelfApproval, AlreadyDecided, LevelTooLow, InvalidBody; nothing is appended then.
    """
    with rt.db.transaction() as session:
        row = store.locked(session, record_id)
        if row is None or row.kind != kind.id:
            raise NotFound(f"no {kind.id} {record_id}")
        subject = subjects.load(session, f"{row.subject_kind}:{row.subject_id}")
        if subject.role_of(who, step.roles) is None:
            raise NotFound(f"no {kind.id} {record_id} in scope")
        values = _checked(session, who, step, body)
        role = _role(session, who, row, subject, step, values)
        _allowed(session, who, row, step, values, subject)
        event, state = step.outcomes[values["decision"]]
        return _append(session, rt, who, (kind, step, row, subject), role, values, event, state)


def decidable(session: Session, who: Principal, kind: Kind, step: Step, record_id: str) -> Record:
    """The record as the object of a decision: of this kind, and one of the step's roles reaches it. Raises NotFound."""
    row = session.get(Record, record_id)
    if row is None or row.kind != kind.id:
        raise NotFound(f"no {kind.id} {record_id[:40]}")
    if subjects.load(session, f"{row.subject_kind}:{row.subject_id}").role_of(who, step.roles) is None:
        raise NotFound(f"no {kind.id} {record_id} in scope")
    return row


def decidable_page(session: Session, who: Principal, record: str, step: str) -> Record:
    """The record of a page as the object of the decision its address names. Raises NotFound."""
    row = session.get(Record, record)
    if row is None:
        raise NotFound(f"no record {record[:40]}")
    kind = catalogue.BY_ID[row.kind]
    subject = subjects.load(session, f"{row.subject_kind}:{row.subject_id}")
    if subject.role_of(who, catalogue.DECIDERS) is None:
        raise NotFound(f"no record {record} in scope")
    if not who.has(*step_of(kind, step).roles):
        raise Forbidden(f"another role decides {kind.id}")
    return decidable(session, who, kind, step_of(kind, step), record)


def open_steps(rt: Runtime, who: Principal, record_id: str) -> list[Step]:
    """The decisions that are open and that one of the principal's roles may take."""
    with rt.db.read() as session:
        row = session.get_one(Record, record_id)
        subject = subjects.load(session, f"{row.subject_kind}:{row.subject_id}")
        steps = [step for step in catalogue.BY_ID[row.kind].steps if row.state in step.from_states]
        return [step for step in steps if subject.role_of(who, step.roles)]


def _checked(session: Session, who: Principal, step: Step, body: Mapping[str, Any]) -> dict[str, Any]:
    values = {one.name: body.get(one.name) for one in step.fields}
    if found := found_in(step.fields, step.checks, values, clock.today()):
        name, reason = next(iter(found.items()))
        raise InvalidBody(name, "wrong or missing fields", errors=found, hint=reason)
    files.check_uploads(session, who.person_id, values.get("attachment_sha256") or ())
    return values


def _role(
    session: Session, who: Principal, row: Record, subject: subjects.Subject, step: Step, values: Mapping[str, Any]
) -> str:  # fmt: skip
    """The role in which the person decides: an addressee for itself, who drew a list, a finding or a change at the level its
    rule asks for."""
    roles = step.roles
    if row.kind == "document":
        if values["by"] not in row.values["to"]:
            raise _invalid("by", "材料没有报送这个单位")
        roles = ADDRESSEE_ROLES[values["by"]]
    if row.kind == "change" or (row.kind == "finding" and values["decision"] != "under_review"):
        roles = _confirmers(session, row, step)
    if row.kind == "inspection":
        roles = (row.filed_role,)
    role = subject.role_of(who, roles)
    if role is None and row.kind in ("finding", "change"):
        raise LevelTooLow("below confirm_by of the rule", approver=ROLES[roles[0]].label)
    if role is None:
        raise Forbidden("not the addressee, or not who drew the list")
    return role


def _confirmers(session: Session, row: Record, step: Step) -> tuple[str, ...]:
    """Roles at or above `confirm_by` of the rule the finding names or of the one that forbids the change (county where none
    says it), lowest first."""
    programme = lookup.programme(session, row.programme_id or "", clock.today())
    forbidden = row.values.get("change", "")
    bound = [one for one in programme.rules if one.id == row.rule_id or one.get("forbid") == forbidden]
    least = max((one.get("confirm_by", "county") for one in bound), key=lambda by: APPROVERS[CONFIRMERS[by]] or 0, default="county")
    lowest = APPROVERS[CONFIRMERS[least]] or 0
    named = [role for role in step.roles if (APPROVERS.get(role) or 0) >= lowest]
    return tuple(sorted(named, key=lambda role: APPROVERS.get(role) or 0))


def _allowed(
    session: Session, who: Principal, row: Record, step: Step, values: Mapping[str, Any], subject: subjects.Subject
) -> None:  # fmt: skip
    by_hand = values.get("by") == "national_system"
    own = who.person_id is not None and who.person_id in (subject.person_id, row.filed_by if step.independent else None)
    if own and not by_hand:
        raise SelfApproval("decided by who filed it or whom it is about")
    if row.state not in step.from_states or any(_same(one, step, values) for one in row.decisions):
        last = row.decisions[-1] if row.decisions else {}
        names = lookup.names(session, Person, [last["by"]] if last.get("by") else [])
        at = clock.local(clock.parse_iso(last["at"]) if last.get("at") else row.filed_at)
        raise AlreadyDecided("decided before", name=names.get(last.get("by", ""), "他人"), time=f"{at:%m-%d %H:%M}")
    if row.kind == "inspection" and values["posting"] not in (row.drawn or {}).get("sample", ()):
        raise _invalid("posting", "这个派驻没有被抽中")


def _same(one: Mapping[str, Any], step: Step, values: Mapping[str, Any]) -> bool:
    """Whether this very decision was taken: by the same addressee, on the same posting, with the same outcome."""
    said = one["values"]
    part = next((name for name in ("by", "posting") if name in values), "decision")
    return bool(one["path"] == step.path and said.get(part) == values[part])


def _append(
    session: Session, rt: Runtime, who: Principal, about: tuple[Kind, Step, Record, subjects.Subject], role: str,
    values: dict[str, Any], event: str, state: str,
) -> Record:  # fmt: skip
    kind, step, row, subject = about
    if kind.id == "inspection":
        subject = subjects.load(session, f"posting:{values['posting']}")
    day = clock.today()
    entry = ledger.append(
        session, rt.keys, kind=event, stream=subject.stream, subject=subject.id,
        actor=subject.actor(who, role),
        days=(day, day) if not values.get("date") else None, payload=_payload(kind, row, subject, values),
    )  # fmt: skip
    said = {"path": step.path, "decision": values["decision"], "role": role, "by": who.person_id,
            "at": clock.iso(entry.at), "entry_id": entry.entry_id, "values": values}  # fmt: skip
    row.decisions = [*row.decisions, said]
    row.state = _state(row, state)
    if kind.id == "inspection" and row.drawn:
        row.drawn = {**row.drawn, "visited": [*row.drawn["visited"], values["posting"]]}
        row.state = "visited" if len(row.drawn["visited"]) == len(row.drawn["sample"]) else "drawn"
    session.flush()
    filing.announce(session, kind, subject, entry.entry_id, row.programme_id, kind.touched(row.values))
    return row


def _payload(kind: Kind, row: Record, subject: subjects.Subject, values: dict[str, Any]) -> dict[str, Any]:
    decided = values["decision"]
    said = {name: value for name, value in values.items() if name not in ("decision", "posting")}
    if kind.id == "finding":
        said |= {"state": decided, "trigger": row.values["trigger"]}
    elif kind.id == "inspection":
        said |= {"method": row.values["method"], "seed": (row.drawn or {}).get("seed"), "drawn_date": row.values["date"]}
    elif kind.id in ("credit", "change"):
        said |= {"decision": decided}
    return {
        **said, **subject.ids(), "about": f"{subject.kind}:{subject.id}", kind.id_name: row.id, "target": row.entry_id,
        "programme_id": row.programme_id, "rule_id": row.rule_id, "filed_at": clock.iso(clock.now()),
        "attachment_sha256": list(values.get("attachment_sha256") or ()),
    }  # fmt: skip


def _state(row: Record, state: str) -> str:
    """A document is received when every addressee has received it."""
    if row.kind != "document" or state == "returned":
        return state
    received = {one["values"]["by"] for one in row.decisions if one["decision"] == "acknowledged"}
    return "acknowledged" if received >= set(row.values["to"]) else "filed"


def _invalid(name: str, reason: str) -> InvalidBody:
    return InvalidBody(name, "does not fit the record", errors={name: reason}, hint=reason)


def step_of(kind: Kind, path: str) -> Step:
    """The kind's decision at a path. Raises NotFound."""
    found = kind.step(path)
    if found is None:
        raise NotFound(f"{kind.slug} has no {path}")
    return found


def kind_of(slug: str) -> Kind:
    """The kind at an address. Raises NotFound."""
    found = catalogue.BY_SLUG.get(slug)
    if found is None:
        raise NotFound(f"no kind of record {slug}")
    return found
