"""Case files written in tests: what they answer, or what is wrong with them."""

from __future__ import annotations

import json
from typing import Any

from shared.rules.case import Case, CaseInvalid
from shared.rules.explain import answer
from tests.shared.rules.golden_cases import read

POSTING: dict[str, Any] = {"start": "2026-03-02", "end": "2026-09-30"}
MONDAY = "2026-04-13"
DUE: dict[str, Any] = {"ask": "due", "start": "2026-01-01", "months": 6}


def case(**keys: Any) -> dict[str, Any]:
    """A valid case of one posting with one question, with some keys put in their place."""
    return {"programme": "zhongzhan-2021", "postings": [POSTING], "questions": [DUE], **keys}


def made(**keys: Any) -> Case:
    """A valid case as it is read."""
    return read(json.dumps(case(**keys)).encode())


def explained(**keys: Any) -> dict[str, Any]:
    """What a valid case is answered."""
    found: dict[str, Any] = json.loads(json.dumps(answer(made(**keys))))
    return found


def wrong(text: bytes) -> list[tuple[str, str]]:
    """(path, code) of every problem of a file, in the order given."""
    try:
        read(text)
    except CaseInvalid as error:
        problems = error.problems
    else:
        problems = ()
    assert all(any("一" <= letter <= "鿿" for letter in problem.message) for problem in problems)
    return [(problem.path, problem.code) for problem in problems]


def refused(**keys: Any) -> list[tuple[str, str]]:
    """(path, code) of every problem of a case."""
    return wrong(json.dumps(case(**keys)).encode())


def halves(date: str, **keys: Any) -> list[tuple[str, str | None]]:
    """(status, clinic) of the morning and the afternoon of a date."""
    question = {"ask": "day", "date": date, **({"doctor": keys.pop("doctor")} if "doctor" in keys else {})}
    sessions = explained(**keys, questions=[question])["answers"][0]["sessions"]
    return [(one["status"], one["clinic"]) for one in sessions]


def reasons(**keys: Any) -> list[tuple[str, str, str, str]]:
    """(from, status, reason, effect) of every line of half-days that were not attended."""
    lines = explained(**keys, questions=[{"ask": "continuity", "rule": "ZZ-37"}])["answers"][0]["lines"]
    return [(line["from"], line["status"], line["reason"], line["effect"]) for line in lines]


def scan(came: str | None, left: str | None, **keys: Any) -> dict[str, Any]:
    """A pair of taps on that Monday, or half of one."""
    return {"kind": "scan", "date": MONDAY, "in": came, "out": left, **keys}


def correction(**keys: Any) -> dict[str, Any]:
    """A request about that Monday, filed on the next morning."""
    return {"kind": "correction", "date": MONDAY, "filed_at": "2026-04-14T09:00", **keys}
