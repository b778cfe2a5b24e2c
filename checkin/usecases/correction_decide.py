"""Decide a correction: by the recipient, never by the requester; by the county in the cases of evidence.md §11."""

from __future__ import annotations

from sqlalchemy.orm import Session

from checkin import store
from checkin.models import Correction
from checkin.usecases.corrections import check_quota, touch
from checkin.usecases.deciding import NotYourTurn, Ruling, actor, check_open, not_oneself
from shared import clock, ledger
from shared.directory import lookup
from shared.directory.models import Posting
from shared.directory.scope import role_over
from shared.problems import NotFound
from shared.progress.asked import passed_on
from shared.progress.requests import reviewers
from shared.roles import ROLES, Principal
from shared.service import Runtime

DECISIONS = ("approved", "rejected", "returned")
ROLES_OF = ("recipient_admin", "county_officer")


def decide_correction(rt: Runtime, who: Principal, correction_id: str, ruling: Ruling) -> Correction:
    """Approve, reject or return a request, once or in place of an earlier decision.

    Raises NotFound outside the scope, SelfApproval, AlreadyDecided, NotYourTurn (the county before its time),
    CorrectionQuotaUsed, InvalidBody for a refusal without reason. Nothing is appended then.
    """
    ruling.check(DECISIONS)
    with rt.db.transaction() as session:
        row = store.correction_for_decision(session, correction_id)
        posting = lookup.posting(session, row.posting_id) if row else None
        role = role_over(session, who, posting, ROLES_OF) if posting else None
        if row is None or posting is None or role is None:
            raise NotFound(f"no correction {correction_id[:40]}")
        _check(session, who, row, posting, role, ruling)
        entry = ledger.append(
            session, rt.keys, kind="correction.decided", stream=ledger.Stream.posting(posting.id),
            actor=actor(session, who, role, posting),
            payload={"posting_id": posting.id, "correction_id": row.id, "service_date": row.service_date.isoformat(),
                     "programme_id": posting.programme_id, **ruling.fact()},
        )  # fmt: skip
        row.state, row.decision = ruling.decision, ruling.kept(who, role, entry, row)
        touch(session, entry.entry_id, row)
        return row


def _check(session: Session, who: Principal, row: Correction, posting: Posting, role: str, ruling: Ruling) -> None:
    not_oneself(who, row.asked_by, row.person_id)
    check_open(session, row, ruling, role, row.service_date, ("requested",), DECISIONS)
    if role == "county_officer" and row.state == "requested" and not _county_may(session, row, posting):
        raise NotYourTurn("the recipient decides first", approver=ROLES["recipient_admin"].label)
    revived = row.state in ("rejected", "returned") and ruling.decision == "approved"
    if revived and not row.outage:
        check_quota(session, posting.id, row.service_date, lookup.programme(session, posting.programme_id, row.service_date))


def _county_may(session: Session, row: Correction, posting: Posting) -> bool:
    """The post is vacant, everybody there is on the clinic's rota, or the request has waited its workdays."""
    fact = ledger.fact(session, row.entry_id)
    waited = fact is not None and passed_on(lookup.calendar(session), fact.at, clock.today())
    return waited or not reviewers(session, posting, row.clinic_id, row.asked_by)


def decidable(session: Session, who: Principal, correction_id: str) -> Correction:
    """The correction as the object of a decision. Raises NotFound outside the scope."""
    row = store.correction(session, correction_id)
    if row is None or role_over(session, who, lookup.posting(session, row.posting_id), ROLES_OF) is None:
        raise NotFound(f"no correction {correction_id[:40]}")
    return row


def own(session: Session, who: Principal, correction_id: str) -> Correction:
    """The correction the person asked for. Raises NotFound."""
    row = store.correction(session, correction_id)
    if row is None or not who.person_id or row.asked_by != who.person_id:
        raise NotFound(f"no correction {correction_id[:40]}")
    return row
