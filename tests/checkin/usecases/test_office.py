"""What an office says of a posting: an arrival, once; a note that changes no figure."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from checkin.usecases.office import confirm_arrival, note_day
from shared import clock
from shared.problems import AlreadyDecided, DateOutsidePosting, InvalidBody, NotFound
from shared.service import Runtime
from tests.checkin.scene import MONDAY, counts, id_of, new_rows
from tests.checkin.usecases.asking import COUNTY, EVENING, SUPPORTER, event, facts_of, folded, office
from tests.checkin.usecases.tapping import tapped


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
