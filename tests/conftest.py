"""Fixtures every test may use: real databases, a real broker, a real browser, the whole suite as processes."""

import pytest
from hypothesis import settings

settings.register_profile("zhudian", deadline=None)  # two busy cores: time says nothing about one example
settings.load_profile("zhudian")

pytest_plugins = [
    "tests.fixtures.postgres",
    "tests.fixtures.valkey",
    "tests.fixtures.browser",
    "tests.fixtures.stack",
    "tests.fixtures.runtime",
    "tests.fixtures.emulator",
]

LONGEST = ("tests/test_readme.py", "tests/web/test_gates.py", "tests/journeys/test_dying.py", "tests/test_run.py")
"""Files of more than a minute. A file stays in one process, so these begin first: at the end the other would wait."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Longest files first, the rest in the order of the tree."""
    items.sort(key=lambda item: LONGEST.index(file) if (file := item.nodeid.partition("::")[0]) in LONGEST else len(LONGEST))
