"""The shape of the house: layout, budgets, messages and their consumers, owners of tables. Import rules: import-linter."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.suite import composition
from shared.db import Base
from shared.events import EVENTS
from tests.fixtures.runtime import import_all_models

REPOSITORY = Path(__file__).resolve().parent.parent
ROOMS = ("services", "checkin", "notifier", "shared", "deploy", "tests")
FILE_LINES, FUNCTION_LINES, VUE_LINES, MEDIAN_LINES = 300, 40, 200, 90
MADE = {"node_modules", "dist", "__pycache__", ".venv", ".cache", "var"}

SERVICE_ROOMS = {
    "service", "routes", "actors", "commands", "schemas", "usecases", "store", "models", "domain", "templates",
    "__init__", "README",
}  # fmt: skip
ADAPTERS = {
    "checkin": {"poster"}, "notifier": {"channels"}, "services/identity": {"passwords"}, "services/worklog": {"photos"},
    "services/records": {"attachment", "workbook"},
    "services/roster": {"workbook", "template", "problems"},
    "services/reports": {"html", "pdf", "word", "excel", "fonts", "template"}, "services/web": {"src"},
}  # fmt: skip
"""Named adapters beside `store`: the outside world and file formats of one service."""

OWNERS = {
    "shared/ledger": {"ledger_head", "ledger_entry", "ledger_payload"},
    "shared/outbox": {"outbox_message", "outbox_receipt", "sched_fire"},
    "shared/files": {"file"},
    "shared/access": {"account", "grant", "session", "token", "invitation", "device", "consent", "audit_row",
                      "sign_in_attempt", "bound_account", "sign_in_state"},
    "shared/directory": {"organisation", "clinic", "person", "pair", "seat", "agreement", "posting", "roster_half_day",
                         "programme_version", "calendar_day", "calendar_year"},
    "shared/progress": {"day_fact", "obligation_state", "open_request", "month_state", "raised_flag", "contact"},
}  # fmt: skip


def sources(*suffixes: str, under: str = "") -> Iterator[Path]:
    """Files of the repository with one of these suffixes, made ones left out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    for line in sorted(set(listed.stdout.splitlines())):
        path = REPOSITORY / line
        if path.suffix in suffixes and line.startswith(under) and path.exists() and not MADE & set(path.parts):
            yield path


def lines(path: Path) -> int:
    """Number of lines of a text file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def test_top_level_holds_only_the_mandated_rooms() -> None:
    found = {path.relative_to(REPOSITORY).parts[0] for path in sources(".py", ".ts", ".vue") if path.parent != REPOSITORY}
    assert found == set(ROOMS)


def test_every_top_level_room_says_what_lives_in_it() -> None:
    assert [room for room in ROOMS if not (REPOSITORY / room / "README.md").exists()] == []


def test_no_file_is_over_its_budget() -> None:
    limits = {".py": FILE_LINES, ".vue": VUE_LINES}
    over = {
        str(path.relative_to(REPOSITORY)): lines(path)
        for path in sources(*limits)
        if lines(path) > limits[path.suffix] and "migrations/versions" not in str(path)
    }
    assert over == {}


def test_no_function_is_over_its_budget() -> None:
    over = {}
    for path in sources(".py"):
        if "migrations/versions" in str(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > FUNCTION_LINES:
                    over[f"{path.relative_to(REPOSITORY)}:{node.name}"] = length
    assert over == {}


def test_the_median_file_stays_small() -> None:
    assert statistics.median(lines(path) for path in sources(".py") if lines(path)) < MEDIAN_LINES


def test_every_consumer_named_beside_a_message_is_a_job() -> None:
    jobs = composition.jobs(composition.services())
    named = {consumer for event in EVENTS for consumer in event.CONSUMERS}
    scheduled = {schedule.job for service in composition.services() for schedule in service.schedules}
    assert (named | scheduled) - set(jobs) == set()
    assert set(jobs) - (named | scheduled) == set(), "a job nothing reaches"


@pytest.mark.parametrize("service", ["checkin", "notifier", *(f"services/{name}" for name in (
    "identity", "roster", "worklog", "records", "progress", "reports", "web"))])  # fmt: skip
def test_a_service_has_only_the_common_rooms(service: str) -> None:
    inside = {path.relative_to(REPOSITORY / service).parts[0].split(".")[0]
              for path in sources(".py", under=f"{service}/")}  # fmt: skip
    assert inside - SERVICE_ROOMS - ADAPTERS.get(service, set()) == set()


def test_tables_live_in_the_room_that_owns_them() -> None:
    import_all_models()
    rooms: dict[str, set[str]] = {}
    for mapper in Base.registry.mappers:
        room = "/".join(mapper.class_.__module__.split(".")[:-1])
        rooms.setdefault(room, set()).add(str(mapper.local_table))
    assert {room: rooms[room] - tables for room, tables in OWNERS.items() if rooms[room] - tables} == {}


def test_the_migrations_make_exactly_the_tables_of_the_models(tmp_path: Path) -> None:
    check = (
        "import sys; sys.path[:0] = [sys.argv[1], sys.argv[1] + '/deploy/migrations'];"
        "from alembic import command; from migrate import configuration;"
        "c = configuration(sys.argv[2]); command.upgrade(c, 'head'); command.check(c)"
    )
    done = subprocess.run(
        [sys.executable, "-c", check, str(REPOSITORY), f"sqlite:///{tmp_path}/migrated.db"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_migrations_are_one_line_numbered_like_their_revisions() -> None:
    files = sorted((REPOSITORY / "deploy" / "migrations" / "versions").glob("[0-9]*.py"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    found = [re.search(r"^revision = ['\"](\d+)['\"]$", text, re.M) for text in texts]
    numbers = [path.name.split("_")[0] for path in files]
    assert [match and match[1] for match in found] == numbers
    before = [re.search(r"^down_revision = (?:None|['\"](\d+)['\"])$", text, re.M) for text in texts]
    assert [match and match[1] for match in before] == [None, *numbers[:-1]]


def test_import_contracts_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(lint), "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
