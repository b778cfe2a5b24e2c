"""Every code of rules.md §7 is raised by the mistake it names: the shipped file with one thing changed."""

from __future__ import annotations

from importlib import resources

import pytest

from shared.rules.check import check_files
from shared.rules.schema import words_of

NAME = "zhongzhan-2021.toml"
GOOD = (resources.files("shared.rules") / "programmes" / NAME).read_text(encoding="utf-8")


def problems(old="", new="", name=NAME):
    """What is wrong with the shipped file once its first `old` has become `new`."""
    assert old in GOOD
    return [(p.rule, p.key, p.code) for p in check_files([(name, GOOD.replace(old, new, 1).encode())])]


def test_the_shipped_file_has_no_problem():
    assert problems() == []


FIRST_QUOTE = '"区人民医院对口支援辖区各社区卫生服务中心;……全覆盖。确定对口支援关系后报市卫生健康委备案"'


MISTAKES = [
        ('issuer = "中站区卫生健康委"', 'issuer = " "', ("[programme]", "issuer", "type")),
        # head
        ('schema = "duikou-rules/1"', 'schema = "duikou-rules/2"', ("-", "schema", "schema_unknown")),
        ('schema = "duikou-rules/1"', "", ("-", "schema", "schema_unknown")),
        ("[programme]", "[extra]\nx = 1\n[programme]", ("[extra]", "extra", "key_unknown")),
        ('issuer = "中站区卫生健康委"\n', "", ("[programme]", "issuer", "key_missing")),
        ('id = "zhongzhan-2021"', 'id = "Zhongzhan"', ("[programme]", "id", "value")),
        ('id = "zhongzhan-2021"', 'id = "other-2021"', ("[programme]", "id", "programme_id_file")),
        ("effective_to = 2025-12-31", "effective_to = 2021-07-01", ("[programme]", "effective_to", "date_order")),
        ("effective_to = 2025-12-31", 'effective_to = "2025-12-31"', ("[programme]", "effective_to", "type")),
        ("issued = 2021-07-02", "issued = 2021-07-02T08:00:00", ("[programme]", "issued", "type")),
        ('timezone = "Asia/Shanghai"', 'timezone = "UTC"', ("[programme]", "timezone", "value")),
        # settings
        ("[title]\nbasis", "[titles]\nbasis", ("[title]", "title", "table_missing")),
        ('[session]\nbasis = "local"', "[session]", ("[session]", "basis", "basis_missing")),
        ('[session]\nbasis = "local"', '[session]\nbasis = "guess"', ("[session]", "basis", "value")),
        ("min_minutes = 180\n", "", ("[session]", "min_minutes", "key_missing")),
        ("min_minutes = 180", "min_minutes = true", ("[session]", "min_minutes", "type")),
        ("min_minutes = 180", "min_minutes = 0", ("[session]", "min_minutes", "value")),
        ("min_minutes = 180", "min_minutes = 211", ("[session]", "min_minutes", "limits_order")),
        ("min_minutes = 180", "min_minutes = 180\nspare = 1", ("[session]", "spare", "key_unknown")),
        ('am = ["08:00", "12:00"]', 'am = ["08:00", "24:00"]', ("[session]", "am", "value")),
        ('am = ["08:00", "12:00"]', 'am = ["08:00"]', ("[session]", "am", "value")),
        ('am = ["08:00", "12:00"]', 'am = ["12:00", "08:00"]', ("[session]", "am", "date_order")),
        ('am = ["08:00", "12:00"]', 'am = ["08:00", "14:30"]', ("[session]", "pm", "date_order")),
        ('prorate = "ceil"', 'prorate = "floor"', ("[week]", "prorate", "value")),
        ('min_issuer = "county"', 'min_issuer = "supporter"', ("[ordered]", "min_issuer", "value")),
        ('by = "county_officer" }', 'by = "mayor" }', ("[leave]", "approve.by", "role_unknown")),
        ("up_to_workdays = 10", "up_to_workdays = 3", ("[leave]", "approve", "approve_ladder")),
        ('{ by = "county_officer" }', '{ up_to_workdays = 20, by = "county_officer" }',
         ("[leave]", "approve", "approve_ladder")),
        ('up_to_workdays = 10, by = "supporter_admin"', 'up_to_workdays = 10, by = "city_officer"',
         ("[leave]", "approve", "approve_ladder")),
        ("break_run_workdays = 3", "break_run_workdays = 6", ("[absence]", "break_run_workdays", "limits_order")),
        ("sign_workdays = [3, 5, 7, 8]", "sign_workdays = [5, 3, 7, 8]", ("[lock]", "sign_workdays", "value")),
        ("lead_workdays = [5, 2, 0]", "lead_workdays = [5, 5, 0]", ("[remind]", "lead_workdays", "value")),
        ("lead_workdays = [5, 2, 0]", "lead_workdays = []", ("[remind]", "lead_workdays", "type")),
        # modes
        ('duty = "roster"', 'duty = "sometimes"', ("[mode]", "duty", "value")),
        ('id = "rounds"', 'id = "resident"', ("[mode]", "id", "mode_duplicate")),
        # common keys of a rule
        ('id = "ZZ-01"', 'id = "ZZ1"', ("#1", "id", "id_format")),
        ('id = "ZZ-01"\n', "", ("#1", "id", "key_missing")),
        ('id = "ZZ-02"', 'id = "ZZ-01"', ("ZZ-01", "id", "id_duplicate")),
        ('kind = "constraint"', 'kind = "wish"', ("ZZ-02", "kind", "kind_unknown")),
        ('subject = "pair"', 'subject = "village"', ("ZZ-02", "subject", "value")),
        ('severity = "red"', "severity = 1", ("ZZ-01", "severity", "type")),
        ('feeds = ["archive"]\nnote', 'feeds = ["attic"]\nnote', ("ZZ-01", "feeds", "feed_unknown")),
        ('evidence = ["agreement"]', 'evidence = ["rumour"]', ("ZZ-01", "evidence", "evidence_unknown")),
        ('remind = ["county_officer"]', 'remind = ["kiosk"]', ("ZZ-01", "remind", "role_unknown")),
        ('quote = "支援目标未完成前不调整对口关系"', 'quote = "……。"', ("ZZ-02", "quote", "quote_empty")),
        ('quote = "支援目标未完成前不调整对口关系"\n', "", ("ZZ-02", "quote", "key_missing")),
        ('forbid = "pair_change_before_target"', 'forbid = "x"\nvalue = 1', ("ZZ-02", "value", "key_unknown")),
        ('where = { mode = ["resident"] }', 'where = { mode = ["ghost"] }', ("ZZ-12", "where.mode", "mode_unknown")),
        ('where = { mode = ["resident"] }', 'where = { colour = "red" }', ("ZZ-12", "where.colour", "key_unknown")),
        ('where = { mode = ["resident"] }', 'where = { title_rank = ">=boss" }',
         ("ZZ-12", "where.title_rank", "value")),
        # quota
        ('metric = "beds_managed"', 'metric = "smiles"', ("ZZ-12", "metric", "metric_unknown")),
        ('unit = "bed"', 'unit = "day"', ("ZZ-12", "unit", "unit_metric")),
        ('unit = "bed"\nperiod = "month"', 'unit = "bed"', ("ZZ-12", "period", "period_missing")),
        ('metric = "outpatient_half_days"\nop = ">="', 'metric = "outpatient_half_days"\nop = ">"',
         ("ZZ-13", "op", "period_op")),
        ("value = 12", "value = 0", ("ZZ-04", "value", "value")),
        ('unit = "month"\ngate', 'unit = "day"\ngate', ("ZZ-04", "unit", "unit_metric")),
        ('metric = "trainees_completed"', 'metric = "mentees"', ("ZZ-22", "each", "each_without_items")),
        ('each = { metric = "duration"', 'each = { metric = "weight"', ("ZZ-22", "each.metric", "metric_unknown")),
        ('value = 3, unit = "month" }', 'value = 3, unit = "person" }', ("ZZ-22", "each.unit", "unit_metric")),
        # documents
        ('due = { on = "2021-07-31", roll = "backward" }\n', "", ("ZZ-01", "due", "key_missing")),
        ('due = { on = "2021-07-31", roll = "backward" }', 'due = { roll = "backward" }', ("ZZ-01", "due", "due_form")),
        ('due = { on = "2021-07-31", roll = "backward" }', 'due = { on = "2021-07-31" }', ("ZZ-01", "due", "due_form")),
        ('on = "2021-07-31", roll', 'on = "2021-07-31", after = "posting_end", roll', ("ZZ-01", "due", "due_form")),
        ('on = "2021-07-31", roll', 'on = "2021-07-31", workdays = 3, roll', ("ZZ-01", "due", "due_form")),
        ('on = "2021-07-31", roll', 'on = "2021-07-31", zone = 3, roll', ("ZZ-01", "due.zone", "key_unknown")),
        ('on = "2021-07-31"', 'on = "--02-30"', ("ZZ-01", "due.on", "value")),
        ("day = 10,", "day = 0,", ("ZZ-27", "due.day", "value")),
        ('window_to = "--12-31"', 'window_to = "--09-30"', ("ZZ-29", "window_to", "date_order")),
        # other kinds
        ('gate = ["appoint_intermediate"', 'gate = ["retire"', ("ZZ-04", "gate", "gate_unknown")),
        ('confirm_by = "county"\nevidence = ["inspection_record"]', 'evidence = ["inspection_record"]',
         ("ZZ-42", "confirm_by", "ban_without_confirm")),
        ('confirm_by = "city"\n', "", ("ZZ-36", "confirm_by", "key_missing")),
        ('confirm_by = "city"', 'confirm_by = "mayor"', ("ZZ-36", "confirm_by", "value")),
        ('ratio = 1.0', "ratio = nan", ("ZZ-38", "ratio", "value")),
        ('gate = ["apply_senior"]', 'gate = ["retire"]', ("ZZ-40", "gate", "gate_unknown")),
        ('gate = ["appoint_intermediate", "apply_associate_senior"]\nmin_workdays',
         'gate = ["retire"]\nmin_workdays', ("ZZ-41", "gate", "gate_unknown")),
        ("min_workdays = 5", "min_workdays = 0", ("ZZ-41", "min_workdays", "value")),
        ('period = "day"', 'period = "week"', ("ZZ-09a", "period", "value")),
        ('requires = ["category in clinical|tcm|stomatology"]', 'requires = ["title_rank>=boss"]',
         ("ZZ-03", "requires", "value")),
        ('requires = ["category in clinical|tcm|stomatology"]', 'requires = ["age>=30"]',
         ("ZZ-03", "requires", "value")),
        ('requires = ["category in clinical|tcm|stomatology"]', 'requires = ["category is clinical"]',
         ("ZZ-03", "requires", "value")),
        ("effective_from = 2021-07-02", "effective_from = 2021-02-30", ("-", "-", "toml_syntax")),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), MISTAKES)
