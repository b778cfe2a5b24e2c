"""Which rules are judged from records, over which periods, and what is kept of the judgement."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.progress import duties, judge, standing
from shared.rules.facts import Document, Facts, Tick, Waiver
from shared.rules.history import History
from shared.rules.inquiry import Subject
from shared.rules.load import shipped
from tests.shared.official import OFFICIAL
from tests.shared.progress.posted import DEMO, terms

AS_OF = dt.datetime(2026, 11, 17, 4, tzinfo=dt.UTC)
NOVEMBER = (dt.date(2026, 11, 1), dt.date(2026, 11, 17))
SUBJECTS = ("doctor", "team", "pair", "recipient", "supporter", "county", "city", "province")
PROGRAMMES = list(shipped().values())


def ground(kind, key="X", *postings, facts=None, **attributes):
    history = (History("D1", postings, (), AS_OF),) if postings else ()
    return duties.Ground(DEMO, OFFICIAL, Subject(kind, key, attributes), history, facts or Facts(), AS_OF, {})


def judged(rule, on, first=NOVEMBER[0], last=NOVEMBER[1]):
    return duties.judge_duties(on, [DEMO.rule(rule)], first, last)[0]


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda one: one.id)
def test_every_rule_is_judged_in_exactly_one_place(programme):
    here = {rule.id for kind in SUBJECTS for rule in duties.rules_of(programme, kind)}
    by_days = {rule.id for rule in programme.rules if judge.supported(rule) and (rule.subject, rule.get("period")) in
               {("doctor", "week"), ("doctor", "month"), ("team", "two_weeks")}}  # fmt: skip
    by_standing = {rule.id for rule in programme.rules if rule.subject == "doctor" and rule.kind in standing.KINDS}
    assert here | by_days | by_standing == {rule.id for rule in programme.rules}
    assert not here & (by_days | by_standing)


def test_only_the_kinds_asked_for_are_judged():
    assert {rule.kind for rule in duties.rules_of(DEMO, "pair", ("document",))} == {"document"}
    assert duties.rules_of(DEMO, "pair", ("growth",)) == []


def test_rules_that_read_attendance_are_told_from_those_that_read_papers():
    reads = {rule.id for rule in DEMO.rules if duties.reads_days(rule)}
    assert {"ZZ-04", "ZZ-09c", "ZZ-15", "ZZ-18", "ZZ-37"} <= reads
    assert reads.isdisjoint({"ZZ-02", "ZZ-27", "ZZ-29", "ZZ-32", "ZZ-09a"})


def test_a_quarter_is_judged_while_its_document_is_due_and_not_before_it_began():
    periods = {state.period: state.value for state in judged("ZZ-27", ground("pair"), dt.date(2026, 10, 5), dt.date(2026, 10, 20))}
    assert periods == {"2026-Q3": "not_met", "2026-Q4": "open"}
    assert {state.period for state in judged("ZZ-27", ground("pair"))} == {"2026-Q4"}


def test_a_document_that_came_is_met_with_its_evidence():
    day = dt.date(2026, 10, 9)
    rule = DEMO.rule("ZZ-27")
    paper = Document("p", "ZZ-27", "2026-Q3", None, day, dict.fromkeys(rule.get("to"), day), tuple(rule.get("seals") or ()),
                     tuple(rule.get("copies") or ()), evidence=("e1",))  # fmt: skip
    found = judged("ZZ-27", ground("pair", facts=Facts(documents=(paper,))), dt.date(2026, 10, 5), dt.date(2026, 10, 10))
    state = next(one for one in found if one.period == "2026-Q3")
    assert (state.value, state.subject, state.evidence) == ("met", "pair:X", ("e1",))


def test_each_posting_is_a_period_of_its_own():
    first, second = terms(), terms(id="P2", start=dt.date(2027, 1, 4), end=dt.date(2027, 6, 30))
    found = judged("ZZ-17", ground("doctor", "D1", first, second))
    assert [(state.period_kind, state.period, state.subject) for state in found] == [
        ("posting", "P1", "doctor:D1"), ("posting", "P2", "doctor:D1"),
    ]  # fmt: skip


def test_a_tick_about_one_posting_answers_for_that_posting_alone():
    first, second = terms(), terms(id="P2", start=dt.date(2027, 1, 4), end=dt.date(2027, 6, 30))
    tick = Tick("ZZ-17", "", "rules", True, ("t1",), "P2")
    found = judged("ZZ-17", ground("doctor", "D1", first, second, facts=Facts(ticks=(tick,))))
    assert [(state.period, state.value) for state in found] == [("P1", "not_reported"), ("P2", "met")]
    waiver = Waiver("ZZ-17", "", "waived", "停诊一年", ("w1",), None, "P1")
    found = judged("ZZ-17", ground("doctor", "D1", first, second, facts=Facts(ticks=(tick,), waivers=(waiver,))))
    assert [(state.period, state.value) for state in found] == [("P1", "waived"), ("P2", "met")]


def test_what_has_no_period_is_kept_under_the_whole_time():
    tick = Tick("ZZ-23", "", DEMO.rule("ZZ-23").get("items")[0], True, ("t1",))
    (state,) = judged("ZZ-23", ground("county", facts=Facts(ticks=(tick,))))
    assert (state.period, state.value, state.evidence) == (duties.WHOLE, "met", ("t1",))


def test_a_rule_that_does_not_apply_leaves_no_state_unless_somebody_decided_so():
    assert judged("ZZ-22", ground("supporter")) != []
    decided = Facts(waivers=(Waiver("ZZ-28", "2026-H2", "not_applicable", "无病床", ("w1",)),))
    (state,) = judged("ZZ-28", ground("pair", facts=decided))
    assert (state.value, state.evidence) == ("not_applicable", ("w1",))


def test_teams_without_postings_have_no_windows_of_two_weeks():
    assert duties.judge_duties(ground("team"), [DEMO.rule("ZZ-11")], *NOVEMBER) == ([], [duties.WHOLE])


def test_a_teams_windows_are_counted_from_its_first_monday():
    team = [DEMO.rule("ZZ-11")]
    _, names = duties.judge_duties(ground("team", "PAIR/resident", terms(start=dt.date(2026, 11, 3))), team, *NOVEMBER)
    assert names == ["2026-11-02/2w", "2026-11-16/2w", duties.WHOLE]
