"""What may be written down, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from services.worklog.domain.entries import ACTIVITIES, diary_mistakes, half_day_mistakes, has_words

HALF_DAY = {"session": "am", "visits": 12, "record_ref": ["MZ20261"]}
DIARY = {"text": "查房", "activities": [{"kind": "ward_round", "count": 1, "people": 3, "record_ref": ["ZY/2026-1"]}]}
HASHES = [f"{n:064x}" for n in range(10)]


@pytest.mark.parametrize(("change", "field"), [
    ({}, None), ({"visits": None}, None), ({"visits": 0}, None), ({"visits": 500}, None),
    ({"visits": 501}, "visits"), ({"visits": -1}, "visits"),
    ({"session": "night"}, "session"), ({"type": "holiday"}, "type"),
    ({"type": "ward_round", "visits": None, "times": 2}, None), ({"type": "ward_round"}, "visits"),
    ({"times": 1}, "times"), ({"type": "ward_round", "visits": None, "times": 501}, "times"),
    ({"record_ref": None}, None), ({"record_ref": ["A-1/2"]}, None), ({"record_ref": [str(n) for n in range(20)]}, None),
    ({"record_ref": [str(n) for n in range(21)]}, "record_ref"), ({"record_ref": ["x" * 41]}, "record_ref"),
    ({"record_ref": ["张三"]}, "record_ref"), ({"record_ref": ["MZ1 张三"]}, "record_ref"), ({"record_ref": [""]}, "record_ref"),
    ({"record_ref": ["MZ1", "a b"]}, "record_ref"), ({"record_ref": ["-1"]}, "record_ref"), ({"record_ref": ["MZ\n"]}, "record_ref"),
    ({"record_ref": ["１２３"]}, "record_ref"),
])  # fmt: skip
def test_half_day(change: dict[str, Any], field: str | None) -> None:
    assert next((name for name, _ in half_day_mistakes({**HALF_DAY, **change})), None) == field


def activity(**change: Any) -> dict[str, Any]:
    return {"activities": [{"kind": "ward_round", "count": 1, **change}]}


@pytest.mark.parametrize(("change", "field"), [
    ({}, None), ({"activities": None}, None), ({"activities": []}, None),
    *((activity(kind=kind), None) for kind in ACTIVITIES),
    (activity(kind="nap"), "activities.kind"), (activity(count=0), "count"), (activity(count=501), "count"),
    (activity(count=None), None), (activity(people=-1), "people"), (activity(people=5001), "people"),
    (activity(record_ref=["李四"]), "record_ref"), ({"activities": [activity()["activities"][0]] * 21}, "activities"),
    ({"photo_sha256": HASHES[:9], "declaration": True}, None), ({"photo_sha256": HASHES, "declaration": True}, "photo_sha256"),
    ({"photo_sha256": [HASHES[0]] * 2, "declaration": True}, "photo_sha256"),
    ({"photo_sha256": HASHES[:1]}, "declaration"), ({"photo_sha256": HASHES[:1], "declaration": False}, "declaration"),
    ({"photo_sha256": [], "declaration": False}, None),
])  # fmt: skip
def test_diary(change: dict[str, Any], field: str | None) -> None:
    assert next((name for name, _ in diary_mistakes({**DIARY, **change})), None) == field


@pytest.mark.parametrize(("text", "words"), [
    ("上午出门诊", True), ("ok", True), ("👍 好", True), ("", False), ("  \n\t", False), ("👍👍", False), ("👩‍⚕️", False),
    ("1️⃣2️⃣", False), ("🇨🇳", False), ("123", False), ("。。。", False), ("❤️", False), ("\u200b\u200d", False), ("㊗️", False),
])  # fmt: skip
def test_a_diary_needs_words(text: str, words: bool) -> None:
    assert has_words(text) is words
