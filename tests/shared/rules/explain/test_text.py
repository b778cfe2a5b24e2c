"""Answers as Chinese text: every kind of question says what was found, and no word of code is in it."""

from __future__ import annotations

import re

import pytest

from shared.rules.explain import answer
from shared.rules.explain.text import text_of
from shared.rules.words import cases
from tests.shared.rules.case_files import POSTING, made
from tests.shared.rules.golden_cases import golden, names

CODE = re.compile(r"[A-Za-z]{3,}|[a-z]{2,}|_|None|\{|\}")
"""What no reader should meet: words of code. Ids (P1, ZZ-37, S) are short and in capitals."""


def text(found_case, **options):
    return text_of(answer(found_case, **options), found_case.programme)


def told(**keys):
    return text(made(**keys))


@pytest.mark.parametrize("name", names())
def test_no_word_of_code_is_in_the_text_of_any_golden_case(name):
    written = text(golden(name))
    assert CODE.findall(written) == []
    assert written.count("\n") >= len(golden(name).questions) - 1


def test_every_half_day_that_was_not_attended_has_its_line():
    written = text(golden("G05")).splitlines()
    assert written == [
        "ZZ-37「对口支援时间可以累计,每名派驻人员连续驻点时间不得少于6个月」",
        "  连续 6 个月(同一受援机构):达标,2026-09-04 满 6 个月",
        "    2026-03-02 至 2026-09-30(派驻结束):已满 6 个月 26 天;应出勤 298 个半天,在岗 272,请假 26,指令性工作 0,"
        "缺勤 0,待定 0;需补足 6 个半天",
        "    2026-04-13 上午 至 2026-04-24 下午,20 个半天:请假(事假),计入",
        "    2026-06-01 上午 至 2026-06-03 下午,6 个半天:请假(病假),需顺延补足",
        "提示:派驻期 2026-03-02 至 2026-09-30 超出项目有效期 2021-07-02 至 2025-12-31,仍按规则计算",
    ]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("G16b", ["  2026年第47周(2026-11-16 至 2026-11-22)现场,应不少于 3 个半天:未达标", "    A 3 个半天,达标", "    B 2 个半天,未达标"]),
        ("G20", ["  2026年第8周(2026-02-16 至 2026-02-22)门诊,应不少于 3 个半天,按应出勤工作日 0 天折算为 0:免计"]),
        ("G36", ["  医师 D1:2026-11-21 由 经办人甲 查实,36 个月,至 2029-11-20(含当日);"
                 "取消当年聘任和晋升职称资格、不得晋升高一级职称、追究有关单位和人员责任"]),
        ("G37", ["  285 人,12 个月 0 天:补助 6840000.00 元", "  派驻 P1,6 个月 0 天:补助 12000.00 元"]),
        ("G39", ["  11月门诊:4 周中 3 周达标,共 13 个半天;11月9日至15日差 1 个", "    11月9日至15日:2/3 个半天,未达标"]),
        ("G40", ["  门急诊人次增长:2025 年 12000、2026 年 12600,增长 5.000%,应不少于 5%:达标"]),
        ("G42", ["    2024-03-12,2 个半天,计入"]),
        ("D02", ["  2026年第2季度对口支援工作考核统计表:2026-07-10 前(本地);提醒 2026-07-03、2026-07-08、2026-07-10,"
                 "逾期 2026-07-14 上报"]),
        ("G14c", ["自 2024-02-29 起 6 个月,满于 2024-08-28"]),
        ("G16", ["  上午:缺勤,A 90 分钟、B 120 分钟,迟到,两个站点都不足半天"]),
    ],
)  # fmt: skip
def test_each_kind_of_answer_reads_as_a_sentence(name, lines):
    written = text(golden(name)).splitlines()
    assert [line for line in lines if line not in written] == []


def test_an_answer_in_doubt_tells_both_readings():
    absent = {"kind": "absent", "from": "2026-08-31", "to": "2026-09-02"}
    written = told(events=[absent], as_of="2026-09-03T18:00", questions=[{"ask": "continuity", "rule": "ZZ-37"}])
    assert "待定(最好达标,最差进行中)" in written
    assert "待定(补签期未过)" in written


