"""Consents: one answer each, the newest stands, both are facts of the person."""

from __future__ import annotations

import datetime as dt

import pytest

from services.identity.usecases import consents
from shared import clock, ledger
from shared.problems import NotYourRecord
from shared.roles import Grant, Principal
from shared.service import Runtime
from tests.services.identity.people import member

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
LOCATION = {"screen": "L", "version": "L-2026-11", "language": "zh-CN", "given": True}


def somebody(rt: Runtime) -> Principal:
    return Principal("account", member(rt), (Grant("doctor", "hospital"),))


def kinds(rt: Runtime, who: Principal) -> list[tuple[str, str]]:
    with rt.db.read() as session:
        found = ledger.facts(session, who.person_id, dt.date(2026, 1, 1), dt.date(2027, 12, 31))
    return [(fact.kind, fact.payload["version"]) for fact in found]


def test_given_withdrawn_and_given_again(rt):
    who = somebody(rt)
    with clock.at(NOON):
        created, row = consents.answer(rt, who, LOCATION)
        assert (created, row["purpose"], row["given"]) == (True, "location", True)
        assert consents.answer(rt, who, LOCATION)[0] is False  # the answer that stands
        assert consents.answer(rt, who, {**LOCATION, "given": False})[0]
        assert [one["given"] for one in consents.standing(rt, who)] == [False]
        assert consents.answer(rt, who, {**LOCATION, "version": "L-2027-01"})[0]
        assert [one["version"] for one in consents.standing(rt, who)] == ["L-2027-01"]
    assert kinds(rt, who) == [("consent.given", "L-2026-11"), ("consent.withdrawn", "L-2026-11"), ("consent.given", "L-2027-01")]


def test_screens_are_answered_one_by_one(rt):
    who = somebody(rt)
    with clock.at(NOON):
        consents.answer(rt, who, LOCATION)
        consents.answer(rt, who, {**LOCATION, "screen": "P", "given": False})
        assert [(one["screen"], one["given"]) for one in consents.standing(rt, who)] == [("L", True), ("P", False)]


def test_an_account_without_a_person_has_nothing_to_consent_to(rt):
    with pytest.raises(NotYourRecord):
        consents.answer(rt, Principal("account", None, (Grant("system_admin", None),)), LOCATION)
