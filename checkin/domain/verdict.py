"""The verdict over one tap: which session, in or out, which date and time, how strong, which marks. Pure, refuses nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from checkin.domain import claim, proof
from shared.attendance.flags import code_flags, time_flags
from shared.attendance.session import SessionWindows, Tap, next_direction
from shared.calendar import local_date


class Arrival(NamedTuple):
    """One tap as it arrived: the scan, the button (None = to be derived), and the phone's own times."""

    scan: proof.Scan
    direction: str | None = None
    device_time: dt.datetime | None = None
    sent_at: dt.datetime | None = None


class Standing(NamedTuple):
    """How the posting stands: its clinics, and whether its registration is acknowledged where one is needed."""

    clinics: tuple[str, ...]
    registered: bool = True


class Weighed(NamedTuple):
    """What a tap says by itself, before anybody looks at the posting: proof, claim, when and on which Shanghai date.

    `lower` bounds the tap from below: ticket or verified slot, else the beacon; `window` = received - lower.
    """

    proof: proof.Proof
    claim: claim.Claim
    effective_at: dt.datetime
    service_date: dt.date
    lower: dt.datetime | None = None
    window: dt.timedelta | None = None


class Verdict(NamedTuple):
    """What is recorded: direction in/out, its source (tapped, flipped, derived), session am/pm, every mark."""

    direction: str
    direction_source: str
    session: str
    flags: tuple[str, ...]


def weigh(arrival: Arrival) -> Weighed:
    """Proof and time of a tap (evidence.md §5, §6.3)."""
    claimed = claim.read(arrival.device_time, arrival.sent_at, arrival.scan.received_at)
    proved = proof.prove(arrival.scan._replace(claimed=claimed.at))
    received_at, lower = arrival.scan.received_at, proved.lower or arrival.scan.beacon_at
    effective_at = _effective_at(proved, claimed, lower, received_at)
    window = received_at - lower if lower else None
    return Weighed(proved, claimed, effective_at, local_date(effective_at), lower, window)


def judge(
    windows: SessionWindows, taps: Sequence[Tap], arrival: Arrival, weighed: Weighed, standing: Standing,
    marks: Sequence[str] = (),
) -> Verdict:  # fmt: skip
    """Judge a weighed tap against the day's taps of the posting at this clinic (evidence.md §6.4).

    `marks`: flags of phone, beacon and place. `taps` may hold other dates: they change nothing, so a forgotten
    check-out never turns today's scan into an `out`.
    """
    offered, session = next_direction(windows, taps, weighed.effective_at)
    direction = arrival.direction or offered
    source = "derived" if arrival.direction is None else "tapped" if direction == offered else "flipped"
    return Verdict(direction, source, session, (*marks, *_flags(arrival.scan, weighed, standing)))


def _effective_at(
    proved: proof.Proof, claimed: claim.Claim, lower: dt.datetime | None, received_at: dt.datetime
) -> dt.datetime:
    """Ticket, typed code and offline code say when; otherwise the claim, held between lower bound and receipt (§6.3)."""
    if proved.effective_at is not None:
        return min(proved.effective_at, received_at)
    if claimed.at is None:
        return received_at
    return min(max(claimed.at, lower or claimed.at), received_at)


def _flags(scan: proof.Scan, weighed: Weighed, standing: Standing) -> tuple[str, ...]:
    """Every mark in the order of evidence.md §8: code, time, registration."""
    claimed = weighed.claim
    return (
        *code_flags(scan.clinic_id, standing.clinics, revoked=scan.revoked),
        *weighed.proof.flags,
        *time_flags(
            received_at=scan.received_at, claimed_at=claimed.at, skew_ms=claimed.skew_ms, online=scan.online,
            window=weighed.window,
        ),
        *(("claim_range",) if claimed.absurd else ()),
        *(() if standing.registered else ("unregistered",)),
    )  # fmt: skip
