"""A reminder as the physician meets it: told once, read on the phone, leading to the page where it is answered."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from notifier.usecases import reminders
from services.suite import composition
from shared import clock, outbox
from shared.directory import lookup
from tests.fixtures.browser import PHONE
from tests.journeys.scene import Scene, sign_in
from tests.journeys.shots import shot

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def remind(town: Scene) -> None:
    """Twenty past eight of the next workday comes, and nobody has checked in."""
    with town.rt.db.read() as session:
        day = lookup.calendar(session).add_workdays(clock.today(), 1)
    with clock.at(dt.datetime.combine(day, dt.time(8, 20), clock.SHANGHAI)):
        for _ in range(2):  # the second minute finds nothing new
            rows = reminders.now_due(town.rt)
            with town.rt.db.transaction() as session:
                reminders.plan(session, rows)
            outbox.drain(town.rt, composition.jobs(composition.services()))


def test_a_missing_check_in_is_told_once_and_leads_to_its_answer(
    town: Scene, open_context: Callable[..., BrowserContext]
) -> None:
    remind(town)
    page = open_context(**PHONE).new_page()
    sign_in(page, town.url, town.physician(0).phone)

    expect(page.get_by_role("link", name="消息")).to_contain_text("1 条未读")
    page.get_by_role("link", name="消息").click()
    expect(page.get_by_text("上午还没有签到记录")).to_have_count(1)
    expect(page.get_by_text(re.compile("^为什么收到"))).to_be_visible()
    shot(page, "phone-inbox-message")
    page.get_by_role("button", name="去处理").click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("没有找到")).to_have_count(0)
    page.goto(f"{town.url}/app/inbox")
    expect(page.get_by_text("上午还没有签到记录")).to_be_visible()
    expect(page.get_by_text("未读")).to_have_count(0)
