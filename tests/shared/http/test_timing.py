"""A foreign object takes as long to refuse as a missing one (S-02): interleaved, so that a busy machine meets both."""

import statistics
import time

from tests.shared.http.sample import sample_app, someone

CALLS, TRIES = 200, 3


def difference(client, headers) -> float:
    """How far the medians of both refusals lie apart, as a share of the larger one."""
    took: dict[str, list[float]] = {"blue": [], "none": []}
    for number in range(CALLS + 10):
        for name in took:
            started = time.perf_counter()
            assert client.get(f"/api/sample/things/{name}", headers=headers).status_code == 404
            if number >= 10:
                took[name].append(time.perf_counter() - started)
    foreign, missing = (statistics.median(times) for times in took.values())
    return abs(foreign - missing) / max(foreign, missing)


def test_foreign_and_missing_take_the_same_time(rt):
    client, headers = sample_app(rt).test_client(), someone(rt, "recipient_admin").bearer
    assert min(difference(client, headers) for _ in range(TRIES)) < 0.2  # a real difference shows every time
