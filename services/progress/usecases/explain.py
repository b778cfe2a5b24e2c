"""`zhudian explain`: answer case files without a database, a clock or the network (continuity.md §6)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from shared.directory import published
from shared.rules.case import Case, CaseInvalid, CaseProblem, load
from shared.rules.load import Shipped

ANSWERED, INVALID, DIFFERENT = 0, 2, 3
STANDARD_INPUT = "-"


def explain(
    files: Sequence[str], write: Callable[[str], None], *, text: bool = False, meta: bool = False, check: bool = False
) -> int:
    """Answer each case file (`-` = standard input) and write one line for each; gives the exit code.

    0 answered; 2 a file is invalid or cannot be read: its problems as JSON; 3 `check` found a difference (and no file is
    invalid). `text` writes Chinese sentences instead; `meta` adds versions and local settings.
    """
    codes = [_one(name, write, text=text, meta=meta, check=check) for name in files]
    return INVALID if INVALID in codes else max(codes)


def _one(name: str, write: Callable[[str], None], *, text: bool, meta: bool, check: bool) -> int:
    from shared.rules.explain import answer, differences

    try:
        case = _read(name, expected=check)
    except (OSError, ValueError) as error:
        write(_json({"errors": [problem.to_dict() for problem in _problems(name, error)]}))
        return INVALID
    found = answer(case, meta=meta)
    if check:
        wrong = differences(dict(case.expect or {}), json.loads(_json(found)))
        write(_json({"differences": wrong}))
        return DIFFERENT if wrong else ANSWERED
    write(_sentences(found, case) if text else _json(found))
    return ANSWERED


def _problems(name: str, error: Exception) -> Sequence[CaseProblem]:
    if isinstance(error, CaseInvalid):
        return error.problems
    if isinstance(error, OSError):
        return [CaseProblem("", "file_unreadable", f"读不到文件“{name}”")]
    raise error


def _read(name: str, *, expected: bool) -> Case:
    data = sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()
    beside = Path() if name == STANDARD_INPUT else Path(name).parent
    return load(data, Shipped(), published.calendar(), lambda file: (beside / file).read_bytes(), expected=expected)


def _sentences(found: dict[str, Any], case: Case) -> str:
    from shared.rules.explain.text import text_of

    return text_of(found, case.programme)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=float)  # of an expectation: what was read exactly


def main(arguments: Sequence[str]) -> int:
    """The command without the weight of all services: a whole start stays below 150 ms."""
    import argparse

    parser = argparse.ArgumentParser("zhudian explain", description="Answer case files: JSON, or Chinese text.")
    parser.add_argument("files", nargs="+", metavar="CASE.json", help="a case file; - reads standard input")
    parser.add_argument("--text", action="store_true", help="Chinese sentences instead of JSON")
    parser.add_argument("--meta", action="store_true", help="add versions and local settings")
    parser.add_argument("--check", action="store_true", help="compare with `expect`; exit 3 when it differs")
    given = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")  # whatever the terminal says: the answer is UTF-8
    return explain(given.files, print, text=given.text, meta=given.meta, check=given.check)
