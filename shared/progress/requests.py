"""Open requests of a posting: filled by the job that folds, from the ledger alone, and who at a recipient may review."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import clock, ledger
from shared.access import lookup as access
from shared.directory import lookup as directory
from shared.directory.models import Posting
from shared.directory.scope import offices_over
from shared.progress import store
from shared.progress.asked import KINDS, Ground, OpenAsk, open_asks
from shared.progress.known import facts_of
from shared.progress.models import OpenRequest


def refresh(session: Session, posting_id: str) -> frozenset[str]:
    """Fold what is open of a posting and store it; gives the ids of requests that changed. The caller holds the posting's
    fold lock, so that an older look never overwrites a newer one."""
    return store.put_requests(session, posting_id, asks_of(session, directory.posting(session, posting_id)))


def asks_of(session: Session, posting: Posting) -> list[OpenAsk]:
    """What is open of a posting by the facts of its chain."""
    facts = facts_of(ledger.facts_of_kinds(session, posting.id, KINDS))
    if not facts.by_kind:
        return []
    on = Ground(
        posting=directory.posting_terms(session, posting.id), offices=offices_over(session, posting),
        programme=lambda day: directory.programme(session, posting.programme_id, day),
        calendar=directory.calendar(session), today=clock.today(),
        reviewers=lambda clinic, asker: reviewers(session, posting, clinic, asker),
    )  # fmt: skip
    return open_asks(on, facts)


def reviewers(session: Session, posting: Posting, clinic_id: str, asker: str | None) -> frozenset[str]:
    """Persons at the recipient who may decide a correction at a clinic: not the requester, nobody on the clinic's rota.

    None of them: the county decides (evidence.md §11).
    """
    office = access.holders(session, "recipient_admin", posting.recipient_id)
    today = clock.today()
    rotas = [fact for fact in ledger.facts(session, clinic_id, today, today) if fact.kind == "clinic.rota_set"]
    on_rota = frozenset(rotas[-1].payload.get("witnesses") or ()) if rotas else frozenset()
    return office - on_rota - {asker, posting.person_id}


def postings_waiting(session: Session) -> frozenset[str]:
    """Ids of postings with an open request: time alone may move it on."""
    return frozenset(session.scalars(sa.select(OpenRequest.posting_id).distinct()))
