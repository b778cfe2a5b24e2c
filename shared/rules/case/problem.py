"""Everything that is wrong with a case file, gathered and given once, in the order of the file. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_LAST_STEP = re.compile(r"(\.[^.\[\]]*|\[\d+\])\Z")


@dataclass(frozen=True)
class CaseProblem:
    """One problem: path such as `events[2].from`, code of continuity.md §6.7, Chinese message, and rule-file problems."""

    path: str
    code: str
    message: str
    details: tuple[Mapping[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON form; `details` only where there are some."""
        told = {"path": self.path, "code": self.code, "message": self.message}
        return {**told, "details": [dict(item) for item in self.details]} if self.details else told


class CaseInvalid(ValueError):
    """A case is not calculated because of `problems`: all of them, in the order of the file."""

    def __init__(self, problems: Iterable[CaseProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{item.path}: {item.code}: {item.message}" for item in self.problems))


@dataclass
class Problems:
    """Collects while a case is read."""

    found: list[CaseProblem] = field(default_factory=list)

    def add(self, path: str, code: str, message: str, details: Iterable[Mapping[str, str]] = ()) -> None:
        """Note a problem; the same one is noted once."""
        problem = CaseProblem(path, code, message, tuple(details))
        if problem not in self.found:
            self.found.append(problem)

    def at(self, path: str) -> bool:
        """Whether something at this place, or in what lies under it, is already known to be wrong."""
        return any(p.path == path or p.path.startswith((f"{path}.", f"{path}[")) for p in self.found)


def in_order(found: Iterable[CaseProblem], document: Any) -> list[CaseProblem]:
    """Sort by place in the file; what is missing stands where the object that misses it begins."""
    places: dict[str, int] = {}
    _walk(document, places)

    def place(problem: CaseProblem) -> int:
        path = problem.path
        while path not in places:
            path = _LAST_STEP.sub("", path) if _LAST_STEP.search(path) else ""
        return places[path]

    return sorted(found, key=place)


def _walk(document: Any, places: dict[str, int]) -> None:
    """Number every path in the order of the file; without recursion, for a file may be nested deeply."""
    ahead: list[tuple[str, Any]] = [("", document)]
    while ahead:
        path, value = ahead.pop()
        places.setdefault(path, len(places))
        if isinstance(value, dict):
            ahead += [(join(path, key), inner) for key, inner in reversed(value.items())]
        elif isinstance(value, list):
            ahead += [(f"{path}[{index}]", value[index]) for index in reversed(range(len(value)))]


def join(path: str, key: str) -> str:
    """The path of a key below a path."""
    return f"{path}.{key}" if path else key
