"""What was recorded about the beginning and the end of postings: arrival, successor, handover, registration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from notifier.domain.post import Post
from notifier.domain.postings import Standing
from notifier.store.offices import Offices, leaders
from shared import ledger
from shared.directory.models import Posting
from shared.progress import records
from shared.progress.known import record_of

KINDS = frozenset({
    "posting.arrival_confirmed", "posting.opened", "posting.amended", "posting.registered", "handover.signed", "attendance.recorded",
})  # fmt: skip


def standings(session: Session, found: Sequence[Post]) -> list[Standing]:
    """The standing of each posting; a handover is done when who leaves and who comes have signed."""
    ids = [post.terms.id for post in found]
    first = min((post.terms.start for post in found), default=dt.date.min)
    facts = ledger.facts_by_subject(session, ids, first - dt.timedelta(days=400), dt.date(2099, 12, 31), kinds=KINDS)
    seats = {post.terms.seat_id for post in found if post.terms.seat_id}
    held = session.execute(sa.select(Posting.seat_id, Posting.start).where(Posting.seat_id.in_(seats))).all()
    offices, led = Offices(session), leaders(session, {post.terms.team_id for post in found})
    made = []
    for post in found:
        known = [record_of(fact) for fact in facts[post.terms.id]]
        told = records.facts_of(one for one in known if one.kind in records.KINDS)
        signed = {one.payload["step"] for one in known if one.kind == "handover.signed"}
        later = any(seat == post.terms.seat_id and start > post.terms.start for seat, start in held)
        made.append(Standing(
            post, offices.between(post.terms.supporter_id, post.terms.recipient_id), led.get(post.terms.team_id, ()),
            arrived=bool(told.arrivals), succeeded=post.terms.seat_id is None or later, handed_over={"out", "in"} <= signed,
            registered=any(one.acknowledged_on for one in told.registrations),
            attended=any(one.kind == "attendance.recorded" for one in known),
        ))  # fmt: skip
    return made
