"""What offices say: ordered work, flags, arrivals, notes; and the physician's flip and handover."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import pytest
import sqlalchemy as sa

from checkin.models import Attendance
from checkin.usecases.deciding import NotYourTurn, Ruling
from checkin.usecases.flags import LevelTooLow, decide_flag
from checkin.usecases.flip import FlipOver, flip
from checkin.usecases.handover import open_handover, sign_handover
from checkin.usecases.office import confirm_arrival, note_day
from checkin.usecases.ordered import decide_order, file_order, orders_of, revoke_order
from shared import clock, ledger
from shared.problems import AlreadyDecided, DateOutsidePosting, IdempotencyConflict, InvalidBody, NotFound, SelfApproval
from shared.roles import Grant, Principal
from shared.service import Runtime
from tests.checkin.scene import MONDAY, MORNING, counts, doctor, id_of, new_rows
from tests.checkin.usecases.asking import DAY, EVENING, drain, facts_of, folded, office, todo
from tests.checkin.usecases.tapping import tapped

COUNTY = ("C1", "county_officer")
SUPPORTER = ("A1", "supporter_admin")


def event(**told: Any) -> dict[str, Any]:
    return {"client_event_id": secrets.token_hex(16), **told}


def order(rt: Runtime, **more: Any) -> dict[str, Any]:
    """A government order over Monday."""
    return event(**{
        "posting_id": id_of(rt, "posting", "P1"), "kind": "government", "doc_no": "卫函〔2026〕9号", "issuer": "区卫健委",
        "issuer_level": "county", "from": "2026-11-23", "to": "2026-11-23", **more,
    })  # fmt: skip


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


def flipped(rt: Runtime, tap: str, at: dt.datetime, direction: str = "out", code: str = "D1", **more: Any) -> Any:
    with clock.at(at):
        return flip(rt, doctor(rt, code), tap, event(direction=direction, **more))


def test_a_flip_within_ten_minutes_turns_the_tap(rt: Runtime) -> None:
    tap = tapped(rt, MORNING, direction="in").entry.entry_id
    created, row = flipped(rt, tap, MORNING + dt.timedelta(minutes=10))
    assert (created, row.direction, row.direction_source) == (True, "out", "flipped")
    assert folded(rt).halves["am"].in_at is None
    assert facts_of(rt, "attendance.direction_flipped")[-1].payload["to"] == "out"


def test_a_repeated_flip_writes_nothing(rt: Runtime) -> None:
    tap, same = tapped(rt, MORNING, direction="in").entry.entry_id, secrets.token_hex(16)
    flipped(rt, tap, MORNING, client_event_id=same)
    before = counts(rt)
    created, _ = flipped(rt, tap, MORNING, client_event_id=same)
    assert (created, new_rows(before, counts(rt))) == (False, {})


def test_a_flip_is_over_after_ten_minutes_or_a_later_tap(rt: Runtime) -> None:
    tap = tapped(rt, MORNING, direction="in").entry.entry_id
    before = counts(rt)
    with pytest.raises(FlipOver) as refused:
        flipped(rt, tap, MORNING + dt.timedelta(minutes=10, milliseconds=1))
    assert (refused.value.status, refused.value.slug) == (409, "flip-over")
    with pytest.raises(InvalidBody):
        flipped(rt, tap, MORNING, "in")
    with pytest.raises(NotFound):
        flipped(rt, tap, MORNING, code="D2")
    assert new_rows(before, counts(rt)) == {}
    tapped(rt, MORNING + dt.timedelta(minutes=2), direction="out")
    with pytest.raises(FlipOver):
        flipped(rt, tap, MORNING + dt.timedelta(minutes=3))


def flag(rt: Runtime, tap: str, code: str, who: tuple[str, str] = COUNTY, decision: str = "dismissed", **more: Any) -> dict[str, Any]:
    with clock.at(EVENING):
        return decide_flag(rt, office(rt, *who), tap, code, Ruling(decision, more.pop("note", "已核实"), **more))


def foreign(rt: Runtime) -> str:
    """A tap at a clinic outside the posting: red until somebody decides."""
    tap = tapped(rt, MORNING, site="SQ2").entry.entry_id
    with rt.db.read() as session:
        assert session.scalars(sa.select(Attendance.flags).where(Attendance.id == tap)).one() == ["code_foreign"]
    return tap


def test_a_dismissed_red_flag_lets_the_tap_count(rt: Runtime) -> None:
    tap = foreign(rt)
    tapped(rt, MORNING + dt.timedelta(hours=4, minutes=15), site="SQ2", direction="out")
    for each in (tap, facts_of(rt, "attendance.recorded")[-1].entry_id):
        assert folded(rt).halves["am"].status != "A"
        flag(rt, each, "code_foreign")
    assert folded(rt).halves["am"].status == "A"


def test_a_red_flag_is_the_countys_and_every_decision_has_a_reason(rt: Runtime) -> None:
    tap, before = foreign(rt), None
    before = counts(rt)
    with pytest.raises(LevelTooLow):
        flag(rt, tap, "code_foreign", ("R1", "recipient_admin"))
    for wrong in ({"note": " "}, {"decision": "perhaps"}):
        with pytest.raises(InvalidBody):
            flag(rt, tap, "code_foreign", **wrong)
    with pytest.raises(InvalidBody):
        flag(rt, tap, "clock_skew")
    for who in (("D2", "doctor"), SUPPORTER):
        with pytest.raises(NotFound):
            flag(rt, tap, "code_foreign", who)
    assert new_rows(before, counts(rt)) == {}


def test_a_flag_is_decided_again_only_by_naming_the_decision(rt: Runtime) -> None:
    tap = foreign(rt)
    first = flag(rt, tap, "code_foreign")
    with pytest.raises(AlreadyDecided):
        flag(rt, tap, "code_foreign", decision="upheld")
    assert flag(rt, tap, "code_foreign", decision="upheld", replaces=first["entry_id"])["decision"] == "upheld"


def arrival(rt: Runtime, who: tuple[str, str] = ("R1", "recipient_admin"), **more: Any) -> tuple[bool, dict[str, Any]]:
    told = {"posting_id": id_of(rt, "posting", "P1"), "date": "2026-09-01", "session": "am", "id_shown": True, **more}
    with clock.at(EVENING):
        return confirm_arrival(rt, office(rt, *who), event(**told))


def test_an_arrival_is_confirmed_once_with_the_id_shown(rt: Runtime) -> None:
    for change, error in (
        ({"id_shown": False}, InvalidBody), ({"date": "2026-08-31"}, DateOutsidePosting), ({"date": "2026-11-24"}, InvalidBody),
        ({"posting_id": "none"}, NotFound), ({"date": "gestern"}, InvalidBody),
    ):  # fmt: skip
        before = counts(rt)
        with pytest.raises(error):
            arrival(rt, **change)
        assert new_rows(before, counts(rt)) == {}
    with pytest.raises(NotFound):
        arrival(rt, SUPPORTER)
    same = secrets.token_hex(16)
    assert [arrival(rt, client_event_id=same)[0] for _ in range(2)] == [True, False]
    with pytest.raises(AlreadyDecided):
        arrival(rt)


def test_a_note_changes_no_figure(rt: Runtime) -> None:
    before = folded_without_evidence(rt)
    told = {"posting_id": id_of(rt, "posting", "P1"), "service_date": MONDAY.isoformat(), "sessions": ["pm", "am"], "text": "停电,电话确认在岗"}
    with clock.at(EVENING):
        assert note_day(rt, office(rt), event(**told))[0]
        with pytest.raises(NotFound):
            note_day(rt, office(rt, *COUNTY), event(**told))
        with pytest.raises(InvalidBody):
            note_day(rt, office(rt), event(**{**told, "text": " "}))
    assert facts_of(rt, "day.noted")[-1].payload["sessions"] == ["am", "pm"]
    assert folded_without_evidence(rt) == before


def folded_without_evidence(rt: Runtime) -> dict[str, Any]:
    tapped(rt, EVENING) if not facts_of(rt, "attendance.recorded") else None
    return folded(rt).to_dict()


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
