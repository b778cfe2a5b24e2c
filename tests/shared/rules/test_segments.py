"""Where segments start and what breaks them, and which postings join."""

from __future__ import annotations

import pytest

from shared.rules.lines import lines_of
from shared.rules.segments import chains, walk
from tests.factories.service import ZHONGZHAN, absent, day, history, leave, ordered, pending, posting, settings
from tests.shared.rules.golden_cases import official

CALENDAR = official()
SPRING = ("2026-03-02", "2026-04-30")  # 43 workdays, Ching Ming off


def walked(*spells, span=SPRING, changes=None, hoped=False, purpose="continuity"):
    programme = settings(changes or {})
    (chain,) = chains(history(CALENDAR, posting(*span), spells=spells), programme, CALENDAR, "recipient")
    return walk(chain, programme, CALENDAR, hoped=hoped, purpose=purpose)


@pytest.mark.parametrize(("ends", "last"), [
    (("2026-04-30", "2026-06-30"), "2026-06-30"), (("2026-06-30", "2026-05-29"), "2026-06-30"), (("2026-06-30", None), None),
    ((None, "2026-06-30"), None),
])  # fmt: skip
def test_a_chain_has_no_last_date_while_one_of_its_postings_is_open(ends, last):
    both = [posting(start, end, id=f"P{n}") for n, (start, end) in enumerate(zip(("2026-03-02", "2026-04-01"), ends, strict=True))]
    (chain,) = chains(history(CALENDAR, *both, as_of="2026-07-01T08:00"), ZHONGZHAN, CALENDAR, "recipient")
    assert (chain.start, chain.last) == (day("2026-03-02"), last and day(last))


def shown(segments):
    return [(f"{one.start:%m-%d}", f"{one.end:%m-%d}", one.broken and one.broken.kind, len(one.seen)) for one in segments]


@pytest.mark.parametrize(
    ("spells", "start", "half_days"),
    [
        ([], "2026-03-01", 86),  # a Sunday: the posting's start though its first duty half-day is on Monday
        ([leave("2026-03-02")], "2026-03-01", 86),
        ([ordered("2026-03-02")], "2026-03-01", 86),
        ([absent("2026-03-02")], "2026-03-03", 84),
        ([absent("2026-03-02", half="am")], "2026-03-02", 85),  # the afternoon is the first attended half-day
        ([absent("2026-03-02"), leave("2026-03-03")], "2026-03-04", 82),
    ],
)
def test_a_segment_starts_with_the_posting_or_on_the_first_attended_date(spells, start, half_days):
    (found,) = walked(*spells, span=("2026-03-01", "2026-04-30"))
    assert (found.start, len(found.seen)) == (day(start), half_days)


def test_a_posting_without_any_attendance_has_no_segment():
    assert walked(absent(*SPRING)) == []


@pytest.mark.parametrize(
    ("spells", "broken"),
    [
        ([absent("2026-03-10", "2026-03-12")], True),
        ([absent("2026-03-10", "2026-03-11"), absent("2026-03-12", half="am")], False),  # five half-days
        ([absent("2026-03-12", "2026-03-13"), absent("2026-03-16")], True),  # a weekend between does not interrupt
        ([absent("2026-03-10", "2026-03-12"), leave("2026-03-11", half="am")], False),  # one L does
        ([absent("2026-03-10", "2026-03-12"), ordered("2026-03-11", half="pm")], False),
    ],
)
def test_six_half_days_of_absence_in_a_row_break_and_one_other_between_does_not(spells, broken):
    assert (walked(*spells)[0].broken is not None) is broken


def test_the_tenth_half_day_of_absence_breaks_before_itself():
    days = ("2026-03-04", "2026-03-09", "2026-03-13", "2026-03-18", "2026-03-24")
    first, second = walked(*map(absent, days))
    assert shown([first, second]) == [("03-02", "03-23", "absence_total", 32), ("03-25", "04-30", None, 52)]
    assert (first.broken.first, first.broken.last) == (day("2026-03-24"), day("2026-03-24"))
    assert len(walked(*map(absent, days[:4]), absent(days[4], half="am"))) == 1  # nine


def test_the_new_segment_starts_without_the_old_debt_and_counts_anew():
    spells = [absent("2026-03-04"), absent("2026-03-10", "2026-03-12"), *map(absent, ("2026-03-20", "2026-03-27", "2026-04-03"))]
    first, second = walked(*spells)
    assert sum(one.effect == "debt" for one in first.seen) == 2
    assert (second.broken, sum(one.effect == "debt" for one in second.seen)) == (None, 6)


@pytest.mark.parametrize(("last", "broken"), [("2026-04-08", False), ("2026-04-09", True)])
def test_leave_may_last_thirty_calendar_days(last, broken):
    first = walked(leave("2026-03-10", last))[0]
    assert (first.broken is not None) is broken
    if broken:
        assert (first.end, first.broken.first, first.broken.last) == (day("2026-03-09"), day("2026-03-10"), day(last))


def test_a_leave_run_ends_with_its_last_half_day_of_duty_not_with_the_slip():
    assert walked(leave("2026-03-10", "2026-04-08"), span=("2026-03-02", "2026-05-29"))[0].broken is None


