"""Flags of a tap: upheld or dismissed with a reason; a red one is the county's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from checkin.models import Attendance
from checkin.usecases.deciding import Ruling
from checkin.usecases.flags import decide_flag
from shared import clock
from shared.problems import AlreadyDecided, InvalidBody, LevelTooLow, NotFound
from shared.service import Runtime
from tests.checkin.scene import MORNING, counts, new_rows
from tests.checkin.usecases.asking import COUNTY, EVENING, SUPPORTER, facts_of, folded, office
from tests.checkin.usecases.tapping import proven


def flag(rt: Runtime, tap: str, code: str, who: tuple[str, str] = COUNTY, decision: str = "dismissed", **more: Any) -> dict[str, Any]:
    with clock.at(EVENING):
        return decide_flag(rt, office(rt, *who), tap, code, Ruling(decision, more.pop("note", "已核实"), **more))


def foreign(rt: Runtime) -> str:
    """A tap at a clinic outside the posting: red until somebody decides."""
    tap = proven(rt, MORNING, site="SQ2").entry.entry_id
    with rt.db.read() as session:
        assert session.scalars(sa.select(Attendance.flags).where(Attendance.id == tap)).one() == ["code_foreign"]
    return tap


def test_a_dismissed_red_flag_lets_the_tap_count(rt: Runtime) -> None:
    tap = foreign(rt)
    proven(rt, MORNING + dt.timedelta(hours=4, minutes=15), site="SQ2", direction="out")
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
