"""The table of the room's README is that of the shipped programmes, and each line's tests are there."""

from __future__ import annotations

import json
import re
from collections import defaultdict

from shared.rules.load import shipped
from tests.fixtures.postgres import REPO

TESTS = REPO / "tests" / "shared" / "rules"
LINE = re.compile(r"^\| (\w+) \| (\w+) \| ([\w–]+) \| ([^|]+) \| ([^|]+) \|$", re.M)
TABLE = [
    ((kind, subject, period), rules.split(", "), re.findall(r"`([^`]+)`", tests))
    for kind, subject, period, rules, tests in LINE.findall((REPO / "shared/rules/README.md").read_text(encoding="utf-8"))
    if kind != "kind"
]


def test_every_combination_of_a_shipped_programme_has_one_line_with_its_rules():
    used = defaultdict(list)
    for programme in shipped().values():
        for rule in programme.rules if programme.derived_from is None else ():
            used[rule.kind, rule.subject, rule.get("period") or "–"].append(rule.id)
    assert {key: rules for key, rules, _ in TABLE} == dict(used)
    assert len(TABLE) == len(used)
    assert sum(len(rules) for _, rules, _ in TABLE) == 140


def test_the_tests_a_line_names_exist():
    assert {name for _, _, tests in TABLE for name in tests if not (TESTS / name).is_file()} == set()
    assert [key for key, _, tests in TABLE if not tests] == []


def test_the_lines_that_name_golden_cases_are_those_that_have_one():
    cases = [json.loads(path.read_text(encoding="utf-8")) for path in (TESTS / "golden").glob("*.json")]
    asked = {question.get("rule") for case in cases for question in case["questions"]}
    named = {key for key, _, tests in TABLE if "explain/test_golden.py" in tests}
    assert named == {key for key, rules, _ in TABLE if asked & set(rules)}
