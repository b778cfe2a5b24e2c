"""The two commands as a person uses them: real starts, real signals, no child left behind."""

import ast
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import run
from tests.fixtures.postgres import REPO, free_port

CHILDREN = ("valkey", "web", "worker", "ticker")
SECONDS = 90


def processes() -> dict[int, tuple[int, str]]:
    """Every living process: parent and command line by pid."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            found[int(folder.name)] = (int(parent), words)
    return found


def descendants(pid: int) -> dict[int, str]:
    """Command lines of everything a process started, at any depth."""
    known, members = processes(), {pid}
    while grown := {child for child, (parent, _) in known.items() if parent in members} - members:
        members |= grown
    return {member: known[member][1] for member in members - {pid}}


def child_named(pid: int, name: str) -> int:
    """Pid of the direct child whose output goes to <name>.log (a process may change its command line)."""
    children = [child for child, (parent, _) in processes().items() if parent == pid]
    return next(child for child in children if Path(f"/proc/{child}/fd/1").readlink().name == f"{name}.log")


def gone(pids: dict[int, str]) -> dict[int, str]:
    """What is left of these processes after twenty seconds at most: a busy machine ends a server slowly."""
    until = time.monotonic() + 20
    while (left := {pid: words for pid, words in pids.items() if processes().get(pid, (0, ""))[1] == words}):
        if time.monotonic() > until:
            return left
        time.sleep(0.05)
    return {}


class Running:
    """One `python3 run.py` whose page of addresses has been printed."""

    def __init__(self, var: Path, env: dict[str, str], *arguments: str) -> None:
        self.var, self.env = var, env
        self.bind = env["ZHUDIAN_BIND"]
        self.process = subprocess.Popen([sys.executable, "run.py", *arguments], cwd=REPO, env=env, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        self.printed: list[str] = []
        assert self.process.stdout
        for line in self.process.stdout:
            self.printed.append(line)
            if line.startswith("Ctrl-C"):
                return
        raise AssertionError("run.py ended: " + "".join(self.printed))

    @property
    def pid(self) -> int:
        return self.process.pid

    def end(self) -> tuple[int, str]:
        """Wait for the end; exit code and what was printed since the page."""
        rest, _ = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, rest


Start = Callable[[], Running]


@pytest.fixture
def environment(sqlite_template: Path, tmp_path: Path) -> dict[str, str]:
    """A start on an empty migrated database of its own and a free port."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHUDIAN_")}
    database = shutil.copy(sqlite_template, tmp_path / "zhudian.db")
    return {**kept, "ZHUDIAN_VAR": str(tmp_path / "var"), "ZHUDIAN_BIND": f"127.0.0.1:{free_port()}",
            "DATABASE_URL": f"sqlite:///{database}", "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def running(environment: dict[str, str]) -> Iterator[Running]:
    """A started suite; whatever the test left of it is killed."""
    started = Running(Path(environment["ZHUDIAN_VAR"]), environment)
    family = descendants(started.pid)
    yield started
    with started.process:  # closes the pipe and waits
        started.process.kill()
    for pid in gone(family):
        os.kill(pid, signal.SIGKILL)


def test_an_old_python_is_refused_in_one_sentence() -> None:
    sentence = run.too_old((3, 9, 2))

    assert sentence == "Zhudian needs Python 3.11 or newer, and this is Python 3.9."
    assert run.too_old((3, 11, 0)) is None
    assert run.too_old((4, 0, 0)) is None


def test_an_old_python_can_read_run_py_far_enough_to_be_refused() -> None:
    assert ast.parse((REPO / "run.py").read_text(), feature_version=(3, 7)).body


def test_an_unknown_command_is_bad_usage() -> None:
    done = subprocess.run([sys.executable, "run.py", "dance"], cwd=REPO, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "python3 run.py test" in done.stdout


def test_a_second_start_on_the_same_folder_is_refused(running: Running) -> None:
    second = subprocess.run([sys.executable, "run.py", "--once"], cwd=REPO, env=running.env, capture_output=True,
                            text=True, timeout=SECONDS, check=False)

    assert second.returncode == 1
    assert second.stdout.splitlines()[-1] == (
        f"Zhudian is already running on {running.var} (pid {running.pid}); "
        "stop it first, or name another folder in ZHUDIAN_VAR.")
    assert running.process.poll() is None


@pytest.mark.parametrize("name", CHILDREN)
def test_killing_any_child_stops_the_others_and_names_it(running: Running, name: str) -> None:
    family, victim = descendants(running.pid), child_named(running.pid, name)

    os.kill(victim, signal.SIGKILL)
    code, said = running.end()

    assert code == 1
    assert f"{name} (pid {victim}) ended by itself (killed by signal 9), so the others were stopped" in said
    assert len(family) >= len(CHILDREN)
    assert gone(family) == {}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_leave_no_child(running: Running, number: signal.Signals) -> None:
    family = descendants(running.pid)

    running.process.send_signal(number)
    code, said = running.end()

    assert code == 0
    assert said.splitlines()[-1] == f"Stopped ({number.name})."
    assert len(family) >= len(CHILDREN)
    assert gone(family) == {}
    assert "refused to gracefully stop" not in (running.var / "log" / "web.log").read_text()


def test_children_end_even_when_run_py_is_killed(running: Running) -> None:
    direct = {pid: words for pid, words in descendants(running.pid).items() if processes()[pid][0] == running.pid}

    running.process.kill()
    running.process.wait()

    assert len(direct) == len(CHILDREN)
    assert gone(direct) == {}


def test_a_taken_port_is_refused_in_one_sentence(environment: dict[str, str]) -> None:
    host, _, port = environment["ZHUDIAN_BIND"].partition(":")
    with socket.socket() as taken:
        taken.bind((host, int(port)))
        taken.listen()
        done = subprocess.run([sys.executable, "run.py"], cwd=REPO, env=environment, capture_output=True, text=True,
                              timeout=SECONDS, check=False)

    assert done.returncode == 1
    assert f"Zhudian cannot listen on {host}:{port}" in done.stdout.splitlines()[-1]
