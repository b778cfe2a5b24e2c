"""What the problems of a rule file say, that all come at once, that nothing is half-loaded, and that no file breaks it."""

from __future__ import annotations

import copy
from importlib import resources

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.rules.check import RuleFileInvalid, check_document, check_files, parse
from shared.rules.load import load_programme

NAME = "zhongzhan-2021.toml"
FOLDER = resources.files("shared.rules") / "programmes"
GOOD = (FOLDER / NAME).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('severity = "red"', 'severity = "pink"', "“pink”不在允许的取值中,可用:amber、info、red"),
        ('duty = "roster"', 'duty = "sometimes"', "“sometimes”不在允许的取值中,可用:none、roster、workdays"),
        ('metric = "beds_managed"', 'metric = "bed_managed"', "“bed_managed”不在允许的取值中,是否想写 beds_managed"),
        ('kind = "constraint"', 'kind = "constrain"', "不认识的规则类型“constrain”,是否想写 constraint 或 continuity"),
        ('where = { mode = ["resident"] }', 'where = { mode = ["ghost"] }',
         "文件中没有方式“ghost”,可用:resident、rounds、taskforce"),
        ("value = 12", "value = 0", "应不小于 1"),
        ('gate = ["appoint_intermediate"', 'gate = ["retire"',
         "“retire”不在允许的取值中,可用:apply_associate_senior、apply_senior、appoint_intermediate"),
    ],
)  # fmt: skip
def test_a_message_says_what_may_stand_there(old: str, new: str, sentence: str):
    assert old in GOOD
    found = check_files([(NAME, GOOD.replace(old, new, 1).encode())])
    assert sentence in [p.message for p in found]


def test_a_county_with_five_mistakes_is_told_all_five_and_nothing_is_loaded():
    wrong = GOOD
    for old, new in (
        ("value = 12", "value = 0"), ('gate = ["apply_senior"]', 'gate = ["apply_professor"]'),
        ("min_minutes = 180\n", ""), ('id = "ZZ-02"', 'id = "ZZ-01"'), ('on = "--12-31"', 'on = "--11-31"'),
    ):  # fmt: skip
        assert old in wrong
        wrong = wrong.replace(old, new, 1)
    with pytest.raises(RuleFileInvalid) as refused:
        load_programme(wrong.encode(), NAME)
    assert [(p.rule, p.key, p.code) for p in refused.value.problems] == [
        ("[session]", "min_minutes", "key_missing"), ("ZZ-01", "id", "id_duplicate"), ("ZZ-04", "value", "value"),
        ("ZZ-29", "due.on", "value"), ("ZZ-40", "gate", "gate_unknown"),
    ]  # fmt: skip


def test_two_files_are_reported_together():
    found = check_files([
        (NAME, GOOD.replace("value = 12", "value = 0", 1).encode()),
        ("shanxi-2012.toml", (FOLDER / "shanxi-2012.toml").read_bytes().replace(b'id = "SX-01"', b'id = "ZZ-02"')),
    ])  # fmt: skip
    assert [(p.file, p.rule, p.code) for p in found] == [
        ("shanxi-2012.toml", "ZZ-02", "id_duplicate"), (NAME, "ZZ-04", "value"),
    ]  # fmt: skip


DOCUMENT = parse(GOOD.encode())
PATHS = [
    *((table, key) for table, keys in DOCUMENT.items() if isinstance(keys, dict) for key in keys),
    *((table, n, key) for table in ("rule", "mode") for n, entry in enumerate(DOCUMENT[table]) for key in entry),
]
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.dates(), st.decimals(), st.just([]), st.just({}),
    st.lists(st.one_of(st.integers(), st.text(max_size=3), st.just({}), st.just([])), max_size=3),
    st.dictionaries(st.sampled_from(["on", "every", "day", "metric", "unit", "mode", "by", "x"]),
                    st.one_of(st.integers(), st.text(max_size=3), st.just([]))),
)  # fmt: skip


def changed(where):
    """A good document and the table in it that is changed. Of the rules it holds that one and the one before, because only
    their ids are compared: a whole file takes ten times as long and finds the same."""
    rules = DOCUMENT["rule"]
    number = where[1] if where[0] == "rule" else 0
    table = document = copy.deepcopy({**DOCUMENT, "rule": [rules[number], rules[number - 1]]})
    for step in ["rule", 0] if where[0] == "rule" else where:
        table = table[step]
    return document, table


@given(path=st.sampled_from(PATHS), value=ODD)
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_stands_in_a_file_is_judged_and_never_breaks_the_check(path, value):
    *where, key = path
    document, table = changed(where)
    if value is None:
        del table[key]
    else:
        table[key] = value
    for problem in check_document(document, NAME):
        assert problem.message
