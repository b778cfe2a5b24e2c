"""`zhudian records import`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.records.usecases.imports import import_export
from services.records.workbook import ExportInvalid

commands = typer.Typer()
records = typer.Typer(no_args_is_help=True, help="Records that rules ask for.")
commands.add_typer(records, name="records")


@records.callback()
def group() -> None:
    """Records that rules ask for."""


@records.command("import")
def import_(
    ctx: typer.Context, file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:  # fmt: skip
    """Import monthly outpatient and emergency visits (CSV or Excel): all of it, or nothing (exit 2) and every mistake."""
    try:
        done = import_export(ctx.obj(), file.read_bytes())
    except ExportInvalid as refused:
        if as_json:
            typer.echo(json.dumps({"problems": refused.extra["problems"]}, ensure_ascii=False))
        else:
            table = Table("工作表", "行", "列", "原因", title=refused.title_text())
            for one in refused.mistakes:
                table.add_row(one.sheet, str(one.row or ""), one.column, one.reason)
            Console(stderr=True).print(table)
        raise typer.Exit(2) from None
    typer.echo(json.dumps(done.to_dict()) if as_json else f"新建 {done.created},修改 {done.changed},未变 {done.unchanged}")
