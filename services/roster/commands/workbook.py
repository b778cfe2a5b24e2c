"""`zhudian roster template | import`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.roster import template as writer
from services.roster.domain.mistakes import Mistake
from services.roster.usecases.imports import import_workbook
from services.roster.workbook import WorkbookInvalid

roster = typer.Typer(no_args_is_help=True, help="The roster workbook.")


@roster.command("template")
def template(file: Annotated[Path, typer.Argument(help="where to write it")] = Path("名单.xlsx")) -> None:
    """Write the empty roster workbook."""
    file.write_bytes(writer.workbook())
    typer.echo(str(file))


@roster.command("import")
def import_(
    ctx: typer.Context, file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="check only")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:  # fmt: skip
    """Import a roster workbook: all of it, or nothing (exit 2) and every mistake."""
    try:
        done = import_workbook(ctx.obj(), file.read_bytes(), dry_run=dry_run)
    except WorkbookInvalid as refused:
        if as_json:
            typer.echo(json.dumps({"problems": refused.extra["problems"]}, ensure_ascii=False))
        else:
            _print(refused.title_text(), refused.mistakes)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(done.to_dict()))
        return
    typer.echo(
        f"{'检查完毕,没有写入:' if dry_run else ''}新建 {done.created},修改 {done.changed},未变 {done.unchanged}"
    )


def _print(title: str, mistakes: Iterable[Mistake]) -> None:
    table = Table("工作表", "行", "列", "原因", title=title)
    for mistake in mistakes:
        table.add_row(mistake.sheet, str(mistake.row or ""), mistake.column, mistake.reason)
    Console(stderr=True).print(table)
