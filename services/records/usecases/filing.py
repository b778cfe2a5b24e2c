"""File a record of any kind: checked, appended to its subject's chain, stored and announced in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from services.records import store
from services.records.domain import draw
from services.records.domain.kinds import Kind
from services.records.models import Record
from services.records.usecases import subjects
from services.records.usecases.bound import Bound, rule_of
from shared import clock, files, ledger, outbox
from shared.directory.models import Posting
from shared.events import RecordTouched
from shared.ids import new_id
from shared.problems import Forbidden, InvalidBody, NotFound
from shared.roles import Principal
from shared.service import Runtime


@dataclass(frozen=True)
class Filed:
    """What came of filing: the record, whether it is new, and the entry's receipt ({} for a repeat without one)."""

    record: Record
    created: bool
    receipt: dict[str, Any]


def file_record(rt: Runtime, who: Principal, kind: Kind, body: Mapping[str, Any]) -> Filed:
    """File one record: {client_event_id, about: "kind:id", <fields of the kind>}.

    A repeat of the id, or the same values in the same slot, gives the first record again and appends nothing; other values
    in the slot replace the earlier record, which stays readable. Raises NotFound for a subject outside the scope,
    Forbidden for a role the kind does not name, InvalidBody with every wrong field in `errors`, IdempotencyConflict.
    """
    key = bytes.fromhex(body["client_event_id"])
    digest = _digest(body)
    with rt.db.transaction() as session:
        if first := ledger.seen(session, key, digest):
            return Filed(_known(session, first), False, first.receipt)
        return file_in(session, rt, who, kind, body, (key, digest))


def file_in(
    session: Session, rt: Runtime, who: Principal, kind: Kind, body: Mapping[str, Any],
    key: tuple[bytes, bytes] | None = None,
) -> Filed:  # fmt: skip
    """`file_record` in the caller's transaction; without a `key` no phone or form waits for a receipt."""
    values = {one.name: body.get(one.name) for one in kind.fields}
    filers = filers_of(kind, values)
    if not who.has(*filers):
        raise Forbidden(f"{kind.id}: another role files this")
    subject = subjects.load(session, str(body.get("about") or ""), kind.about)
    role = subject.role_of(who, filers)
    if role is None:
        raise NotFound(f"{kind.id}: the subject is outside the scope")
    _check(session, who, kind, values)
    bound = rule_of(session, kind, values, subject, role)
    ledger.lock(session, rt.keys, [_stream(kind, subject)])
    slot = slot_of(kind, subject, values)
    earlier = store.of_slot(session, kind.id, slot) if slot else None
    if earlier is not None and earlier.values == values:
        return Filed(earlier, False, {})
    return _append(session, rt, who, kind, _Filing(subject, role, values, bound, slot, earlier, key))


@dataclass(frozen=True)
class _Filing:
    subject: subjects.Subject
    role: str
    values: dict[str, Any]
    bound: Bound
    slot: str | None
    earlier: Record | None
    key: tuple[bytes, bytes] | None


