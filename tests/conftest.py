"""Fixtures every test may use: real databases, a real broker, a real browser, the whole suite as processes."""

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
