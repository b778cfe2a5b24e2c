"""Hundreds of pushes through a bad day: errors, lost answers, tokens that end, workers killed between call and mark."""

import datetime as dt
import random
import signal

import pytest

from tests.emulators.wechat.state import Fault
from tests.notifier.channels.conftest import Post
from tests.notifier.channels.test_crashes import worker

SEND = "/cgi-bin/message/send"
FAULTS = (
    {"sleep": 0.5}, {"cut": True}, {"status": 502}, {"errcode": -1}, {"errcode": 45033}, {"errcode": 45009},
    {"end_tokens": "wecom"}, {"body": "<html>", "after": True},
)  # fmt: skip
KILLS = 3


@pytest.mark.parametrize("people", [100, pytest.param(1000, marks=pytest.mark.slow_fault)])
@pytest.mark.slow
def test_nothing_is_lost_and_nobody_is_told_twice(connected, wechat, people):
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    rt = connected(HTTP_READ_TIMEOUT="0.3")
    post = Post(rt, wechat)
    names = [f"d{number}" for number in range(people)]
    for name in names:
        post.person(name, "wecom")
    for start in range(0, people, 100):
        post.remind(*names[start : start + 100], title=f"第 {start // 100} 组", minutes=600)
    calls = people // 20
    script = [Fault(SEND, 1, chance.choice(FAULTS) if chance.random() < 0.4 else {}) for _ in range(calls)]
    wechat.state.faults += script
    for _ in range(KILLS):
        killed = worker(post, rt, "delivery.before_result:kill")
        assert killed.returncode == -signal.SIGKILL, f"seed {seed}: {killed.stderr[-500:]}"
        post.now += dt.timedelta(seconds=400)
    for _ in range(30):
        post.work(130)
    hit = [fault.do for fault in script if fault.times == 0 and fault.do]
    assert hit, f"seed {seed}: no fault happened"
    assert post.open_messages() == 0
    states = post.states()
    assert sum(states.values()) == people
    assert set(states) <= {("wecom", "accepted"), ("wecom", "unknown"), ("wecom", "failed")}, f"seed {seed}: {states}"
    arrived = post.arrived()
    assert max(arrived.values()) == 1, f"seed {seed}: somebody was told twice"
    assert len(arrived) >= states["wecom", "accepted"], f"seed {seed}: accepted, and never there"
    print(f"seed {seed}: {people} pushes, {KILLS} kills, {len(hit)} faults, {dict(states)}, {wechat.state.suppressed} suppressed")
