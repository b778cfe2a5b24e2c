"""A seat handed over: out, in, the recipient, in this order."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from checkin.usecases.deciding import NotYourTurn
from checkin.usecases.handover import open_handover, sign_handover
from shared import clock, ledger
from shared.problems import AlreadyDecided, InvalidBody, NotFound
from shared.roles import Principal
from shared.service import Runtime
from tests.checkin.scene import counts, doctor, id_of, new_rows
from tests.checkin.usecases.asking import EVENING, SUPPORTER, drain, event, facts_of, office, todo


def handed(rt: Runtime, **more: Any) -> Any:
    told = {"posting_id": id_of(rt, "posting", "P1"), "in_posting_id": id_of(rt, "posting", "P2"), "items": ["内科门诊", "慢病名册"], **more}
    with clock.at(EVENING):
        return open_handover(rt, doctor(rt), event(**told))[1]


def sign(rt: Runtime, row: Any, who: Principal, **more: Any) -> Any:
    with clock.at(EVENING):
        return sign_handover(rt, who, row.id, event(**{"items_sha256": row.items_sha256, **more}))


def test_a_handover_is_signed_out_in_and_by_the_recipient_in_this_order(rt: Runtime) -> None:
    row = handed(rt)
    drain(rt)
    assert [one["kind"] for one in todo(rt, doctor(rt, "D2"))] == ["handover"]
    with pytest.raises(NotYourTurn) as refused:
        sign(rt, row, office(rt))
    assert refused.value.title_text() == "请先由接手医师处理"
    with pytest.raises(InvalidBody):
        sign(rt, row, doctor(rt, "D2"), items_sha256="0" * 64)
    assert sign(rt, row, doctor(rt, "D2"))[1].step == "in"
    drain(rt)
    assert [one["kind"] for one in todo(rt, office(rt))] == ["handover"]
    assert sign(rt, row, office(rt))[1].step == "recipient"
    drain(rt)
    assert todo(rt, office(rt)) == []
    assert [fact.payload["step"] for fact in facts_of(rt, "handover.signed")] == ["out", "in", "recipient"]
    with pytest.raises(AlreadyDecided):
        sign(rt, row, doctor(rt, "D2"))
    with rt.db.read() as session:
        assert not ledger.verify(session, rt.keys)


def test_strangers_neither_hand_over_nor_sign(rt: Runtime) -> None:
    row = handed(rt)
    for who in (doctor(rt), office(rt, *SUPPORTER), office(rt, "A1", "recipient_admin")):
        with pytest.raises(NotFound):
            sign(rt, row, who)
    for change, error in (({"posting_id": id_of(rt, "posting", "P2")}, NotFound), ({"items": [" "]}, InvalidBody),
                          ({"in_posting_id": id_of(rt, "posting", "P1")}, InvalidBody)):  # fmt: skip
        with pytest.raises(error):
            handed(rt, **change)


def test_a_repeated_signature_writes_nothing(rt: Runtime) -> None:
    row, same = handed(rt), secrets.token_hex(16)
    sign(rt, row, doctor(rt, "D2"), client_event_id=same)
    before = counts(rt)
    assert sign(rt, row, doctor(rt, "D2"), client_event_id=same)[0] is False
    assert new_rows(before, counts(rt)) == {}
