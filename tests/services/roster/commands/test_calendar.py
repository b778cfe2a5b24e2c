"""`zhudian calendar load | show`, as the shell sees them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.roster.commands import commands
from shared.service import Runtime


@pytest.fixture
def shell(rt: Runtime):
    return lambda *words: CliRunner().invoke(commands, ["calendar", *map(str, words)], obj=lambda: rt)


def test_a_load_says_what_it_did_and_the_year_is_shown_with_it(shell: Any, tmp_path: Path):
    file = tmp_path / "2027.csv"
    file.write_text("日期,类别\n2027-01-01,休息\n2027-01-02,上班\n2027,完整\n", encoding="utf-8")
    assert "未公布" in shell("show", 2027).stdout
    done = shell("load", file)
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "新增 2 天,修改 0 天,未变 0 天,完整的年份 2027")
    assert json.loads(shell("load", file, "--json").stdout)["unchanged"] == 2
    shown = shell("show", 2027).stdout
    assert "2027 年(完整),261 个工作日" in shown
    assert "载入" in shown
    year = json.loads(shell("show", 2027, "--json").stdout)
    assert (year["complete"], len(year["overrides"])) == (True, 2)


def test_every_mistake_of_a_file_is_printed_with_its_line_and_exit_2(shell: Any, tmp_path: Path):
    file = tmp_path / "2027.json"
    file.write_text('{"days": {"2027-01-01": "rest",\n"2027-13-01": "rest",\n"2027-01-02": "work"}}', encoding="utf-8")
    done = shell("load", file)
    assert done.exit_code == 2
    assert [line.partition(": ")[0] for line in done.stderr.splitlines()[1:]] == [f"{file}:2", f"{file}:3"]
    assert [one["line"] for one in json.loads(shell("load", file, "--json").stdout)["errors"]] == [2, 3]
    assert json.loads(shell("show", 2027, "--json").stdout)["overrides"] == []


def test_a_year_nobody_means_and_a_missing_file_are_bad_usage(shell: Any, tmp_path: Path):
    assert shell("show", 20270).exit_code == 2
    assert shell("load", tmp_path / "nowhere.csv").exit_code == 2
