"""Bring the database to a migration: `python deploy/migrations/migrate.py URL [REVISION]` (`zhudian migrate` starts this).

The URL comes from standard input when it is "-", so that a password never stands in a process list.
"""

from __future__ import annotations

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config

HERE = Path(__file__).resolve().parent


def configuration(url: str) -> Config:
    """Alembic's configuration without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["url"] = url
    return config


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent.parent))
    url = sys.stdin.read().strip() if sys.argv[1] == "-" else sys.argv[1]
    command.upgrade(configuration(url), sys.argv[2] if len(sys.argv) > 2 else "head")
