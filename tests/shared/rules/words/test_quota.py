"""The sentences that explain a quota: of one period, of the running week, of a month."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.rules.words.quota import Line, month_sentence, quota_sentence, waived_sentence, week_line, week_part

DAYS = [dt.date(2026, 11, day) for day in (12, 13, 16, 17)]


def one(number: int, *room: int, over: bool = False, doubt=None) -> str:
    line = Line(number, 3, room=list(zip(DAYS, room, strict=False)))
    return quota_sentence("本周", "outpatient_half_days", "half_day", [line], over=over, doubt=doubt)


@pytest.mark.parametrize(("said", "sentence"), [
    (one(3), "本周门诊 3/3 个半天,已达标"), (one(4, 2), "本周门诊 4/3 个半天,已达标"), (one(2, over=True), "本周门诊 2/3 个半天,差 1 个,未达标"),
    (one(2), "本周门诊 2/3 个半天,还差 1 个"), (one(2, 2), "本周门诊 2/3 个半天,还差 1 个;周四可补 1 个"),
    (one(1, 2), "本周门诊 1/3 个半天,还差 2 个;周四可补 2 个"), (one(1, 2, 1), "本周门诊 1/3 个半天,还差 2 个;周四、周五各可补 1 个"),
    (one(0, 2, 2, 2), "本周门诊 0/3 个半天,还差 3 个;周四、周五、11月16日(周一)各可补 2 个"),
    (one(0, 2), "本周门诊 0/3 个半天,还差 3 个;剩余时间已不够补齐"),
    (one(0, 1, 1, 1), "本周门诊 0/3 个半天,还差 3 个;周四、周五、11月16日(周一)各可补 1 个"),
    (one(0, 1, 1, 1, 1), "本周门诊 0/3 个半天,还差 3 个;到11月17日还有 4 个工作日可补"),
    (one(3, doubt=(0, "met", "not_met")), "本周门诊 3/3 个半天;所在年份的放假安排尚未公布,最好达标,最差未达标"),
    (one(2, over=True, doubt=(2, "met", "not_met")), "本周门诊 2/3 个半天,差 1 个;另有 2 个半天待定,最好达标,最差未达标"),
    (one(2, over=True, doubt=(0, "not_met", "not_met")), "本周门诊 2/3 个半天,差 1 个;所在年份的放假安排尚未公布,暂按未达标"),
    (waived_sentence("本周", "ward_rounds", "n = 0"), "本周查房免计:没有应出勤的工作日"),
    (waived_sentence("本月", "ward_rounds", "partial_window"), "本月查房免计:派驻天数不足"),
    (month_sentence("2026-09", "outpatient_half_days", "half_day", 3, 4, 13, [("9月7日至13日", 1)]),
     "9月门诊:4 周中 3 周达标,共 13 个半天;9月7日至13日差 1 个"),
    (month_sentence("2026-11", "ward_rounds", "time", 0, 0, 0, []), "11月查房:没有可评定的周,共 0 次"),
    (week_part("waived", "ward_rounds", 0, 2), ""), (week_part("open", "ward_rounds", None, 2), ""),
    (week_part("open", "ward_rounds", 0, 2), "查房 0/2"),
    (week_line([]), ""), (week_line(["门诊 1/3", "查房 0/2"]), "本周门诊 1/3 · 查房 0/2"),
])  # fmt: skip
def test_each_sentence(said: str, sentence: str) -> None:
    assert said == sentence


def test_the_period_is_named_once_and_each_place_on_its_own() -> None:
    lines = [Line(2, 2, "甲站"), Line(1, 2, "乙站", [(DAYS[0], 1)])]
    said = quota_sentence("本两周", "on_site_days", "day", lines, over=False)
    assert said == "本两周甲站现场指导 2/2 天,已达标;乙站现场指导 1/2 天,还差 1 天;周四可补 1 天"
