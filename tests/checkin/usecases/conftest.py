"""Use cases run in the small world on SQLite."""

import pytest

from shared.service import Runtime
from tests.checkin.scene import world


@pytest.fixture
def rt(rt: Runtime) -> Runtime:
    """The runtime with the small world in it."""
    world(rt)
    return rt
