"""Every rule of every shipped programme reads as one row of Chinese words with its own numbers."""

from __future__ import annotations

import re

import pytest

from shared.rules import schema, summary
from shared.rules.load import shipped
from shared.rules.summary import row, rows, settings, threshold

RULES = [(programme, rule) for programme in shipped().values() for rule in programme.rules]


def of(rule_id: str):
    programme, rule = next((programme, rule) for programme, rule in RULES if rule.id == rule_id)
    return row(rule, programme)


def test_there_is_a_sentence_for_every_kind_of_the_language():
    assert set(summary._SENTENCES) == set(schema.KINDS)


def test_a_programme_has_a_row_for_each_rule_in_the_order_of_its_file():
    programme = shipped()["zhongzhan-2021"]
    assert [one.id for one in rows(programme)] == [rule.id for rule in programme.rules]


@pytest.mark.parametrize("rule_id", sorted({rule.id for _, rule in RULES}))
def test_no_row_shows_an_identifier_or_loses_a_number(rule_id: str):
    found, rule = of(rule_id), next(rule for _, rule in RULES if rule.id == rule_id)
    shown = found.threshold + found.deadline + found.period + found.where + found.kind + found.subject
    assert found.threshold
    assert not re.search(r"[a-z]{3,}|_|None|\{", shown)
    numbers = [rule.get(key) for key in ("value", "min_workdays", "ban_months", "amount", "slots", "min_sample")]
    assert [str(number) for number in numbers if number is not None and str(number) not in shown] == []


@pytest.mark.parametrize(
    ("rule_id", "asked", "period", "deadline"),
    [
        ("ZZ-13", "门诊不少于 3 个半天", "每周", ""),
        ("ZZ-19", "现场不少于 3 个半天,分别计:每个机构", "每周", ""),
        ("ZZ-22", "进修人员不少于 2 人(每项时长不少于 3 个月),分别计:每个机构", "每年", ""),
        ("ZZ-37", "连续不少于 6 个月(同一受援机构)", "", ""),
        ("ZZ-04", "累计不少于 12 个月,聘任中级职称、申报副高级职称前", "", ""),
        ("ZZ-27", "对口支援工作考核统计表,报县级卫健部门", "", "每季度结束后次月10日前(遇休息日提前)"),
        ("ZZ-26", "对口支援工作医师考核登记表,报受援机构、支援医院、县级卫健部门", "", "派驻结束后 10 个工作日内"),
        ("ZZ-39", "对口支援工作医师考核登记表,报人事科", "", "申报职称前"),
        ("ZD-12", "工作日志,报组长、支援医院", "", "每个出勤日后 48 小时内"),
        ("ZD-06", "排班调整,报受援机构", "", "每月1日前(遇休息日顺延)"),
        ("SX-34", "城乡医院对口支援工作统计表,报省级卫健部门", "", "每半年末月最后一天前(遇休息日提前)"),
        ("SQ-20", "半年评估情况总结,报市级卫健部门", "", "每年6月20日、12月20日前(遇休息日提前)"),
        ("FK-11", "义诊不少于 1 次(每项捐赠药品不少于 6000 元),每年5月21日至5月31日", "每年", ""),
        ("SX-15", "每名医师每年 24000 元,合计 6840000 元", "", ""),
        ("SX-28", "出勤日附病历文书记录号,比例不低于 80%", "", ""),
        ("SX-03", "2013年1月1日至2013年12月31日", "", ""),
    ],
)
def test_a_row_says_what_is_asked_in_which_period_and_by_when(rule_id: str, asked: str, period: str, deadline: str):
    found = of(rule_id)
    assert (found.threshold, found.period, found.deadline) == (asked, period, deadline)


def test_what_is_not_in_the_text_is_marked():
    assert (of("ZZ-13").basis, of("ZZ-12").basis) == ("", "推定")
    assert (of("ZZ-27").due_basis, of("ZZ-29").due_basis) == ("本地", "")


def test_filters_are_said_in_the_words_of_the_programme():
    assert of("ZZ-18").where == "方式:驻点;专业:外科"
    assert of("ZZ-10").where == "受援层级:基本标准、推荐标准;方式:巡诊"
    assert of("FK-07").where == "职称:不低于主治医师;支援医院:市人民医院、市中医院"


def test_local_settings_are_listed_with_name_and_value():
    listed = dict(settings(shipped()["zhongzhan-2021"]))
    assert listed["session.am"] == "[08:00, 12:00]"
    assert listed["continuity.rest_tail"] == "true"
    assert listed["leave.approve"].endswith("{by = county_officer}]")


def test_a_ratio_is_a_percentage_without_needless_noughts():
    rule = next(rule for _, rule in RULES if rule.id == "SX-28")
    assert threshold(rule).endswith("80%")
