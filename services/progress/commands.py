"""`zhudian rebuild YYYY-MM`: refold a month; differences are printed and end with exit code 1."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from services.progress.usecases.explain import explain
from services.progress.usecases.rebuild import Difference, rebuild
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


def _with_bar(rt: Runtime, month: str) -> list[Difference]:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(month)
        return rebuild(rt, month, lambda done, total: bar.update(task, completed=done, total=total))
