"""One sentence for each result of each kind: facts, without blame."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.rules.accumulate import Accumulation
from shared.rules.continuity import Continuity
from shared.rules.durations import Length
from shared.rules.segments import Break
from shared.rules.stretch import Stretch
from shared.rules.words import kinds

MARCH, MAY, NEXT_YEAR = dt.date(2026, 3, 2), dt.date(2026, 5, 20), dt.date(2027, 1, 4)


@pytest.mark.parametrize(("kind", "name", "words"), [
    ("quarter", "2026-Q4", "2026年第4季度"), ("half_year", "2026-H1", "2026年上半年"), ("half_year", "2026-H2", "2026年下半年"),
    ("month", "2026-05", "2026年5月"), ("week", "2026-W07", "2026年第7周"), ("two_weeks", "2026-11-16/2w", "11月16日起两周"),
    ("year", "2026", "2026年"), ("posting", "P1", "派驻期间"), ("posting_start", "P1", "到岗时"), ("programme", "", "项目期间"), ("once", "", ""),
])  # fmt: skip
def test_a_period_as_a_sentence_begins_with_it(kind: str, name: str, words: str) -> None:
    assert kinds.period(kind, name) == words


@pytest.mark.parametrize(("said", "sentence"), [
    (kinds.not_applicable("ZZ-01"), "ZZ-01 不适用于这里"), (kinds.waived_by("waived", "装修"), "免计:装修"),
    (kinds.waived_by("not_applicable", "没有手术室"), "不适用:没有手术室"),
    (kinds.left_out("甲", {"乙": "停电", "丙": "装修"}), "甲;不适用:乙(停电)、丙(装修)"), (kinds.not_reported("培训"), "培训未报"),
    (kinds.no_credit(), "没有申报可折算的时间"), (kinds.credited(2, 0, "1"), "申报 2 段,按 1 折算,证明文件齐全"),
    (kinds.credited(2, 1, "1/2"), "申报 2 段,按 1/2 折算,1 段还缺证明文件"), (kinds.no_seat(2), "没有登记席位,应有 2 个"),
    (kinds.covered(2, 2, 0, "met"), "2 个席位,空岗 0 个半天,达标"),
    (kinds.covered(1, 2, 3, "not_met"), "1 个席位,应有 2 个席位,空岗 3 个半天,未达标"),
    (kinds.base_zero("门急诊人次增长"), "门急诊人次增长:上年为 0,无法计算"),
    (kinds.grown("门急诊人次增长", "5.000", 5, "met"), "门急诊人次增长 5.000%/5%,达标"),
    (kinds.eligible(["甲"], "met"), "派驻条件全部符合"), (kinds.eligible(["甲", "乙"], "not_met"), "不符合:甲、乙"),
    (kinds.eligible(["甲"], "not_reported"), "未登记:甲"), (kinds.recorded(3, 5, 4), "5 个在岗日中 3 天有病历记录,应不少于 4 天"),
    (kinds.funded(100, None, 0, "met"), "已支付 100 元,达标"), (kinds.funded(0, 0, 0, "met"), "已支付 0 元,按派驻时间应付 0 元,达标"),
    (kinds.funded(90, 100, 1, "not_met"), "已支付 90 元,按派驻时间应付 100 元,1 笔不在规定用途内,未达标"),
    (kinds.approved(2, 2, 0), "2 次派驻中 2 次已在到岗前备案"), (kinds.approved(1, 2, 1), "2 次派驻中 1 次已在到岗前备案,1 次到岗时未备案"),
    (kinds.inspected("上半年", 2, 3, 0), "上半年随机抽查 2/3 次"),
    (kinds.inspected("上半年", 2, 3, 1), "上半年随机抽查 2/3 次,另有 1 次没有随机抽取记录"),
    (kinds.no_finding(), "没有相关认定"), (kinds.banned(MARCH, None), "2026年3月2日认定属实"),
    (kinds.banned(MARCH, NEXT_YEAR), "2026年3月2日认定属实,处理期至 2027年1月4日"), (kinds.findings(1, ended=True), "1 项正在核查"),
    (kinds.findings(0, ended=True), "处理期已结束"), (kinds.findings(0, ended=False), "经核查不属实"),
    (kinds.disclosed(5, 5, applied=True, value="met"), "公示 5/5 个工作日,早于申报"),
    (kinds.disclosed(5, 5, applied=True, value="not_met"), "公示 5/5 个工作日,未早于申报"),
    (kinds.disclosed(5, 5, applied=False, value="met"), "公示 5/5 个工作日"),
    (kinds.disclosed(5, 5, applied=True, value="open"), "公示 5/5 个工作日"),
    (kinds.constrained("调整对口关系", 1, 2), "调整对口关系:2 项未经批准"), (kinds.constrained("调整对口关系", 1, 0), "调整对口关系:1 项等待批准"),
    (kinds.constrained("调整对口关系", 0, 0), "没有调整对口关系"), (kinds.no_application(), "没有相关申报"),
    (kinds.incentive(["甲", "乙"]), "同等条件下可考虑:甲、乙"), (kinds.ticked(2, 2, [], "met"), "2 项全部完成"),
    (kinds.ticked(1, 2, ["甲"], "not_met"), "2 项中完成 1 项,未完成:甲"),
    (kinds.ticked(0, 4, [*"甲乙丙丁"], "not_reported"), "4 项中完成 0 项,未填报:甲、乙、丙、丁"),
    (kinds.ticked(0, 5, [*"甲乙丙丁戊"], "not_reported"), "5 项中完成 0 项,未填报:甲、乙、丙、丁等"),
    (kinds.windowed(MARCH, MAY, 0), "应在 2026年3月2日至2026年5月20日之间"),
    (kinds.windowed(MARCH, MAY, 1), "应在 2026年3月2日至2026年5月20日之间,1 段派驻超出"),
    (kinds.reference("方案"), "另见《方案》"), (kinds.no_deadline(), "这段时间没有要报送的期限"),
    (kinds.not_ended("总结"), "总结在派驻结束后报送,派驻还没有结束"),
    (kinds.no_attended_day(), "还没有在岗日"), (kinds.filed("总结", MAY, 0, "met", waiting=False), "总结应于 2026年5月20日前报送,已报送"),
    (kinds.filed("总结", MAY, 2, "met", waiting=True), "总结应于 2026年5月20日前报送,已报送,晚 2 天"),
    (kinds.filed("总结", MAY, 0, "not_met", waiting=True), "总结应于 2026年5月20日前报送,已提交,等待确认"),
    (kinds.filed("总结", MAY, 0, "not_met", waiting=False), "总结应于 2026年5月20日前报送,未报送"),
    (kinds.filed("总结", MAY, 0, "open", waiting=False), "总结应于 2026年5月20日前报送,还没有报送"),
    (kinds.diaries(3, 4, 0), "4 个在岗日有日志 3 篇"), (kinds.diaries(3, 4, 1), "4 个在岗日有日志 3 篇,其中 1 篇晚交"),
    (kinds.before_gate("公示", "met"), "公示应在申报前完成,已完成"), (kinds.before_gate("公示", "not_met"), "公示应在申报前完成,申报时还没有"),
    (kinds.before_gate("公示", "open"), "公示应在申报前完成,还没有"),
])  # fmt: skip
def test_a_sentence_of_each_kind(said: str, sentence: str) -> None:
    assert said == sentence


@pytest.mark.parametrize(("numbers", "op", "value", "sentence"), [
    ({"": 1}, ">=", "met", "本月培训 1/1 次,已达标"), ({"": 0}, ">=", "not_met", "本月培训 0/1 次,差 1 次,未达标"),
    ({"": 0}, ">=", "open", "本月培训 0/1 次,还差 1 次,进行中"), ({"": 0}, "<=", "met", "本月培训 0/1 次,已达标"),
    ({"": 0}, "<", "met", "本月培训 0/1 次,已达标"), ({"甲": 1, "乙": 0}, ">=", "not_met", "本月甲培训 1/1 次;乙培训 0/1 次,差 1 次,未达标"),
    (dict.fromkeys("甲乙丙丁", 1), "==", "met", "本月甲培训 1/1 次;乙培训 1/1 次;丙培训 1/1 次;丁培训 1/1 次,已达标"),
    (dict.fromkeys("甲乙丙丁戊", 1), "==", "met", "本月甲培训 1/1 次;乙培训 1/1 次;丙培训 1/1 次;丁培训 1/1 次;等 5 组,已达标"),
])  # fmt: skip
def test_a_count_group_by_group(numbers: dict[str, int], op: str, value: str, sentence: str) -> None:
    assert kinds.counted("本月", "培训", "time", numbers, 1, op, value) == sentence


SHORT = [(dt.date(2026, month, 1), dt.date(2026, month, 2)) for month in range(1, 6)]


@pytest.mark.parametrize(("number", "op", "short", "moved", "value", "sentence"), [
    (None, ">=", [], 0, "not_reported", "派驻人员未报"), (5, ">=", [], 0, "met", "派驻人员不少于 5 人,5 人,已达标"),
    (5, ">", [], 0, "met", "派驻人员多于 5 人,5 人,已达标"), (5, "==", [], 0, "met", "派驻人员应为 5 人,5 人,已达标"),
    (4, ">=", [(MARCH, MARCH)], 0, "not_met", "派驻人员不少于 5 人,最少时 4 人;2026年3月2日不符,未达标"),
    (6, "<=", [(MARCH, MAY)], 0, "not_met", "派驻人员不超过 5 人,最多时 6 人;2026年3月2日至5月20日不符,未达标"),
    (6, "<", [(MARCH, NEXT_YEAR)], 0, "not_met", "派驻人员少于 5 人,最多时 6 人;2026年3月2日至2027年1月4日不符,未达标"),
    (5, ">=", [], 2, "not_met", "派驻人员不少于 5 人,5 人;有 2 处人员、地点或时间变动没有补充协议,未达标"),
    (4, ">=", SHORT[:4], 0, "not_met", "派驻人员不少于 5 人,最少时 4 人;2026年1月1日至1月2日、2026年2月1日至2月2日、2026年3月1日至3月2日、"
     "2026年4月1日至4月2日不符,未达标"),
    (4, ">=", SHORT, 0, "not_met", "派驻人员不少于 5 人,最少时 4 人;2026年1月1日至1月2日、2026年2月1日至2月2日、2026年3月1日至3月2日、"
     "2026年4月1日至4月2日等不符,未达标"),
])  # fmt: skip
def test_a_headcount_and_the_dates_on_which_it_was_not_held(number, op, short, moved, value, sentence) -> None:
    assert kinds.headcount("派驻人员", "person", number, 5, op, short, moved, value) == sentence


def stretch(*, met: dt.date | None = None, projected: dt.date | None = None, shortfall: int = 0, debt: int = 0, cut: Break | None = None) -> Stretch:
    return Stretch(("P1",), "R1", MARCH, MAY, "posting_end", cut, MAY, met, False, MAY, Length(4, 11), {"debt": debt}, shortfall, False, projected)


@pytest.mark.parametrize(("keys", "result", "sentence"), [
    ({"met": MAY, "projected": MARCH, "shortfall": 3}, "met", "连续 4个月11天/6个月,2026年5月20日已满"),
    ({"projected": NEXT_YEAR, "shortfall": 3, "debt": 4}, "open", "连续 4个月11天/6个月,最早 2027年1月4日满,需补足 4 个半天"),
    ({"shortfall": 3}, "not_met", "连续 4个月11天/6个月,差 3 个半天"),
    ({"cut": Break("absence_run", MARCH, MARCH)}, "not_met", "连续 4个月11天/6个月;2026年3月2日中断"),
    ({"cut": Break("leave_run", MARCH, MAY)}, "not_met", "连续 4个月11天/6个月;2026年3月2日至5月20日中断"),
    ({}, "provisional", "连续 4个月11天/6个月;其中有待定的半天或未公布的放假安排"),
])  # fmt: skip
def test_months_on_end_and_when_they_are_full(keys, result: str, sentence: str) -> None:
    assert kinds.continuous(Continuity("recipient", 6, result, keys.get("met"), (stretch(**keys),), (), ())) == sentence


def test_months_without_service_and_months_in_all() -> None:
    assert kinds.continuous(Continuity("recipient", 6, "open", None, (), (), ())) == "还没有在岗记录,应连续 6 个月"
    assert kinds.accumulated(Accumulation(12, "not_met", Length(11, 3), (), ())) == "累计 11个月3天/12个月,未达标"
