"""What holds of continuity for any posting: against its literal definition, and when a half-day is added or a posting split."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shared.rules.accumulate import Credit
from shared.rules.accumulate import evaluate as accumulated
from shared.rules.balance import Balance
from shared.rules.continuity import evaluate
from shared.rules.durations import DAY
from shared.rules.history import Half, History
from shared.rules.segments import chains, walk
from tests.factories import service
from tests.shared.rules.golden_cases import official
from tests.shared.rules.literal import Limits, pieces

CALENDAR = official()
MONTHS = 2
PROGRAMME = service.settings({"leave.cap_workdays": 3, "leave.break_run_calendar_days": 9})
LIMITS = Limits(run=6, total=10, leave_days=9, cap=6)
FIRST = dt.date(2025, 3, 3)
KINDS = st.sampled_from([("X", "absent"), ("L", "personal"), ("O", "epidemic"), ("O", "meeting"), ("O", "travel"), ("A", None)])
SPELLS = st.lists(st.tuples(KINDS, st.integers(0, 110), st.sampled_from(["am", "pm"]), st.integers(0, 9)), max_size=7)
THOUSAND = settings(max_examples=1000, derandomize=True, deadline=None)
NEVER = dt.date.max


@st.composite
def postings(draw: st.DrawFn, travel: bool = True) -> History:
    """A posting of three weeks to four months, attended but for up to seven spells; pieces of it may be worked again."""
    start = FIRST + draw(st.integers(0, 500)) * DAY
    length = draw(st.integers(20, 120))
    spells = [
        service.Spell(*kind, (start + n * DAY, half), (start + (n + more // 2) * DAY, "am" if more % 2 else "pm"))
        for kind, n, half, more in draw(SPELLS)
        if travel or kind[1] != "travel"
    ]
    return service.history(CALENDAR, service.posting(start, start + length * DAY), spells=spells)


def judged(made: History):
    return evaluate(made, PROGRAMME, CALENDAR, months=MONTHS, scope="recipient")


def shape(made: History) -> list[tuple[dt.date, bool]]:
    """Where segments start and whether they break: what an added record must leave alone."""
    return [(one.start, one.broken is not None) for one in judged(made).segments]


def changed(made: History, number: int, status: str, reason: str | None) -> History | None:
    """The history with one duty half-day that was something else now being this; None when all are this already."""
    others = [n for n, half in enumerate(made.halves) if half.duty and half.status != status]
    if not others:
        return None
    place = others[number % len(others)]
    halves = list(made.halves)
    halves[place] = replace(halves[place], status=status, reason=reason)
    return replace(made, halves=tuple(halves))


@THOUSAND
@given(postings(travel=False))
def test_the_engine_says_what_the_literal_definition_says(made):
    plain = replace(made, halves=tuple(replace(h, reason="epidemic") if h.status == "O" else h for h in made.halves))
    duty = tuple(half for half in plain.halves if half.duty)
    expected = pieces(duty, made.postings[0].start, made.postings[0].end, LIMITS)
    (chain,) = chains(plain, PROGRAMME, CALENDAR, "recipient")
    found = walk(chain, PROGRAMME, CALENDAR, hoped=False)
    assert [(s.start, s.end, s.broken is not None, len(s.seen)) for s in found] == [
        (p.start, p.end, p.broken, len(p.halves)) for p in expected
    ]
    answer = judged(plain)
    assert [one.effective_end for one in answer.segments] == [p.effective_end(p.end) for p in expected]
    assert [None if one.rest_tail else one.met_on for one in answer.segments] == [p.met_on(MONTHS) for p in expected]


@THOUSAND
@given(postings(), st.integers(0, 120))
def test_effective_end_reaches_due_exactly_when_the_debt_up_to_due_is_repaid(made, later):
    (chain,) = chains(made, PROGRAMME, CALENDAR, "recipient")
    for segment in walk(chain, PROGRAMME, CALENDAR, hoped=False):
        balance = Balance.of_segment(segment)
        target = min(segment.end, segment.start + later * DAY)
        walked, paid = balance.owed(target), 0
        for one in segment.seen:
            paid += one.half.date > target and one.effect == "credited"
        assert (balance.effective_end() >= target) == (paid >= walked)


@THOUSAND
@given(postings(), st.integers(0, 250))
def test_adding_an_attended_half_day_never_delays_completion(made, number):
    other = changed(made, number, "A", None)
    assume(other is not None and shape(other) == shape(made))
    assert (judged(other).met_on or NEVER) <= (judged(made).met_on or NEVER)


@THOUSAND
@given(postings(), st.integers(0, 250))
def test_adding_an_absence_never_advances_completion(made, number):
    other = changed(made, number, "X", "absent")
    assume(other is not None and shape(other) == shape(made))
    assert (judged(other).met_on or NEVER) >= (judged(made).met_on or NEVER)


@THOUSAND
@given(postings())
def test_completion_is_never_before_due(made):
    assert all(one.met_on is None or one.met_on >= one.due for one in judged(made).segments)


@THOUSAND
@given(postings(), st.integers(1, 20), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(made, weeks, shuffle):
    both = _twice(made, weeks * 7 * DAY)
    credits_ = [Credit("K1", "aid_tibet", FIRST, FIRST + 90 * DAY), Credit("K2", None, FIRST + 30 * DAY, FIRST + 200 * DAY)]
    mixed = replace(both, halves=_mixed(both.halves, shuffle), postings=_mixed(both.postings, shuffle))
    rule = PROGRAMME.rule("ZZ-04")
    assert judged(mixed).to_dict() == judged(both).to_dict()
    sums = [accumulated(made, PROGRAMME, CALENDAR, rule, given_) for made, given_ in ((both, credits_), (mixed, credits_[::-1]))]
    assert sums[0] == sums[1]


@THOUSAND
@given(postings(travel=False), st.integers(1, 119))
def test_splitting_a_posting_into_two_back_to_back_changes_nothing(made, at):
    whole = made.postings[0]
    cut = whole.start + at % (whole.end - whole.start).days * DAY
    parts = replace(whole, end=cut), replace(whole, id="P2", start=cut + DAY)
    halves = tuple(half if half.date <= cut else replace(half, posting_id="P2") for half in made.halves)
    split = replace(made, postings=parts, halves=halves)
    assert _nameless(judged(split).to_dict()) == _nameless(judged(made).to_dict())
    rule = PROGRAMME.rule("ZZ-04")
    assert accumulated(split, PROGRAMME, CALENDAR, rule).total == accumulated(made, PROGRAMME, CALENDAR, rule).total


def _twice(made: History, later: dt.timedelta) -> History:
    """The posting and the same weeks later at another clinic: they overlap, touch or lie apart."""
    one = made.postings[0]
    second = replace(one, id="P2", clinics=("C2",), start=one.start + later, end=one.end + later)
    halves = (*made.halves, *(replace(half, posting_id="P2", date=half.date + later) for half in made.halves))
    return History("D1", (one, second), tuple(sorted(halves, key=_time)))


def _time(half: Half) -> tuple[dt.date, str, str]:
    return half.date, half.half, half.posting_id


def _mixed(records, shuffle: random.Random):
    listed = list(records)
    shuffle.shuffle(listed)
    return tuple(listed)


def _nameless(answer):
    return {**answer, "segments": [{**one, "postings": []} for one in answer["segments"]]}


@pytest.mark.parametrize("text", ["AAXXXXXA", "XXAAXXXXXXA", "LLAAXXAAXXAAXXAAXXAAXXA", "XXXXXX", "A" * 40 + "XXXXXXX"])
def test_the_literal_definition_is_itself_right_on_letters_worked_out_by_hand(text):
    days = CALENDAR.workdays(dt.date(2026, 3, 2), dt.date(2026, 7, 1))
    halves = tuple(Half(days[n // 2], "am" if n % 2 == 0 else "pm", "P1", True, letter) for n, letter in enumerate(text))
    found = [len(piece.halves) for piece in pieces(halves, days[0], halves[-1].date, LIMITS)]
    assert found == {"AAXXXXXA": [8], "XXAAXXXXXXA": [2, 1], "XXXXXX": [], "A" * 40 + "XXXXXXX": [40],
                     "LLAAXXAAXXAAXXAAXXAAXXA": [20, 1]}[text]  # fmt: skip
