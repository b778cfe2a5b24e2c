"""All that is said of the golden cases and some more: `whole.json` keeps the answers and the Chinese text of each.

The expectation inside a golden case is worked out by hand. This file was written by the rules themselves and only partly
read: it shows that something changed, and proves nothing right. Written anew, after reading the difference, with
`python -m tests.shared.rules.explain.test_whole`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shared.rules.explain import answer
from shared.rules.explain.text import text_of
from tests.shared.rules.case_files import case as written
from tests.shared.rules.golden_cases import golden, names, read

WHOLE = Path(__file__).with_name("whole.json")
SEAT = [{"id": "P1", "doctor": "D1", "seat": "S", "start": "2026-03-02", "end": "2026-06-30"},
        {"id": "P2", "doctor": "D2", "seat": "S", "start": "2026-07-02", "end": "2026-09-30"}]  # fmt: skip
RUMOUR = {"kind": "finding", "trigger": "falsification_confirmed", "decision": "suspected", "officer": "经办人甲"}
LEAVE = {"kind": "leave", "doctor": "D1", "from": "2026-04-13", "to": "2026-04-14"}
STAND_IN = {"kind": "substitute", "seat": "S", "doctor": "D2", "for": "D1", "date": "2026-04-13", "half": "am"}
TRAINING = [{"kind": "item", "date": f"2026-04-{day}", "metric": "trainings", "title": title, "channel": channel}
            for day, title, channel in (("13", "心电图", "onsite"), ("14", "心电图", "remote"), ("15", "超声", "onsite"))]  # fmt: skip
CASES: dict[str, dict[str, Any]] = {
    "nobody banned": {"events": [RUMOUR], "questions": [{"ask": "ban", "rule": "ZZ-42"}]},
    "a seat handed over a day late": {"postings": SEAT, "questions": [
        {"ask": "continuity", "months": 3, "scope": "team_slot", "seat": "S"}, {"ask": "coverage", "seat": "S"},
        {"ask": "coverage", "seat": "S", "from": "2026-06-29", "to": "2026-07-03"}]},
    "a morning stood in for": {"postings": SEAT, "events": [LEAVE, STAND_IN], "questions": [
        {"ask": "coverage", "seat": "S"}, {"ask": "day", "doctor": "D1", "date": "2026-04-13"},
        {"ask": "continuity", "months": 6, "scope": "team_slot", "seat": "S"}]},
    "trainings with titles": {"events": TRAINING, "questions": [
        {"ask": "quota", "rule": "ZZ-12", "period": "2026-04"}, {"ask": "quota", "rule": "ZZ-12", "period": "2026-05"}]},
    "a rule's own month": {"questions": [{"ask": "month", "rule": "ZZ-13", "period": "2026-04"}]},
    "deadlines": {"questions": [{"ask": "deadlines", "rule": "ZZ-26", "posting": "P1"}, {"ask": "deadlines", "rule": "ZZ-27", "year": 2026},
                                {"ask": "deadlines", "rule": "ZZ-39", "on": "2026-11-18"}]},
    "months in all": {"postings": SEAT, "questions": [{"ask": "accumulate", "rule": "ZZ-04", "doctor": "D1"},
                                                      {"ask": "continuity", "rule": "ZZ-37", "doctor": "D2"}]},
    "half-days in doubt": {"postings": SEAT, "events": [{"kind": "absent", "doctor": "D2", "from": "2026-09-01", "to": "2026-09-02"}],
                           "as_of": "2026-09-03T18:00", "questions": [
        {"ask": "coverage", "seat": "S"}, {"ask": "continuity", "rule": "ZZ-37", "doctor": "D2"},
        {"ask": "accumulate", "rule": "ZZ-04", "doctor": "D2"}, {"ask": "day", "doctor": "D2", "date": "2026-09-02"}]},
}  # fmt: skip
"""What no golden case asks, in the words of a case file."""
NAMES = (*names(), *CASES)


def said(name: str) -> dict[str, Any]:
    """The answers in JSON, and the lines of their text."""
    case = read(json.dumps(written(**CASES[name])).encode()) if name in CASES else golden(name)
    return {
        "answers": json.loads(json.dumps(answer(case), default=float)),
        "text": text_of(answer(case), case.programme).splitlines(),
    }


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_is_said_of_a_golden_case_changes_unseen(name: str) -> None:
    assert said(name) == json.loads(WHOLE.read_text(encoding="utf-8"))[name]


def test_every_golden_case_is_kept() -> None:
    assert list(json.loads(WHOLE.read_text(encoding="utf-8"))) == list(NAMES)


if __name__ == "__main__":
    lines = [f"{json.dumps(name)}: {json.dumps(said(name), ensure_ascii=False)}" for name in NAMES]
    WHOLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
