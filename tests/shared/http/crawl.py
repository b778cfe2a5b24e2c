"""What a browser would refuse on a page because of its own Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser


class _Inline(HTMLParser):
    """Collects inline styles, scripts and handlers with their nonces."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str | None, str]] = []
        self.attributes: list[str] = []
        self._open: tuple[str, str | None] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note handlers and style attributes; open a style or script block."""
        given = dict(attrs)
        self.attributes += [f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")]
        data = tag == "script" and (given.get("type") or "").endswith("json")
        if tag in ("style", "script") and "src" not in given and not data:
            self._open, self._text = (tag, given.get("nonce")), ""

    def handle_data(self, data: str) -> None:
        """Text of the open block."""
        self._text += data if self._open else ""

    def handle_endtag(self, tag: str) -> None:
        """Close the block."""
        if self._open and tag == self._open[0]:
            self.blocks.append((*self._open, self._text))
            self._open = None


def refused_inline(html: str, policy: str) -> list[str]:
    """Inline parts of the page that the policy does not allow."""
    found = _Inline()
    found.feed(html)
    refused = list(found.attributes)
    for tag, nonce, text in found.blocks:
        directive = re.search(rf"{tag}-src ([^;]*)", policy)
        allowed = directive[1] if directive else ""
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        if not (nonce and f"'nonce-{nonce}'" in allowed) and f"'sha256-{digest}'" not in allowed:
            refused.append(f"<{tag}> {text.strip()[:40]}")
    return refused
