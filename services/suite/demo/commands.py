"""`zhudian demo`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.suite import composition
from services.suite.demo.run import demo
from services.suite.demo.shown import show
from services.suite.demo.storage import DemoRefused
from services.suite.demo.storage import reset as wipe
from shared.db import Database
from shared.problems import NotFound
from shared.service import Runtime

commands = typer.Typer()


@commands.command("demo")
def demo_command(
    ctx: typer.Context,
    months: Annotated[int, typer.Option(help="months of ordinary life up to now")] = 2,
    physicians: Annotated[int, typer.Option(help="posted physicians")] = 24,
    seed: Annotated[int, typer.Option(help="the same seed gives the same figures")] = 1,
    reset: Annotated[bool, typer.Option("--reset", help="empty the demo database first")] = False,
    shown: Annotated[bool, typer.Option("--show", help="only say addresses and sign-ins")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Fill an empty database with an invented world and its life up to now (exit 2 where that is refused)."""
    rt: Runtime = ctx.obj()
    try:
        if not shown:
            if reset:
                wipe(rt)
            with _bar() as bar:
                demo(_hasty(rt), composition.services(), months, physicians, seed, progress=_steps(bar))
        found = show(rt)
    except (DemoRefused, NotFound) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        _print(found)


def _hasty(rt: Runtime) -> Runtime:
    """The same runtime without waiting for the disk at each commit: after a power cut the demo is made anew anyway."""
    return replace(rt, db=Database(rt.settings.database_url, durable=False))


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


def _steps(bar: Progress) -> Any:
    tasks: dict[str, Any] = {}

    def step(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=total)
        bar.update(tasks[what], completed=done, total=total)

    return step


def _print(found: dict[str, Any]) -> None:
    for one in found["addresses"]:
        typer.echo(f"{one['title']}  {one['url']}")  # no table: an address is copied whole
    people = Table("角色", "姓名", "手机", "密码", title="演示登录")
    for one in found["sign_ins"]:
        people.add_row(one["role"], one["name"], one["phone"], one["password"])
    Console().print(people)
