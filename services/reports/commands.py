"""`zhudian report monthly RECIPIENT YYYY-MM [--out DIR]`: the monthly report in every format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from services.reports.domain.layout import tiles
from services.reports.usecases import monthly
from shared.problems import Problem
from shared.service import Runtime

app = typer.Typer()
report = typer.Typer(help="Reports as files.", no_args_is_help=True)
app.add_typer(report, name="report")


@report.callback()
def reports() -> None:
    """Reports as files."""


@report.command("monthly")
def monthly_command(
    ctx: typer.Context,
    recipient: Annotated[str, typer.Argument(help="roster code or id of the recipient")],
    month: Annotated[str, typer.Argument(help="month as YYYY-MM")],
    out: Annotated[Path | None, typer.Option(help="folder for the files; default <var>/out")] = None,
) -> None:
    """Write a recipient's monthly supervision report as HTML, PDF, Word and Excel; print paths and key figures."""
    rt: Runtime = ctx.obj()
    try:
        made = monthly.monthly_for_operator(rt, recipient, month)
    except Problem as problem:
        typer.echo(f"{problem.title_text()} ({problem.detail})", err=True)
        raise typer.Exit(2) from None
    folder = out or rt.settings.var / "out"
    folder.mkdir(parents=True, exist_ok=True)
    for suffix in track(monthly.SUFFIXES, "report", console=Console(stderr=True), transient=True):
        (folder / f"{made.name}.{suffix}").write_bytes(monthly.render(made, suffix, beside=made.name))
    for suffix in monthly.SUFFIXES:
        typer.echo(folder / f"{made.name}.{suffix}")
    typer.echo(made.report["head"]["sentence"])
    for tile in tiles(made.report):
        typer.echo(f"{tile['label']}: {tile['value']} {tile['note']}".rstrip())
