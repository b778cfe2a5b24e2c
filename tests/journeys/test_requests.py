"""A forgotten half-day on the whole suite: asked for by API, approved on the recipient's phone, attended after the fold."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, expect

from shared import clock
from shared.directory import lookup as directory
from shared.directory.models import Posting
from shared.progress import lookup
from tests.fixtures.browser import PHONE
from tests.journeys.scene import PASSWORD, Scene, Site, sign_in, until
from tests.journeys.shots import shot

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenContext = Callable[..., BrowserContext]


def test_a_forgotten_half_day_is_asked_for_approved_and_counted(whole_town: Scene, open_context: OpenContext) -> None:
    guest = whole_town.physician(0)
    posting, day = last_workday(whole_town, guest)
    asked = ask(open_context(**PHONE).new_page(), whole_town.url, guest, posting, day)

    office = open_context(**PHONE, java_script_enabled=False).new_page()
    sign_in(office, whole_town.url, whole_town.officer("受援医院医务科"))
    until(lambda: listed(office, whole_town.url, asked), "the worker's 待办")
    shot(office, "phone-todo")
    office.locator(f'a[href="/sup/todo/{asked}"]').tap()
    expect(office.get_by_text("补签(整个半天)")).to_be_visible()
    shot(office, "phone-todo-one")
    office.get_by_role("button", name="同意", exact=True).tap()
    expect(office.get_by_role("status")).to_contain_text("已处理")

    until(lambda: corrected(whole_town, posting.id, day), "the fold of the approved half-day")
    until(lambda: not waiting(office, whole_town.url, asked), "the request leaving the API")


def last_workday(town: Scene, who: Site) -> tuple[Posting, dt.date]:
    """The guest's posting and the last workday before today: inside the window, whatever day this is run."""
    with town.rt.db.read() as session:
        posting = session.scalars(sa.select(Posting).where(Posting.person_id == who.person_id)).first()
        assert posting is not None
        session.expunge(posting)
        return posting, directory.calendar(session).add_workdays(clock.today(), -1)


def ask(page: Page, url: str, who: Site, posting: Posting, day: dt.date) -> str:
    """What a script of the physician does: a token, then the request."""
    opened = page.request.post(f"{url}/api/identity/tokens", data={"phone": who.phone, "password": PASSWORD})
    assert opened.ok, opened.text()
    body: dict[str, Any] = {
        "client_event_id": secrets.token_hex(16), "kind": "correction", "person": who.person_id, "service_date": day.isoformat(),
        "sessions": ["am"], "clinic_id": posting.clinics[0], "what": "missing_in", "reason_code": "device_dead",
    }  # fmt: skip
    token = {"Authorization": f"Bearer {opened.json()['token']}"}
    answer = page.request.post(f"{url}/api/checkin/corrections", data={"body": body}, headers=token)
    assert answer.status == 201, answer.text()
    return str(answer.json()["correction"]["id"])


def listed(page: Page, url: str, name: str) -> bool:
    """Whether the office's page shows the request."""
    page.goto(f"{url}/sup/todo")
    return page.locator(f'a[href="/sup/todo/{name}"]').count() == 1


def waiting(page: Page, url: str, name: str) -> bool:
    """Whether the API still tells the request to the office."""
    found = page.request.get(f"{url}/api/progress/requests?limit=50").json()
    return name in {one["id"] for one in found["items"]}


def corrected(town: Scene, posting: str, day: dt.date) -> bool:
    """Whether the day fact says: attended, by one correction."""
    with town.rt.db.read() as session:
        fact = lookup.day(session, posting, day)
    return fact is not None and fact.corrections == 1 and fact.halves["am"].status == "A" and fact.halves["am"].corrected
