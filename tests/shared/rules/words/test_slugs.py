"""Every slug and every member of a closed set that a programme uses has Chinese words."""

from __future__ import annotations

import re

import pytest

from shared.rules import schema, words
from shared.rules.load import shipped
from shared.rules.words import names
from shared.rules.words.slugs import FIELDS

CHINESE = re.compile(r"[\u4e00-\u9fff]")
RULES = [(programme.id, rule) for programme in shipped().values() for rule in programme.rules]


def listed(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


@pytest.mark.parametrize("field", [field for field in FIELDS if field != "requires"])
def test_every_slug_of_every_shipped_programme_has_words(field: str):
    used = {(rule.id, name) for _, rule in RULES for name in listed(rule.get(field))}
    assert used
    assert {one for one in used if not CHINESE.search(words.slug(field, one[1], one[0]))} == set()


def test_every_requirement_has_words():
    entries = {entry for _, rule in RULES for entry in listed(rule.get("requires"))}
    assert {words.requirement(entry) for entry in entries} == {
        "执业类别为临床、中医或口腔", "科室主任、科室副主任、高年资医师、高年资护师或晋升中高级职称人员", "高年资主治",
        "职称不低于主治医师", "出勤日附病历文书记录号",
    }  # fmt: skip


def test_no_words_are_kept_for_slugs_nobody_uses():
    used = {name for _, rule in RULES for field in FIELDS for entry in listed(rule.get(field))
            for name in re.findall(r"[a-z][a-z0-9_]*", entry)}  # fmt: skip
    ranks = set(schema.TITLE_RANKS)
    assert {name for field in FIELDS.values() for name in field} - used - ranks == set()


@pytest.mark.parametrize(
    ("named", "closed"),
    [
        (names.KINDS, schema.KINDS), (names.SUBJECTS, schema.SUBJECTS), (names.PERIODS, schema.PERIODS),
        (names.SEVERITIES, schema.SEVERITIES), (names.OPS, schema.OPS), (names.GATES, schema.GATES),
        (names.CREDITS, schema.CREDITS), (names.ADDRESSEES, schema.ADDRESSEES), (names.METRICS, schema.METRICS),
        (names.UNITS, schema.UNITS), (names.SETTINGS, schema.SETTINGS), (names.BASES, schema.BASES),
    ],
)  # fmt: skip
def test_every_closed_set_of_the_language_has_words_for_all_of_it(named, closed):
    assert set(named) == set(closed)


def test_one_slug_is_named_in_the_words_of_each_clause():
    assert words.slug("items", "surgery", "ZD-10") == "外科"
    assert words.slug("items", "surgery", "SX-10") == "手术操作"
    assert words.slug("items", "surgery") == "手术"


def test_a_slug_of_somebody_elses_file_stands_for_itself():
    assert words.slug("items", "village_clinic_visits", "AB-01") == "village_clinic_visits"
