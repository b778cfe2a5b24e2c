"""Where the figures of a benchmark go: standard output and var/bench/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]


def keep(name: str, figures: dict[str, Any]) -> None:
    """Print one JSON object and keep it as var/bench/<name>.json."""
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    target = REPOSITORY / "var" / "bench" / f"{name}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text + "\n", encoding="utf-8")
    print(text)
