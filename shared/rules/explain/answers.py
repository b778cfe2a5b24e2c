"""Answer every question of a case, in order, and tell what was noticed beside (continuity.md §6, §6.5). Pure."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from shared.rules.case.model import Case
from shared.rules.explain.ground import Ground
from shared.rules.explain.warnings import noticed

Answer = dict[str, Any]
_ANSWERED_IN = {
    "continuity": "service", "accumulate": "service", "coverage": "service", "due": "service", "day": "service",
    "quota": "counts", "month": "counts", "growth": "counts",
    "deadlines": "dates", "ban": "dates", "funding": "dates",
}  # fmt: skip
"""The module with the answer to each kind of question. Imported when asked: a short case needs few of them, and a start
that has to be quick should not wait for the rest."""


def answer(case: Case, *, meta: bool = False) -> Answer:
    """`{"answers": [...], "warnings": [...]}`, in the order of the questions; `meta` adds versions and local settings."""
    ground = Ground(case)
    answers = []
    for question in case.questions:
        module = import_module(f"shared.rules.explain.{_ANSWERED_IN[question.ask]}")
        answers.append({"ask": question.ask, **module.ANSWERS[question.ask](ground, question)})
    found: Answer = {"answers": answers, "warnings": noticed(ground, answers)}
    if meta:
        found["meta"] = {
            "rules_version": case.programme.sha256, "calendar_version": case.calendar.version,
            "calendar_years": sorted(case.calendar.complete_years), "local_settings": case.programme.local_settings(),
        }  # fmt: skip
    return found
