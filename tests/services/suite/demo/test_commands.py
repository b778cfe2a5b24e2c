"""`zhudian demo` as the shell sees it."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from services.suite.demo import run as running
from services.suite.demo.commands import commands
from shared import clock
from shared.service import Runtime
from tests.factories.directory import directory
from tests.services.suite.demo.test_demo import NOW


def shell(rt: Runtime, *words: str):
    return CliRunner().invoke(commands, list(words), obj=lambda: rt)


def test_the_demo_prints_addresses_and_sign_ins_and_shows_them_again(rt: Runtime, monkeypatch):
    monkeypatch.setattr(running, "acts", lambda world, calendar: [])  # an empty life is enough for the page
    with clock.at(NOW):
        made = shell(rt, "--months", "1", "--physicians", "2")
    assert made.exit_code == 0
    shown = json.loads(shell(rt, "--show", "--json").stdout)
    assert set(shown) == {"addresses", "sign_ins", "once"}
    assert {"title", "url"} == set(shown["addresses"][0])
    assert {"role", "name", "phone", "password"} == set(shown["sign_ins"][0])
    for line in [shown["addresses"][0]["url"], shown["sign_ins"][0]["phone"]]:
        assert line in made.stdout


def test_refusals_end_with_exit_2_and_one_sentence(rt: Runtime):
    assert shell(rt, "--show").exit_code == 2
    assert shell(rt, "--physicians", "0").exit_code == 2
    directory(rt)
    for words in (["--reset"], []):
        refused = shell(rt, *words)
        assert refused.exit_code == 2
        assert "数据库里已有其他机构" in refused.stderr
