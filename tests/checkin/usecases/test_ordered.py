"""Ordered work: filed with number and issuer, decided by another person, revoked by the county."""

from __future__ import annotations

from typing import Any

import pytest

from checkin.usecases.deciding import Ruling
from checkin.usecases.ordered import decide_order, file_order, orders_of, revoke_order
from shared import clock
from shared.problems import AlreadyDecided, DateOutsidePosting, IdempotencyConflict, InvalidBody, NotFound, SelfApproval
from shared.roles import Grant, Principal
from shared.service import Runtime
from tests.checkin.scene import counts, doctor, id_of, new_rows
from tests.checkin.usecases.asking import COUNTY, DAY, EVENING, SUPPORTER, folded, office, order


def filed(rt: Runtime, who: tuple[str, str] = SUPPORTER, **more: Any) -> str:
    with clock.at(EVENING):
        return file_order(rt, office(rt, *who), order(rt, **more))[1].id


def decide(rt: Runtime, name: str, who: tuple[str, str], decision: str = "accepted", note: str = "", **more: Any) -> str:
    with clock.at(EVENING):
        return decide_order(rt, office(rt, *who), name, Ruling(decision, note, **more)).state


def test_accepted_ordered_work_covers_the_span(rt: Runtime) -> None:
    name = filed(rt)
    assert folded(rt).halves["am"].status == "P"
    assert decide(rt, name, COUNTY) == "accepted"
    assert (folded(rt).halves["am"].status, folded(rt).halves["am"].cover_kind) == ("O", "government")
    assert [row.id for row in orders_of(rt, doctor(rt), id_of(rt, "posting", "P1"))] == [name]


def test_the_recipient_decides_meetings_and_travel_alone(rt: Runtime) -> None:
    with pytest.raises(NotFound):
        decide(rt, filed(rt), ("R1", "recipient_admin"))
    assert decide(rt, filed(rt, kind="meeting", issuer_level="supporter"), ("R1", "recipient_admin")) == "accepted"


def test_the_filer_never_decides_nor_whom_it_is_about(rt: Runtime) -> None:
    name, before = filed(rt, COUNTY), counts(rt)
    with pytest.raises(SelfApproval):
        decide(rt, name, COUNTY)
    who = doctor(rt)
    both = Principal(who.account_id, who.person_id, (Grant("county_officer", id_of(rt, "organisation", "WJ")),))
    with pytest.raises(SelfApproval), clock.at(EVENING):
        decide_order(rt, both, name, Ruling("accepted"))
    assert new_rows(before, counts(rt)) == {}


def test_revoked_ordered_work_covers_nothing_and_is_revoked_once(rt: Runtime) -> None:
    name = filed(rt)
    decide(rt, name, COUNTY)
    with clock.at(EVENING):
        with pytest.raises(NotFound):
            revoke_order(rt, office(rt), name, "误登记")
        assert revoke_order(rt, office(rt, *COUNTY), name, "误登记").state == "revoked"
        with pytest.raises(AlreadyDecided):
            revoke_order(rt, office(rt, *COUNTY), name, "误登记")
    assert folded(rt, EVENING + 7 * DAY).halves["am"].status == "X"
    with pytest.raises(AlreadyDecided):
        decide(rt, name, COUNTY)


@pytest.mark.parametrize(("change", "error"), [
    ({"issuer_level": "supporter"}, InvalidBody), ({"doc_no": "  "}, InvalidBody), ({"to": "2026-11-22"}, InvalidBody),
    ({"from": "today"}, InvalidBody), ({"to": "2027-04-01"}, DateOutsidePosting), ({"posting_id": "none"}, NotFound),
    ({"attachment_sha256": ["0" * 64]}, InvalidBody),
])  # fmt: skip
def test_a_bad_order_is_refused_and_nothing_is_written(rt: Runtime, change: dict[str, Any], error: type[Exception]) -> None:
    before = counts(rt)
    with pytest.raises(error):
        filed(rt, **change)
    assert new_rows(before, counts(rt)) == {}


def test_the_same_order_again_is_the_first_and_another_a_conflict(rt: Runtime) -> None:
    body, who = order(rt), office(rt, *SUPPORTER)
    with clock.at(EVENING):
        (new, first), (again, second) = (file_order(rt, who, body) for _ in range(2))
        assert (new, again, first.id) == (True, False, second.id)
        with pytest.raises(IdempotencyConflict):
            file_order(rt, who, {**body, "doc_no": "另一号"})
