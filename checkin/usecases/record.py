"""Record one tap: look once → clinic → weighed → posting → judged → fact, outbox row and own row in one statement.

Nothing is locked while a tap is judged. The append names the head of the chain that was seen; when something else was
appended meanwhile it writes nothing and the tap is looked at again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from checkin import store
from checkin.domain.verdict import Arrival, Standing, Verdict, judge, weigh
from checkin.models import Attendance
from checkin.store import look
from checkin.store.look import Look, Open, Taken
from checkin.usecases import arrival, evidence, fact, refuse, repeat
from checkin.usecases.arrival import Sender
from checkin.usecases.fact import Case, Request
from checkin.usecases.repeat import Recorded
from shared import clock, ledger, outbox
from shared.access.lookup import Along
from shared.attendance import flags
from shared.attendance.session import Tap
from shared.directory import lookup
from shared.directory.models import Posting
from shared.events import DayTouched
from shared.ledger import beacon
from shared.outbox.models import OutboxMessage
from shared.problems import Forbidden, InvalidBody, NotYourRecord, Unavailable
from shared.progress import store as progress_store
from shared.roles import Principal
from shared.rules.load import Programme
from shared.service import Runtime

REPEAT_SECONDS = 60
TRIES = 50
"""Each try is lost to another append of the same posting; so many of one physician at once are no life."""


_UNJUDGED = Verdict("", "", "", ())


class _Moved(Exception):
    """The stream called `stream` has another head than the one that was seen."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.stream = stream


def ahead(rt: Runtime, item: dict[str, Any], install: str | None) -> Along | None:
    """What the first try of `record_event` looks at, for a route that reads it with who sends the item.

    None for an item that names what no database holds, half a surrogate pair, say: it is refused once it is known who sent it.
    """
    body, now = item["body"], clock.now()
    if not f"{body['person']}{body.get('site_token')}{(item.get('device') or {}).get('thumbprint')}".isascii():
        return None
    return look.asked(rt.db, item, clock.local_date(now), now, install=arrival.install_hash(rt.keys, install))


def record_event(
    rt: Runtime, who: Principal, item: dict[str, Any], *, install: str | None = None, address: str | None = None,
    seen: Sequence[Any] | None = None,
) -> tuple[bool, Recorded]:  # fmt: skip
    """Record one tap of a physician; (True, …) when it is new, (False, …) with the first receipt for a repeat.

    `item` has the shape of evidence.md §4; `seen`: what was read `ahead` of it, in this request.
    Raises NotYourRecord, IdempotencyConflict, AlreadyRecorded, and, kept as
    evidence first, UnknownCode, NoOpenPosting, CodeWrong, CodeLocked. No code problem but 8 wrong digits refuses a tap.
    """
    tap = _tap(who, item, Sender(install, address))
    stream, contended = None, False
    known = look.seen(seen) if seen else None
    for _ in range(TRIES):
        try:
            recorded = _attempt(rt, tap, stream, known, contended=contended)
        except _Moved as moved:
            stream = moved.stream
        except IntegrityError:  # another request used this slot meanwhile; the second look finds it
            if contended:
                raise
            contended = True
        else:
            return not recorded.entry.repeated, recorded
        known = None
    raise Unavailable("the posting's chain was never still")


def _tap(who: Principal, item: dict[str, Any], sender: Sender) -> Request:
    if not who.has("doctor"):
        raise Forbidden("only a physician records attendance")
    body = item["body"]
    if not who.person_id or body["person"] != who.person_id:
        raise NotYourRecord("the item names another person than the one signed in")
    try:
        canonical = ledger.jcs(body)
    except ledger.ProfileError as error:
        raise InvalidBody("body", str(error)) from error
    return Request(who, item, bytes.fromhex(body["client_event_id"]), canonical, hashlib.sha256(canonical).digest(), clock.now(),
                   sender)  # fmt: skip


def _look(rt: Runtime, tap: Request, day: dt.date, stream: str | None) -> Look:
    install = arrival.install_hash(rt.keys, tap.sender.install)
    return look.look(rt.db, look.asked(rt.db, tap.item, day, tap.now, install=install, stream=stream))


def _attempt(rt: Runtime, tap: Request, stream: str | None, known: Look | None, *, contended: bool) -> Recorded:
    """One look, one judgement, one write. Raises _Moved when the look was out of date by the time of the write."""
    today = clock.local_date(tap.now)
    seen = known or _look(rt, tap, today, stream)
    if seen.known:
        return repeat.of_known(rt, tap)
    attempt = refuse.Attempt(tap.person_id, tap.client_event_id, tap.body_hash, tap.body, tap.now)
    site = arrival.find_site(rt, tap.body, tap.now, seen)
    if site is None:
        named = tap.body.get("site_token") or tap.body.get("clinic_id")
        attempt = attempt._replace(posting_id=seen.postings[0].id if seen.postings else None)
        raise refuse.kept(rt, attempt, refuse.UnknownCode() if named else refuse.NoOpenPosting())
    heard = beacon.hear(rt.keys.beacon_signer, tap.body.get("beacon_id"), tap.person_id, tap.now)
    arrived = arrival.read(rt, tap.item, site, tap.now, tap.sender, heard)
    weighed = weigh(arrived)
    if weighed.service_date != today:
        seen = _look(rt, tap, weighed.service_date, stream)
    open_ones = seen.postings
    posting = next((each for each in open_ones if site.clinic.id in each.clinics), open_ones[0] if open_ones else None)
    attempt = attempt._replace(clinic_id=site.clinic.id, posting_id=posting.id if posting else None)
    if posting is None:
        raise refuse.kept(rt, attempt, refuse.NoOpenPosting())
    if tap.body.get("typed") and tap.body.get("online", True) and not weighed.proof.ticket_id:
        refuse.digits(rt, attempt, posting.id, wrong=weighed.proof.check == "wrong")
    programme = _programme(rt, posting, weighed.service_date)
    here = [one for one in posting.taken if one.clinic_id == site.clinic.id]
    case = _case(rt, tap, seen, Case(site, posting, programme, weighed, _UNJUDGED), arrived, heard)
    if earlier := _earlier(rt, tap, case, here, contended=contended):
        return repeat.of_earlier(rt, tap, earlier)
    return _write(rt, tap, case)


