"""Does a test notice when `shared/rules` is wrong? A seeded sample of small faults, each judged by the tests.

    python -m tests.mutation [--sample 400] [--seed 1] [--module accumulate]

Prints killed and survived mutants, with the share per module, and keeps them as JSON under var/mutation/. The sample takes
turns between the modules, so a small one counts as much as a large one. The tree is never edited: the warm process has
imported and collected every test, forks for each mutant and swaps the code of the one function; a mutant of what runs while
modules are imported (constants, defaults, everything tests call while they are collected) is imported afresh in a cold fork.
A warm mutant is judged by the tests that enter its function, quickest first: no other can tell it apart, but for one that
reads a cached value, and such a mutant counts as survived. A mutant that outlasts its time counts as killed.

Not mutated: text with Chinese characters and the fixed pieces of f-strings, where only the wording would change; docstrings
and annotations; `__all__`; `zip(strict=)`, which guards against a fault inside; and EQUIVALENT, mutants that change nothing.

mutmut 3.8 and cosmic-ray 8.7 were looked at: neither draws a sample nor takes a seed, the former mutates no constants of a
module, the latter writes each mutant into the tree and starts pytest, a second of imports, for each.
"""

from __future__ import annotations

import argparse
import gc
import importlib.abc
import importlib.machinery
import json
import os
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from functools import partial
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import pytest

from tests.mutation.mutants import Mutant, Place, mutants_of

REPO = Path(__file__).resolve().parents[2]
RULES = REPO / "shared" / "rules"
TESTS = ("tests/shared/rules", "tests/shared/progress")
LONGEST = "test_properties.py"
"""Too long to be run once more for each mutant."""
OPTIONS = ("-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore", "--hypothesis-seed=0",
           f"--ignore=tests/shared/rules/{LONGEST}")  # fmt: skip
SECONDS, COLD_SECONDS, MEMORY = 60, 180, 4 << 30
EQUIVALENT: dict[str, str] = {}
"""`path: before -> after` of mutants that no test can tell apart, each with its reason."""
PARTS = ("_hypothesis_pytestplugin", "hypothesis", "schemathesis.pytest.plugin", "faker", "polyfactory", "time_machine", "xdist",
         "pydantic", "sqlalchemy", "structlog", "playwright.sync_api", "redis", "shared.calendar")  # fmt: skip
"""Imported once, before every fork: none of them knows the rules."""


class Warm:
    """A pytest plugin that judges mutants instead of running the tests it has collected."""

    def __init__(self, sample: list[Mutant]) -> None:
        self.sample, self.verdicts = sample, dict[int, str]()
        self.seconds: dict[str, float] = {}
        self.entered: set[CodeType] = set()
        sys.setprofile(self.note)

    def note(self, frame: FrameType, event: str, _: object) -> None:
        """Remember whatever is entered: called millions of times, so it asks nothing."""
        if event == "call":
            self.entered.add(frame.f_code)

    def places(self) -> set[Place]:
        """The functions of the rules among what was entered since the last time."""
        found = {(one.co_filename, one.co_firstlineno) for one in self.entered if one.co_filename.startswith(f"{RULES}/")}
        self.entered = set()
        return found

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The first failing test kills."""
        if report.failed:
            os._exit(1)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Measure every test once, then judge each mutant by those that enter its function."""
        sys.setprofile(None)
        cold = self.places()
        places = [(seconds, {(file, line) for file, line in found}) for seconds, found in self.measured(session)]
        self.seconds = {item.nodeid: seconds for item, (seconds, _) in zip(session.items, places, strict=True)}
        functions = defaultdict(list)
        for one in gc.get_objects():
            if isinstance(one, FunctionType):
                functions[one.__code__.co_filename, one.__code__.co_firstlineno, one.__code__.co_qualname].append(one)
        gc.freeze()
        for place, mutant in enumerate(self.sample):
            if mutant.owner is None or mutant.owner in cold or mutant.inside & cold:
                continue
            chosen = sorted(
                (seconds, number) for number, (seconds, found) in enumerate(places) if found & mutant.inside
            )
            tests = [session.items[number] for _, number in chosen]
            self.verdicts[place] = judged(partial(run, mutant, tests, functions), max(SECONDS, 3 * sum(took for took, _ in chosen)))
            say(mutant, self.verdicts[place])
        return True

    def measured(self, session: pytest.Session) -> list[tuple[float, list[Place]]]:
        """Seconds and entered functions of every test, measured in a fork so that no cache is filled here."""
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as file:

            def measure() -> None:
                found = []
                for number, item in enumerate(session.items):
                    started = time.perf_counter()
                    sys.setprofile(self.note)
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=(*session.items, None)[number + 1])
                    sys.setprofile(None)
                    found.append((time.perf_counter() - started, sorted(self.places())))
                Path(file.name).write_text(json.dumps(found), encoding="utf-8")

            if judged(measure, 10 * COLD_SECONDS) != "survived":
                raise SystemExit("the tests do not pass as they are: nothing can be said about mutants")
            return json.load(file)


class Quickest:
    """A pytest plugin that runs the tests in the order of their measured seconds: most faults fall to a quick one."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds = seconds

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """One that was never measured comes first."""
        items.sort(key=lambda item: self.seconds.get(item.nodeid, 0.0))


class Shadow(importlib.abc.MetaPathFinder):
    """Gives one module of the rules with its mutant, every other one as it is."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self, name: str, path: Any, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The mutated module under the address of the real one."""
        spec = importlib.machinery.PathFinder.find_spec(name, path) if name.startswith("shared.rules") else None
        if spec is None or spec.origin != str(self.mutant.path):
            return None
        code = self.mutant.code()
        spec.loader = type("Mutated", (importlib.machinery.SourceFileLoader,), {"get_code": lambda *_: code})(
            name, spec.origin
        )
        return spec


