"""`zhudian explain` as a person types it: what is printed, exit codes, and what the quick start does not load."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from services.progress.usecases.explain import explain, main
from tests.fixtures.postgres import REPO
from tests.shared.rules.case_files import case
from tests.shared.rules.golden_cases import FOLDER, names

G01 = FOLDER / "G01.json"


def ran(*files, **options):
    """(exit code, printed lines)."""
    written: list[str] = []
    return explain([str(name) for name in files], written.append, **options), written


def command(*arguments, text=None, program=("-m", "services", "explain"), **env):
    """The real command in a process of its own, with neither database nor settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZHUDIAN_", "DATABASE_", "REDIS_"))}
    return subprocess.run([sys.executable, "-P", *program, *map(str, arguments)], input=text, capture_output=True, cwd=REPO,
                          env={**kept, "PYTHONPATH": str(REPO), **env}, check=False, timeout=60)  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_every_golden_case_agrees_with_what_it_expects(name):
    assert ran(FOLDER / f"{name}.json", check=True) == (0, ['{"differences": []}'])


def test_the_answer_is_one_line_of_json_without_floats():
    code, (line,) = ran(G01)
    found = json.loads(line, parse_float=lambda text: pytest.fail(f"a float: {text}"))
    assert (code, "\n" in line, list(found)) == (0, False, ["answers", "warnings"])


def test_several_files_give_a_line_each_and_the_worst_code(tmp_path):
    differs, broken = tmp_path / "differs.json", tmp_path / "broken.json"
    differs.write_text(json.dumps(case(expect={"answers": [{"due": "2026-07-01"}]})))
    broken.write_text("{")
    assert ran(G01, G01)[0] == 0
    assert ran(G01, differs, check=True)[0] == 3
    code, lines = ran(differs, broken, G01, check=True)
    assert code == 2
    assert [list(json.loads(line)) for line in lines] == [["differences"], ["errors"], ["differences"]]


def test_a_difference_names_place_expected_and_actual(tmp_path):
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case(expect={"answers": [{"due": "2026-07-01", "months": 6.5, "best": None}]})))
    code, (line,) = ran(file, check=True)
    assert code == 3
    assert json.loads(line)["differences"] == [
        {"path": "answers[0].due", "expected": "2026-07-01", "actual": "2026-06-30"},
        {"path": "answers[0].months", "expected": 6.5, "actual": 6},
        {"path": "answers[0].best", "expected": None, "actual": None},
    ]


def test_more_or_fewer_answers_than_expected_are_a_difference(tmp_path):
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case(expect={"answers": []})))
    code, (line,) = ran(file, check=True)
    assert (code, [one["path"] for one in json.loads(line)["differences"]]) == (3, ["answers"])


def test_without_an_expectation_there_is_nothing_to_agree_with(tmp_path):
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case()))
    code, (line,) = ran(file, check=True)
    assert (code, json.loads(line)["errors"][0]["path"], json.loads(line)["errors"][0]["code"]) == (2, "expect", "key_missing")


@pytest.mark.parametrize("name", ["absent.json", "."])
def test_a_file_that_cannot_be_read(tmp_path, name):
    code, (line,) = ran(tmp_path / name)
    assert (code, [one["code"] for one in json.loads(line)["errors"]]) == (2, ["file_unreadable"])


def test_a_programme_file_lies_beside_the_case(tmp_path):
    programme = (REPO / "shared/rules/programmes/zhongzhan-2021.toml").read_text().replace('"zhongzhan-2021"', '"ours"')
    (tmp_path / "ours.toml").write_text(programme)
    (tmp_path / "case.json").write_text(json.dumps(case(programme={"file": "ours.toml"})))
    assert ran(tmp_path / "case.json")[0] == 0
    (tmp_path / "ours.toml").write_text(programme.replace("min_minutes = 180", 'min_minutes = "180"'))
    code, (line,) = ran(tmp_path / "case.json")
    problem = json.loads(line)["errors"][0]
    assert (code, problem["code"], problem["details"][0]["key"]) == (2, "programme_invalid", "min_minutes")


def test_meta_adds_versions_and_local_settings():
    found = json.loads(ran(G01, meta=True)[1][0])
    assert list(found) == ["answers", "warnings", "meta"]
    assert list(found["meta"]) == ["rules_version", "calendar_version", "calendar_years", "local_settings"]
    assert found["meta"]["rules_version"].startswith("sha256:")
    assert 2026 in found["meta"]["calendar_years"]
    assert found["meta"]["local_settings"]["leave.cap_workdays"] == 10


def test_text_is_chinese_and_errors_stay_json(tmp_path):
    code, (written,) = ran(G01, text=True)
    assert (code, written.splitlines()[1]) == (0, "  连续 6 个月(同一受援机构):达标,2026-09-01 满 6 个月")
    (tmp_path / "broken.json").write_text("[]")
    assert "errors" in json.loads(ran(tmp_path / "broken.json", text=True)[1][0])


def test_the_example_of_the_readme_answers_and_warns_of_nothing():
    found = json.loads(ran(REPO / "shared/rules/examples/posting.json")[1][0])
    assert [answer.get("result") for answer in found["answers"]] == ["met", "met", None]
    assert (found["answers"][0]["met_on"], found["answers"][0]["flags"]) == ("2025-09-04", ["corrections:1"])
    assert found["warnings"] == []


def test_usage_that_is_wrong_ends_with_2():
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2


def test_the_command_reads_standard_input_and_writes_utf8_whatever_the_terminal_says():
    done = command("-", "--text", text=G01.read_bytes(), PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "达标" in done.stdout.decode("utf-8")


def test_the_command_compares_and_gives_its_exit_codes(tmp_path):
    wrong = json.loads(G01.read_text())
    wrong["expect"]["answers"][0]["met_on"] = "2026-09-02"
    (tmp_path / "wrong.json").write_text(json.dumps(wrong))
    assert command("--check", G01).returncode == 0
    done = command("--check", G01, tmp_path / "wrong.json")
    assert (done.returncode, len(done.stdout.splitlines())) == (3, 2)
    assert command("-", text=b"{").returncode == 2


def test_the_command_loads_no_service_and_no_database():
    """What keeps its start short: a whole run takes a tenth of a second, of which a service alone would take four."""
    watched = (
        "import runpy, sys; sys.argv[1:] = ['explain', *sys.argv[1:]]\n"
        "try: runpy.run_module('services', run_name='__main__')\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & "
        "{'sqlalchemy', 'flask', 'typer', 'marshmallow', 'dramatiq', 'rich', 'click'}))\n"
        "print('shared.rules.explain.text' in sys.modules, 'shared.rules.kinds' in sys.modules)"
    )
    done = command(G01, program=("-c", watched))
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().splitlines()[-2:] == ["[]", "False False"]


def test_a_reader_that_has_seen_enough_ends_it_without_a_traceback():
    running = subprocess.Popen([sys.executable, "-P", "-m", "services", "explain", *[str(G01)] * 20], cwd=REPO,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(REPO)})  # fmt: skip
    assert running.stdout is not None
    running.stdout.close()  # before anything is written: every write from now on fails
    assert running.stderr is not None
    assert (running.stderr.read(), running.wait(timeout=60)) == (b"", -signal.SIGPIPE)
    running.stderr.close()
