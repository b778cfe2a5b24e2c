"""Fixtures every test may use: real databases, a real broker, a real browser, the whole suite as processes."""

pytest_plugins = [
    "tests.fixtures.postgres",
    "tests.fixtures.valkey",
    "tests.fixtures.browser",
    "tests.fixtures.stack",
    "tests.fixtures.runtime",
]
