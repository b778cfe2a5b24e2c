"""`zhudian explain`: answer case files without a database, a clock or the network (continuity.md §6)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from shared.directory import published
from shared.rules.case import Case, CaseInvalid, load
from shared.rules.explain import answer, differences, text_of
from shared.rules.load import Shipped

ANSWERED, INVALID, DIFFERENT = 0, 2, 3
STANDARD_INPUT = "-"


def explain(
    files: Sequence[str], write: Callable[[str], None], *, text: bool = False, meta: bool = False, check: bool = False
) -> int:
    """Answer each case file (`-` = standard input) and write one line for each; gives the highest exit code.

    0 answered; 2 a file is invalid or cannot be read: its mistakes as JSON; 3 `check` found a difference. `text` writes
    Chinese sentences instead; `meta` adds versions and local settings.
    """
    return max(_one(name, write, text=text, meta=meta, check=check) for name in files)


def _one(name: str, write: Callable[[str], None], *, text: bool, meta: bool, check: bool) -> int:
    try:
        case = _read(name)
    except OSError as error:
        write(_json({"errors": [{"path": name, "code": "unreadable", "message": f"读不到文件:{error.strerror}"}]}))
        return INVALID
    except CaseInvalid as error:
        write(_json({"errors": [problem.to_dict() for problem in error.problems]}))
        return INVALID
    found = answer(case, meta=meta)
    if check:
        wrong = differences(dict(case.expect or {}), json.loads(_json(found)))
        write(_json({"differences": wrong}))
        return DIFFERENT if wrong else ANSWERED
    write(text_of(found) if text else _json(found))
    return ANSWERED


def _read(name: str) -> Case:
    data = sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()
    beside = Path.cwd() if name == STANDARD_INPUT else Path(name).parent
    return load(data, Shipped(), published.calendar(), lambda file: (beside / file).read_bytes())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def main(arguments: Sequence[str]) -> int:
    """The command without the weight of all services: a whole start stays below 150 ms."""
    import argparse

    parser = argparse.ArgumentParser("zhudian explain", description="Answer case files: JSON, or Chinese text.")
    parser.add_argument("files", nargs="+", metavar="CASE.json", help="a case file; - reads standard input")
    parser.add_argument("--text", action="store_true", help="Chinese sentences instead of JSON")
    parser.add_argument("--meta", action="store_true", help="add versions and local settings")
    parser.add_argument("--check", action="store_true", help="compare with `expect`; exit 3 when it differs")
    given = parser.parse_args(arguments)
    return explain(given.files, print, text=given.text, meta=given.meta, check=given.check)
