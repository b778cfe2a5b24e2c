"""All that is said of the golden cases, to the letter: `whole.json` keeps the answers and the Chinese text of each.

The expectation inside a golden case is worked out by hand and names the members that matter; this one was written by the
rules themselves and read through, so that no other member changes unseen. Written anew, after reading the difference, with
`python -m tests.shared.rules.explain.test_whole`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shared.rules.explain import answer
from shared.rules.explain.text import text_of
from tests.shared.rules.golden_cases import golden, names

WHOLE = Path(__file__).with_name("whole.json")


def said(name: str) -> dict[str, Any]:
    """The answers in JSON, and the lines of their text."""
    case = golden(name)
    return {
        "answers": json.loads(json.dumps(answer(case), default=float)),
        "text": text_of(answer(case), case.programme).splitlines(),
    }


@pytest.mark.parametrize("name", names())
def test_nothing_that_is_said_of_a_golden_case_changes_unseen(name: str) -> None:
    assert said(name) == json.loads(WHOLE.read_text(encoding="utf-8"))[name]


def test_every_golden_case_is_kept() -> None:
    assert list(json.loads(WHOLE.read_text(encoding="utf-8"))) == list(names())


if __name__ == "__main__":
    lines = [f"{json.dumps(name)}: {json.dumps(said(name), ensure_ascii=False)}" for name in names()]
    WHOLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
