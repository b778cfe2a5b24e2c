"""每周达标: states laid out by week, rule and clinic; the weeks of a month are those of its Thursdays."""

import datetime as dt

from services.reports.domain.figures import reported
from services.reports.domain.layout import weekly as printed
from services.reports.domain.monthly import monthly_clinic
from services.reports.domain.weekly import progress, weekly
from shared.calendar import Calendar, days_between, month_days, week_days, weeks_of_month
from shared.progress.fold import PostingTerms
from shared.progress.judge import judge_month, judge_week
from shared.rules.load import shipped
from tests.services.reports.monthly_world import fact, half, posting, state, world

NOW = dt.datetime(2026, 12, 9, tzinfo=dt.UTC)


def shown(*states, lines=None, month="2026-11", **over):
    lines = (posting(0),) if lines is None else lines
    return weekly(world(1, month, postings=lines, days={}, states=states, seats=(), **over))


def row_of(block, rule):
    return next(row for row in block["rows"] if row["rule_id"] == rule)


def test_g39_monthly_roll_up_through_the_judge():
    """continuity.md G39: month total 13, weeks evaluated 4, met 3, deficit 1 in week 9-13; 30 Nov lies in December."""
    programme, calendar = shipped()["zhongzhan-demo"], Calendar.of({}, (2026,))
    done = {2: 3, 9: 2, 16: 4, 23: 3, 30: 1}
    mornings = [dt.date(2026, 11, monday) + dt.timedelta(days=n) for monday, many in done.items() for n in range(many)]
    terms = PostingTerms("p00", "u00", programme.id, "s", "r", ("c1",), "resident", None, "内科", "attending", None,
                         "pair/resident", dt.date(2026, 1, 5), None)  # fmt: skip
    span = days_between(week_days("2026-W45")[0], week_days("2026-W49")[-1])
    facts = [attending(day, day in mornings) for day in span]
    weeks = [*weeks_of_month("2026-11"), "2026-W49"]
    states = [s for week in weeks for s in judge_week(programme, calendar, [terms], facts, week, NOW)]
    source = world(1, postings=(posting(0),), states=tuple(states), seats=(), calendar=calendar,
                   days={("p00", f.date): f for f in facts})  # fmt: skip
    row = row_of(weekly(source), "ZZ-13")
    assert [cell["period"] for cell in row["cells"]] == ["2026-W45", "2026-W46", "2026-W47", "2026-W48"]
    assert [cell["number"] for cell in row["cells"]] == [3, 2, 4, 3]
    assert (row["weeks_evaluated"], row["weeks_met"]) == (reported(4), reported(3))
    report = monthly_clinic(source, NOW)
    assert [
        (gap["period"], gap["number"], gap["required"])
        for gap in report["weekly"]["deficits"]
        if gap["label"] == "门诊半天"
    ] == [("2026-W46", 2, 3)]
    outpatient = next(row for row in report["workload"] if row["key"] == "outpatient_half_days")
    assert outpatient["total"] == reported(13)
    month = next(s for s in judge_month(programme, calendar, [terms], facts, "2026-11", NOW) if s.rule_id == "ZZ-13")
    assert (month.number, month.threshold, month.detail["value_by_date"]) == (3, 4, 13)


def attending(day, outpatient):
    """A workday attended in the morning, with an outpatient log or without."""
    log = {
        "visits": 20,
        "department": "内科",
        "record_ref": [],
        "unattended": False,
        "clinic_id": "c1",
        "entry_id": "e",
    }
    there = day.weekday() < 5
    am = half("A" if there else "", day, "am", outpatient=log if outpatient else None)
    return fact(
        "p00", day, halves={"am": am, "pm": half("A" if there else "", day, "pm")}, duty={"am": there, "pm": there}
    )


