"""`zhudian records import`, as the shell sees it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.records.commands import commands
from shared import clock
from shared.service import Runtime
from tests.services.records.desk import NOON, entries


@pytest.fixture
def shell(rt: Runtime):
    def call(*words: Any) -> Any:
        with clock.at(NOON):
            return CliRunner().invoke(commands, ["records", *map(str, words)], obj=lambda: rt)

    return call


def test_an_import_says_what_it_did_and_twice_is_once(shell: Any, tmp_path: Path):
    file = tmp_path / "门急诊.csv"
    file.write_text("机构编码,月份,门急诊人次\nSQ,2026-09,3900\n", encoding="utf-8")
    assert shell("import", file).stdout == "新建 1,修改 0,未变 0\n"
    assert json.loads(shell("import", file, "--json").stdout) == {"created": 0, "changed": 0, "unchanged": 1}


def test_mistakes_end_with_exit_2_and_a_table_of_them(shell: Any, rt: Runtime, tmp_path: Path):
    file = tmp_path / "门急诊.csv"
    file.write_text("机构编码,月份,门急诊人次\nSQ,2026-09,3900\nXX,2026-09,1\n", encoding="utf-8")
    before = entries(rt)
    done = shell("import", file)
    assert done.exit_code == 2
    assert "导出表有 1 处需要修改,没有导入任何一行" in done.stderr
    assert json.loads(shell("import", file, "--json").stdout)["problems"][0]["row"] == 3
    assert entries(rt) == before


def test_a_file_that_is_not_there_is_bad_usage(shell: Any, tmp_path: Path):
    assert shell("import", tmp_path / "nowhere.csv").exit_code == 2
