"""`zhudian rebuild`, `explain` and `deadlines`."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.progress.usecases.deadlines import Dated, of_year
from services.progress.usecases.explain import explain
from services.progress.usecases.rebuild import Difference, rebuild
from shared.problems import NotFound
from shared.rules import words
from shared.service import Runtime

app = typer.Typer()


@app.command("rebuild")
def rebuild_command(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(help="month as YYYY-MM")],
    as_json: Annotated[bool, typer.Option("--json", help="print the differences as JSON")] = False,
) -> None:
    """Fold and judge a month again. Nothing may change: differences are printed, exit 1."""
    rt: Runtime = ctx.obj()
    try:
        found = _with_bar(rt, month)
    except ValueError:
        typer.echo(f"not a month: {month} (wanted: YYYY-MM)", err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(difference) for difference in found], ensure_ascii=False))
    else:
        for difference in found:
            typer.echo(f"{difference.posting} {difference.where}: {', '.join(difference.members)}")
        typer.echo(f"{month}: {len(found)} differences")
    raise typer.Exit(1 if found else 0)


@app.command("explain")
def explain_command(
    files: Annotated[list[str], typer.Argument(help="case files; - reads standard input")],
    text: Annotated[bool, typer.Option("--text", help="Chinese sentences instead of JSON")] = False,
    meta: Annotated[bool, typer.Option("--meta", help="add versions and local settings")] = False,
    check: Annotated[bool, typer.Option("--check", help="compare with `expect`; exit 3 when it differs")] = False,
) -> None:
    """Answer case files without a database: continuity, accumulation, coverage and more."""
    raise typer.Exit(explain(files, typer.echo, text=text, meta=meta, check=check))


@app.command("deadlines")
def deadlines_command(
    ctx: typer.Context,
    programme: Annotated[str, typer.Option(help="id of a programme")],
    year: Annotated[int, typer.Option(min=2000, max=2099, help="year of the nominal dates")],
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Every due date of a programme in a year: nominal, rolled to a workday, data cut-off, reminders, escalation."""
    try:
        found = of_year(ctx.obj(), programme, year)
    except NotFound:
        typer.echo(f"no programme {programme}", err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps([one.to_dict() for one in found], ensure_ascii=False))
        return
    table = Table(*("规则", "事项", "期限", "报送范围", "期限日", "实际截止", "数据截至", "提醒", "依据"), title=f"{programme} {year} 年")
    for one in found:
        table.add_row(*_row(one))
    console = Console()
    (console if console.is_terminal else Console(width=160)).print(table)


def _row(one: Dated) -> tuple[str, ...]:
    due, basis = one.deadline, words.BASES.get(one.rule.get("due_basis") or "", "")
    if due is None:
        return one.rule.id, one.what, one.when, "", "", "", "", "", basis or "原文"
    dates = "、".join(f"{day.month}月{day.day}日" for day in due.reminders)
    effective = f"{due.effective}{'(暂定)' if due.provisional else ''}"
    cutoff = str(due.cutoff) if due.cutoff else ""
    return one.rule.id, one.what, one.when, due.period or "", str(due.nominal), effective, cutoff, dates, basis or "原文"


def _with_bar(rt: Runtime, month: str) -> list[Difference]:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(month)
        return rebuild(rt, month, lambda done, total: bar.update(task, completed=done, total=total))
