"""What the figures, heads and settings look like in print."""

import datetime as dt

from services.reports.domain import annex, layout, settings, words
from services.reports.domain.anomalies import anomalies
from services.reports.domain.figures import not_applicable, not_reported, reported
from services.reports.domain.monthly import monthly_clinic
from shared.rules.load import shipped
from tests.services.reports.monthly_world import fact, half, world

MADE = dt.datetime(2026, 12, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 3)


def test_person_days_are_half_days_by_two_without_a_float():
    assert [words.days(reported(n)) for n in (0, 1, 126, 131)] == ["0", "0.5", "63", "65.5"]
    assert words.days(not_reported()) == "未报"


def test_two_counts_are_never_printed_when_one_is_missing():
    assert words.of(reported(2), reported(3)) == "2/3"
    assert words.of(not_reported(), reported(3)) == "未报"
    assert words.of(reported(2), not_applicable("方案规定")) == "不适用"


def test_a_table_gives_the_reason_of_its_blanks_in_a_note():
    duty = {"am": False, "pm": False}
    source = world(1, days={("p00", DAY): fact("p00", DAY, duty=duty)}, states=())
    lines = tuple(type(line)(**{**line.__dict__, "mode": "taskforce"}) for line in source.postings)
    report = monthly_clinic(type(source)(**{**source.__dict__, "postings": lines}), MADE)
    table = layout.presence(report)["tables"][0]
    assert table["rows"][1]["cells"][3] == "不适用"
    assert "不适用:方案规定该方式不排每日班。" in table["note"]


def test_tiles_name_count_and_base():
    tiles = layout.tiles(monthly_clinic(world(8), MADE))
    assert [tile["label"] for tile in tiles] == [
        "在岗人天 实/应",
        "到岗率",
        "门诊半天 完成/应",
        "查房/教学",
        "日志按时",
        "未处理异常",
    ]
    assert tiles[1]["note"].startswith("281/300")


def test_supporting_hospitals_are_groups_in_the_table():
    first, second = world(1).postings[0], world(2).postings[1]
    lines = (first, type(second)(**{**second.__dict__, "supporter": "市中医院"}))
    source = world(2)
    report = monthly_clinic(type(source)(**{**source.__dict__, "postings": lines}), MADE)
    groups = [row["group"] for row in layout.presence(report)["tables"][0]["rows"] if "group" in row]
    assert groups == ["支援医院:区人民医院", "支援医院:市中医院"]


def test_gaps_of_a_whole_day_are_one_word():
    gaps = [
        {"date": "2026-11-03", "half": "am"},
        {"date": "2026-11-03", "half": "pm"},
        {"date": "2026-11-04", "half": "pm"},
    ]
    assert layout._gaps(gaps) == ["11-03全天", "11-04下午"]


def test_every_local_setting_of_the_shipped_programme_that_touches_a_figure_is_printed():
    programme = shipped()["zhongzhan-demo"]
    printed = {item.label: item.value for item in settings.printed(programme.local_settings())}
    assert printed["上午时段"] == "08:00–12:00"
    assert printed["请假审批级别"] == "3 个工作日以内受援医院;10 个工作日以内支援医院;更长县级卫健部门"
    assert printed["周任务扣除"] == "请假、抽调"
    assert len(printed) == len(settings.LABELS)
    assert all("[" not in value and "{" not in value for value in printed.values())


def test_ungraded_evidence_is_said_to_be_ungraded():
    report = monthly_clinic(world(1), MADE)
    lines = dict(annex.evidence(report))
    assert lines["证据充分率 (A+B)/实到"] == "未评级"
    assert lines["证据等级 A/B/C/D"] == f"未评级({report['evidence']['attended']['value']} 个到岗半天)"


def test_each_kind_of_anomaly_has_its_words():
    log = {"visits": 3, "department": "内科", "record_ref": [], "unattended": True, "clinic_id": "c1", "entry_id": "e"}
    halves = {
        "am": half("P", DAY, "am", reason="window_open", outpatient=log),
        "pm": half("A", DAY, "pm", late=True, flags=("loc_outside",)),
    }
    found = anomalies(
        world(1, days={("p00", DAY): fact("p00", DAY, halves=halves, flags=("loc_outside", "two_clinics"))}, states=())
    )
    assert [(row["half"], row["kind"], row["text"], row["open"]) for row in found] == [
        ("上午", "待定", "补签期未满", True), ("上午", "门诊无到岗", "有门诊登记,没有到岗记录", True),
        ("下午", "迟到", "13:55 签到", False), ("下午", "提示", "定位在门诊范围外", False),
        ("", "日志缺交", "到岗日的日志超过时限未交", False), ("", "提示", "两处同时达到时长", False),
    ]  # fmt: skip


def test_an_absence_is_recorded_and_nothing_is_left_to_decide():
    found = anomalies(world(1, days={("p00", DAY): fact("p00", DAY, "X", "L")}, states=()))
    assert [(row["kind"], row["open"]) for row in found] == [("未到", False)]