def test_leave_is_credited_up_to_the_cap_half_day_by_half_day():
    (found,) = walked(leave("2026-03-10", half="pm"), leave("2026-03-17"), changes={"leave.cap_workdays": 1})
    assert [one.effect for one in found.seen if one.status == "L"] == ["credited", "credited", "debt"]


def test_absence_of_the_last_morning_before_a_run_stays_debt_and_the_afternoon_of_the_run_is_nowhere():
    spells = [absent("2026-03-09", half="am"), absent("2026-03-10", half="pm"), absent("2026-03-11", "2026-03-13")]
    first, second = walked(*spells)
    assert (first.end, len(first.seen), [one.effect for one in first.seen].count("debt")) == (day("2026-03-10"), 13, 1)
    assert second.start == day("2026-03-16")


@pytest.mark.parametrize(
    ("setting", "purpose", "effects"),
    [
        ({}, "continuity", {"debt"}), ({}, "accumulate", {"credited"}),
        ({"ordered.continuity": "count"}, "continuity", {"credited"}), ({"ordered.accumulate": "bridge"}, "accumulate", {"debt"}),
    ],
)  # fmt: skip
def test_ordered_work_counts_by_the_setting_of_its_purpose(setting, purpose, effects):
    (found,) = walked(ordered("2026-03-10", "2026-03-20"), changes=setting, purpose=purpose)
    assert {one.effect for one in found.seen if one.status == "O"} == effects


def test_ordered_work_that_breaks_continuity_does_not_break_accumulation():
    changes, order = {"ordered.continuity": "break"}, ordered("2026-03-10", "2026-03-11")
    assert [len(walked(order, changes=changes, purpose=purpose)) for purpose in ("continuity", "accumulate")] == [2, 1]


def test_pending_half_days_break_in_the_worst_reading_only():
    spell = pending("2026-03-10", "2026-03-12")
    assert [len(walked(spell, hoped=hoped)) for hoped in (False, True)] == [2, 1]


def joined(*postings, scope="recipient"):
    return [tuple(p.id for p in one.postings) for one in chains(history(CALENDAR, *postings), ZHONGZHAN, CALENDAR, scope)]


@pytest.mark.parametrize(
    ("end", "start", "one"),
    [
        ("2026-05-29", "2026-06-01", True), ("2026-05-28", "2026-06-01", False),
        ("2026-04-30", "2026-05-06", True), ("2026-05-08", "2026-05-11", False),  # 5-9 is a worked Saturday
        ("2026-06-30", "2026-06-01", True),
    ],
)  # fmt: skip
def test_postings_join_when_no_duty_half_day_lies_between(end, start, one):
    found = joined(posting("2026-03-02", end), posting(start, "2026-08-31", id="P2", clinics=("C2",)))
    assert found == ([("P1", "P2")] if one else [("P1",), ("P2",)])


@pytest.mark.parametrize(("start", "one"), [("2026-06-08", True), ("2026-06-09", False), ("2026-06-15", False)])
def test_a_roster_goes_on_week_by_week_between_two_postings(start, one):
    """Mondays and Tuesdays; the first posting ends on a Tuesday."""
    days = CALENDAR.workdays(day("2026-05-04"), day("2026-07-31"))
    roster = {(date, "am"): "C1" for date in days if date.weekday() < 2}
    first = posting("2026-05-11", "2026-06-02", mode="rounds", roster={at: c for at, c in roster.items() if at[0] <= day("2026-06-02")})
    second = posting(start, "2026-07-31", id="P2", mode="rounds", roster={at: c for at, c in roster.items() if at[0] >= day(start)})
    assert joined(first, second) == ([("P1", "P2")] if one else [("P1",), ("P2",)])


def test_scopes_join_what_stays_the_same():
    postings = (posting("2026-03-02", "2026-05-29"), posting("2026-06-01", "2026-07-31", id="P2", supporter_id="S2"),
                posting("2026-08-03", "2026-09-30", id="P3", recipient_id="R2"))  # fmt: skip
    assert joined(*postings) == [("P1", "P2"), ("P3",)]
    assert joined(*postings, scope="pair") == [("P1",), ("P2",), ("P3",)]
    assert joined(*postings, scope="programme") == [("P1", "P2", "P3")]


def test_lines_say_what_each_half_day_that_was_not_attended_did():
    spells = [leave("2026-03-05", "2026-03-06"), leave("2026-03-09", reason="sick"), absent("2026-03-12"),
              absent("2026-04-08", "2026-04-10"), absent("2026-04-13", half="am")]  # fmt: skip
    programme = settings({"leave.cap_workdays": 2})
    (chain,) = chains(history(CALENDAR, posting(*SPRING), spells=spells), programme, CALENDAR, "recipient")
    found = lines_of([(chain, walk(chain, programme, CALENDAR, hoped=False))])
    assert [(line.first[0].isoformat()[5:], line.last, line.half_days, line.reason, line.effect) for line in found] == [
        ("03-05", (day("2026-03-06"), "pm"), 4, "personal", "credited"),
        ("03-09", (day("2026-03-09"), "pm"), 2, "sick", "debt"),
        ("03-12", (day("2026-03-12"), "pm"), 2, "absent", "debt"),
        ("04-08", (day("2026-04-13"), "am"), 7, "absent", "none"),
    ]
