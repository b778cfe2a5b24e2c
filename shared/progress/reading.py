"""Read ledger payloads (evidence.md §2) into the values the fold works on. Pure; the order of facts does not matter."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.attendance import flags as flag_rules
from shared.attendance.session import HALVES, Tap
from shared.calendar import local_date
from shared.progress.facts import FactRecord
from shared.rules.days import Correction, Order, Slip
from shared.rules.schema import APPROVERS

_DECIDED = {"approved": "approved", "accepted": "accepted", "rejected": "rejected", "endorsed": "pending"}


@dataclass(frozen=True)
class Facts:
    """The facts of one posting, each once, by kind in sequence order. Made once, it serves every day of a month."""

    by_kind: Mapping[str, tuple[FactRecord, ...]]
    around: tuple[FactRecord, ...] = ()
    """What the same person recorded shortly before and after, and in other postings: only chain.py looks at it."""

    @classmethod
    def of(cls, facts: Iterable[FactRecord], around: Iterable[FactRecord] = ()) -> Facts:
        """Drop repeats and sort by sequence number."""
        found: dict[str, list[FactRecord]] = {}
        for fact in sorted({f.entry_id: f for f in facts}.values(), key=_in_order):
            found.setdefault(fact.kind, []).append(fact)
        return cls({kind: tuple(listed) for kind, listed in found.items()}, tuple(around))

    def of_kind(self, *kinds: str) -> Iterable[FactRecord]:
        """The facts of these kinds in sequence order."""
        listed = [self.by_kind.get(kind, ()) for kind in kinds]
        return listed[0] if len(listed) == 1 else heapq.merge(*listed, key=_in_order)

    def last(self, kinds: Sequence[str], key: str) -> dict[str, FactRecord]:
        """The newest fact of these kinds by the value of a payload key."""
        return {fact.payload[key]: fact for fact in self.of_kind(*kinds)}

    def current(self, kinds: Sequence[str], day: dt.date) -> list[FactRecord]:
        """The facts of these kinds for a service date that no later one supersedes."""
        found = [fact for fact in self.of_kind(*kinds) if fact.payload.get("service_date") == day.isoformat()]
        gone = {name for fact in found for name in names(fact.payload.get("supersedes"))}
        return [f for f in found if gone.isdisjoint((f.entry_id, f.payload.get("client_event_id")))]


def _in_order(fact: FactRecord) -> tuple[int, str]:
    return fact.seq, fact.entry_id


def names(value: str | Sequence[str] | None) -> tuple[str, ...]:
    """One id, several, or none, as a tuple."""
    return () if not value else (value,) if isinstance(value, str) else tuple(value)


def instant(text: str | None) -> dt.datetime | None:
    """An instant of a payload; None stays None."""
    return None if text is None else dt.datetime.fromisoformat(text)


def filed_at(fact: FactRecord) -> dt.datetime:
    """When a person filed it: the payload's `filed_at`, else the append instant."""
    return instant(fact.payload.get("filed_at")) or fact.at


def codes(raised: Iterable[Any]) -> tuple[str, ...]:
    """Flag codes of a payload, given as text or as {code, ...}."""
    return tuple(sorted(item if isinstance(item, str) else item["code"] for item in raised))


@dataclass(frozen=True)
class Decisions:
    """What people decided about flags: (entry id, flag code) pairs dismissed and upheld."""

    dismissed: frozenset[tuple[str, str]]
    upheld: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, facts: Facts) -> Decisions:
        """The newest decision on each flag of each entry."""
        newest = {
            (f.payload["target"], f.payload["flag"]): f.payload["decision"] for f in facts.of_kind("flag.decided")
        }
        return cls(*(frozenset(k for k, v in newest.items() if v == word) for word in ("dismissed", "upheld")))

    def clears(self, entry_id: str, code: str) -> bool:
        """Whether the flag of the entry was dismissed."""
        return (entry_id, code) in self.dismissed

    def condemns(self, tap: Tap) -> bool:
        """Whether a red flag of the tap was upheld: it counts never again."""
        return any((tap.entry_id, code) in self.upheld and flag_rules.is_red(code) for code in tap.flags)


