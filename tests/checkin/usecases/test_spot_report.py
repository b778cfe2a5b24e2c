"""From the drawn minute to the printed figure: what became of real checks stands in the monthly report, read from the folds."""

from __future__ import annotations

import datetime as dt

from checkin.usecases.spot import deciding
from services.reports.domain.spots import COLUMNS
from services.reports.usecases import monthly
from shared import clock, outbox
from tests.checkin.scene import id_of, principal
from tests.checkin.usecases.checks import JOBS, answered, begun, check, fire, issued, row_of, wall

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


def test_the_report_counts_what_became_of_each_check(rt):
    in_time, late, silent, missed, absent, *rest = begun(rt)
    answered(rt, first := issued(rt, in_time), first.issued_at + MINUTE)
    answered(rt, second := issued(rt, late), second.deadline + HOUR)
    third = issued(rt, silent)
    fire(rt, "checkin.spot_lapse", third.deadline + 2 * HOUR)
    issued(rt, missed, 6)
    fifth = issued(rt, absent)
    fire(rt, "checkin.spot_lapse", fifth.deadline + 2 * HOUR)
    with clock.at(fifth.deadline + 3 * HOUR):
        said = {"result": "not_found", "method": "visit", "note": "两次到科室未见"}
        deciding.decide(rt, principal(rt, "C1", "county_officer"), fifth.id, said)
    taken = {one.drawn.day for one in (in_time, late, silent, missed, absent, *rest)}
    free = next(day for day in (dt.date(2026, 11, n) for n in range(27, 1, -1)) if day.weekday() < 5 and day not in taken)
    with clock.at(wall(f"{free}T09:00")):
        deciding.own_check(rt, principal(rt, "R1", "recipient_admin"), id_of(rt, "posting", "P1"))
    outbox.drain(rt, JOBS, clock_now=wall(f"{free}T09:01"))
    outbox.drain(rt, JOBS, clock_now=wall("2026-11-28T08:00"))
    outside = check(rt, first.id).outside
    with clock.at(wall("2026-11-28T09:00")):
        report = monthly.monthly_for_operator(rt, "SQ", "2026-11").report
    counts = {kind: {key: report["spots"][kind]["total"][key]["value"] for key, _ in COLUMNS} for kind in ("drawn", "own")}
    assert row_of(rt, missed).state == "void"
    assert counts["drawn"] == {
        "issued": 5, "present": int(not outside), "excused": 0, "waiting": 1 + int(outside), "lapsed": 1, "not_found": 1, "void": 1,
    }  # fmt: skip
    assert counts["own"] == {"issued": 1, "present": 0, "excused": 0, "waiting": 1, "lapsed": 0, "not_found": 0, "void": 0}
    assert [row["name"] for row in report["spots"]["drawn"]["rows"]] == ["林知远"]
    raised = [row for row in report["anomalies"] if row["text"] == "抽查判定为未找到"]
    assert [row["date"] for row in raised] == [absent.drawn.day.isoformat()] * len(raised)
    assert raised
