"""Ordered work: meetings so many workdays a month and travel at the ends of a posting are credited, the rest as usual (§2.4)."""

from __future__ import annotations

import pytest

from shared.rules.orders import effects
from tests.factories.service import absent, history, leave, ordered, posting, settings
from tests.shared.official import OFFICIAL

SPAN = ("2026-03-02", "2026-04-30")
USUAL = {"ordered.continuity": "bridge", "ordered.accumulate": "break", "ordered.meeting_workdays_per_month": 2,
         "ordered.travel_workdays_per_end": 1}  # fmt: skip


def told(*spells, purpose="continuity", end=SPAN[1], **changes) -> dict[str, list[str]]:
    """Date -> what its morning and afternoon do, of the dates that were not attended."""
    programme = settings({**USUAL, **changes})
    known = history(OFFICIAL, posting(SPAN[0], end), spells=spells, as_of=None if end else "2026-05-01T00:00", programme=programme)
    found: dict[str, list[str]] = {}
    for half, effect in zip(known.halves, effects(known.halves, known.postings, programme, OFFICIAL, purpose), strict=True):
        if half.status not in ("A", ""):
            found.setdefault(half.date.isoformat(), []).append(effect)
    return found


def test_what_is_no_ordered_work_has_no_effect() -> None:
    assert told(absent("2026-03-02"), leave("2026-03-03")) == {"2026-03-02": ["", ""], "2026-03-03": ["", ""]}


@pytest.mark.parametrize("reason", ["epidemic", "disaster", "government", "rescue"])
@pytest.mark.parametrize(("purpose", "effect"), [("continuity", "bridge"), ("accumulate", "break")])
def test_other_orders_follow_the_setting_at_the_ends_of_a_posting_too(reason: str, purpose: str, effect: str) -> None:
    found = told(*(ordered(day, reason=reason) for day in ("2026-03-02", "2026-03-10", "2026-04-30")), purpose=purpose)
    assert found == dict.fromkeys(("2026-03-02", "2026-03-10", "2026-04-30"), [effect] * 2)


def test_meetings_are_credited_up_to_their_workdays_in_each_month() -> None:
    meetings = [ordered("2026-03-10", "2026-03-12", reason="meeting"), ordered("2026-04-07", reason="meeting")]
    found = told(*meetings)
    assert found == {"2026-03-10": ["count"] * 2, "2026-03-11": ["count"] * 2, "2026-03-12": ["bridge"] * 2, "2026-04-07": ["count"] * 2}
    assert set(map(tuple, told(*meetings, **{"ordered.meeting_workdays_per_month": 0}).values())) == {("bridge", "bridge")}


@pytest.mark.parametrize(("count", "credited"), [
    (0, []), (1, ["2026-03-02", "2026-04-30"]), (2, ["2026-03-02", "2026-03-03", "2026-04-29", "2026-04-30"]),
])  # fmt: skip
def test_travel_is_credited_on_so_many_workdays_at_either_end(count: int, credited: list[str]) -> None:
    days = ("2026-03-02", "2026-03-03", "2026-03-04", "2026-04-28", "2026-04-29", "2026-04-30")
    found = told(*(ordered(day, reason="travel") for day in days), **{"ordered.travel_workdays_per_end": count})
    assert [day for day, (am, pm) in found.items() if (am, pm) == ("count", "count")] == credited
    assert all(effect == ["bridge"] * 2 for day, effect in found.items() if day not in credited)


def test_an_open_posting_has_one_end_only() -> None:
    found = told(ordered("2026-03-02", reason="travel"), ordered("2026-04-30", reason="travel"), end=None)
    assert found == {"2026-03-02": ["count"] * 2, "2026-04-30": ["bridge"] * 2}
