"""What is open of a posting and who may decide it now; the level moves with endorsements and with time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.calendar import at
from shared.progress.asked import Ground, OpenAsk, corrections_used, open_asks
from shared.progress.fold import Facts
from tests.shared.official import OFFICIAL
from tests.shared.progress.posted import DEMO, MONDAY, Story

OFFICES = {"recipient_admin": "R1", "supporter_admin": "S1", "county_officer": "K1", "city_officer": "C1", "province_officer": "V1"}


def asks(story: Story, today: dt.date = MONDAY, able: frozenset[str] = frozenset({"M1"})) -> list[OpenAsk]:
    """What is open of the story's posting on a date."""
    on = Ground(story.posting, OFFICES, lambda day: DEMO, OFFICIAL, today, lambda clinic, asker: able - {asker or ""})
    return open_asks(on, Facts.of(story.facts))


def told(found: list[OpenAsk]) -> list[tuple[str, str, str | None]]:
    return [(one.kind, one.role, one.scope_id) for one in found]


def test_a_correction_waits_for_the_recipient_then_for_the_county() -> None:
    story = Story()
    story.correction(MONDAY, "missing_in", decision=None)
    assert told(asks(story)) == [("correction", "recipient_admin", "R1")]
    assert told(asks(story, dt.date(2026, 11, 23))) == [("correction", "recipient_admin", "R1")], "the fifth workday"
    assert told(asks(story, dt.date(2026, 11, 24))) == [("correction", "county_officer", "K1")]


def test_a_correction_nobody_there_may_decide_is_the_countys_at_once() -> None:
    story = Story()
    story.correction(MONDAY, "missing_in", decision=None)
    assert told(asks(story, able=frozenset())) == [("correction", "county_officer", "K1")]
    assert told(asks(story, able=frozenset({"D1"}))) == [("correction", "county_officer", "K1")], "the requester alone"


def test_decided_and_withdrawn_requests_are_not_open() -> None:
    story = Story()
    for decision in ("approved", "rejected", "returned"):
        story.correction(MONDAY, "missing_in", decision=decision)
    gone = story.correction(MONDAY, "missing_in", decision=None)
    story.write("correction.withdrawn", at(MONDAY, dt.time(21)), correction_id=gone)
    assert asks(story) == []


def leave(days: int, **over: Any) -> Story:
    """A leave of so many workdays from a Monday on, not decided."""
    last = OFFICIAL.add_workdays(MONDAY, days - 1)
    return Story().leave(MONDAY, last, by=None, **over)


def endorsed(story: Story, level: int) -> Story:
    story.write("leave.decided", at(MONDAY, dt.time(9)), leave_id="L1", decision="endorsed", level=level)
    return story


def test_leave_climbs_the_ladder_rung_by_rung() -> None:
    assert told(asks(leave(3))) == [("leave", "recipient_admin", "R1")]
    longer = leave(11)
    assert told(asks(longer)) == [("leave", "recipient_admin", "R1")]
    assert told(asks(endorsed(longer, 1))) == [("leave", "supporter_admin", "S1")]
    assert told(asks(endorsed(longer, 2))) == [("leave", "county_officer", "K1")]


def test_a_level_that_is_enough_is_the_last() -> None:
    assert told(asks(endorsed(leave(5), 1))) == [("leave", "supporter_admin", "S1")]


def test_cancelled_and_decided_leave_is_not_open() -> None:
    story = leave(3)
    story.write("leave.cancelled", at(MONDAY, dt.time(9)), leave_id="L1", **{"from": MONDAY.isoformat()})
    assert asks(story) == []
    assert asks(Story().leave(MONDAY, MONDAY, by="recipient_admin", decision="returned")) == []


def test_ordered_work_waits_for_the_county_a_meeting_for_the_recipient() -> None:
    story = Story().ordered(MONDAY, MONDAY, decision=None).ordered(MONDAY, MONDAY, decision=None, kind="meeting")
    assert sorted(told(asks(story))) == [("ordered_work", "county_officer", "K1"), ("ordered_work", "recipient_admin", "R1")]
    story.write("ordered_work.revoked", at(MONDAY, dt.time(10)), ordered_id="O1")
    assert [one.role for one in asks(story)] == ["recipient_admin"]


def test_a_handover_waits_for_who_comes_then_for_the_recipient() -> None:
    story, signed = Story(), {"handover_id": "H1", "in_person_id": "D2", "in_posting_id": "P2"}
    story.write("handover.signed", at(MONDAY, dt.time(9)), step="out", **signed)
    assert told(asks(story)) == [("handover", "doctor", "D2")]
    story.write("handover.signed", at(MONDAY, dt.time(10)), step="in", **signed)
    assert told(asks(story)) == [("handover", "recipient_admin", "R1")]
    story.write("handover.signed", at(MONDAY, dt.time(11)), step="recipient", **signed)
    assert asks(story) == []


def test_the_oldest_comes_first_whatever_the_kind() -> None:
    story = Story().ordered(MONDAY, MONDAY, decision=None)
    story.correction(MONDAY, "missing_in", decision=None)
    story.leave(MONDAY + dt.timedelta(days=3), MONDAY + dt.timedelta(days=3), by=None)
    assert [one.kind for one in asks(story)] == ["leave", "ordered_work", "correction"]


def test_the_count_of_a_month_leaves_refused_and_outage_requests_out() -> None:
    story = Story()
    story.correction(MONDAY, "missing_in", decision="approved")
    story.correction(MONDAY, "missing_in", decision=None)
    story.correction(MONDAY, "missing_in", decision="rejected")
    story.correction(MONDAY, "missing_in", decision=None, outage=True)
    story.correction(MONDAY, "missing_in", decision=None, asker="recipient_admin")
    assert corrections_used(Facts.of(story.facts), DEMO, "2026-11") == (2, 3)
    assert corrections_used(Facts.of(story.facts), DEMO, "2026-12") == (0, 3)


def test_the_order_of_the_facts_does_not_matter() -> None:
    story = endorsed(leave(11), 1)
    story.correction(MONDAY, "missing_in", decision=None)
    backwards = Story(story.posting, list(reversed(story.facts)))
    assert asks(backwards) == asks(story)
