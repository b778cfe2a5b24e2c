"""Substitutions and the end of a posting: by the offices over it, for people who are really there."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from services.roster.usecases.closing import PostingEnded, close_posting, record_substitution
from shared import clock, ledger
from shared.directory import lookup
from shared.problems import DateOutsidePosting, IdempotencyConflict, InvalidBody, NotFound
from shared.service import Runtime
from tests.checkin.scene import counts, new_rows
from tests.factories.directory import directory, id_of, principal

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=clock.SHANGHAI)


@pytest.fixture
def town(rt: Runtime) -> Runtime:
    """The small world at noon of a Monday."""
    with clock.at(dt.datetime(2026, 8, 28, tzinfo=dt.UTC)):
        directory(rt)
    return rt


def substitution(rt: Runtime, **more: Any) -> dict[str, Any]:
    told = {"client_event_id": secrets.token_hex(16), "posting_id": id_of(rt, "posting", "P1"), "substitute_id": id_of(rt, "person", "D2"),
            "half_days": [{"date": "2026-11-24", "session": "am"}, {"date": "2026-11-23", "session": "pm"}]}  # fmt: skip
    return {**told, **more}


def end(**more: Any) -> dict[str, Any]:
    return {"client_event_id": secrets.token_hex(16), "reason": "rotation", "last_day": "2026-11-30", "handover_id": None, **more}


def entered(rt: Runtime, kind: str) -> list[ledger.Fact]:
    with rt.db.read() as session:
        return ledger.facts_of_kinds(session, id_of(rt, "posting", "P1"), [kind])


@pytest.mark.parametrize(("person", "role"), [("R1", "recipient_admin"), ("A1", "supporter_admin")])
def test_a_substitute_is_recorded_on_the_absent_physicians_posting(town: Runtime, person: str, role: str) -> None:
    body = substitution(town)
    with clock.at(NOON):
        (created, first), (again, second) = (record_substitution(town, principal(town, person, role), body) for _ in range(2))
        with pytest.raises(IdempotencyConflict):
            record_substitution(town, principal(town, person, role), {**body, "half_days": body["half_days"][:1]})
    assert (created, again, first) == (True, False, second)
    (fact,) = entered(town, "substitution.recorded")
    assert (fact.payload["who"], fact.payload["for"]) == (id_of(town, "person", "D2"), id_of(town, "person", "D1"))
    assert [one["date"] for one in fact.payload["half_days"]] == ["2026-11-23", "2026-11-24"]


@pytest.mark.parametrize(("change", "error"), [
    (lambda rt: {"substitute_id": id_of(rt, "person", "D1")}, InvalidBody),
    (lambda rt: {"substitute_id": id_of(rt, "person", "A1")}, InvalidBody),
    (lambda rt: {"half_days": [{"date": "2026-08-31", "session": "am"}]}, DateOutsidePosting),
    (lambda rt: {"half_days": [{"date": "2026-11-31", "session": "am"}]}, InvalidBody),
    (lambda rt: {"posting_id": "none"}, NotFound),
])  # fmt: skip
def test_a_substitute_who_is_not_there_is_refused(town: Runtime, change: Callable[[Runtime], Any], error: type[Exception]) -> None:
    before = counts(town)
    with pytest.raises(error), clock.at(NOON):
        record_substitution(town, principal(town, "R1", "recipient_admin"), substitution(town, **change(town)))
    assert new_rows(before, counts(town)) == {}


def test_other_offices_find_no_posting(town: Runtime) -> None:
    for person, role in (("C1", "county_officer"), ("A1", "recipient_admin"), ("D1", "doctor")):
        with pytest.raises(NotFound), clock.at(NOON):
            record_substitution(town, principal(town, person, role), substitution(town))
        with pytest.raises(NotFound), clock.at(NOON):
            close_posting(town, principal(town, person, role), end(), id_of(town, "posting", "P1"))


def close(rt: Runtime, **more: Any) -> tuple[bool, dict[str, Any]]:
    with clock.at(NOON):
        return close_posting(rt, principal(rt, "A1", "supporter_admin"), end(**more), id_of(rt, "posting", "P1"))


def test_closing_ends_the_posting_and_says_when_it_would_have_ended(town: Runtime) -> None:
    same = secrets.token_hex(16)
    assert [close(town, client_event_id=same)[0] for _ in range(2)] == [True, False]
    with town.db.read() as session:
        terms = lookup.posting_terms(session, id_of(town, "posting", "P1"))
        assert (terms.end, terms.end_reason) == (dt.date(2026, 11, 30), "rotation"), "the rules read an early rotation"
    (fact,) = entered(town, "posting.closed")
    assert (fact.payload["reason"], fact.payload["last_date"], fact.payload["was"]) == ("rotation", "2026-11-30", "2027-03-31")


@pytest.mark.parametrize(("change", "error"), [
    ({"last_day": "2026-08-31"}, DateOutsidePosting), ({"last_day": "2027-04-01"}, PostingEnded), ({"last_day": "2026-02-30"}, InvalidBody),
    ({"handover_id": "none"}, InvalidBody),
])  # fmt: skip
def test_a_wrong_end_is_refused_and_nothing_is_written(town: Runtime, change: dict[str, Any], error: type[Exception]) -> None:
    before = counts(town)
    with pytest.raises(error):
        close(town, **change)
    assert new_rows(before, counts(town)) == {}
