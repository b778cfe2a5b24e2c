"""`zhudian deadlines`: a table to read and JSON to use, from the programmes and the calendar of the database."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from services.progress.commands import app
from services.roster.usecases.programmes import ensure_programmes
from shared.service import Runtime


def run(rt: Runtime, *arguments: str) -> tuple[int, str]:
    ensure_programmes(rt)
    done = CliRunner().invoke(app, ["deadlines", *arguments], obj=lambda: rt)
    return done.exit_code, done.output


def test_json_names_rule_document_and_dates(rt: Runtime) -> None:
    code, text = run(rt, "--programme", "suqian-key-areas-2023", "--year", "2026", "--json")
    found = [(one["rule"], one["what"], one["effective"], one["cutoff"]) for one in json.loads(text) if one["rule"] == "SQ-20"]
    assert code == 0
    assert found == [("SQ-20", "半年评估情况总结", "2026-06-18", "2026-06-10"), ("SQ-20", "半年评估情况总结", "2026-12-18", "2026-12-10")]


def test_the_table_also_shows_windows_and_what_hangs_on_a_posting(rt: Runtime) -> None:
    code, text = run(rt, "--programme", "fukang-mulei-2009", "--year", "2009")
    assert code == 0
    assert "5月21日至5月31日" in text
    assert "派驻结束后 5 个工作日内" in text
    assert "本地" in text


def test_an_unknown_programme_is_named(rt: Runtime) -> None:
    assert run(rt, "--programme", "nowhere", "--year", "2026") == (2, "no programme nowhere\n")
