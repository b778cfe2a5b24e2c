"""Rule files load completely into frozen values."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import FrozenInstanceError
from decimal import Decimal
from importlib import resources

import pytest

from shared.rules.load import RuleFileInvalid, load_programme, shipped

FOLDER = resources.files("shared.rules") / "programmes"


def source(name):
    return (FOLDER / f"{name}.toml").read_bytes()


def test_the_shipped_programmes_load():
    assert {"zhongzhan-2021", "zhongzhan-demo"} <= set(shipped())


def test_what_every_rule_has_is_no_key_of_its_kind():
    common = {"id", "kind", "subject", "quote", "basis", "severity", "where", "evidence", "remind", "feeds"}
    assert {rule.id for programme in shipped().values() for rule in programme.rules if common & set(rule.keys)} == set()


def test_every_rule_of_every_kind_is_kept_with_its_keys():
    programme = shipped()["zhongzhan-2021"]
    assert len(programme.rules) == 44
    assert {rule.kind for rule in programme.rules} >= {
        "quota", "document", "continuity", "accumulate", "credit", "growth", "sanction", "checklist", "headcount",
        "eligibility", "disclosure", "incentive", "constraint",
    }  # fmt: skip
    assert programme.rule("ZZ-27").get("due") == {
        "every": "quarter", "day": 10, "after_period": True, "roll": "backward",
    }  # fmt: skip
    assert programme.rule("ZZ-13").where == {"mode": ["resident"]}
    assert programme.rule("ZZ-19").get("per") == ["clinic"]


def test_decimals_are_read_exactly():
    assert shipped()["zhongzhan-2021"].rule("ZZ-38").get("ratio") == Decimal("1.0")


def test_the_rules_version_is_the_digest_of_the_bytes():
    text = source("zhongzhan-2021")
    assert load_programme(text, "zhongzhan-2021.toml").sha256 == "sha256:" + hashlib.sha256(text).hexdigest()
    changed = load_programme(text + b"\n", "zhongzhan-2021.toml")
    assert changed.sha256 != shipped()["zhongzhan-2021"].sha256


def test_the_demo_is_the_same_programme_under_its_own_id_until_2027():
    demo, original = shipped()["zhongzhan-demo"], shipped()["zhongzhan-2021"]
    assert demo.derived_from == "zhongzhan-2021"
    assert "演示" in demo.title
    assert (demo.effective_from, demo.effective_to) == (dt.date(2021, 7, 2), dt.date(2027, 12, 31))
    assert (demo.rules, demo.settings, demo.modes) == (original.rules, original.settings, original.modes)


def test_modes_and_windows_are_read():
    programme = shipped()["zhongzhan-2021"]
    assert {mode.id: mode.duty for mode in programme.modes.values()} == {
        "resident": "workdays", "rounds": "roster", "taskforce": "none",
    }  # fmt: skip
    windows = programme.session_windows
    assert windows.pm == (dt.time(14), dt.time(17, 30))
    assert (windows.min_minutes, windows.late_after_minutes) == (180, 30)


def test_every_setting_of_the_shipped_file_is_local_and_listed_by_name():
    listed = shipped()["zhongzhan-2021"].local_settings()
    assert listed["session.min_minutes"] == 180
    assert listed["correction.window_workdays"] == 3
    assert not any(name.endswith(".basis") for name in listed)


def test_a_setting_whose_basis_is_the_text_is_not_local():
    text = source("zhongzhan-2021").replace(b'[session]\nbasis = "local"', b'[session]\nbasis = "text"')
    listed = load_programme(text, "zhongzhan-2021").local_settings()
    assert "session.min_minutes" not in listed
    assert "week.prorate" in listed


def test_dates_outside_the_effective_dates_are_not_in_effect():
    programme = shipped()["zhongzhan-2021"]
    assert [programme.in_effect(day) for day in (dt.date(2021, 7, 1), dt.date(2021, 7, 2), dt.date(2025, 12, 31),
                                                 dt.date(2026, 1, 1))] == [False, True, True, False]  # fmt: skip


def test_a_programme_without_an_end_stays_in_effect():
    text = source("zhongzhan-2021").replace(b"effective_to = 2025-12-31\n", b"")
    assert load_programme(text, "zhongzhan-2021").in_effect(dt.date(2099, 1, 1))


def test_settings_are_found_by_dotted_name_and_unknown_ones_are_an_error():
    programme = shipped()["zhongzhan-2021"]
    assert programme.setting("leave.late_filing_workdays") == 3
    with pytest.raises(KeyError):
        programme.setting("leave.nothing")
    with pytest.raises(KeyError):
        programme.rule("ZZ-99")


def test_a_loaded_programme_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        shipped()["zhongzhan-2021"].title = "x"  # type: ignore[misc]


def test_a_file_with_problems_is_not_loaded_at_all_and_all_problems_come_at_once():
    text = source("zhongzhan-2021").replace(b"min_minutes = 180", b"min_minutes = 180.0")
    text = text.replace(b'unit = "half_day"', b'unit = "day"', 1)
    with pytest.raises(RuleFileInvalid) as refused:
        load_programme(text, "zhongzhan-2021.toml")
    assert [(p.rule, p.key, p.code) for p in refused.value.problems] == [
        ("[session]", "min_minutes", "type"), ("ZZ-13", "unit", "unit_metric"),
    ]  # fmt: skip
    assert "应为整数" in str(refused.value)
