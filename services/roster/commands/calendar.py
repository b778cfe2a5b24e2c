"""`zhudian calendar load | show`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.roster.usecases.calendar import CalendarInvalid, load_overrides, show
from shared import clock

calendar = typer.Typer(no_args_is_help=True, help="Workdays and rest days: the published calendar and its overrides.")
KINDS = {"workday": "上班", "rest": "休息"}
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]


@calendar.command("load")
def load(
    ctx: typer.Context, file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)], as_json: AsJson = False
) -> None:
    """Add days and complete years (JSON or CSV) to the override table: all of them, or none and every mistake (exit 2)."""
    try:
        done = load_overrides(ctx.obj(), file.read_bytes())
    except CalendarInvalid as refused:
        if as_json:
            typer.echo(json.dumps({"errors": refused.extra["errors"]}, ensure_ascii=False))
        else:
            typer.echo(refused.title_text(), err=True)
            for mistake in refused.mistakes:
                typer.echo(f"{file}:{mistake.line}: {mistake.value}: {mistake.reason}", err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(done.to_dict()))
        return
    complete = f",完整的年份 {'、'.join(map(str, done.years))}" if done.years else ""
    typer.echo(f"新增 {done.added} 天,修改 {done.changed} 天,未变 {done.unchanged} 天{complete}")
    typer.echo(f"日历版本 {done.calendar_version}")


@calendar.command("show")
def show_command(
    ctx: typer.Context, year: Annotated[int | None, typer.Argument(min=2000, max=2100)] = None, as_json: AsJson = False
) -> None:
    """The calendar of a year as everything is counted by it: holidays, make-up workdays, workdays by month."""
    found = show(ctx.obj(), year or clock.today().year)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), ensure_ascii=False))
        return
    own = {day["date"]: day["kind"] for day in found.overrides}
    state = "完整" if found.complete else "未公布,按周一至周五计,结果暂定"
    table = Table("日期", "类别", "来源", title=f"{found.year} 年({state}),{sum(found.workdays)} 个工作日")
    for day in found.days:
        table.add_row(day["date"], KINDS[day["kind"]], "载入" if day["date"] in own else "已公布")
    Console().print(table)
    typer.echo("每月工作日 " + " ".join(map(str, found.workdays)))
    typer.echo(f"日历版本 {found.calendar_version}")
