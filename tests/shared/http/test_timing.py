"""A foreign object takes as long to refuse as a missing one (S-02): interleaved, so that a busy machine meets both."""

import statistics
import time

from tests.shared.http.sample import sample_app, someone

CALLS = 200


def test_foreign_and_missing_take_the_same_time(rt):
    client, headers = sample_app(rt).test_client(), someone(rt, "recipient_admin").bearer
    took: dict[str, list[float]] = {"blue": [], "none": []}
    for number in range(CALLS + 10):
        for name in took:
            started = time.perf_counter()
            assert client.get(f"/api/sample/things/{name}", headers=headers).status_code == 404
            if number >= 10:
                took[name].append(time.perf_counter() - started)
    foreign, missing = (statistics.median(times) for times in took.values())
    assert abs(foreign - missing) / max(foreign, missing) < 0.2
