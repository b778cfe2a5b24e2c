"""What nobody knows: timeouts after the platform took it, workers that die between call and mark, a broker that is away."""

import dataclasses
import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from notifier.models import Delivery
from notifier.usecases import delivering
from shared import clock
from shared.outbox.failpoint import FailpointRaised
from tests.emulators.wechat.state import Fault
from tests.notifier.channels.conftest import Post

SEND = "/cgi-bin/message/send"
REPOSITORY = Path(__file__).resolve().parents[3]
WORK = """
import datetime as dt, os, sys
from notifier.actors import JOBS
from services.suite import composition
from shared import outbox
from tests.fixtures.runtime import import_all_models
import_all_models()
at = dt.datetime.fromisoformat(sys.argv[1])
outbox.drain(composition.runtime(), {job.name: job for job in JOBS}, clock_now=at)
"""


def test_a_timeout_after_it_was_taken_pushes_nobody_twice(connected, wechat):
    post = Post(connected(HTTP_READ_TIMEOUT="0.4"), wechat)
    post.person("d", "wecom", "oa", "mail")
    wechat.state.faults.append(Fault(SEND, 1, {"sleep": 0.8}))
    post.remind("d")
    post.work()
    assert post.states() == {("wecom", "unknown"): 1}
    assert post.arrived() == {"U-d": 1}, "the platform had taken it"
    post.work(32)
    assert post.states() == {("wecom", "accepted"): 1}, "the repeat was told apart by its bytes, and no other channel was used"
    assert post.arrived() == {"U-d": 1}
    assert wechat.state.suppressed == 1
    first, second = (call["body"] for call in wechat.calls(SEND))
    assert first == second


def test_silence_three_times_is_given_up_and_shown(connected, wechat):
    post = Post(connected(HTTP_READ_TIMEOUT="0.3"), wechat)
    post.person("d", "wecom", "mail")
    wechat.state.faults.append(Fault(SEND, 9, {"sleep": 0.5}))
    post.remind("d")
    for after in (0, 32, 32, 32):
        post.work(after)
    assert post.states() == {("wecom", "unknown"): 1}
    assert post.reasons() == ["given-up"]
    assert len(wechat.calls(SEND)) == 3
    assert post.arrived() == {"U-d": 1}
    assert post.open_messages() == 0


def test_with_the_broker_away_sends_wait_and_no_call_is_counted(connected, wechat, tmp_path):
    post = Post(connected(), wechat)
    post.person("d", "wecom")
    post.remind("d")
    away = connected(REDIS_URL=f"unix://{tmp_path}/nobody.sock")
    post.work(rt=away)
    assert (post.states(), post.attempts()) == ({("wecom", "planned"): 1}, [])
    post.work(61)
    assert post.states() == {("wecom", "accepted"): 1}


@pytest.mark.parametrize("channel", ["wecom", "oa"])
def test_a_worker_killed_between_call_and_mark(connected, wechat, channel):
    """The platform has it, the ledger does not: the repeat is suppressed, and the row shows both calls."""
    rt = connected()
    post = Post(rt, wechat)
    names = ["a", "b", "c"]
    for name in names:
        post.person(name, channel)
    post.remind(*names)
    killed = worker(post, rt, "delivery.before_result:kill")
    assert killed.returncode == -signal.SIGKILL
    assert '"event": "failpoint.reached"' in killed.stderr
    assert sum(post.arrived().values()) == 3, "the platform took them before the crash"
    name = "wecom" if channel == "wecom" else "oa_template"
    assert post.states() == {(name, "sending"): 3}
    post.work(400)
    assert post.states() == {(name, "accepted"): 3}
    assert set(post.arrived().values()) == {1}
    assert [n for n, _, _ in post.attempts()] == [1, 2] * 3
    assert [action for _, action, _ in post.attempts()] == [None, "accepted"] * 3
    assert wechat.state.suppressed == (1 if channel == "wecom" else 3)


def worker(post, rt, failpoint: str) -> subprocess.CompletedProcess:
    """A worker process that drains the outbox at the test's time."""
    settings = rt.settings
    env = {
        **os.environ, "PYTHONPATH": str(REPOSITORY), "ZHUDIAN_ENV": "test", "ZHUDIAN_VAR": str(settings.var),
        "REDIS_URL": str(settings.redis_url), "PUBLIC_BASE_URL": settings.public_base_url, "ZHUDIAN_FAILPOINT": failpoint,
        **post.wechat.settings(),
    }  # fmt: skip
    return subprocess.run([sys.executable, "-c", WORK, clock.iso(post.now)], env=env, check=False, capture_output=True,
                          text=True, cwd=REPOSITORY)  # fmt: skip


def test_a_row_in_somebodys_hands_is_left_alone(connected, wechat):
    """Two workers with one message: the second finds the rows taken and leaves them."""
    rt = connected()
    post = Post(rt, wechat)
    post.person("d", "wecom")
    post.remind("d")
    stopped = dataclasses.replace(rt, settings=dataclasses.replace(rt.settings, failpoint="delivery.before_result:raise"))
    ids = _ids(post)
    with clock.at(post.now), pytest.raises(FailpointRaised):
        delivering.deliver(stopped, ids)
    with clock.at(post.now + dt.timedelta(seconds=30)):
        delivering.deliver(rt, ids)
    assert len(wechat.calls(SEND)) == 1
    assert post.states() == {("wecom", "sending"): 1}


def _ids(post) -> list[str]:
    with post.rt.db.read() as session:
        return list(session.scalars(sa.select(Delivery.id)))