def _append(session: Session, rt: Runtime, who: Principal, kind: Kind, filing: _Filing) -> Filed:
    record_id, subject, values = new_id(), filing.subject, filing.values
    drawn = _draw(session, kind, subject, values)
    days = kind.days(values) or (clock.today(), clock.today())
    entry = ledger.append(
        session, rt.keys, kind=kind.amended if kind.amended and filing.earlier else kind.event, stream=_stream(kind, subject), subject=subject.id,
        actor=subject.actor(who, filing.role),
        days=days,  # type: ignore[arg-type]
        client_event_id=filing.key[0] if filing.key else None, body_hash=filing.key[1] if filing.key else None,
        payload=payload(kind, subject, record_id, values, filing.bound, drawn, filing.earlier),
    )  # fmt: skip
    if filing.earlier is not None:
        filing.earlier.state, filing.earlier.slot = "superseded", None
        session.flush()
    row = Record(
        id=record_id, kind=kind.id, entry_id=entry.entry_id, state=kind.state, slot=filing.slot,
        programme_id=filing.bound.programme_id, rule_id=values.get("rule_id"), subject_kind=subject.kind,
        subject_id=subject.id, **{"posting_id": None, "person_id": None, "pair_id": None, **subject.ids()},
        day_from=days[0], day_to=days[1], values=values, drawn=drawn, decisions=[],
        filed_by=who.person_id, filed_role=filing.role, filed_at=entry.at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    announce(session, kind, subject, entry.entry_id, filing.bound.programme_id, kind.touched(values))
    return Filed(row, True, entry.receipt)


def payload(
    kind: Kind, subject: subjects.Subject, record_id: str, values: Mapping[str, Any], bound: Bound,
    drawn: Mapping[str, Any] | None, earlier: Record | None,
) -> dict[str, Any]:  # fmt: skip
    """The fact: who it is about, the fields, the rules that bound it, and the entry it replaces."""
    named = dict(values)
    if kind.id == "level":
        named = {"metric": "recipient_level", "period": values["date"], "value": values["level"],
                 "attachment_sha256": values["attachment_sha256"]}  # fmt: skip
    if kind.id == "feedback":
        named["metric"] = "patient_feedback"
    return {
        **named, **subject.ids(), **_of_draw(drawn), "about": f"{subject.kind}:{subject.id}", kind.id_name: record_id,
        "programme_id": bound.programme_id, "rules_sha256": bound.rules_sha256,
        "attachment_sha256": list(values.get("attachment_sha256") or ()), "filed_at": clock.iso(clock.now()),
        "supersedes": earlier.entry_id if earlier else None,
        **({"state": "suspected"} if kind.id == "finding" else {}),
    }  # fmt: skip


def _of_draw(drawn: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the fact of a draw says; who was visited since is told by facts of its own."""
    return {name: value for name, value in (drawn or {}).items() if name != "visited"}


def announce(
    session: Session, kind: Kind, subject: subjects.Subject, entry_id: str, programme_id: str | None, days: Any
) -> None:
    """Tell who judges: one message for each programme that may read the record."""
    ends = [day.isoformat() if day else "" for day in (days or (None, None))]
    for programme in (programme_id,) if programme_id else subject.programmes() or ("",):
        outbox.put(session, RecordTouched(entry_id, programme, subject.touched(), kind.touches, *ends))


def slot_of(kind: Kind, subject: subjects.Subject, values: Mapping[str, Any]) -> str | None:
    """What a later record of the same subject and key fields replaces, or None where every record stands by itself."""
    if not kind.slot:
        return None
    text = "|".join([subject.kind, subject.id, *(str(values.get(name)) for name in kind.slot)])
    return hashlib.sha256(text.encode()).hexdigest()


def _check(session: Session, who: Principal, kind: Kind, values: Mapping[str, Any]) -> None:
    if found := kind.mistakes(values, clock.today()):
        name, reason = next(iter(found.items()))
        raise InvalidBody(name, "wrong or missing fields", errors=found, hint=reason)
    files.check_uploads(session, who.person_id, values.get("attachment_sha256") or ())


def _digest(body: Mapping[str, Any]) -> bytes:
    try:
        return ledger.body_hash(dict(body))
    except ledger.ProfileError as error:
        raise InvalidBody("body", str(error)) from error


def _known(session: Session, first: ledger.Appended) -> Record:
    row = store.of_entry(session, first.entry_id)
    if row is None:
        raise InvalidBody("client_event_id", "known from another kind of entry")
    return row


def filers_of(kind: Kind, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The roles that may file these values: for some fields each value has roles of its own."""
    own = [by_value.get(str(values.get(name))) for name, by_value in kind.by_value.items()]
    return next((roles for roles in own if roles), kind.filers)


def _stream(kind: Kind, subject: subjects.Subject) -> ledger.Stream:
    return ledger.Stream.system() if kind.event == "inspection.drawn" else subject.stream


def _draw(session: Session, kind: Kind, subject: subjects.Subject, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The list of an inspection: drawn from the postings of the subject that hold the date. Raises InvalidBody."""
    if kind.id != "inspection":
        return None
    population = postings_on(session, subject, values["date"], values["programme_id"])
    if not population:
        reason = "这一天在您的范围内没有派驻人员"
        raise InvalidBody("date", "nobody to draw from", errors={"date": reason}, hint=reason)
    return draw.drawn(draw.new_seed(), [row.id for row in population], values["number"])


def postings_on(session: Session, subject: subjects.Subject, day: str, programme_id: str) -> list[Posting]:
    """The postings of the subject's pairs in the programme that hold the date, by id."""
    pair_ids = {pair[0] for pair in subject.pairs}
    found = store.postings_of_pairs(session, pair_ids, day)
    return sorted((row for row in found if row.programme_id == programme_id), key=lambda row: row.id)