def judged(act: Any, seconds: float) -> str:
    """What becomes of an act in a fork: survived when it ends well, else killed, also by time or memory."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.setitimer(signal.ITIMER_REAL, seconds)  # ends the process: nobody catches SIGALRM
        try:
            act()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return "survived" if os.waitpid(child, 0)[1] == 0 else "killed"


def run(mutant: Mutant, tests: list[pytest.Item], functions: dict[Any, list[FunctionType]]) -> None:
    """Swap the code of the mutated function and run these tests; a failing one ends the process."""
    assert mutant.owner is not None
    waiting: list[CodeType] = [mutant.code()]
    while waiting:
        code = waiting.pop()
        if (code.co_filename, code.co_firstlineno) == mutant.owner:
            for function in functions[code.co_filename, code.co_firstlineno, code.co_qualname]:
                function.__code__ = code
            break
        waiting += [one for one in code.co_consts if isinstance(one, CodeType)]
    for number, item in enumerate(tests):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=(*tests, None)[number + 1])


def cold(mutant: Mutant, seconds: dict[str, float]) -> str:
    """Import everything anew with the mutant: the tests that mirror its module, those beside them, then all; quickest first."""

    def act(paths: tuple[str, ...]) -> None:
        sys.meta_path.insert(0, Shadow(mutant))
        os._exit(int(pytest.main([*OPTIONS, "-x", *paths], plugins=[Quickest(seconds)])))

    name = mutant.path.relative_to(RULES)
    mirror = Path(TESTS[0]) / name.with_name(f"test_{name.name}")
    beside = tuple(str(one) for one in sorted(mirror.parent.glob("test_*.py")) if one.name != LONGEST)
    stages = [(str(mirror),) if mirror.exists() else (), beside, TESTS]
    limit = max(COLD_SECONDS, 3 * sum(seconds.values()))
    return "killed" if any(paths and judged(partial(act, paths), limit) == "killed" for paths in stages) else "survived"


def say(mutant: Mutant, verdict: str) -> None:
    """One line for each mutant."""
    print(
        f"{verdict:8} {mutant.path.relative_to(REPO)}:{mutant.line} [{mutant.kind}] {mutant.before} -> {mutant.after}",
        flush=True,
    )


def drawn(sample: int, seed: int, module: str | None) -> list[Mutant]:
    """That many mutants, one of each module in turn; a module that has run out is passed over."""
    chance, piles = random.Random(seed), []
    for path in sorted(RULES.rglob("*.py")):
        name = ".".join(path.relative_to(RULES).with_suffix("").parts)
        if module in (None, name):
            pile = [
                one
                for one in mutants_of(path)
                if f"{path.relative_to(REPO)}: {one.before} -> {one.after}" not in EQUIVALENT
            ]
            piles.append(chance.sample(pile, len(pile)))
    turns = [pile[turn] for turn in range(max(map(len, piles), default=0)) for pile in piles if turn < len(pile)]
    return turns[:sample]


def report(seed: int, judgements: list[tuple[Mutant, str]]) -> int:
    """Print the share of every module and keep all of it under var/mutation/; 0 when at least nine in ten are killed."""
    modules: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant, verdict in judgements:
        modules[str(mutant.path.relative_to(REPO))][verdict] += 1
    for name, found in sorted(modules.items()):
        print(f"{found['killed']:4} of {found.total():4}  {name}")
    killed = sum(verdict == "killed" for _, verdict in judgements)
    print(f"{killed} of {len(judgements)} killed, {100 * killed / max(len(judgements), 1):.1f} %, seed {seed}")
    target = REPO / "var" / "mutation" / f"{seed}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"file": str(one.path.relative_to(REPO)), "line": one.line, "kind": one.kind, "before": one.before, "after": one.after,
             "verdict": verdict} for one, verdict in judgements]  # fmt: skip
    figures = {
        "seed": seed,
        "killed": killed,
        "of": len(judgements),
        "modules": {name: dict(n) for name, n in modules.items()},
    }
    target.write_text(json.dumps({**figures, "mutants": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if killed >= 0.9 * len(judgements) else 1


def main() -> int:
    """Judge a sample; 0 when at least nine in ten are killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--module", help="one module below shared.rules, for instance kinds.quantity")
    asked = parser.parse_args()
    os.chdir(REPO)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp()
    for part in PARTS:
        importlib.import_module(part)
    sample = drawn(asked.sample, asked.seed, asked.module)
    if not sample:
        parser.error(f"no mutant of {asked.module or 'any module'}")
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as file:
        child = os.fork()
        if child == 0:
            warm = Warm(sample)
            code = pytest.main([*OPTIONS, *TESTS], plugins=[warm])
            Path(file.name).write_text(json.dumps([warm.verdicts, warm.seconds]), encoding="utf-8")
            os._exit(int(code))
        if os.waitpid(child, 0)[1]:
            raise SystemExit("the tests do not pass as they are: nothing can be said about mutants")
        told, seconds = json.load(file)
    verdicts = {int(number): verdict for number, verdict in told.items()}
    for number, mutant in enumerate(sample):
        if number not in verdicts:
            verdicts[number] = cold(mutant, seconds)
            say(mutant, verdicts[number])
    return report(asked.seed, [(mutant, verdicts[number]) for number, mutant in enumerate(sample)])


if __name__ == "__main__":
    sys.exit(main())
