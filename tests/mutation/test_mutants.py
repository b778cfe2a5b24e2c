"""Which faults are made of a text, and that the changed file does what the mutant says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.mutation.mutants import mutants_of

TEXT = '''"""A module."""
LIMIT = 3

def owed(days: int, rest: bool = False) -> int:
    """Half-days owed."""
    if rest:
        return 0
    if days > LIMIT and not rest:
        raise ValueError("太多", f"of {days}")
    return days * 2
'''


def written(tmp_path: Path) -> Path:
    path = tmp_path / "one.py"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_every_kind_of_fault_is_made_and_wording_is_left_alone(tmp_path):
    found = mutants_of(written(tmp_path))
    assert Counter((one.kind, one.line) for one in found) == {
        ("constant", 2): 1, ("constant", 4): 1, ("deleted", 6): 1, ("boolean", 6): 1, ("return-None", 7): 1, ("constant", 7): 1,
        ("deleted", 8): 1, ("boolean", 8): 2, ("comparison", 8): 1, ("boundary", 8): 1, ("deleted", 9): 1,
        ("return-None", 10): 1, ("arithmetic", 10): 1, ("constant", 10): 1,
    }  # fmt: skip


def test_constants_and_defaults_belong_to_no_function(tmp_path):
    assert {one.line for one in mutants_of(written(tmp_path)) if one.owner is None} == {2, 4}


def test_the_code_of_a_mutant_does_what_it_says(tmp_path):
    path = written(tmp_path)
    (index,) = [number for number, one in enumerate(mutants_of(path)) if one.kind == "arithmetic"]
    for number, expected in ((None, 6), (index, 1)):
        names: dict = {}
        exec(compile(TEXT, str(path), "exec") if number is None else mutants_of(path)[number].code(), names)
        assert names["owed"](3) == expected
    assert path.read_text(encoding="utf-8") == TEXT