def test_each_mistake_is_named_where_it_stands(old, new, expected):
    assert expected in problems(old, new)


def test_an_unknown_kind_still_has_its_common_keys_checked():
    found = problems('kind = "constraint"\nsubject = "pair"', 'kind = "wish"\nsubject = "village"')
    assert found == [("ZZ-02", "kind", "kind_unknown"), ("ZZ-02", "subject", "value")]


def test_the_leap_day_of_every_year_is_allowed():
    assert problems('on = "--12-31"', 'on = "--02-29"') == []


def test_a_file_that_does_not_parse_has_that_one_problem_with_its_place():
    (found,) = check_files([(NAME, b"schema = \n[")])
    assert found.code == "toml_syntax"
    assert "第 1 行第 10 列" in found.message


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b'a = 1\nb = "x', "第 2 行第 7 列"), (b"a = 1\n\xff", "第 2 行第 1 个字节"),
        (b"a = " + b"[" * 100_000, "第 1 行第 1 列"), (b"a = " + b"9" * 10_000, "第 1 行"),
    ],
)  # fmt: skip
def test_a_file_that_ends_early_or_asks_too_much_names_its_place_too(text: bytes, place: str):
    (found,) = check_files([(NAME, text)])
    assert found.code == "toml_syntax"
    assert place in found.message