def _case(rt: Runtime, tap: Request, seen: Look, case: Case, arrived: Arrival, heard: beacon.Heard) -> Case:
    """The case with everything that came with the tap judged: key, beacon, place, direction, marks."""
    posting, weighed = case.posting, case.weighed
    here = [one for one in posting.taken if one.clinic_id == case.site.clinic.id]
    held = evidence.held(tap.item.get("device"), tap.canonical, tap.person_id, seen, weighed.effective_at)
    placed = evidence.placed(rt.db, tap.item, tap.person_id, posting.clinics, arrived.device_time or tap.now)
    marks = (*held.flags, *(("beacon_bad",) if heard.bad else ()), *placed.flags)
    standing = Standing(posting.clinics, registered(posting, case.programme))
    verdict = judge(case.programme.session_windows, taps_of(here), arrived, weighed, standing, marks)
    return case._replace(verdict=verdict, held=held, placed=placed)


def _programme(rt: Runtime, posting: Open, day: dt.date) -> Programme:
    """The programme the posting is judged by on a date; parsed once per process."""
    if found := lookup.parsed(posting.programme_id, posting.rules_sha256):
        return found
    with rt.db.read() as session:
        return lookup.programme(session, posting.programme_id, day)


def _earlier(rt: Runtime, tap: Request, case: Case, here: list[Taken], *, contended: bool) -> str | None:
    """Id of the tap that used this slot before; without a slot, of the same action within 60 s."""
    slot, at = case.weighed.proof.slot, case.weighed.effective_at
    if slot is None:
        return next((one.id for one in here if one.direction == case.verdict.direction
                     and abs(one.effective_at - at).total_seconds() < REPEAT_SECONDS), None)  # fmt: skip
    used = next((one.id for one in here if one.slot == slot), None)
    if used or not contended:
        return used
    with rt.db.read() as session:
        row = store.by_slot(session, tap.person_id, case.site.clinic.id, slot)
    return row.id if row else None


def _write(rt: Runtime, tap: Request, case: Case) -> Recorded:
    """Fact, outbox row, own row and the phone's report, all or none. Raises _Moved."""
    stream, day = ledger.Stream.posting(case.posting.id), case.weighed.service_date.isoformat()
    values: dict[str, Any] = {}
    shared = _sharers(rt, tap, case)

    def also(entry: ledger.Appended) -> list[ledger.Row]:
        values.update(fact.row(rt.keys, tap, case, entry))
        messages = outbox.messages(DayTouched(entry.entry_id, case.posting.id, day, day))
        return [(Attendance, values), *((OutboxMessage, message) for message in messages),
                *progress_store.contact_rows(tap.person_id, tap.item, tap.now),
                *evidence.marking(shared, entry.entry_id, entry.at)]  # fmt: skip

    name = stream.pseudonym(rt.keys.pepper)
    head = case.posting.head if case.posting.stream == name else ledger.Head(0, ledger.GENESIS, None)
    asked = ledger.Asked(
        kind="attendance.recorded", stream=stream, payload=fact.payload(rt.keys, tap, case),
        client_event_id=tap.client_event_id, body_hash=tap.body_hash,
        actor=ledger.Actor(tap.person_id, "doctor", case.posting.supporter_id),
        location=case.placed.kept, dev=case.held.thumbprint, dsig=case.held.signature,
    )  # fmt: skip
    entry = ledger.append_after(rt.db, rt.keys, asked, head, also)
    if entry is None:
        raise _Moved(name)
    kept = fact.Kept(*(values[name] for name in fact.Kept._fields))
    return Recorded(kept, case.site.clinic.name, entry, case.posting.line)


def _sharers(rt: Runtime, tap: Request, case: Case) -> list[Attendance]:
    """The earlier taps that this one shows to be made with a shared phone too."""
    if "device_shared" not in case.verdict.flags:
        return []
    install = arrival.install_hash(rt.keys, tap.sender.install)
    thumbprint = None if "sig_invalid" in case.held.flags else case.held.thumbprint
    return evidence.sharers(rt.db, tap.person_id, thumbprint, install, tap.now)


def registered(posting: Posting | Open, programme: Programme) -> bool:
    """Whether the posting's registration is acknowledged, or its programme asks for none."""
    return bool(posting.registration_no) or not programme.asks_registration


def taps_of(rows: list[Attendance] | list[Taken]) -> list[Tap]:
    """Own rows as the pure rules read them; a red flag keeps a tap from counting."""
    return [
        Tap(row.id, row.direction, row.clinic_id, row.effective_at, flags.counts(row.flags), tuple(row.flags))
        for row in rows
    ]
