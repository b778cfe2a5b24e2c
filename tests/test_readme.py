"""What the two READMEs tell people to type is typed here, on an installation that `python3 run.py --once` made."""

from __future__ import annotations

import functools
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.serve import Fleet, ready
from shared import clock
from tests.factories.workbook import workbook, world
from tests.fixtures.postgres import REPO, free_port
from tests.test_run import Running, descendants, gone

READMES = ("README.md", "README.zh-CN.md")
TYPED = re.compile(r"`(python3 run\.py[^`]*|(?:make|zhudian|\.venv/bin/zhudian)\s[^`]+)`")
PATH = re.compile(r"`((?:shared|checkin|notifier|services|tests|pyproject)[\w/.*-]*)`")
ZHUDIAN = REPO / ".venv" / "bin" / "zhudian"
FORMATS = ("html", "pdf", "docx", "xlsx")
SECONDS = 600


@dataclass(frozen=True, eq=False)
class Installation:
    """A folder of state with demo data, the broker, and what the main job printed when it was made."""

    var: Path
    env: dict[str, str]
    said: str
    empty: dict[str, str]

    def zhudian(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        """Run the product's command as a person does; it must succeed. Gives what it printed."""
        done = subprocess.run([ZHUDIAN, *arguments], cwd=self.var, env=env or self.env, capture_output=True, text=True,
                              timeout=SECONDS, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def served(self, *arguments: str, is_up: Callable[[str], bool]) -> None:
        """Start a process of a role, see it up, stop it as a supervisor does; it must end in order."""
        log = self.var / f"readme-{arguments[0]}.log"
        with log.open("wb") as out:
            process = subprocess.Popen([ZHUDIAN, *arguments], cwd=self.var, env=self.env, stdout=out, stderr=out,
                                       start_new_session=True)
        try:
            end = time.monotonic() + SECONDS
            while not is_up(log.read_text()):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < end, log.read_text()
                time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            assert process.wait(SECONDS) in (0, -signal.SIGTERM), log.read_text()
        finally:
            process.kill()
            process.wait()


def commands(readme: str) -> set[str]:
    """Every command a README shows, line breaks folded."""
    return {" ".join(found.split()) for found in TYPED.findall((REPO / readme).read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, valkey: Fleet) -> Installation:
    """What a person has after the second of the two commands on a fresh folder; the broker is the tests' own."""
    folder = tmp_path_factory.mktemp("readme")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZHUDIAN_", "DATABASE_", "REDIS_"))}
    env = {**kept, "ZHUDIAN_VAR": str(folder / "var"), "ZHUDIAN_BIND": f"127.0.0.1:{free_port()}"}
    done = subprocess.run([sys.executable, "run.py", "--once"], cwd=REPO, env=env, capture_output=True, text=True,
                          timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "empty").mkdir()
    return Installation(folder / "var", {**env, "REDIS_URL": valkey.env["REDIS_URL"]}, done.stdout,
                        {**env, "ZHUDIAN_VAR": str(folder / "empty")})  # fmt: skip


def run_once(on: Installation) -> None:
    """Four files under var/out and the figures."""
    printed = [Path(line.split(" (")[0]) for line in on.said.splitlines() if f"{on.var}/out/" in line]
    assert [path.suffix[1:] for path in printed] == list(FORMATS)
    assert all(path.stat().st_size > 1000 for path in printed)
    assert re.search(r"应到 \S+ 人天,实到 \S+", on.said)


def run_everything(on: Installation) -> None:
    """The page with addresses and sign-ins; every address answers; Ctrl-C ends all of it."""
    own = {name: value for name, value in on.env.items() if name != "REDIS_URL"}
    running = Running(on.var, {**own, "PYTHONUNBUFFERED": "1"})
    family = descendants(running.pid)
    page = "".join(running.printed)
    assert f"http://{on.env['ZHUDIAN_BIND']}/login" in page
    assert "派驻医师" in page
    assert ready(f"http://{on.env['ZHUDIAN_BIND']}")
    running.process.send_signal(signal.SIGINT)
    code, _ = running.end()
    assert code == 0
    assert gone(family) == {}


def run_emulated(on: Installation) -> None:
    """The physicians have a test message on the page that looks like a chat list; Ctrl-C ends the emulator too."""
    own = {name: value for name, value in on.env.items() if name != "REDIS_URL"}
    running = Running(on.var, {**own, "PYTHONUNBUFFERED": "1"}, "--with-emulator")
    family = descendants(running.pid)
    page = "".join(running.printed)
    assert "回调地址验证  通过" in page
    (chat,) = re.findall(r"http://127\.0\.0\.1:\d+/chat", page)
    until = time.monotonic() + SECONDS
    while "这是一条试发的提醒" not in urllib.request.urlopen(chat).read().decode():
        assert time.monotonic() < until, "no message arrived"
        time.sleep(0.2)
    running.process.send_signal(signal.SIGINT)
    assert running.end()[0] == 0
    assert gone(family) == {}


def run_tests(on: Installation) -> None:
    """The command that runs this very test, asked to do nothing but collect one file."""
    done = subprocess.run([sys.executable, "run.py", "test", "--", "--collect-only", "-q", "tests/test_architecture.py"],
                          cwd=REPO, env=on.env, capture_output=True, text=True, timeout=SECONDS, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ tests? collected", done.stdout)


def make(target: str, command: str) -> Callable[[Installation], None]:
    """A target of the Makefile is nothing but this command."""
    def proof(_on: Installation) -> None:
        assert f"\n{target}:\n\t{command}\n" in (REPO / "Makefile").read_text()

    return proof


@functools.cache
def migrate(on: Installation) -> None:
    """Once: a second time there is nothing to do, and every start of Python costs its second."""
    on.zhudian("migrate", env=on.empty)
    assert (Path(on.empty["ZHUDIAN_VAR"]) / "zhudian.db").exists()


def roster_template(on: Installation) -> None:
    on.zhudian("roster", "template", "roster.xlsx")
    assert (on.var / "roster.xlsx").read_bytes()[:2] == b"PK"


@functools.cache
def roster_import(on: Installation) -> None:
    """Twice: the second time nothing changes."""
    migrate(on)
    (on.var / "roster.xlsx").write_bytes(workbook(world()))
    on.zhudian("roster", "import", "roster.xlsx", env=on.empty)
    assert "新建 0,修改 0" in on.zhudian("roster", "import", "roster.xlsx", env=on.empty)


def records_import(on: Installation) -> None:
    """Twice: the second time nothing changes."""
    roster_import(on)
    (on.var / "visits.csv").write_text("机构编码,月份,门急诊人次\nSQ,2025-01,3900\n", encoding="utf-8")
    on.zhudian("records", "import", "visits.csv", env=on.empty)
    _ends(on.zhudian("records", "import", "visits.csv", env=on.empty), "新建 0,修改 0,未变 1")


PROGRAMME = REPO / "shared" / "rules" / "programmes" / "zhongzhan-2021.toml"


def rules_check(on: Installation) -> None:
    assert json.loads(on.zhudian("rules", "check", str(PROGRAMME), "--json")) == []


def rules_list(on: Installation) -> None:
    _has(on.zhudian("rules", "list", "zhongzhan-2021"), "ZZ-13", "本地设置", "session.min_minutes")


def rules_upload(on: Installation) -> str:
    """Gives the hash of a version that was not there before, or is from the test beside this one."""
    migrate(on)
    file = on.var / PROGRAMME.name
    file.write_bytes(PROGRAMME.read_bytes() + "# 试行\n".encode())
    said = on.zhudian("rules", "upload", str(file), env=on.empty)
    assert said.split()[-1].startswith("sha256:")
    return said.split()[-1]


def rules_activate(on: Installation) -> None:
    month = f"{clock.today().year + 1}-01"
    _ends(on.zhudian("rules", "activate", rules_upload(on), month, env=on.empty), f"从 {month} 起生效")


def calendar_load(on: Installation) -> None:
    """The example of the README itself."""
    migrate(on)
    example = re.search(r"`(\{\"days\".*?\})`", (REPO / "README.md").read_text(encoding="utf-8"))
    assert example
    (on.var / "calendar.json").write_text(example[1], encoding="utf-8")
    on.zhudian("calendar", "load", "calendar.json", env=on.empty)
    year = json.loads(on.zhudian("calendar", "show", "2027", "--json", env=on.empty))
    assert (year["complete"], year["overrides"]) == (True, [{"date": "2027-01-01", "kind": "rest"}])


def demo(on: Installation) -> None:
    """The very arguments run.py loads its demo data with: there is nothing left to do."""
    shown = json.loads(on.zhudian("demo", "--months", "2", "--physicians", "24", "--seed", "1", "--json"))
    assert len(shown["sign_ins"]) >= 8
    assert json.loads(on.zhudian("demo", "--show", "--json")) == shown


def poster(on: Installation) -> None:
    paths = [Path(line) for line in on.zhudian("poster", "QH-SQ1-1").split()]
    assert [path.read_bytes()[:4] for path in paths] == [b"%PDF", b"\x89PNG"]


def report(on: Installation) -> None:
    printed = on.zhudian("report", "monthly", "QH-SQ1", f"{clock.today():%Y-%m}").splitlines()
    assert [Path(line).suffix[1:] for line in printed[:4]] == list(FORMATS)
    assert all(Path(line).exists() for line in printed[:4])


def rebuild(on: Installation) -> None:
    """Folding the month again changes nothing."""
    month = f"{clock.today():%Y-%m}"
    _ends(on.zhudian("rebuild", month), f"{month}: 0 differences")


def _ends(text: str, end: str) -> None:
    assert text.strip().endswith(end), text


def openapi(on: Installation) -> None:
    document = json.loads(on.zhudian("openapi"))
    assert document["openapi"].startswith("3.1")
    assert "/api/checkin/events" in document["paths"]


PROOFS: dict[str, Callable[[Installation], None]] = {
    "python3 run.py --once": run_once,
    "python3 run.py": run_everything,
    "python3 run.py --with-emulator": run_emulated,
    "python3 run.py test": run_tests,
    "make run": make("run", "python3 run.py"),
    "make test": make("test", "python3 run.py test"),
    ".venv/bin/zhudian --help": lambda on: _has(on.zhudian("--help"), "ledger", "migrate", "demo"),
    "zhudian migrate": migrate,
    "zhudian roster template roster.xlsx": roster_template,
    "zhudian roster import roster.xlsx": roster_import,
    "zhudian records import visits.csv": records_import,
    "zhudian demo --months 2 --physicians 24 --seed 1": demo,
    "zhudian rules check FILE": rules_check,
    "zhudian rules list PROGRAMME": rules_list,
    "zhudian rules upload FILE": lambda on: _has(rules_upload(on), "sha256:"),
    "zhudian rules activate SHA YYYY-MM": rules_activate,
    "zhudian explain CASE.json": lambda on: _has(
        on.zhudian("explain", str(REPO / "shared/rules/examples/posting.json")), '"result": "met"', '"met_on": "2025-09-04"'),
    "zhudian calendar load FILE": calendar_load,
    "zhudian calendar show YYYY": lambda on: _has(on.zhudian("calendar", "show", "2026"), "248 个工作日", "2026-10-10"),
    "zhudian poster CLINIC": poster,
    "zhudian report monthly RECIPIENT YYYY-MM": report,
    "zhudian ledger verify": lambda on: _ends(on.zhudian("ledger", "verify"), "every chain holds"),
    "zhudian rebuild YYYY-MM": rebuild,
    "zhudian outbox list": lambda on: _has(
        on.zhudian("outbox", "list") and on.zhudian("outbox", "list", "--state", "done"), "consumer", "done"),
    "zhudian openapi": openapi,
    "zhudian web --only checkin": lambda on: on.served(
        "web", "--only", "checkin", is_up=lambda _: ready(f"http://{on.env['ZHUDIAN_BIND']}")),
    "zhudian worker": lambda on: on.served("worker", is_up=lambda log: "worker.started" in log),
    "zhudian ticker": lambda on: on.served("ticker", is_up=lambda log: "ticker.started" in log),
}  # fmt: skip


def _has(text: str, *words: str) -> None:
    assert [word for word in words if word not in text] == [], text


def test_both_readmes_show_the_same_commands_and_each_has_a_proof() -> None:
    english, chinese = (commands(readme) for readme in READMES)
    assert english == chinese
    assert english == set(PROOFS)


def test_every_path_a_readme_names_exists() -> None:
    named = {path for readme in READMES for path in PATH.findall((REPO / readme).read_text(encoding="utf-8"))}
    assert len(named) >= 10
    assert [path for path in sorted(named) if not (list(REPO.glob(path)) or list(REPO.glob(f"shared/progress/{path}")))] == []


@pytest.mark.slow
def test_every_command_of_the_readmes_does_what_it_says(installation: Installation, subtests: pytest.Subtests) -> None:
    for command, proof in PROOFS.items():
        with subtests.test(command):
            proof(installation)
