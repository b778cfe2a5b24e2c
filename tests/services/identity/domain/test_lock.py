"""Five failures within fifteen minutes lock for fifteen minutes after the fifth."""

import datetime as dt

import pytest

from services.identity.domain.lock import locked_for

NOW = dt.datetime(2026, 11, 2, 8, 0, tzinfo=dt.UTC)


def ago(*minutes: float) -> list[dt.datetime]:
    return [NOW - dt.timedelta(minutes=m) for m in minutes]


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        (ago(), 0),
        (ago(1, 2, 3, 4), 0),  # four are not five
        (ago(1, 2, 3, 4, 5), 840),
        (ago(0, 0, 0, 0, 0), 900),
        (ago(1, 2, 3, 4, 16), 840),  # fifteen minutes between first and fifth: still within the window
        (ago(1, 2, 3, 4, 16.1), 0),  # spread over more than the window
        (ago(14.99, 15, 15, 15, 16), 1),  # never 0 while locked
        (ago(15, 16, 17, 18, 19), 0),  # the lock is over
    ],
)
def test_locked_for(failures, seconds):
    assert locked_for(failures, NOW) == seconds
