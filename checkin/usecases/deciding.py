"""What every decision passes: who may, whether it is still open, what it says, and what is kept of it (evidence.md §11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from shared import clock, ledger
from shared.directory import lookup
from shared.directory.models import Person, Posting
from shared.directory.scope import offices_over
from shared.problems import AlreadyDecided, InvalidBody, NotYourRecord, Problem, SelfApproval
from shared.progress import lookup as progress
from shared.roles import ROLES, Principal
from shared.service import Runtime

REFUSALS = ("rejected", "returned")
BLANKET = 5
"""So many decided with one tap are marked as decided in bulk, for the next level to see."""


class NotYourTurn(Problem):
    """The step of somebody else comes first."""

    status, slug, title = 409, "not-your-turn", "请先由{approver}处理"


class Decided(Protocol):
    """A row that is decided: own tables of corrections, leave and ordered work."""

    id: str
    posting_id: str
    state: str
    decision: dict[str, Any] | None


@dataclass(frozen=True)
class Ruling:
    """What somebody decides: the word, the reason, the entry of the decision it replaces, when it was shown and tapped
    (ISO, as the page says), and how many were decided with the same tap."""

    decision: str
    note: str = ""
    replaces: str | None = None
    shown_at: str | None = None
    tapped_at: str | None = None
    together: int = 1

    def check(self, words: Collection[str]) -> None:
        """Raise InvalidBody for another word, or for a refusal without a reason."""
        if self.decision not in words:
            raise InvalidBody("decision", f"one of {', '.join(words)}")
        if self.decision in REFUSALS and not self.note.strip():
            raise InvalidBody("note", "a reason is wanted", hint="请写明原因")

    def fact(self) -> dict[str, Any]:
        """The members of the decision's fact."""
        marked = {"blanket": self.together} if self.together >= BLANKET else {}
        return {"decision": self.decision, "note": self.note, "replaces": self.replaces, "shown_at": self.shown_at,
                "tapped_at": self.tapped_at, **marked}  # fmt: skip

    def kept(self, who: Principal, role: str, entry: ledger.Appended, row: Decided) -> dict[str, Any]:
        """What the row keeps of it; earlier decisions stay visible in `history`."""
        before = row.decision or {}
        history = [*before.get("history", ()), {name: value for name, value in before.items() if name != "history"}] if before else []
        return {"by": who.person_id, "role": role, "at": clock.iso(entry.at), "entry_id": entry.entry_id,
                "decision": self.decision, "note": self.note, "blanket": self.together >= BLANKET, "history": history}  # fmt: skip


def actor(session: Session, who: Principal, role: str, posting: Posting) -> ledger.Actor:
    """The person in a role over the posting, for the organisation that has it; a physician's is the one that posts."""
    office = posting.supporter_id if role == "doctor" else offices_over(session, posting).get(role)
    return ledger.Actor(who.person_id, role, office)


def seen_locked(session: Session, rt: Runtime, posting_id: str, key: tuple[bytes, bytes]) -> ledger.Appended | None:
    """Lock the posting's chain, then the entry made for this id meanwhile, or None: of twins at once the second one finds
    the first. Raises IdempotencyConflict."""
    ledger.lock(session, rt.keys, [ledger.Stream.posting(posting_id)])
    return ledger.seen(session, *key)


def keyed(who: Principal, body: dict[str, Any]) -> tuple[bytes, bytes]:
    """Id and hash of what was sent. A phone names its person, a form of a page nobody. Raises NotYourRecord, InvalidBody."""
    if body.get("person", who.person_id) != who.person_id:
        raise NotYourRecord("the item names another person than the one signed in")
    try:
        return bytes.fromhex(body["client_event_id"]), ledger.body_hash(body)
    except ledger.ProfileError as error:
        raise InvalidBody("body", str(error)) from error


def receipt_of(rt: Runtime, body: dict[str, Any]) -> dict[str, Any]:
    """The first receipt of what was just recorded."""
    with rt.db.read() as session:
        entry = ledger.find_client_event(session, bytes.fromhex(body["client_event_id"]))
    assert entry is not None
    return entry.receipt


def not_oneself(who: Principal, *persons: str | None) -> None:
    """Raise SelfApproval when one of them is who decides."""
    if who.person_id in persons:
        raise SelfApproval("the requester may not decide")


def check_open(
    session: Session, row: Decided, ruling: Ruling, role: str, day: dt.date, waiting: Collection[str], final: Collection[str]
) -> None:
    """Raise AlreadyDecided unless the row waits, or the ruling names the decision it replaces: by the same or a higher
    level, before the month is closed."""
    if row.state in waiting:
        if ruling.replaces:
            raise InvalidBody("replaces", "nothing was decided yet")
        return
    last = row.decision or {}
    named = row.state in final and ruling.replaces is not None and ruling.replaces == last.get("entry_id")
    lower = (ROLES[role].level or 0) < (ROLES[last["role"]].level or 0) if last.get("role") in ROLES else False
    if not named or lower or progress.month_locked(session, row.posting_id, day):
        raise already(session, row)


def already(session: Session, row: Decided) -> AlreadyDecided:
    """Who decided, when and how."""
    said = row.decision or {}
    at = clock.parse_iso(said["at"]) if said.get("at") else clock.now()
    return done_by(session, said.get("by"), at, decision=said.get("decision"))


def done_by(session: Session, person_id: str | None, at: dt.datetime, **more: Any) -> AlreadyDecided:
    """Who did it before, and when."""
    name = lookup.names(session, Person, [person_id]).get(person_id, "他人") if person_id else "他人"
    return AlreadyDecided("decided before", name=name, time=f"{clock.local(at):%m-%d %H:%M}", **more)
