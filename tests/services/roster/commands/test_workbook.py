"""`zhudian roster template` and `roster import`, as the shell sees them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from services.roster.commands import commands
from services.roster.usecases.programmes import ensure_programmes
from shared.directory.models import Person
from shared.service import Runtime
from tests.factories.workbook import workbook, world


@pytest.fixture
def shell(rt: Runtime):
    ensure_programmes(rt)
    return lambda *words: CliRunner().invoke(commands, ["roster", *map(str, words)], obj=lambda: rt)


def people(rt: Runtime) -> int:
    with rt.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def test_the_written_template_imports_as_nothing(shell: Any, tmp_path: Path):
    file = tmp_path / "空表.xlsx"
    assert shell("template", file).exit_code == 0
    done = shell("import", file, "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["created"] == 0


def test_an_import_says_what_it_did(shell: Any, rt: Runtime, tmp_path: Path):
    file = tmp_path / "名单.xlsx"
    file.write_bytes(workbook(world()))
    assert shell("import", file, "--dry-run").stdout == "检查完毕,没有写入:新建 15,修改 0,未变 0\n"
    assert people(rt) == 0
    assert shell("import", file).stdout == "新建 15,修改 0,未变 0\n"
    assert shell("import", file).stdout == "新建 0,修改 0,未变 15\n"
    assert people(rt) == 5


def test_mistakes_end_with_exit_2_and_a_table_of_them(shell: Any, rt: Runtime, tmp_path: Path):
    rows = world()
    rows["人员"][0]["手机"] = "1"
    file = tmp_path / "名单.xlsx"
    file.write_bytes(workbook(rows))
    done = shell("import", file)
    assert done.exit_code == 2
    assert "名单有 1 处需要修改,没有导入任何一行" in done.stderr
    assert "手机号应为 11" in done.stderr
    as_json = shell("import", file, "--json")
    assert as_json.exit_code == 2
    assert json.loads(as_json.stdout)["problems"][0]["row"] == 3
    assert people(rt) == 0


def test_a_file_that_is_not_there_is_bad_usage(shell: Any, tmp_path: Path):
    assert shell("import", tmp_path / "nirgends.xlsx").exit_code == 2
