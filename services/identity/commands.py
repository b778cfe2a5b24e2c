"""Shell doors of identity: one-time links, passwords, closing an account."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from services.identity.usecases import accounts, invitations
from shared.problems import Problem
from shared.service import Runtime

app = typer.Typer()
account = typer.Typer(no_args_is_help=True, help="Passwords and closing of accounts.")
app.add_typer(account, name="account")

Phone = Annotated[str, typer.Argument(help="phone number the person signs in with")]


@app.command()
def invite(ctx: typer.Context, phone: Phone) -> None:
    """Print a one-time link (72 h) with which the person sets a password; earlier links stop working."""
    rt: Runtime = ctx.obj()
    try:
        typer.echo(invitations.invite(rt, phone))
    except Problem as refused:
        raise _refuse(refused) from None


@account.command()
def password(
    ctx: typer.Context,
    phone: Phone,
    stdin: Annotated[bool, typer.Option("--stdin", help="read the password from standard input")] = False,
) -> None:
    """Set the password of an account; its sessions and tokens end."""
    rt: Runtime = ctx.obj()
    new = (
        sys.stdin.readline().rstrip("\n")
        if stdin
        else typer.prompt("新密码", hide_input=True, confirmation_prompt=True)
    )
    try:
        accounts.set_password_by_phone(rt, phone, new)
    except Problem as refused:
        raise _refuse(refused) from None
    typer.echo("password set")


@account.command()
def disable(ctx: typer.Context, phone: Phone) -> None:
    """Close an account: its sessions and tokens end with the next request."""
    _switch(ctx.obj(), phone, disabled=True)


@account.command()
def enable(ctx: typer.Context, phone: Phone) -> None:
    """Open a closed account again."""
    _switch(ctx.obj(), phone, disabled=False)


def _switch(rt: Runtime, phone: str, *, disabled: bool) -> None:
    try:
        accounts.disable(rt, phone, disabled=disabled)
    except Problem as refused:
        raise _refuse(refused) from None
    typer.echo("account disabled" if disabled else "account enabled")


def _refuse(refused: Problem) -> typer.Exit:
    typer.echo(f"{refused.title_text()} ({refused.slug}: {refused.detail})", err=True)
    return typer.Exit(2)
