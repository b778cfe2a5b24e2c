"""Shell doors of the notifier: where people can be reached, how the channels stand, a message to try one."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from notifier.usecases import addresses, channels
from shared.problems import Problem
from shared.service import Runtime

app = typer.Typer()
channel = typer.Typer(no_args_is_help=True, help="How messages leave the house.")
app.add_typer(channel, name="channel")

Phone = Annotated[str, typer.Argument(help="phone number the person signs in with")]


@channel.command()
def address(
    ctx: typer.Context, phone: Phone,
    kind: Annotated[str, typer.Argument(help=" / ".join(addresses.KINDS))],
    where: Annotated[str, typer.Argument(help="userid, openid or mail address there")],
) -> None:  # fmt: skip
    """Reach a person at this address from now on."""
    if kind not in addresses.KINDS:
        typer.echo(f"no channel {kind}; there are: {', '.join(addresses.KINDS)}", err=True)
        raise typer.Exit(2)
    rt: Runtime = ctx.obj()
    try:
        addresses.enter(rt, phone, kind, where)
    except Problem as refused:
        typer.echo(f"{refused.title_text()} ({refused.slug}: {refused.detail})", err=True)
        raise typer.Exit(2) from None
    typer.echo("address stored")


@channel.command()
def test(ctx: typer.Context, phone: Phone) -> None:
    """Send a person a test message."""
    rt: Runtime = ctx.obj()
    try:
        channels.trial(rt, phone)
    except Problem as refused:
        typer.echo(f"{refused.title_text()} ({refused.slug}: {refused.detail})", err=True)
        raise typer.Exit(2) from None
    typer.echo("test message planned")


@channel.command()
def status(ctx: typer.Context) -> None:
    """Print how each channel stands over a week, one JSON object a line."""
    for line in channels.standing_of(ctx.obj()):
        typer.echo(json.dumps(line, ensure_ascii=False))
