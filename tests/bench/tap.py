"""From the tap to 「已存手机」 in a real browser, beside one bare IndexedDB write on the same page (a budget: 200 ms).

    python -m pytest -q -s tests/bench/tap.py      (named like this, it is never collected with the tests)
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.fixtures.stack import StartStack
from tests.journeys.scene import code_address, county, scene, sign_in

REPOSITORY = Path(__file__).resolve().parents[2]
ROUNDS = 12
TAP = """() => new Promise((resolve) => {
  const button = document.querySelector('[data-action]'); let tapped = 0;
  new MutationObserver((_, watching) => { if (document.getElementById('steps').textContent.includes('已存手机')) {
    watching.disconnect(); resolve(performance.now() - tapped) } })
    .observe(document.getElementById('steps'), {childList: true, subtree: true, characterData: true});
  tapped = performance.now(); button.click() })"""
BARE = """() => new Promise((resolve) => {
  const opening = indexedDB.open('bench', 1); opening.onupgradeneeded = () => opening.result.createObjectStore('o');
  opening.onsuccess = () => { const began = performance.now(); const t = opening.result.transaction('o', 'readwrite');
    t.objectStore('o').put('x', String(began)); t.oncomplete = () => resolve(performance.now() - began) } })"""


def test_tap(start_stack: StartStack, sqlite_url: str, page: Page, tmp_path: Path) -> None:
    """Print median and worst of both, at normal speed and with the processor four times slower."""
    rt = county(tmp_path / "var", sqlite_url, physicians=2)
    found = scene(start_stack(sqlite_url, ZHUDIAN_VAR=str(tmp_path / "var")), rt)
    who = found.physician(0)
    sign_in(page, found.url, who.phone)
    figures = {f"cpu_{slower}x": _measure(page, found.url, who.screen_token, slower) for slower in (1, 4)}
    (REPOSITORY / "var" / "bench").mkdir(parents=True, exist_ok=True)
    (REPOSITORY / "var" / "bench" / "tap.json").write_text(json.dumps(figures, indent=1))
    print(json.dumps(figures, indent=1))


def _measure(page: Page, base_url: str, screen_token: str, slower: int) -> dict[str, Any]:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    taps, bare = [], []
    for _ in range(ROUNDS):
        page.goto(code_address(page, base_url, screen_token))
        page.wait_for_load_state("load")
        bare.append(page.evaluate(BARE))
        taps.append(page.evaluate(TAP))
        page.wait_for_load_state("networkidle")
    return {"tap_ms": round(statistics.median(taps), 1), "tap_worst_ms": round(max(taps), 1),
            "bare_write_ms": round(statistics.median(bare), 1),
            "ratio": round(statistics.median(taps) / statistics.median(bare), 1)}  # fmt: skip
