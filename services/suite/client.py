"""A small HTTP client of our own API and pages: signs in, keeps cookies, reads forms, raises what was refused."""

from __future__ import annotations

import http.cookiejar
import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

TIMEOUT = 30


class Refused(Exception):
    """An answer other than 2xx: its status and the problem's slug."""

    def __init__(self, status: int, slug: str, where: str) -> None:
        super().__init__(f"{where}: {status} {slug}")
        self.status, self.slug = status, slug


@dataclass(frozen=True)
class Page:
    """A page as text, with the hidden fields of its first form."""

    status: int
    text: str
    fields: dict[str, str]


class _Fields(HTMLParser):
    """Collects the hidden inputs of a page, the first of each name."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep hidden inputs."""
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.found.setdefault(str(given["name"]), given.get("value") or "")


class Client:
    """One signed-in person: bearer token for the API, session cookie for the pages."""

    def __init__(self, base_url: str, phone: str, password: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._pages = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        self._sign_in_fields = {"phone": phone, "password": password}
        self._token = ""
        token = self.post("/api/identity/tokens", self._sign_in_fields)
        self._token, self.person_id = token["token"], token["person"]["id"]

    def get(self, path: str) -> dict[str, Any]:
        """GET JSON. Raises Refused."""
        found: dict[str, Any] = json.loads(self.fetch(path))
        return found

    def fetch(self, path: str) -> bytes:
        """GET bytes. Raises Refused."""
        return self._call("GET", path, None, None)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST JSON, read JSON. Raises Refused."""
        found: dict[str, Any] = json.loads(self._call("POST", path, json.dumps(body).encode(), "application/json"))
        return found

    def put(self, path: str, data: bytes, media_type: str) -> dict[str, Any]:
        """PUT bytes, read JSON. Raises Refused."""
        found: dict[str, Any] = json.loads(self._call("PUT", path, data, media_type))
        return found

    def open_page(self, path: str) -> Page:
        """GET a page as a browser without script; signs in by form first where there is no session yet."""
        login = self._page("/login", None)
        self._page("/login", {**login.fields, **self._sign_in_fields})
        return self._page(path, None)

    def press(self, path: str, fields: dict[str, str]) -> Page:
        """Send a form of a page."""
        return self._page(path, fields)

    def _page(self, path: str, form: dict[str, str] | None) -> Page:
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(self.base_url + path, data=data, headers={"Accept": "text/html"})
        try:
            with self._pages.open(request, timeout=TIMEOUT) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
        parser = _Fields()
        parser.feed(text)
        return Page(status, text, parser.found)

    def _call(self, method: str, path: str, data: bytes | None, media_type: str | None) -> bytes:
        headers = {"Accept": "application/json, */*"}
        if media_type:
            headers["Content-Type"] = media_type
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(self.base_url + path, data=data, headers=headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=TIMEOUT) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            raise Refused(error.code, _slug(error.read()), f"{method} {path}") from None


def _slug(body: bytes) -> str:
    try:
        return str(json.loads(body).get("slug", ""))
    except ValueError:
        return ""
