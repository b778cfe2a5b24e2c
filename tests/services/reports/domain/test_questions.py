"""Cross-checks: each question with its dates and evidence, in words that ask and accuse nobody."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from services.reports.domain.questions import KINDS, questions
from shared.progress.fold import DayFact
from tests.services.reports.monthly_world import fact, half, posting, world

DAYS = [dt.date(2026, 11, day) for day in (2, 3, 4, 5, 6, 9, 10)]
LOG = {"visits": 12, "department": "内科", "record_ref": [], "unattended": False, "clinic_id": "c1", "entry_id": "log-1"}


def day(date: dt.date, who: int = 0, am: str = "A", pm: str = "A", *, log: str = "", photos: int | None = None, **over) -> DayFact:
    """A day of the n-th posting; `log` names the half with an outpatient log, `photos` makes a diary."""
    name = posting(who).id
    halves = {one: half(status, date, one, evidence=(f"tap-{date:%d}-{one}",), **({"outpatient": LOG} if one == log else {}))
              for one, status in (("am", am), ("pm", pm))}  # fmt: skip
    diary = None if photos is None else {"entry_id": f"diary-{date:%d}", "submitted_at": "", "chars": 80, "photos": photos, "late": False}
    return fact(name, date, halves=halves, diary=diary, **over)


def asked(*facts: DayFact, people: int = 1) -> dict[str, tuple]:
    found = questions(world(people, days={(one.posting_id, one.date): one for one in facts}))
    return {one.kind: (one.dates, one.evidence, one.text) for one in found}


def test_a_log_without_attendance_is_asked_about_by_half_day():
    dates, evidence, text = asked(day(DAYS[0], am="X", log="am"), day(DAYS[1], am="L", log="am"))["log_without_attendance"]
    assert (dates, evidence) == (("11-02上午", "11-03上午"), ("log-1",))
    assert text.startswith("2 个半天有门诊登记而没有到岗记录")


@pytest.mark.parametrize("status", ["A", "P"])
def test_an_attended_or_still_open_half_day_is_not(status):
    assert "log_without_attendance" not in asked(day(DAYS[0], am=status, log="am"))


def test_attendance_that_left_no_trace_is_asked_about():
    busy = (day(DAYS[1], log="am"), day(DAYS[2], ward_rounds=1), day(DAYS[3], activities=({"kind": "lecture"},)), day(DAYS[4], am="X", pm="X"))
    dates, evidence, _ = asked(day(DAYS[0]), *busy)["attendance_without_log"]
    assert (dates, evidence) == (("11-02",), ("tap-02-am", "tap-02-pm"))


@pytest.mark.parametrize(("am", "pm", "asks"), [("X", "X", True), ("L", "L", True), ("A", "X", False), ("O", "O", False), ("P", "X", False)])
def test_a_diary_of_a_day_not_attended_is_asked_about(am, pm, asks):
    found = asked(day(DAYS[0], am=am, pm=pm, photos=1))
    assert ("diary_without_attendance" in found) is asks
    if asks:
        assert found["diary_without_attendance"][:2] == (("11-02",), ("diary-02",))


@pytest.mark.parametrize(("own", "others", "asks"), [(1, 6, True), (3, 6, False), (0, 0, False), (2, 4, False)])
def test_a_ratio_far_below_the_others_is_asked_about(own, others, asks):
    facts = [day(date, who, log="am", record_refs=("MZ1",) if n < count else ()) for who, count in ((0, own), (1, others))
             for n, date in enumerate(DAYS[:6])]  # fmt: skip
    found = asked(*facts, people=2)
    assert ("record_ref_low" in found) is asks
    if asks:
        dates, evidence, text = found["record_ref_low"]
        assert (len(dates), len(evidence)) == (5, 10)
        assert "17%" in text
        assert "100%" in text


def test_a_few_days_say_nothing_about_a_ratio():
    facts = [day(date, who, log="am", record_refs=("MZ1",) if who else ()) for who in (0, 1) for date in DAYS[:4]]
    assert "record_ref_low" not in asked(*facts, people=2)


@pytest.mark.parametrize(("photos", "asks"), [((0, 0, 1), True), ((0, 1, 1), False), ((0, 0), False), ((0, 0, 1, 1), False)])
def test_photos_are_asked_about_where_most_diaries_have_none(photos, asks):
    found = asked(*(day(date, log="am", photos=n) for date, n in zip(DAYS, photos, strict=False)))
    assert ("photos_missing" in found) is asks
    if asks:
        assert found["photos_missing"][:2] == (("11-02", "11-03"), ("diary-02", "diary-03"))


def test_every_text_ends_in_a_question_and_blames_nobody():
    """Over a whole invented month of many people: questions, each with dates, none with a word of blame."""
    found = questions(world(20))
    odd = questions(world(1, days={(posting(0).id, DAYS[0]): day(DAYS[0], am="X", pm="X", log="am", photos=0)}))
    assert {one.kind for one in odd} == {"log_without_attendance", "diary_without_attendance"}
    assert {one.kind for one in found} <= set(KINDS)
    assert found
    for one in (*found, *odd):
        assert one.text.endswith("?")
        assert not re.search("缺勤|旷工|造假|虚假|违规|作弊", one.text + KINDS[one.kind])
        assert one.dates
        assert one.to_dict()["title"] == KINDS[one.kind]