def test_u39_a_week_of_another_month_is_not_summed():
    block = shown(
        state("ZZ-13", "posting:p00", "2026-W49", "not_met", 0, 3),
        state("ZZ-13", "posting:p00", "2026-W45", "met", 3, 3),
    )
    row = row_of(block, "ZZ-13")
    assert "2026-W49" not in block["weeks"]
    assert (row["done"], row["required"], row["weeks_evaluated"]) == (reported(3), reported(3), reported(1))
    assert all(month_days("2026-11")[0] <= week_days(week)[3] <= month_days("2026-11")[-1] for week in block["weeks"])


def test_a_surplus_never_fills_another_weeks_gap():
    block = shown(
        state("ZZ-13", "posting:p00", "2026-W45", "met", 5, 3),
        state("ZZ-13", "posting:p00", "2026-W46", "not_met", 1, 3),
    )
    assert progress(block["rows"], "outpatient_half_days") == {"done": reported(4), "required": reported(6)}


def test_waived_open_and_provisional_weeks_are_not_evaluated():
    block = shown(
        state("ZZ-13", "posting:p00", "2026-W45", "waived", 0, 0, waived_reason="n = 0"),
        state("ZZ-13", "posting:p00", "2026-W46", "open", 1, 3), state("ZZ-13", "posting:p00", "2026-W47", "provisional", 2, 3),
        state("ZZ-13", "posting:p00", "2026-W48", "not_met", 1, 3),
    )  # fmt: skip
    row = row_of(block, "ZZ-13")
    assert row["weeks_evaluated"] == reported(1)
    assert row["cells"][0]["reason"] == "n = 0"
    report = {"weekly": block}
    cells = printed(report)["tables"][0]["rows"][0]["cells"]
    assert cells[2:6] == ["0/0 —", "1/3 …", "2/3 ?", "1/3 ×"]


def test_a_week_without_a_state_stays_blank():
    row = row_of(shown(state("ZZ-13", "posting:p00", "2026-W46", "met", 3, 3)), "ZZ-13")
    assert [cell["result"] for cell in row["cells"]] == [None, "met", None, None]
    assert printed({"weekly": shown()})["tables"][0]["rows"][0]["cells"][2] == ""


def test_rounds_are_shown_clinic_by_clinic():
    line = posting(0, mode="rounds", clinics=("c1", "c2"))
    held = state("ZZ-19", "posting:p00", "2026-W45", "not_met", 2, 3, groups={"c1": 4, "c2": 2})
    rows = [
        row
        for row in shown(held, lines=(line,), clinic_names={"c1": "本部", "c2": "东站"})["rows"]
        if row["rule_id"] == "ZZ-19"
    ]
    assert [(row["clinic"], row["cells"][0]["number"], row["cells"][0]["result"]) for row in rows] == [
        ("本部", 4, "met"), ("东站", 2, "not_met"),
    ]  # fmt: skip


def test_a_rule_of_another_mode_is_not_printed():
    rules = {row["rule_id"] for row in shown(lines=(posting(0, mode="rounds"),))["rows"]}
    assert rules == {"ZZ-19", "ZZ-20"}


def test_a_teams_window_belongs_to_the_month_of_its_last_day():
    line = posting(0, mode="taskforce")
    inside = state("ZZ-11", "team:pair/taskforce", "2026-11-16/2w", "met", 1, 1)
    outside = state("ZZ-11", "team:pair/taskforce", "2026-11-23/2w", "not_met", 0, 1)
    block = shown(inside, outside, lines=(line,))
    assert block["windows"] == ["2026-11-16/2w"]
    assert block["team_rows"][0]["weeks_met"] == reported(1)
    assert printed({"weekly": block})["tables"][1]["columns"][2]["label"] == "11-16至11-29"


def test_a_long_list_of_deficits_is_left_to_the_matrix():
    lines = tuple(posting(n) for n in range(25))
    states = [state("ZZ-13", f"posting:{line.id}", "2026-W45", "not_met", 0, 3) for line in lines]
    assert printed({"weekly": shown(*states, lines=lines)})["lines"] == [
        "评价 25 项周,达标 0。未达标 25 项周,见上表标 × 处。"
    ]
