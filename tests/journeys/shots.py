"""Pictures for people who look: var/shots/<name>.png, and the pages of a PDF as pictures."""

from __future__ import annotations

import os
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, expect

from tests.fixtures.postgres import REPO


def folder() -> Path:
    """Where the pictures go; it is not part of the repository."""
    found = Path(os.environ.get("ZHUDIAN_SHOTS") or REPO / "var" / "shots")
    found.mkdir(parents=True, exist_ok=True)
    return found


def settled(page: Page) -> None:
    """Wait until nothing is loading."""
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("正在加载")).to_have_count(0)


def shot(page: Page, name: str) -> Path:
    """Picture of what fits the window; of a longer page a second one, <name>-long.png, in a window as long as it is."""
    path = folder() / f"{name}.png"
    settled(page)
    page.screenshot(path=path)
    window, length = page.viewport_size, page.evaluate("document.documentElement.scrollHeight")
    if window and length > window["height"]:  # a full-page picture would have the tab bar in its middle
        page.set_viewport_size({"width": window["width"], "height": length})
        page.screenshot(path=path.with_stem(f"{name}-long"))
        page.set_viewport_size(window)
    return path


def pdf_shots(data: bytes, name: str) -> list[Path]:
    """One picture per page of a PDF, at 72 dpi x 1.5."""
    paths = []
    for number, page in enumerate(pypdfium2.PdfDocument(data), 1):
        paths.append(folder() / f"{name}-{number:02d}.png")
        page.render(scale=1.5).to_pil().save(paths[-1])
    return paths
