"""The demo county behind a running suite, and what a person does in it with a browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from playwright.sync_api import Page

from services.identity.usecases.accounts import set_password
from services.suite import composition
from services.suite.demo import demo, show
from services.suite.demo.shown import PASSWORD
from services.suite.demo.world import MARK, phone
from shared.directory.models import Clinic, Person, Posting
from shared.service import Runtime
from tests.fixtures.runtime import make_runtime
from tests.fixtures.stack import Stack

MONTHS, PHYSICIANS = 1, 6
TAP = re.compile(r"^签(到|退)\((上午|下午)\)$")
RECEIPT = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Site:
    """A physician of the county with the clinic of the posting: what signs in, what hangs on the wall, what is shown."""

    phone: str
    person_id: str
    site_token: str
    screen_token: str


@dataclass(frozen=True)
class Scene:
    """A suite that serves the demo county; `rt` looks into the same database and files from outside."""

    stack: Stack
    rt: Runtime
    shown: dict[str, Any]

    @property
    def url(self) -> str:
        """Address of the web process."""
        return self.stack.base_url

    def physician(self, number: int) -> Site:
        """The physician with this number (0 is the guest, whose present day is untouched) at the first own clinic."""
        with self.rt.db.read() as session:
            code = f"{MARK}{number + 1:03d}"
            person, clinics = session.execute(
                sa.select(Person.id, Posting.clinics).join(Posting, Posting.person_id == Person.id).where(Person.code == code)
            ).one()
            clinic = session.get_one(Clinic, clinics[0])
            return Site(phone(number + 1), person, clinic.site_token, clinic.screen_token)

    def officer(self, role: str) -> str:
        """Phone of the person shown for a role, such as 受援医院医务科."""
        return next(str(one["phone"]) for one in self.shown["sign_ins"] if role in one["role"])


def county(folder: Path, database_url: str, physicians: int = PHYSICIANS) -> Runtime:
    """Fill a migrated, empty database with one month of the demo county; every physician can sign in."""
    rt = make_runtime(folder, database_url)
    demo(rt, composition.services(), MONTHS, physicians, seed=1)
    with rt.db.read() as session:
        people = list(session.scalars(sa.select(Posting.person_id)))
    for person in people:
        set_password(rt, person, PASSWORD)
    return rt


def scene(stack: Stack, rt: Runtime) -> Scene:
    """The scene of a suite that was started on a county."""
    return Scene(stack, rt, show(rt))


def fill_sign_in(page: Page, phone_number: str) -> None:
    """Fill and send the sign-in form that is open."""
    page.get_by_label("手机号").fill(phone_number)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def sign_in(page: Page, base_url: str, phone_number: str) -> None:
    """Sign in on /login; the person's first page is open then."""
    page.goto(f"{base_url}/login")
    fill_sign_in(page, phone_number)
    page.wait_for_url(re.compile("/(app|sup)/"))


def code_address(page: Page, base_url: str, screen_token: str) -> str:
    """The address inside the QR code a clinic's screen shows now."""
    answer = page.request.get(f"{base_url}/screen/{screen_token}/code")
    assert answer.ok, answer.status
    return str(answer.json()["url"])


def until(probe: Callable[[], Found | None], what: str, seconds: float = 60) -> Found:
    """Ask again and again until there is something; a suite that never gets there fails the test."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := probe():
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what} did not happen within {seconds:g} s")