def test_a_byte_order_mark_of_an_editor_is_passed_over():
    assert check_files([(NAME, b"\xef\xbb\xbf" + GOOD.encode())]) == []


def test_bytes_that_are_no_utf8_are_a_syntax_problem():
    assert [p.code for p in check_files([(NAME, b"\xff\xfe")])] == ["toml_syntax"]


def test_a_file_without_modes_or_rules_says_so():
    cut = GOOD[: GOOD.index("[[mode]]")]
    assert [(p.rule, p.code) for p in check_files([(NAME, cut.encode())])] == [
        ("[mode]", "table_missing"), ("[rule]", "table_missing"),
    ]  # fmt: skip


def test_problems_come_sorted_by_file_place_and_key():
    wrong = GOOD.replace("min_minutes = 180", "min_minutes = 0").replace('unit = "bed"', 'unit = "day"')
    found = check_files([("b.toml", wrong.encode()), ("a.toml", b"[")])
    assert [(p.file, p.code) for p in found] == [
        ("a.toml", "toml_syntax"), ("b.toml", "programme_id_file"), ("b.toml", "value"), ("b.toml", "unit_metric"),
    ]  # fmt: skip
    assert str(found[2]) == "b.toml: [session]: min_minutes: value: 应在 1 到 1440 之间"


def other(programme, derived=""):
    head = f'id = "{programme}"\nderived_from = "{derived}"' if derived else f'id = "{programme}"'
    return f"{programme}.toml", GOOD.replace('id = "zhongzhan-2021"', head, 1).encode()


def test_a_derived_programme_may_use_the_rule_ids_of_its_original():
    assert check_files([(NAME, GOOD.encode()), other("zhongzhan-demo", "zhongzhan-2021")]) == []
    assert check_files([other("zhongzhan-demo", "zhongzhan-2021"), (NAME, GOOD.encode())]) == []


def test_a_strange_programme_may_not_use_the_same_rule_ids():
    found = check_files([(NAME, GOOD.encode()), other("strange")])
    assert {p.code for p in found} == {"id_duplicate"}
    assert len(found) == 44
    assert NAME not in {p.file for p in found}


def test_two_files_with_one_programme_id_are_refused():
    found = check_files([(NAME, GOOD.encode()), ("copy/zhongzhan-2021.toml", GOOD.encode())])
    assert [p.code for p in found] == ["programme_duplicate"]


CODES = words_of("""
toml_syntax schema_unknown table_missing key_missing key_unknown type value id_format id_duplicate programme_id_file
programme_duplicate kind_unknown unit_metric metric_unknown period_missing period_op due_form mode_unknown
mode_duplicate role_unknown evidence_unknown feed_unknown date_order approve_ladder limits_order basis_missing
quote_empty each_without_items gate_unknown ban_without_confirm
""")


def test_every_code_has_a_mistake_that_raises_it():
    tested = {code for _, _, (_, _, code) in MISTAKES} | {"programme_duplicate"}  # two files, tested above
    assert tested == CODES
