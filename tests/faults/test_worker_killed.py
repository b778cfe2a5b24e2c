"""F4: SIGKILL of the worker in the middle of a roll-up. Nothing half-done stays, another worker completes it once."""

import datetime as dt

import pytest

from tests.faults.conftest import DAY, gone, wait_until

STARTED, STOPPED_AT = '"event": "job.start"', '"event": "failpoint.reached"'


def test_a_roll_up_whose_worker_is_killed_is_completed_once_by_another(site):
    site.stack.env["ZHUDIAN_FAILPOINT"] = "job.before_commit:hang"
    site.stack.start("worker")
    message = site.tap(DAY)
    assert site.relay() == 1
    wait_until(lambda: STOPPED_AT in site.log("worker"), "the job reached its last line before COMMIT")
    lines = [line for line in site.log("worker").splitlines() if message in line]
    assert any(STARTED in line for line in lines), "the fault must hit a job that had started"
    assert not any('"event": "job.done"' in line for line in lines)

    pid = site.stack.pids["worker"]
    assert site.stack.kill("worker") == -9
    assert gone(pid)
    assert (site.folded(), site.receipts([message]), site.told()) == ([], 0, 0), "the half-done effect is not there"
    assert site.messages([message])[message] == ("open", 1)

    del site.stack.env["ZHUDIAN_FAILPOINT"]
    site.stack.start("worker")
    site.stack.start("ticker")
    wait_until(lambda: site.all_done([message]), "the other worker completed the roll-up")
    assert (site.folded(), site.receipts([message]), site.told()) == ([DAY], 1, 1)
    assert site.messages([message])[message][1] >= 2


@pytest.mark.slow_fault
def test_a_relay_killed_between_lease_and_publication_loses_nothing(small_site):
    """F3, both sides of the publication."""
    site = small_site
    messages = [site.tap(DAY + dt.timedelta(days=number)) for number in range(3)]
    for place in ("relay.before_publish", "relay.after_publish"):
        site.stack.env["ZHUDIAN_FAILPOINT"] = f"{place}:kill"
        site.stack.start("ticker")
        ticker = site.stack.fleet.children["ticker"]
        wait_until(lambda ticker=ticker: ticker.poll() is not None, f"the ticker was killed at {place}")
        assert ticker.returncode == -9
        assert f'"failpoint": "{place}"' in site.log("ticker")
        del site.stack.fleet.children["ticker"]
    assert all(state == "open" for state, _ in site.messages(messages).values())
    del site.stack.env["ZHUDIAN_FAILPOINT"]
    site.stack.start("worker")
    site.stack.start("ticker")
    wait_until(lambda: site.all_done(messages), "every message was worked")
    assert site.receipts(messages) == 3
    assert site.told() == 3
