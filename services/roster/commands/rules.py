"""`zhudian rules check | list | upload | activate`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.roster.usecases import programmes, versions
from shared.problems import Problem
from shared.rules import summary
from shared.rules.check import RuleProblem, check_files
from shared.rules.load import Programme
from shared.rules.warn import warnings

rules = typer.Typer(no_args_is_help=True, help="Programme files: what they ask, and every problem in them.")
WIDE = 160
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]


@rules.command("check")
def check(ctx: typer.Context, files: Annotated[list[Path], typer.Argument()], as_json: AsJson = False) -> None:
    """Every problem of all files at once. Exit 0 clean (warnings do not count), 1 with problems, 2 unreadable."""
    read: list[tuple[str, bytes]] = []
    unreadable = False
    for file in files:
        try:
            read.append((str(file), file.read_bytes()))
        except OSError as error:
            unreadable = True
            typer.echo(f"{file}: {error.strerror}", err=True)
    if unreadable:
        raise typer.Exit(2)
    problems = check_files(read)
    broken = {problem.file for problem in problems}
    valid = [(name, data) for name, data in read if name not in broken]
    found = problems + (warnings(valid, programmes.loaded_years(ctx.obj())) if valid else [])
    _print(sorted(found, key=lambda p: (p.file, p.position, p.key)), as_json, len(read))
    raise typer.Exit(1 if problems else 0)


def _print(found: list[RuleProblem], as_json: bool, files: int) -> None:
    if as_json:
        typer.echo(json.dumps([problem.to_dict() for problem in found], ensure_ascii=False))
        return
    for problem in found:
        typer.echo(str(problem))
    if not found:
        typer.echo(f"{files} 个文件没有问题", err=True)


@rules.command("list")
def list_(
    ctx: typer.Context, programme: Annotated[str | None, typer.Argument(help="id of a programme")] = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Each rule of a programme: clause, kind, subject, threshold, period, deadline, basis. Without one: the programmes."""
    known = programmes.in_use(ctx.obj())
    if programme is None:
        _programmes(known, as_json)
        return
    if programme not in known:
        typer.echo(f"no programme {programme}; there are: {', '.join(sorted(known))}", err=True)
        raise typer.Exit(2)
    _rules(known[programme], as_json)


def _programmes(known: Mapping[str, Programme], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([_head(one) for one in known.values()], ensure_ascii=False))
        return
    table = _table("项目", "名称", "制定机关", "有效期", "规则", "版本", title="项目")
    for one in known.values():
        head = _head(one)
        span = f"{head['effective_from']} 至 {head['effective_to'] or '长期'}"
        table.add_row(one.id, one.title, str(head["issuer"]), span, str(len(one.rules)), one.sha256[7:15])
    _console().print(table)


def _console() -> Console:
    """The terminal as wide as it is; into a file or pipe wide enough for the clauses. Brackets of values are no markup."""
    console = Console(markup=False)
    return console if console.is_terminal else Console(width=WIDE, markup=False)


def _table(*columns: str, title: str, lines: bool = False) -> Table:
    """A table whose Chinese text breaks anywhere and is never cut; its first column stays in one piece."""
    table = Table(title=title, show_lines=lines)
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0)
    return table


def _head(one: Programme) -> dict[str, object]:
    return {
        "id": one.id, "title": one.title, "issuer": one.head["issuer"], "doc_no": one.head.get("doc_no"),
        "effective_from": one.effective_from.isoformat(),
        "effective_to": one.effective_to.isoformat() if one.effective_to else None, "derived_from": one.derived_from,
        "rules": len(one.rules), "rules_version": one.sha256,
    }  # fmt: skip


def _rules(one: Programme, as_json: bool) -> None:
    rows, local = summary.rows(one), summary.settings(one)
    if as_json:
        listed = [row.to_dict() for row in rows]
        typer.echo(json.dumps({**_head(one), "rules": listed, "local_settings": dict(local)}, ensure_ascii=False))
        return
    table = _table("编号", "原文", "类型", "对象", "要求", "周期", "期限", "依据", title=one.title, lines=True)
    for row in rows:
        asked = f"{row.threshold}\n({row.where})" if row.where else row.threshold
        deadline = f"{row.deadline}({row.due_basis})" if row.due_basis else row.deadline
        table.add_row(row.id, row.quote, row.kind, row.subject, asked, row.period, deadline, row.basis or "原文")
    console = _console()
    console.print(table)
    settings = _table("本地设置", "值", title="本地设置(原文没有规定,印在相关表格上)")
    for name, value in local:
        settings.add_row(name, value)
    console.print(settings)
    console.print(f"规则版本 {one.sha256}", soft_wrap=True)


@rules.command("upload")
def upload(ctx: typer.Context, file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Store a programme file as a version; it does not count before `activate`. Exit 1 with every problem of the file."""
    try:
        version, new = versions.upload(ctx.obj(), file.name, file.read_bytes())
    except versions.ProgrammeInvalid as refused:
        for problem in refused.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{'已保存' if new else '已有这个版本'}:{version.programme_id} {version.sha256}")


@rules.command("activate")
def activate(
    ctx: typer.Context, sha: Annotated[str, typer.Argument(help="hash of the version, 8 digits or more")],
    month: Annotated[str, typer.Argument(help="first month, YYYY-MM; it must not have begun")],
) -> None:  # fmt: skip
    """Let a version count from a month that has not begun; earlier months keep the version they began with."""
    try:
        version = versions.activate(ctx.obj(), versions.by_sha(ctx.obj(), sha), month)
    except Problem as refused:
        typer.echo(f"{refused.title_text()} ({refused})", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{version.programme_id} {version.sha256} 从 {version.first_month} 起生效")