def taps_of(
    facts: Facts, day: dt.date, decisions: Decisions, waiting: frozenset[str] = frozenset(), against: frozenset[str] = frozenset()
) -> list[Tap]:  # fmt: skip
    """The taps of a service date with flips applied; `counts` False while a red flag or a dispute is undecided.

    `waiting` and `against`: entries whose presence is disputed, undecided and upheld (objections.py).
    Until grades exist (version grade-0) every tap without such a flag counts.
    """
    flips = {f.payload["target"]: f.payload["to"] for f in facts.of_kind("attendance.direction_flipped")}
    found = []
    for fact in facts.of_kind("attendance.recorded"):
        payload = fact.payload
        at = instant(payload["effective_at"])
        if payload.get("service_date") != day.isoformat() or at is None or local_date(at) != day:
            continue
        raised = codes(payload.get("flags") or ())
        live = [code for code in raised if not decisions.clears(fact.entry_id, code)]
        direction = flips.get(fact.entry_id, payload["direction"])
        counts = flag_rules.counts(live) and fact.entry_id not in waiting
        found.append(Tap(fact.entry_id, direction, payload["clinic_id"], at, counts=counts, flags=raised))
    return [tap for tap in found if not decisions.condemns(tap) and tap.entry_id not in against]


def slips_of(facts: Facts) -> list[Slip]:
    """Every leave slip that was not cancelled as a whole nor filed again; cancelling or returning early cuts its end.

    A return is confirmed by the first attendance since then (evidence.md §2.2); until there is one the slip stays as long as
    it was. A slip that was returned and filed again counts by its first filing.
    """
    decided = facts.last(("leave.decided",), "leave_id")
    asked = {fact.payload["leave_id"]: fact for fact in facts.of_kind("leave.requested")}
    again = {fact.payload.get("supersedes"): name for name, fact in asked.items()}
    stops = _stops(facts)
    slips = []
    for name, fact in asked.items():
        payload, verdict = fact.payload, decided.get(name)
        first, last = _span(payload)
        last = min([last, *(_before(stop) for stop in stops.get(name, ()))])
        if last < first or name in again:
            continue
        decision = "pending" if verdict is None else _DECIDED.get(verdict.payload["decision"], "rejected")
        evidence = (fact.entry_id, *((verdict.entry_id,) if verdict else ()))
        level = _level(verdict) if verdict else 0
        earlier = asked.get(payload.get("supersedes") or "")
        filed = min(filed_at(fact), filed_at(earlier)) if earlier else filed_at(fact)
        slips.append(Slip(name, payload["type"], first, last, filed, decision, level, evidence))
    return slips


def _stops(facts: Facts) -> dict[str, list[tuple[dt.date, str]]]:
    """Leave id -> the half-days from which it no longer runs."""
    worked = [fact.payload.get("service_date", "") for fact in facts.of_kind("attendance.recorded")]
    found: dict[str, list[tuple[dt.date, str]]] = {}
    for fact in facts.of_kind("leave.cancelled", "leave.returned"):
        stop = _stop(fact)
        confirmed = fact.kind == "leave.cancelled" or any(day >= stop[0].isoformat() for day in worked)
        if confirmed:
            found.setdefault(fact.payload["leave_id"], []).append(stop)
    return found


def orders_of(facts: Facts) -> list[Order]:
    """Every ordered-work record that was not revoked."""
    decided = facts.last(("ordered_work.decided",), "ordered_id")
    revoked = facts.last(("ordered_work.revoked",), "ordered_id")
    orders = []
    for fact in facts.of_kind("ordered_work.filed"):
        payload, verdict = fact.payload, decided.get(fact.payload["ordered_id"])
        if payload["ordered_id"] in revoked:
            continue
        decision = "pending" if verdict is None else _DECIDED.get(verdict.payload["decision"], "rejected")
        evidence = (fact.entry_id, *((verdict.entry_id,) if verdict else ()))
        orders.append(Order(payload["ordered_id"], payload["kind"], payload.get("doc_no"), payload.get("issuer_level"),
                            *_span(payload), decision, evidence))  # fmt: skip
    return orders


