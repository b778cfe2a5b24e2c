"""Consents: each answer to a screen is kept with the version and language of its text (security.md §5).

Giving and withdrawing are one tap each. Withdrawing stops what comes; facts already recorded stay, coordinates follow
their retention (S-39): those of months still open go at once.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.identity import store
from shared import clock, ledger, outbox
from shared.directory import lookup
from shared.events import CONSENT_WITHDRAWN, PlacesDue
from shared.problems import NotYourRecord
from shared.roles import Principal
from shared.service import Runtime

SCREENS = {"L": "location", "P": "photos", "D": "device", "M": "messages", "N": "notice", "T": "transfer"}
"""Screen → purpose."""
ROLES = tuple(sorted(ledger.KINDS["consent.given"].roles))
"""Everybody but a clinic's screen is a person."""


def answer(rt: Runtime, who: Principal, said: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
    """Keep an answer {screen, version, language, given, decided_at?}; (False, …) when it is the one that stands."""
    if who.person_id is None:
        raise NotYourRecord("this account has no person")
    with rt.db.transaction() as session:
        ledger.lock(session, rt.keys, [ledger.Stream.person(who.person_id)])
        last = store.consent_of(session, who.person_id, said["screen"])
        if last and (last.version, last.language, last.given) == (said["version"], said["language"], said["given"]):
            return False, shown(last.screen, last.version, last.language, given=last.given, at=last.at)
        person = lookup.person(session, who.person_id)
        row = store.add_consent(session, who.person_id, said["screen"], said["version"], said["language"], said["given"])
        role = next(grant.role for grant in who.grants if grant.role in ROLES)
        entry = ledger.append(
            session, rt.keys, kind="consent.given" if said["given"] else "consent.withdrawn",
            stream=ledger.Stream.person(who.person_id), actor=ledger.Actor(who.person_id, role, person.organisation_id),
            payload={"person_id": who.person_id, "screen": row.screen, "version": row.version, "language": row.language,
                     "purpose": SCREENS[row.screen], "decided_at": said.get("decided_at"),
                     "date": clock.today().isoformat()},
        )  # fmt: skip
        if row.screen == "L" and not row.given:
            for posting in lookup.postings_of_person(session, who.person_id):
                outbox.put(session, PlacesDue(posting.id, clock.today().isoformat(), CONSENT_WITHDRAWN, entry.entry_id))
        return True, shown(row.screen, row.version, row.language, given=row.given, at=row.at)


def standing(rt: Runtime, who: Principal) -> list[dict[str, Any]]:
    """The newest answer to every screen the person has answered, by screen."""
    with rt.db.read() as session:
        rows = [store.consent_of(session, who.person_id or "", screen) for screen in sorted(SCREENS)]
        return [shown(row.screen, row.version, row.language, given=row.given, at=row.at) for row in rows if row]


def shown(screen: str, version: str, language: str, *, given: bool, at: dt.datetime) -> dict[str, Any]:
    """One answer as its person reads it."""
    return {
        "screen": screen, "purpose": SCREENS[screen], "version": version, "language": language, "given": given,
        "at": clock.iso(at),
    }  # fmt: skip
