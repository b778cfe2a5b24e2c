"""What a half-day and a diary may hold. Each check gives the mistakes as (field, reason), and stores nothing. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ACTIVITIES = (
    "ward_round", "teaching_round", "surgery_demo", "surgery_guided", "surgery_joined", "surgery_independent",
    "consultation", "remote_consultation", "difficult_case", "death_case", "rescue", "lecture", "training", "mentoring",
    "new_technique", "new_service", "free_clinic", "referral_up", "referral_down",
)  # fmt: skip
"""Activity kinds of domain.md §2; a closed list."""

TYPES = ("outpatient", *ACTIVITIES, "other")
MAX_VISITS = 500
MAX_COUNT = 500
MAX_PEOPLE = 5000
MAX_REFS = 20
MAX_PHOTOS = 9
MAX_ACTIVITIES = 20
MAX_TEXT = 4000
MAX_NOTES = 1000

REF_HINT = "只填编号,不要填患者姓名"
_REF = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z/-]{0,39})")

Mistake = tuple[str, str]


def half_day_mistakes(body: Mapping[str, Any]) -> Iterator[Mistake]:
    """Counts out of range, counts of the wrong type of work, record numbers that are no numbers."""
    outpatient = body.get("type", "outpatient") == "outpatient"
    if body.get("type", "outpatient") not in TYPES:
        yield "type", f"one of {', '.join(TYPES)}"
    if body["session"] not in ("am", "pm"):
        yield "session", "am or pm"
    if body.get("visits") is not None and not outpatient:
        yield "visits", "visits belong to outpatient half-days"
    if body.get("times") is not None and outpatient:
        yield "times", "an outpatient half-day has visits"
    yield from _number(body, "visits", 0, MAX_VISITS)
    yield from _number(body, "times", 0, MAX_COUNT)
    yield from _refs(body.get("record_ref"))


def diary_mistakes(body: Mapping[str, Any]) -> Iterator[Mistake]:
    """Activities outside the vocabulary or out of range, too many photos, photos without the declaration."""
    activities: Sequence[Mapping[str, Any]] = body.get("activities") or ()
    if len(activities) > MAX_ACTIVITIES:
        yield "activities", f"at most {MAX_ACTIVITIES}"
    for item in activities:
        if item["kind"] not in ACTIVITIES:
            yield "activities.kind", f"one of {', '.join(ACTIVITIES)}"
        yield from _number(item, "count", 1, MAX_COUNT)
        yield from _number(item, "people", 0, MAX_PEOPLE)
        yield from _refs(item.get("record_ref"))
    photos = body.get("photo_sha256") or ()
    if len(photos) > MAX_PHOTOS or len(set(photos)) != len(photos):
        yield "photo_sha256", f"at most {MAX_PHOTOS}, each once"
    if photos and body.get("declaration") is not True:
        yield "declaration", "photos need the declaration that no patient is shown"


def has_words(text: str) -> bool:
    """Whether somebody wrote something: at least one letter (Chinese or other); emoji, digits and blanks are none."""
    return any(unicodedata.category(character).startswith("L") for character in text)


def _number(body: Mapping[str, Any], name: str, least: int, most: int) -> Iterator[Mistake]:
    value = body.get(name)
    if value is not None and not least <= value <= most:
        yield name, f"{least} to {most}"


def _refs(refs: Sequence[str] | None) -> Iterator[Mistake]:
    if len(refs or ()) > MAX_REFS:
        yield "record_ref", f"at most {MAX_REFS}"
    if not all(_REF.fullmatch(ref) for ref in refs or ()):
        yield "record_ref", REF_HINT