@dataclass(frozen=True)
class Request:
    """A correction request with its payload and evidence."""

    terms: Correction
    payload: Mapping[str, Any]
    evidence: tuple[str, ...]

    def applied(self, taps: Sequence[Tap]) -> list[Tap]:
        """The taps with the approved claim in force; raw entries stay in the ledger (evidence.md §11)."""
        claimed, targets = self._claims(), set(names(self.payload.get("supersedes")))
        changed = [self._changed(tap, claimed) if tap.entry_id in targets else tap for tap in taps]
        if not self.payload["what"].startswith("missing"):
            return changed
        clinic, entry = self.payload["clinic_id"], self.evidence[0]
        return changed + [Tap(entry, way, clinic, at, corrected=True) for way, at in claimed.items()]

    def halves(self) -> tuple[str, ...]:
        """The half-days claimed outright: those named when no time is claimed."""
        whole = self.payload["what"].startswith("missing") and not self._claims()
        return self.sessions() if whole else ()

    def sessions(self) -> tuple[str, ...]:
        """The sessions the request is about; both when it names none."""
        return tuple(self.payload.get("sessions") or HALVES)

    def _claims(self) -> dict[str, dt.datetime]:
        claimed = self.payload.get("claimed_at")
        if isinstance(claimed, Mapping):
            return {way: at for way, text in claimed.items() if (at := instant(text))}
        way = self.payload["what"].removeprefix("missing_")
        return {way: at} if (at := instant(claimed)) else {}

    def _changed(self, tap: Tap, claimed: Mapping[str, dt.datetime]) -> Tap:
        done = replace(tap, corrected=True, counts=True)
        match self.payload["what"]:
            case "wrong_time":
                return replace(done, at=claimed.get(tap.direction) or claimed.get("wrong_time") or tap.at)
            case "wrong_clinic":
                return replace(done, clinic_id=self.payload["clinic_id"])
            case "wrong_direction":
                return replace(done, direction="out" if tap.direction == "in" else "in")
        return tap


def requests_of(facts: Facts) -> list[Request]:
    """Every correction request of the posting that was not withdrawn or filed again."""
    decided = facts.last(("correction.decided",), "correction_id")
    asked = {fact.payload["correction_id"]: fact for fact in facts.of_kind("correction.requested")}
    gone = {f.payload["correction_id"] for f in facts.of_kind("correction.withdrawn")}
    first = {name: filed_at(asked[name]) for name in asked}
    for name, fact in asked.items():
        earlier = [old for old in names(fact.payload.get("supersedes")) if old in asked and old != name]
        first[name] = min([first[name], *(first[old] for old in earlier)])
        gone.update(earlier)
    return [_request(asked[name], decided.get(name), first[name]) for name in asked if name not in gone]


def _request(fact: FactRecord, verdict: FactRecord | None, filed: dt.datetime) -> Request:
    asker, judge = _actor(fact), _actor(verdict)
    decision = "pending" if verdict is None else _DECIDED.get(verdict.payload["decision"], "rejected")
    own = verdict is not None and judge.get("person") is not None and judge["person"] == asker.get("person")
    terms = Correction(
        fact.payload["correction_id"], dt.date.fromisoformat(fact.payload["service_date"]), filed, decision,
        outage=bool(fact.payload.get("outage")) or asker.get("role") == "recipient_admin", decided_by=judge.get("role"), own=own,
    )  # fmt: skip
    return Request(terms, fact.payload, (fact.entry_id, *((verdict.entry_id,) if verdict else ())))


def _actor(fact: FactRecord | None) -> Mapping[str, Any]:
    actor = fact.payload.get("actor") if fact else None
    return actor if isinstance(actor, Mapping) else {}


def _level(verdict: FactRecord) -> int:
    """The approval level of a decision: its `level` (a role or a number), else the level of the actor's role."""
    level = verdict.payload.get("level")
    if isinstance(level, int):
        return level
    return APPROVERS.get(level or _actor(verdict).get("role", ""), 0)


def _span(payload: Mapping[str, Any]) -> tuple[tuple[dt.date, str], tuple[dt.date, str]]:
    first, last = (dt.date.fromisoformat(payload[key]) for key in ("from", "to"))
    return (first, payload.get("from_session") or "am"), (last, payload.get("to_session") or "pm")


def _stop(fact: FactRecord) -> tuple[dt.date, str]:
    """The first half-day without leave: of a cancellation `from` and `from_session`, of a return its date and session."""
    text = fact.payload.get("from") or fact.payload.get("returned_at")
    if not text:
        return dt.date.min + dt.timedelta(days=1), "am"
    day = dt.date.fromisoformat(text) if len(text) == 10 else local_date(dt.datetime.fromisoformat(text))
    return day, fact.payload.get("from_session") or "am"


def _before(stop: tuple[dt.date, str]) -> tuple[dt.date, str]:
    """The half-day before."""
    return (stop[0], "am") if stop[1] == "pm" else (stop[0] - dt.timedelta(days=1), "pm")
