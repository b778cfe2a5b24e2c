"""What granting and refusing a request make of continuity, by the same rules that judge it."""

from __future__ import annotations

import datetime as dt

from shared.calendar import at, days_between
from shared.progress.effect import Effect, Outlook, Scene, decided, effect_of
from shared.progress.fold import Facts
from tests.shared.official import OFFICIAL
from tests.shared.progress.posted import DEMO, Story, rounds

START = dt.date(2026, 3, 2)
TODAY = dt.date(2026, 4, 10)
NOW = at(TODAY, dt.time(9))


def worked(*away: dt.date) -> Story:
    """There on every workday until yesterday but these."""
    story = Story()
    for day in days_between(START, TODAY - dt.timedelta(days=1)):
        if OFFICIAL.is_workday(day) and day not in away:
            story.present(day)
    return story


def effect(story: Story, kind: str, name: str, first: dt.date, last: dt.date) -> Effect:
    """Both readings of a request of the story."""
    facts = Facts.of(story.facts)
    days = {(story.posting.id, day): story.fold(day, NOW) for day in days_between(story.posting.start, TODAY)}
    scene = Scene(lambda day: DEMO, OFFICIAL, [story.posting], story.posting, days, facts, NOW, TODAY)
    both = [[decided(kind, name, granted=granted, as_of=NOW)] for granted in (True, False)]
    return effect_of(scene, days_between(first, last), *both)


def test_a_correction_that_spares_a_break_says_so() -> None:
    """Three absent workdays on end break continuity (`[absence] break_run_workdays`); the fourth day is asked for."""
    first, last = dt.date(2026, 4, 1), dt.date(2026, 4, 3)
    story = worked(first, dt.date(2026, 4, 2), last)
    name = story.correction(last, "missing_in", filed=at(last, dt.time(20)), decision=None, sessions=["am", "pm"])
    found = effect(story, "correction", name, last, last)
    broken = found.refused is not None and found.refused.breaks
    assert broken, "without it the run is long enough"
    assert found.sentence("correction") == f"补后连续派驻不中断,否则自 {min(broken)} 起中断"
    assert found.days[last].halves["am"].corrected


def test_a_correction_of_one_half_day_saves_its_debt() -> None:
    day = dt.date(2026, 4, 1)
    story = worked(day)
    story.present(day, "pm")
    name = story.correction(day, "missing_in", filed=at(day, dt.time(20)), decision=None)
    found = effect(story, "correction", name, day, day)
    assert found.granted is not None
    assert found.refused is not None
    assert found.refused.debt - found.granted.debt == 1
    assert found.sentence("correction") == f"补后连续派驻不中断,少补 1 个半天,预计 {found.granted.earliest} 满 6 个月"


def leave(last: dt.date) -> Effect:
    """The effect of a leave that begins the Monday after, of somebody who was always there."""
    first, story = dt.date(2026, 4, 13), worked()
    story.leave(first, last, filed=NOW, by=None)
    return effect(story, "leave", f"L{len(story.facts)}", first, last)


def test_leave_to_come_counts_against_the_cap() -> None:
    short = leave(dt.date(2026, 4, 15))
    assert short.granted is not None
    assert (short.granted.leave, short.granted.debt) == (6, 0)
    assert short.sentence("leave") == "批准后连续派驻不中断,预计 2026-09-01 满 6 个月"
    over = leave(dt.date(2026, 4, 30))
    assert over.granted is not None
    assert (over.granted.leave, over.granted.debt, over.granted.earliest) == (28, 8, "2026-09-07"), "14 workdays, 10 of them free"
    assert over.sentence("leave") == "批准后连续派驻不中断,另需补足 8 个半天,预计 2026-09-07 满 6 个月"


def test_leave_of_more_than_thirty_days_breaks() -> None:
    found = leave(dt.date(2026, 5, 20))
    assert found.sentence("leave") == "批准后连续派驻自 2026-04-13 起中断"
    assert found.days[dt.date(2026, 5, 20)].halves["pm"].status == "L"


def test_where_no_rule_asks_for_continuity_it_is_said() -> None:
    story = Story(rounds(start=dt.date(2026, 4, 1), end=dt.date(2026, 12, 31)))
    name = story.correction(dt.date(2026, 4, 8), "missing_in", decision=None)
    assert effect(story, "correction", name, dt.date(2026, 4, 8), dt.date(2026, 4, 8)).sentence("correction") == "补后不涉及连续派驻"


def test_after_a_long_absence_the_count_begins_anew() -> None:
    day = TODAY - dt.timedelta(days=1)
    story = Story()
    name = story.correction(day, "missing_in", filed=NOW, decision=None)
    assert effect(story, "correction", name, day, day).sentence("correction") == f"补后连续派驻自 {day} 起计"


def test_a_refused_first_day_has_not_begun() -> None:
    found = Effect(Outlook(6), Outlook(6))
    assert found.sentence("correction") == "补后连续派驻仍未开始"
