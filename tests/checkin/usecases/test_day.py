"""An own date: what others did about it, and nothing of another person's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from checkin.schemas.day import OwnDay
from checkin.usecases import handover, objections, office, ordered
from checkin.usecases.day import own_day
from services.roster.usecases.closing import record_substitution
from shared import clock
from shared.problems import InvalidBody
from shared.service import Runtime
from tests.checkin.scene import MONDAY, counts, doctor, end_posting, id_of, new_rows
from tests.checkin.usecases.asking import EVENING, asked, event, order
from tests.checkin.usecases.asking import office as desk
from tests.checkin.usecases.checks import quiet
from tests.checkin.usecases.tapping import proven

P1, P2, DAY = "P1", "P2", MONDAY.isoformat()


def read(rt: Runtime, who: str = "D1", day: str = DAY) -> dict[str, Any]:
    """A date as its physician reads it in the evening."""
    before = counts(rt)
    with clock.at(EVENING):
        found = own_day(rt, doctor(rt, who), day)
    assert new_rows(before, counts(rt)) == {}
    assert OwnDay().validate(OwnDay().dump(found)) == {}
    return found


def test_what_an_office_wrote_is_read_by_the_physician_alone(rt: Runtime) -> None:
    mine, theirs = id_of(rt, "posting", P1), id_of(rt, "posting", P2)
    with clock.at(EVENING):
        office.note_day(rt, desk(rt), event(posting_id=mine, service_date=DAY, sessions=["pm", "am"], text="停电一天"))
        ordered.file_order(rt, desk(rt, "A1", "supporter_admin"), order(rt))
        record_substitution(rt, desk(rt), event(posting_id=mine, substitute_id=doctor(rt, "D2").person_id,
                                                half_days=[{"date": DAY, "session": "pm"}]))  # fmt: skip
    found = read(rt)
    assert found["posting_id"] == mine
    assert [(one["sessions"], one["text"], one["role_label"]) for one in found["notes"]] == [(["am", "pm"], "停电一天", "受援医院医务科")]
    assert [(one["doc_no"], one["state_label"]) for one in found["orders"]] == [("卫函〔2026〕9号", "待认定")]
    assert [(one["sessions"], one["mine"]) for one in found["substitutions"]] == [(["pm"], False)]
    other = read(rt, "D2")
    assert (other["posting_id"], other["notes"], other["orders"]) == (theirs, [], [])
    assert [(one["sessions"], one["mine"]) for one in other["substitutions"]] == [(["pm"], True)]
    assert found["substitutions"][0]["name"] != other["substitutions"][0]["name"]
    assert read(rt, day="2026-11-24")["notes"] == []


def test_own_requests_objections_and_handovers_stand_on_their_date(rt: Runtime) -> None:
    quiet(rt)
    tap = proven(rt).entry.entry_id
    mine, theirs = id_of(rt, "posting", P1), id_of(rt, "posting", P2)
    row = asked(rt)
    with clock.at(EVENING):
        said = event(posting_id=mine, target_kind="flag", target=f"{tap}:device_young", reason_code="flag_wrong", text="手机是新换的")
        filed = objections.file(rt, doctor(rt), said)[1]
        handed = handover.open_handover(rt, doctor(rt), event(posting_id=mine, in_posting_id=theirs, items=["门诊"]))[1]
    found = read(rt)
    assert [one["id"] for one in found["corrections"]] == [row.id]
    assert [(one["id"], one["state_words"]) for one in found["objections"]] == [(filed["id"], "待处理")]
    assert [(one["id"], one["may_sign"]) for one in found["handovers"]] == [(handed.id, False)]
    assert [(one["id"], one["may_sign"]) for one in read(rt, "D2")["handovers"]] == [(handed.id, True)]
    assert read(rt, "D2")["objections"] == []


def test_who_may_take_over_is_named(rt: Runtime) -> None:
    with clock.at(EVENING):
        (one,) = handover.successors(rt, doctor(rt))
    assert (one["posting_id"], one["in_posting_id"]) == (id_of(rt, "posting", P1), id_of(rt, "posting", P2))
    end_posting(rt, P2, MONDAY - dt.timedelta(days=1))
    with clock.at(EVENING):
        assert handover.successors(rt, doctor(rt)) == []


@pytest.mark.parametrize("day", ["23.11.2026", "2999-01-01", "x"])
def test_what_is_no_date_is_refused(rt: Runtime, day: str) -> None:
    with clock.at(EVENING), pytest.raises(InvalidBody):
        own_day(rt, doctor(rt), day)


def test_a_date_without_a_posting_has_nothing(rt: Runtime) -> None:
    found = read(rt, day="2020-01-06")
    assert {name: value for name, value in found.items() if value} == {"date": "2020-01-06"}
