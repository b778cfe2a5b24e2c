"""A browser without script against the real application of checkin and identity."""

from __future__ import annotations

from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from checkin.service import SERVICE as CHECKIN
from services.identity.service import SERVICE as IDENTITY
from shared.access import store
from shared.directory.models import Person
from shared.http.app import create_web
from shared.http.auth import SESSION_COOKIE
from shared.roles import Principal
from shared.service import Runtime
from tests.checkin.scene import principal


class Form(HTMLParser):
    """The hidden fields and buttons of a page's first form."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.buttons: dict[str, str] = {}
        self._button: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect hidden inputs and buttons with a value."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given.get("action", "")
        if tag == "input" and given.get("type") == "hidden":
            self.fields[given["name"]] = given.get("value", "")
        if tag == "button" and given.get("name") == "direction":
            self._button = given["value"]

    def handle_data(self, data: str) -> None:
        """The words on a button."""
        if self._button is not None and data.strip():
            self.buttons[self._button] = data.strip()
            self._button = None


def application(rt: Runtime) -> FlaskClient:
    """A browser that knows no cookie yet."""
    return create_web(rt, [CHECKIN, IDENTITY]).test_client()


def sign_in(rt: Runtime, client: FlaskClient, person: str = "D1", role: str = "doctor") -> Principal:
    """Give the browser the session of a person of the world, whose account is made along."""
    who = principal(rt, person, role)
    with rt.db.transaction() as session:
        phone = session.get_one(Person, who.person_id).phone
        account = store.add_account(session, who.person_id, phone)
        store.set_grants(session, account.id, who.grants)
        secret = store.open_session(session, account.id)
    client.set_cookie(SESSION_COOKIE, secret)
    return who


def text(response: TestResponse) -> str:
    """The page as text."""
    return response.get_data(as_text=True)
