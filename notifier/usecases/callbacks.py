"""Callbacks: proven to be the platform's, stored once, answered at once; worked later by a job (channels.md §9)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

from sqlalchemy.orm import Session

from notifier.domain import callback as said
from notifier.domain import delivery as life
from notifier.models import Reminder
from notifier.models.deliveries import CallbackSeen, Delivery
from notifier.store import addresses, callbacks, deliveries
from notifier.usecases.deliveries import ask, fall_through
from shared import clock, outbox
from shared.events import CallbackReceived
from shared.problems import Forbidden
from shared.service import Runtime
from shared.settings.channels import Platform
from shared.wechat.crypto import NotOurs, decrypt
from shared.wechat.errors import OFFICIAL_ACCOUNT
from shared.wechat.signature import verifies

SKEW = dt.timedelta(minutes=5)
LOOKS, PAUSE = 3, dt.timedelta(seconds=30)


def prove(rt: Runtime, platform: str, agent: str | None, query: Mapping[str, str]) -> str:
    """The answer to "is this address yours?". Raises Forbidden."""
    app = _platform(rt, platform, agent)
    echo, parts = query.get("echostr", ""), _parts(app, query)
    if platform == OFFICIAL_ACCOUNT:
        if not verifies(query.get("signature", ""), *parts):
            raise Forbidden("signature")
        return echo
    if not verifies(query.get("msg_signature", ""), *parts, echo):
        raise Forbidden("signature")
    return _opened(app, echo)


def receive(rt: Runtime, platform: str, agent: str | None, query: Mapping[str, str], body: bytes) -> None:
    """Store an event once and ask for its work. Raises Forbidden, whatever was wrong."""
    app, now = _platform(rt, platform, agent), clock.now()
    try:
        cipher = said.fields(body[: said.MOST_BYTES + 1].decode()).get("Encrypt", "")
        signature, parts = query.get("msg_signature", ""), _parts(app, query)
        if not cipher or not verifies(signature, *parts, cipher):
            raise Forbidden("signature")
        event = said.fields(_opened(app, cipher))
    except (said.Unreadable, UnicodeDecodeError) as error:
        raise Forbidden("unreadable") from error
    once = hashlib.sha256("\n".join((*parts[1:], signature)).encode()).hexdigest()
    with rt.db.transaction() as session:
        callbacks.forget_nonces(session, f"{platform}:nonce", now - 3 * SKEW)
        if callbacks.first_time(session, f"{platform}:nonce", once, {}, now) is None:
            raise Forbidden("seen before")
        seen_id = callbacks.first_time(session, platform, said.key(event), dict(event), now)
        if seen_id is not None:
            outbox.put(session, CallbackReceived(seen_id, "1"))


def work(session: Session, seen_id: str, look: int) -> None:
    """Do what an event means; one of a delivery we do not know yet is looked at again, then ignored."""
    row = callbacks.event(session, seen_id)
    if row is None or row.platform != OFFICIAL_ACCOUNT:
        return
    event, now = row.event, clock.now()
    if event.get("Event") in (said.FOLLOWED, said.LEFT):
        state = "ok" if event["Event"] == said.FOLLOWED else "unfollowed"
        addresses.mark(session, "oa", event.get("FromUserName", ""), state, None, now)
    elif event.get("Event") == said.JOB_FINISHED:
        delivery = callbacks.delivery_of(session, life.OA_TEMPLATE, event.get("MsgID", ""))
        if delivery is None and look < LOOKS:
            outbox.put(session, CallbackReceived(seen_id, str(look + 1)), run_after=now + PAUSE)
            return
        if delivery is not None:
            _finished(session, delivery, event.get("Status", ""), now)
    _forget_who(row)


def _finished(session: Session, row: Delivery, status: str, now: dt.datetime) -> None:
    """The platform's last word on a delivery; one that has ended otherwise keeps its state."""
    if row.state not in (life.ACCEPTED, life.UNKNOWN, life.SENDING):
        return
    row.changed_at = now
    if status == "success":
        row.state, row.reason = life.DELIVERED, None
        return
    row.state, row.reason = life.FAILED, status[:40] or "failed"
    if state := said.address_state(status):
        deliveries.mark_address(session, row.recipient, "oa", state, row.reason, now)
    reminder = session.get(Reminder, row.reminder_id)
    new = fall_through(session, row, reminder, now) if reminder else None
    if new:
        ask(session, [new], None)


def _forget_who(row: CallbackSeen) -> None:
    """What was worked needs no openid any more."""
    row.event = {name: row.event[name] for name in said.KEPT if name in row.event}


def _platform(rt: Runtime, platform: str, agent: str | None) -> Platform:
    """The platform's settings, when it can call us at all. Raises Forbidden."""
    named = rt.settings.channels
    app = named.oa if platform == OFFICIAL_ACCOUNT else named.wecom
    if app is None or not app.token or not app.aes_keys or (agent is not None and agent != str(app.agent)):
        raise Forbidden("not set up")
    return app


def _parts(app: Platform, query: Mapping[str, str]) -> tuple[str, str, str]:
    """(token, timestamp, nonce) of a call made now. Raises Forbidden for one of another time."""
    stamp = query.get("timestamp", "")
    if not stamp.isdigit() or len(stamp) > 12 or abs(clock.now().timestamp() - int(stamp)) > SKEW.total_seconds():
        raise Forbidden("timestamp")
    return app.token, stamp, query.get("nonce", "")


def _opened(app: Platform, cipher: str) -> str:
    try:
        return decrypt(app.aes_keys, app.app, cipher)
    except NotOurs as error:
        raise Forbidden("not ours") from error
