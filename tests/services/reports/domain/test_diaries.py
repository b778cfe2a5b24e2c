"""日志: one for every attended date; late, missing and not yet due are three things."""

import datetime as dt
from dataclasses import replace

from services.reports.domain.diaries import diaries, diaries_total
from services.reports.domain.figures import not_reported
from shared.calendar import at
from tests.services.reports.monthly_world import PROGRAMME, fact, world

DAY = dt.date(2026, 11, 3)


def diary(chars=80, late=False, photos=1):
    return {"entry_id": "d", "submitted_at": "", "chars": chars, "photos": photos, "late": late}


def counts(*facts, **over):
    row = diaries(world(1, days={("p00", f.date): f for f in facts}, states=(), **over))[0]
    return [row[key].get("value") for key in ("due", "on_time", "late", "missing", "open", "photos")], row[
        "on_time_rate"
    ]


def test_on_time_late_and_missing():
    found, rate = counts(
        fact("p00", DAY, diary=diary()), fact("p00", dt.date(2026, 11, 4), diary=diary(late=True, photos=3)),
        fact("p00", dt.date(2026, 11, 5)),
    )  # fmt: skip
    assert found == [3, 1, 1, 1, 0, 4]
    assert rate["percent"] == "33.3"


def test_before_its_deadline_a_diary_is_neither_missing_nor_late():
    found, rate = counts(fact("p00", DAY), cutoff=at(dt.date(2026, 11, 5), dt.time(17, 29)))
    assert found == [1, 0, 0, 0, 1, 0]
    assert rate["state"] == "not_applicable"
    assert counts(fact("p00", DAY), cutoff=at(dt.date(2026, 11, 5), dt.time(17, 30)))[0][3] == 1


def test_u44_an_empty_diary_is_never_on_time():
    found, _ = counts(fact("p00", DAY, diary=diary(chars=0)))
    assert found[1:4] == [0, 0, 1]


def test_a_date_nobody_attended_owes_no_diary():
    found, _ = counts(fact("p00", DAY, "X", "L", diary=diary(photos=2)))
    assert found == [0, 0, 0, 0, 0, 2]


def test_a_programme_without_a_time_limit_takes_midnight():
    programme = replace(PROGRAMME, diary_hours=None)
    before = counts(fact("p00", DAY), programme=programme, cutoff=at(DAY, dt.time(23, 59)))[0]
    after = counts(fact("p00", DAY), programme=programme, cutoff=at(DAY + dt.timedelta(days=1), dt.time()))[0]
    assert (before[3], after[3]) == (0, 1)


def test_a_posting_nobody_has_folded_is_not_reported():
    rows = diaries(world(2, days={("p00", DAY): fact("p00", DAY, diary=diary())}, states=()))
    assert rows[1]["due"] == not_reported()
    assert diaries_total(rows)["due"] == {"state": "reported", "value": 1, "missing": 1, "missing_unit": "人"}
