"""Commands over the kernel's own rooms: `zhudian ledger verify`, `zhudian outbox list`, `zhudian outbox retry`."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from shared import clock, ledger, outbox
from shared.service import Runtime

ledger_app = typer.Typer(help="The hash-linked streams of facts.", no_args_is_help=True)
outbox_app = typer.Typer(help="Messages between services.", no_args_is_help=True)
STATES = ("open", "done", "parked", "expired")


@ledger_app.callback()
def _ledger() -> None:
    """Keep `verify` a command of its own although it is the only one."""


@ledger_app.command("verify")
def verify(
    ctx: typer.Context,
    stream: Annotated[str | None, typer.Option(help="one stream, by its pseudonym (p:…, u:…, c:…, o:…, sys)")] = None,
    since: Annotated[str | None, typer.Option(help="only entries appended since this instant (ISO 8601)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the differences as JSON")] = False,
) -> None:
    """Recompute every chain; name the first broken entry of each and exit 1, or exit 0 when all is as appended."""
    rt: Runtime = ctx.obj()
    with rt.db.read() as session:
        found = ledger.verify(session, rt.keys, stream, _instant(since))
    if as_json:
        typer.echo(json.dumps([asdict(difference) for difference in found], ensure_ascii=False))
    else:
        for difference in found:
            typer.echo(str(difference))
        typer.echo(f"{len(found)} broken streams" if found else "every chain holds")
    raise typer.Exit(1 if found else 0)


def _instant(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        return clock.parse_iso(text)
    except ValueError:
        typer.echo(f"not an instant with an offset: {text}", err=True)
        raise typer.Exit(2) from None


@outbox_app.command("list")
def listing(
    ctx: typer.Context,
    state: Annotated[str | None, typer.Option(help="open, done, parked or expired; else open and parked")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """The messages that wait or are parked, oldest first."""
    if state is not None and state not in STATES:
        typer.echo(f"no state {state}; there are: {', '.join(STATES)}", err=True)
        raise typer.Exit(2)
    rt: Runtime = ctx.obj()
    with rt.db.read() as session:
        rows = [
            {"id": row.id, "consumer": row.consumer, "state": row.state, "attempts": row.attempts,
             "run_after": clock.iso(row.run_after), "last_error": row.last_error}
            for row in outbox.listing(session, state)
        ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table("id", "consumer", "state", "attempts", "run after", "last error")
    for row in rows:
        table.add_row(*(str(value if value is not None else "") for value in row.values()))
    Console().print(table if rows else "the outbox is empty")


@outbox_app.command("retry")
def retry(ctx: typer.Context, ids: Annotated[list[str], typer.Argument(help="ids of messages")]) -> None:
    """Try parked messages again with all their attempts; exit 1 when one of the ids is no such message."""
    rt: Runtime = ctx.obj()
    with rt.db.transaction() as session:
        found = outbox.retry(session, ids)
    typer.echo(f"{len(found)} of {len(set(ids))} messages will be tried again")
    raise typer.Exit(0 if len(found) == len(set(ids)) else 1)
