"""What pages and lists share: cursors, templates, the asset manifest, security headers.

Templates and built assets belong to services/web and are found by path: no Python import between the two.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, g, render_template, request
from markupsafe import Markup

from shared.http.context import runtime
from shared.problems import InvalidBody

WEB = Path(__file__).parents[2] / "services" / "web"
TEMPLATES = WEB / "templates"
OWN_TEMPLATES = Path(__file__).parent / "templates"
MANIFEST = WEB / "dist" / ".vite" / "manifest.json"
MAX_LIMIT = 100

Row = TypeVar("Row")


def page_blueprint(name: str, **options: Any) -> Blueprint:
    """A blueprint of server-rendered pages: absolute paths in its routes, not part of the API document."""
    return Blueprint(f"{name}_pages", name, **options)


# Cursors --------------------------------------------------------------------------------------------------------------


def encode_cursor(key: Sequence[str | int]) -> str:
    """An opaque cursor after the row with this sort key; signed, so that only our own come back."""
    text = json.dumps(list(key), separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(_seal(text) + text).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> tuple[Any, ...] | None:
    """The sort key a cursor stands for; None without one. Raises InvalidBody for one that is not ours."""
    if not cursor:
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise InvalidBody("cursor", "not a cursor of this server") from error
    seal, text = raw[:16], raw[16:]
    if not hmac.compare_digest(seal, _seal(text)):
        raise InvalidBody("cursor", "not a cursor of this server")
    return tuple(json.loads(text))


def cursor_page(rows: Sequence[Row], limit: int, key: Callable[[Row], Sequence[str | int]]) -> dict[str, Any]:
    """{"items", "next_cursor"} from up to limit + 1 rows; `key` gives a row's sort key (JSON text and numbers)."""
    items = list(rows[:limit])
    return {"items": items, "next_cursor": encode_cursor(key(items[-1])) if len(rows) > limit else None}


def _seal(text: bytes) -> bytes:
    return hmac.new(runtime().keys.csrf, b"cursor\n" + text, hashlib.sha256).digest()[:16]


# Templates and assets -------------------------------------------------------------------------------------------------


def render(template: str, **context: Any) -> Response:
    """A page of services/web/templates, never cached; templates may use asset, asset_css, asset_parts, csp_nonce, csrf_token."""
    return Response(render_template(template, **context), mimetype="text/html")


def asset(name: str) -> str:
    """The address of a built entry ("src/entries/scan/main.ts" or "scan"); empty when the pages were not built."""
    found = _entry(name)
    return f"/{found[1]['file']}" if found else ""


def asset_css(name: str) -> list[str]:
    """Addresses of the style sheets of an entry and of what it imports, in order, each once."""
    return list(dict.fromkeys(f"/{sheet}" for part in _reached(name) for sheet in part.get("css", [])))


def asset_parts(name: str) -> list[str]:
    """Addresses of a part that an entry loads later ("TodayScreen") and of what it imports; the entry itself not."""
    return [f"/{part['file']}" for part in _reached(name) if not part.get("isEntry")]


def _reached(name: str) -> list[dict[str, Any]]:
    """The manifest's parts of an entry and of what it imports, each once."""
    found = _entry(name)
    manifest, waiting = _manifest(), [found[0]] if found else []
    reached: dict[str, dict[str, Any]] = {}
    while waiting:
        key = waiting.pop(0)
        if key not in reached:
            reached[key] = manifest[key]
            waiting += manifest[key].get("imports", [])
    return list(reached.values())


def _entry(name: str) -> tuple[str, dict[str, Any]] | None:
    manifest = _manifest()
    for key in (name, f"src/entries/{name}/main.ts"):
        if key in manifest:
            return key, manifest[key]
    return next(((key, entry) for key, entry in manifest.items() if entry.get("name") == name), None)


def _manifest() -> dict[str, dict[str, Any]]:
    try:
        return _read_manifest(MANIFEST.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


@functools.lru_cache(maxsize=2)
def _read_manifest(_changed: int) -> dict[str, dict[str, Any]]:
    manifest: dict[str, dict[str, Any]] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return manifest


# Headers --------------------------------------------------------------------------------------------------------------


def csp_nonce() -> str:
    """This response's nonce for an inline <style> or <script> of our own templates."""
    if not g.get("nonce"):
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def inline_style(css: str) -> Markup:
    """A <style> element that the policy of this response allows by its hash (critical CSS, reports saved as files)."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    g.setdefault("styles", []).append(f"'sha256-{digest}'")
    return Markup("<style>{}</style>").format(Markup(css))


def content_policy() -> str:
    """The Content-Security-Policy of this response: own sources only, nothing inline but what was named (S-24)."""
    named = g.get("nonce"), tuple(g.get("styles", ()))
    return _content_policy(*named)


@functools.lru_cache(maxsize=32)
def _content_policy(nonce: str | None, styles: tuple[str, ...]) -> str:
    nonces = [f"'nonce-{nonce}'"] if nonce else []
    return "; ".join((
        "default-src 'self'", " ".join(["script-src 'self'", *nonces]),
        " ".join(["style-src 'self'", *nonces, *styles]), "img-src 'self' data: blob:",
        "worker-src 'self' blob:", "connect-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'",
        "frame-ancestors 'none'",
    ))  # fmt: skip


_SECURE = (
    ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"),
    ("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()"),
)  # fmt: skip
_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000")


def secure(response: Response) -> Response:
    """The headers every answer carries; personal answers are never stored."""
    headers, path, status = response.headers, request.path, response.status_code
    headers.extend(_SECURE if not runtime().settings.production else (*_SECURE, _TRANSPORT))
    headers.add("Content-Security-Policy", content_policy())
    personal = path.startswith("/api/") or status >= 400 or response.mimetype == "text/html"
    if personal or "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    return response


def register(app: Flask, **context: Any) -> None:
    """The names templates may use."""
    app.context_processor(lambda: {"asset": asset, "asset_css": asset_css, "asset_parts": asset_parts, "csp_nonce": csp_nonce,
                                   "inline_style": inline_style, **context})  # fmt: skip