def test_a_stay_is_told_with_its_dates_and_length_and_a_gift_with_its_value():
    stays = [{"kind": "stay", "from": "2026-01-05", "to": last, "person": who} for who, last in (("甲", "2026-04-04"), ("乙", "2026-04-03"))]
    written = told(events=stays, questions=[{"ask": "quota", "rule": "ZZ-22", "period": "2026"}]).splitlines()
    assert written[-3:-1] == ["    人员 甲,2026-01-05 至 2026-04-04,3 个月 0 天,计入", "    人员 乙,2026-01-05 至 2026-04-03,2 个月 30 天,不计入"]
    gifts = [{"kind": "item", "id": name, "date": f"2009-05-{day}", "metric": "free_clinics", "value": value}
             for name, day, value in (("甲", 21, 6000), ("乙", 22, 5999), ("丙", 20, 9000))]  # fmt: skip
    written = told(programme="fukang-mulei-2009", postings=[{"start": "2009-03-02", "end": "2009-12-31"}], events=gifts,
                   questions=[{"ask": "quota", "rule": "FK-11", "period": "2009"}]).splitlines()  # fmt: skip
    assert written[-2:] == ["    编号 甲,2009-05-21,6000 元,计入", "    编号 乙,2009-05-22,5999 元,不计入"]


def test_a_quota_in_doubt_answers_both_readings():
    absent = {"kind": "absent", "from": "2026-04-13", "to": "2026-04-17"}
    logged = [{"kind": "outpatient", "date": f"2026-04-{day}", "half": "am"} for day in (13, 14, 15)]
    question = {"ask": "quota", "rule": "ZZ-13", "period": "2026-W16"}
    (found,) = answer(made(events=[absent, *logged], as_of="2026-04-16T23:00", questions=[question]))["answers"]
    assert (found["result"], found["best"], found["worst"]) == ("provisional", {"result": "met"}, {"result": "open"})


def test_a_question_about_one_physician_counts_what_that_one_did():
    postings = [POSTING, {**POSTING, "doctor": "D2", "clinics": ["C2"]}]
    rounds = [{"kind": "item", "doctor": who, "metric": "ward_rounds", "date": f"2026-04-{day}"} for who, day in (("D1", 13), ("D2", 13), ("D2", 14))]
    questions = [{"ask": "quota", "rule": "ZZ-14", "period": "2026-W16", "doctor": who} for who in ("D1", "D2")]
    found = answer(made(postings=postings, events=rounds, questions=questions))["answers"]
    assert [(one["doctor"], one["groups"][0]["value"], one["result"]) for one in found] == [("D1", 1, "not_met"), ("D2", 2, "met")]


def test_a_question_about_the_whole_case_counts_what_everybody_did():
    postings = [POSTING, {**POSTING, "doctor": "D2", "clinics": ["C2"]}]
    stays = [{"kind": "stay", "doctor": who, "from": "2026-01-05", "to": "2026-04-04", "person": who} for who in ("D1", "D2")]
    question = {"ask": "quota", "rule": "ZZ-22", "period": "2026", "subject": "S1"}
    (found,) = answer(made(postings=postings, events=stays, questions=[question]))["answers"]
    assert (found["subject"], {group["key"]["clinic"]: group["value"] for group in found["groups"]}) == ("S1", {"C1": 1, "C2": 1})


def test_a_figure_nobody_reported_is_never_zero():
    written = told(questions=[{"ask": "growth", "rule": "ZZ-07", "year": 2026}])
    assert "2025 年未报、2026 年未报" in written
    assert written.splitlines()[1].endswith(":未报")


def test_without_a_confirmed_finding_nobody_is_punished():
    rumour = {"kind": "finding", "trigger": "falsification_confirmed", "decision": "suspected", "officer": "甲"}
    written = told(events=[rumour], questions=[{"ask": "ban", "rule": "ZZ-42"}])
    assert "  医师 D1:没有经县级卫健部门或以上查实的认定,不作处理" in written.splitlines()


def test_deadlines_after_a_posting_and_of_an_application():
    written = told(questions=[{"ask": "deadlines", "rule": "ZZ-26", "posting": "P1"},
                              {"ask": "deadlines", "rule": "ZZ-26", "on": "2026-09-30"},
                              {"ask": "deadlines", "rule": "ZZ-39", "on": "2026-11-18"}]).splitlines()  # fmt: skip
    assert written[1].startswith("  派驻 P1 的对口支援工作医师考核登记表:2026-10-20 前(本地)")
    assert written[3].startswith("  2026-09-30 对口支援工作医师考核登记表:2026-10-20 前(本地)")
    assert written[5].startswith("  2026-11-18 对口支援工作医师考核登记表:2026-11-18 前(本地)")


def test_the_meta_lines_name_versions_and_the_local_settings():
    written = text(golden("G05"), meta=True).splitlines()[-3:]
    assert written[0].startswith("规则版本 sha256:")
    assert written[1].endswith("年")
    assert written[2].startswith("本地设置:半天时段、按周折算、请假")


def test_every_flag_status_and_reason_has_its_words():
    tables = (cases.FLAGS, cases.STATUSES, cases.REASONS, cases.ENDED_BY, cases.BREAKS, cases.EFFECTS, cases.SCOPES)
    assert [word for table in tables for word in table.values() if CODE.search(word.replace("{}", ""))] == []
