"""document: complete, acknowledged by every addressee, in time or late with the days shown; owed as far as the period is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from shared.calendar import at
from shared.rules.durations import DAY
from shared.rules.facts import Document, Facts
from shared.rules.history import History
from shared.rules.kinds import evaluate
from shared.rules.result import Result
from tests.shared.rules.golden_cases import official
from tests.shared.rules.kinds import asked

ZHONGZHAN, COUNTY_TCM, SUQIAN, SHANXI = (
    asked.PROGRAMMES[name] for name in ("zhongzhan-2021", "county-tcm-stationing", "suqian-key-areas-2023", "shanxi-2012")
)
DUE = dt.date(2024, 7, 10)
"""ZZ-27, second quarter of 2024: a Wednesday."""


def filed(rule: str, period: str, *documents: Document, programme=ZHONGZHAN, **over) -> Result:
    return evaluate(asked.ask(programme, programme.rule(rule), facts=Facts(documents=documents), period=period, **over))


def table(day: dt.date, **acknowledged: dt.date) -> Document:
    return Document("F1", "ZZ-27", "2024-Q2", None, day, acknowledged or {"county": day}, evidence=("f1",))


@pytest.mark.parametrize(("day", "late"), [(DUE - DAY, 0), (DUE, 0), (DUE + DAY, 1), (DUE + 30 * DAY, 30)])
def test_late_is_met_and_the_days_are_shown(day: dt.date, late: int) -> None:
    found = filed("ZZ-27", "2024-Q2", table(day))
    assert (found.value, found.detail["late_days"], found.evidence) == ("met", late, ("f1",))
    assert (f"晚 {late} 天" in found.explanation) == (late > 0)


def test_what_counts_is_the_acknowledgement_of_the_addressee() -> None:
    assert filed("ZZ-27", "2024-Q2", table(DUE - DAY, county=DUE + 2 * DAY)).detail["late_days"] == 2
    assert filed("ZZ-27", "2024-Q2", table(DUE - DAY, county=DUE, city=DUE + 9 * DAY)).detail["late_days"] == 0
    found = filed("ZZ-27", "2024-Q2", table(DUE - DAY, city=DUE))
    assert found.value == "not_met"
    assert found.explanation == "对口支援工作考核统计表应于 2024年7月10日前报送,已提交,等待确认"


def test_what_is_owed_after_the_end_waits_for_it_and_is_named() -> None:
    rule = ZHONGZHAN.rule("ZZ-26")
    running = asked.posting(ZHONGZHAN, end=None)
    found = evaluate(asked.ask(ZHONGZHAN, rule, histories=[History("D1", (running,), ())], period="P1", as_of=at(DUE, dt.time(9))))
    assert (found.value, found.explanation) == ("open", "对口支援工作医师考核登记表在派驻结束后报送,派驻还没有结束")


def test_every_addressee_must_acknowledge() -> None:
    one = Document("F1", "SQ-13", "2024", None, dt.date(2024, 7, 1), {"city": dt.date(2024, 7, 2)})
    both = Document("F2", "SQ-13", "2024", None, dt.date(2024, 7, 1), {"city": dt.date(2024, 7, 2), "county": dt.date(2024, 7, 31)})
    assert filed("SQ-13", "2024", one, programme=SUQIAN).value == "not_met"
    assert filed("SQ-13", "2024", one, both, programme=SUQIAN).value == "met"


def test_before_its_date_it_is_open_and_on_the_day_after_not_met() -> None:
    for day, value in ((DUE, "open"), (DUE + DAY, "not_met")):
        assert filed("ZZ-27", "2024-Q2", as_of=at(day, dt.time(23))).value == value


def test_paper_and_electronic_copies_are_both_wanted() -> None:
    day = dt.date(2013, 12, 30)
    for copies, value in ((("paper",), "not_met"), (("paper", "electronic"), "met")):
        one = Document("F1", "SX-33", "2013", None, day, {"province": day}, copies=copies)
        assert filed("SX-33", "2013", one, programme=SHANXI).value == value


def summary(specialty: str, *, photos: int = 1, chars: int = 200) -> Document:
    day = dt.date(2026, 5, 29)
    return Document(specialty, "ZD-13", "2026-05", None, day, {"supporter": day}, photos=photos, chars=chars, group=specialty)


def monthly(*documents: Document, start: dt.date = dt.date(2026, 3, 2), specialties: tuple[str, ...] = ("surgery", "tcm")) -> Result:
    team = [asked.posting(COUNTY_TCM, id=name, person_id=name, specialty=name, start=start) for name in specialties]
    histories = asked.unserved(*team)
    return filed("ZD-13", "2026-05", *documents, programme=COUNTY_TCM, histories=histories)


def test_each_specialty_hands_in_text_and_picture() -> None:
    assert monthly(summary("surgery"), summary("tcm")).value == "met"
    assert monthly(summary("surgery")).detail["missing"] == ["tcm"]
    assert monthly(summary("surgery"), summary("tcm", photos=0)).value == "not_met"
    assert monthly(summary("surgery"), summary("tcm", chars=199)).value == "not_met"


def test_a_team_that_came_at_the_end_of_the_month_owes_no_summary_of_it() -> None:
    found = monthly(start=dt.date(2026, 5, 25))
    assert (found.value, found.waived_reason, found.local_settings) == ("waived", "partial_window", ("partial_window",))


def test_a_summary_of_the_fourth_quarter_is_made_in_it() -> None:
    def made(day: dt.date) -> Result:
        return filed("ZZ-29", "2024", Document("F1", "ZZ-29", "2024", None, day, {"county": day}))

    assert [made(day).value for day in (dt.date(2024, 9, 30), dt.date(2024, 10, 1), dt.date(2025, 1, 3))] == ["not_met", "met", "met"]


def test_the_yearly_summary_of_a_year_with_less_than_six_months_is_waived_and_one_fixed_date_never() -> None:
    assert filed("ZZ-29", "2021").value == "waived"
    assert filed("ZZ-24", "2021").value == "not_met"


def test_the_data_of_a_report_are_cut_off_before_it_is_due() -> None:
    assert filed("SQ-20", "2024-H1", programme=SUQIAN).detail["cutoff"] == "2024-06-10"
    assert filed("ZZ-27", "2024-Q2").detail["cutoff"] is None


def test_what_is_owed_after_a_posting_waits_for_its_end() -> None:
    def form(end: dt.date | None, *documents: Document, **over) -> Result:
        one = asked.posting(ZHONGZHAN, end=end)
        return filed("ZZ-26", "P1", *documents, histories=[History("D1", (one,), ())], **over)

    end = dt.date(2024, 9, 4)
    tenth = official().add_workdays(end, 10)
    seals = ("recipient", "supporter", "county")
    stamped = Document("F1", "ZZ-26", None, "P1", tenth, dict.fromkeys(seals, tenth), seals)
    assert form(None, as_of=at(end, dt.time(9))).value == "open"
    assert form(end, as_of=at(tenth, dt.time(9))).value == "open"
    assert form(end, as_of=at(tenth + DAY, dt.time(9))).value == "not_met"
    assert form(end, stamped).detail["late_days"] == 0
    other = Document("F2", "ZZ-26", None, "P2", tenth, dict.fromkeys(seals, tenth), seals)
    assert form(end, other).value == "not_met"


def test_a_diary_is_late_after_its_hours_and_still_met() -> None:
    first = dt.date(2026, 3, 2)
    one = asked.posting(COUNTY_TCM, start=first, end=first)
    served = asked.history(COUNTY_TCM, one)
    last = max(half.half for half in served.halves)
    ends = COUNTY_TCM.session_windows.on(last, first)[1] + dt.timedelta(hours=48)
    for late in (dt.timedelta(0), dt.timedelta(seconds=1)):
        diary = Document("F1", "ZD-12", None, "P1", first, date=first, filed_at=ends + late)
        found = filed("ZD-12", "", diary, programme=COUNTY_TCM, histories=[served])
        assert (found.value, found.detail["late"]) == ("met", [first.isoformat()] if late else [])
    other = replace(diary, rule_id="ZD-13", chars=10**6, evidence=("other",))
    found = filed("ZD-12", "", other, programme=COUNTY_TCM, histories=[served])
    assert (found.value, found.number, found.detail["missing"], found.evidence) == ("not_met", 0, [first.isoformat()], ())


def test_what_is_still_missing_is_not_late_but_missing() -> None:
    """The days of delay are told once everything is there."""
    slow = replace(summary("surgery"), acknowledged={"supporter": dt.date(2026, 12, 1)})
    assert monthly(slow).detail["late_days"] == 0
    assert monthly(slow, summary("tcm")).detail["late_days"] > 100
