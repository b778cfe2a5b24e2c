"""`zhudian rules check | list | upload | activate`, as the shell sees them."""

from __future__ import annotations

import datetime as dt
import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.roster.commands import commands
from services.roster.usecases.calendar import load_overrides
from services.roster.usecases.programmes import ensure_programmes
from shared import clock
from shared.db import Database
from shared.rules.load import shipped
from shared.service import Runtime

FOLDER = resources.files("shared.rules") / "programmes"
SHIPPED = [str(item) for item in FOLDER.iterdir() if item.name.endswith(".toml")]
NAME = "zhongzhan-2021.toml"
GOOD = (FOLDER / NAME).read_text(encoding="utf-8")


@pytest.fixture
def shell(rt: Runtime):
    return lambda *words: CliRunner().invoke(commands, ["rules", *map(str, words)], obj=lambda: rt)


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    file = tmp_path / NAME
    text = GOOD.replace("min_minutes = 180\n", "").replace('gate = ["apply_senior"]', 'gate = ["retire"]')
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shipped_files_are_clean_but_for_the_warning_of_the_demo(shell: Any):
    done = shell("check", *SHIPPED)
    assert done.exit_code == 0
    [line] = done.stdout.splitlines()
    assert "zhongzhan-demo.toml: [programme]: effective_to: calendar_year: warning: " in line


def test_every_problem_of_all_files_comes_at_once_one_to_a_line(shell: Any, wrong: Path, tmp_path: Path):
    other = tmp_path / "a.toml"
    other.write_bytes(b"schema = \n")
    done = shell("check", wrong, other)
    assert done.exit_code == 1
    assert [line.split(": ")[:4] for line in done.stdout.splitlines()] == [
        [str(other), "-", "-", "toml_syntax"], [str(wrong), "[session]", "min_minutes", "key_missing"],
        [str(wrong), "ZZ-40", "gate", "gate_unknown"],
    ]  # fmt: skip


def test_problems_as_json_have_five_members_and_warnings_say_so(shell: Any, wrong: Path):
    done = shell("check", wrong, FOLDER / "zhongzhan-demo.toml", "--json")
    assert done.exit_code == 1
    *problems, warning = sorted(json.loads(done.stdout), key=len)
    assert [set(problem) for problem in problems] == [{"file", "rule", "key", "code", "message"}] * len(problems)
    assert (warning["code"], warning["warning"]) == ("calendar_year", True)
    assert json.loads(shell("check", FOLDER / NAME, "--json").stdout) == []


def test_a_file_that_cannot_be_read_ends_with_2_whatever_the_others_hold(shell: Any, wrong: Path, tmp_path: Path):
    for unreadable in (tmp_path / "nowhere.toml", tmp_path):
        done = shell("check", wrong, unreadable)
        assert done.exit_code == 2
        assert str(unreadable) in done.stderr


def test_a_loaded_year_is_no_warning_any_more(shell: Any, rt: Runtime):
    load_overrides(rt, "2027-01-01,休息\n2027,完整".encode())
    done = shell("check", *SHIPPED)
    assert (done.exit_code, done.stdout) == (0, "")


def test_without_a_database_the_shipped_programmes_are_listed_and_none_is_made(rt: Runtime, tmp_path: Path):
    nowhere = Runtime(rt.settings, Database(f"sqlite:///{tmp_path}/none.db"), rt.keys)
    for words in (["list", "--json"], ["check", str(FOLDER / "zhongzhan-demo.toml"), "--json"]):
        done = CliRunner().invoke(commands, ["rules", *words], obj=lambda: nowhere)
        assert done.exit_code == 0
        assert len(json.loads(done.stdout)) == (6 if words[0] == "list" else 1)
    assert not (tmp_path / "none.db").exists()


def test_the_list_of_programmes_names_each_with_its_version(shell: Any, rt: Runtime):
    ensure_programmes(rt)
    listed = json.loads(shell("list", "--json").stdout)
    assert {one["id"]: one["rules_version"] for one in listed} == {p.id: p.sha256 for p in shipped().values()}
    text = shell("list").stdout
    assert "中站区城乡医院对口支援管理制度" in text
    assert "2009-12-31" in text


@pytest.mark.parametrize("programme", sorted(shipped()))
def test_every_rule_of_a_programme_is_listed_with_its_clause_and_local_settings(shell: Any, programme: str):
    known, listed = shipped()[programme], json.loads(shell("list", programme, "--json").stdout)
    assert [row["id"] for row in listed["rules"]] == [rule.id for rule in known.rules]
    assert [row["quote"] for row in listed["rules"]] == [rule.quote for rule in known.rules]
    assert all(row["threshold"] for row in listed["rules"])
    assert set(listed["local_settings"]) == set(known.local_settings())
    plain = "".join(shell("list", programme).stdout.split())
    assert "本地设置" in plain
    assert "session.min_minutes│180" in plain
    assert "week.subtract│[leave,ordered]" in plain
    assert [rule.id for rule in known.rules if f"│{rule.id}│" not in plain] == []


def test_a_programme_nobody_knows_is_bad_usage(shell: Any):
    done = shell("list", "shanxi-1999")
    assert done.exit_code == 2
    assert "zhongzhan-2021" in done.stderr


def test_a_file_is_uploaded_and_activated_from_the_shell(shell: Any, rt: Runtime, wrong: Path, tmp_path: Path):
    ensure_programmes(rt)
    refused = shell("upload", wrong)
    assert refused.exit_code == 1
    assert len(refused.stderr.splitlines()) == 2
    file = tmp_path / NAME
    file.write_text(GOOD.replace("min_minutes = 180", "min_minutes = 170"), encoding="utf-8")
    with clock.at(dt.datetime(2026, 11, 23, tzinfo=dt.UTC)):
        said = shell("upload", file).stdout
        assert said.startswith("已保存:zhongzhan-2021 sha256:")
        assert shell("upload", file).stdout.startswith("已有这个版本:")
        sha = said.split()[-1]
        late = shell("activate", sha, "2026-11")
        assert (late.exit_code, "最早 2026-12" in late.stderr) == (1, True)
        assert shell("activate", sha[7:19], "2026-12").stdout == f"zhongzhan-2021 {sha} 从 2026-12 起生效\n"
        assert shell("activate", "0" * 64, "2026-12").exit_code == 1
