"""Each scene of a rule without a count, and each count at its threshold: the whole judgement, not only its value.

`whole.json` was written by the rules themselves and only partly read: it shows that a unit, sentence, group or detail
changed, and proves nothing right. Written anew, after reading the difference, with
`python -m tests.shared.rules.kinds.test_whole`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from shared.rules.inquiry import Inquiry
from shared.rules.kinds import evaluate
from tests.shared.rules.kinds import asked
from tests.shared.rules.kinds.scenes import SCENES

WHOLE = Path(__file__).with_name("whole.json")


def scenes(programme_id: str, rule_id: str) -> Iterator[Inquiry]:
    programme, rule = asked.rule_of(programme_id, rule_id)
    if rule.kind == "quota":
        yield asked.counted(programme, rule, rule.get("value"))
    elif rule.kind == "headcount":
        yield asked.in_post(programme, rule, rule.get("value"))
    else:
        yield from (inquiry for _, inquiry in SCENES[rule.kind](programme, rule))


def judged(programme_id: str, rule_id: str) -> list[dict[str, Any]]:
    """What each scene gives, without what is empty; long evidence and lines by their number and ends."""
    found: list[dict[str, Any]] = json.loads(json.dumps([asdict(evaluate(one)) for one in scenes(programme_id, rule_id)], default=str))
    return [{name: ends(value) for name, value in one.items() if value not in (None, "", [], {})} for one in found]


def ends(value: Any) -> Any:
    """A long list by its number and its ends."""
    return {"number": len(value), "ends": [value[0], value[-1]]} if isinstance(value, list) and len(value) > 8 else value


@pytest.mark.parametrize(("programme_id", "rule_id"), asked.RULES)
def test_nothing_of_a_judgement_changes_unseen(programme_id: str, rule_id: str) -> None:
    assert judged(programme_id, rule_id) == json.loads(WHOLE.read_text(encoding="utf-8"))[f"{programme_id} {rule_id}"]


def test_every_rule_is_kept() -> None:
    assert list(json.loads(WHOLE.read_text(encoding="utf-8"))) == [" ".join(one) for one in asked.RULES]


if __name__ == "__main__":
    lines = [f"{json.dumps(' '.join(one))}: {json.dumps(judged(*one), ensure_ascii=False)}" for one in asked.RULES]
    WHOLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
