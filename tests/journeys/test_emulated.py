"""A test message on its whole way: the command, the outbox, the worker, WeCom (emulated), its result in the ledger."""

import json

import pytest

from services.suite import composition
from shared.settings import Settings
from tests.emulators.wechat.app import Emulator
from tests.faults.conftest import Site, wait_until
from tests.fixtures.stack import Stack

pytestmark = pytest.mark.slow


@pytest.fixture
def emulated(start_stack, fresh_sqlite_url, wechat):
    """The small world as processes, its platforms emulated."""
    stack: Stack = start_stack(fresh_sqlite_url, ("web", "worker", "ticker"), **wechat.settings())
    stack.fleet.env["PUBLIC_BASE_URL"] = stack.base_url
    rt = composition.runtime(Settings.from_env(stack.env))
    yield Site(stack, rt)
    rt.db.dispose()


def test_physicians_get_real_pushes_on_the_page_that_looks_like_a_chat(emulated: Site, wechat: Emulator):
    done = emulated.stack.zhudian("emulate", "people", wechat.url)
    assert done.returncode == 0, done.stderr
    assert "回调地址验证  通过" in done.stdout
    wait_until(lambda: len(wechat.state.messages) == len(wechat.state.users) > 0, "every physician has the test message")
    page = wechat.server.app.test_client().get(f"/chat/{wechat.state.users[0].openid}").text
    assert "这是一条试发的提醒" in page
    assert f"{emulated.stack.base_url}/app/inbox?m=" in page

    def ended() -> dict:
        lines = [json.loads(line) for line in emulated.stack.zhudian("channel", "status").stdout.splitlines()]
        return {line["channel"]: line["states"] for line in lines}

    wait_until(lambda: ended().get("wecom") == {"accepted": len(wechat.state.users)}, "the ledger says so")
    assert ended()["oa_template"] == {}
