"""The `zhudian` command: every process of a role, and every service's own commands."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.suite import composition
from shared.service import Runtime

REPOSITORY = Path(__file__).resolve().parents[2]
app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def prepare(ctx: typer.Context) -> None:
    """Zhudian 驻点通: attendance evidence, work logs and supervision reports of posted physicians."""
    made: list[Runtime] = []

    def runtime() -> Runtime:
        if not made:
            made.append(composition.runtime())
        return made[0]

    ctx.obj = runtime


@app.command()
def web(only: Annotated[list[str] | None, typer.Option(help="serve only these services")] = None) -> None:
    """Serve HTTP until SIGTERM."""
    from services.suite.web import serve

    if only:
        known = [service.name for service in composition.services()]
        if unknown := sorted(set(only) - set(known)):
            typer.echo(f"no service {', '.join(unknown)}; there are: {', '.join(known)}", err=True)
            raise typer.Exit(2)
    serve(tuple(only or ()))


@app.command()
def worker(
    ctx: typer.Context,
    queues: Annotated[list[str] | None, typer.Option(help="work only these queues")] = None,
) -> None:
    """Work the queues until SIGTERM."""
    from services.suite.queue import work

    work(ctx.obj(), frozenset(queues or ()))


@app.command()
def ticker(ctx: typer.Context) -> None:
    """Fire schedules and relay the outbox until SIGTERM."""
    from services.suite.queue import tick

    tick(ctx.obj())


@app.command()
def migrate(ctx: typer.Context, revision: Annotated[str, typer.Argument(help="a migration, or head")] = "head") -> None:
    """Bring the database to the newest (or the named) migration and load the shipped programmes."""
    rt: Runtime = ctx.obj()
    command = [sys.executable, str(REPOSITORY / "deploy" / "migrations" / "migrate.py"), "-", revision]
    done = subprocess.run(command, input=rt.settings.database_url, text=True, cwd=REPOSITORY, check=False)
    if done.returncode:
        raise typer.Exit(1)
    if revision == "head":
        from services.roster.usecases.programmes import ensure_programmes

        ensure_programmes(rt)


@app.command()
def openapi() -> None:
    """Print the API document as JSON."""
    import json

    from services.suite.web import document

    typer.echo(json.dumps(document(), ensure_ascii=False, indent=2))


@app.command()
def once(ctx: typer.Context, base_url: Annotated[str, typer.Option(help="address of the running product")]) -> None:
    """Do the main job once over HTTP; exit 1 when a step did not happen."""
    from services.suite.client import Refused
    from services.suite.demo import show
    from services.suite.once import NotDone, main_job

    rt: Runtime = ctx.obj()
    try:
        main_job(base_url, show(rt)["once"], rt.settings.var / "out", typer.echo)
    except (NotDone, Refused, OSError) as error:
        typer.echo(f"not done: {error}", err=True)
        raise typer.Exit(1) from None


def main() -> None:
    """Run the command; services' own commands are mounted flat.

    A long-running process of a role does not load them: `web` would import every service once more than it serves.
    """
    if sys.argv[1:2] not in ([role] for role in ("web", "worker", "ticker")):
        from services.suite.demo.commands import commands as demo_commands
        from services.suite.emulate import emulate_app
        from services.suite.kernel import ledger_app, outbox_app

        for service in composition.services():
            if service.commands is not None:
                app.add_typer(service.commands)
        app.add_typer(demo_commands)
        app.add_typer(emulate_app, name="emulate")
        app.add_typer(ledger_app, name="ledger")
        app.add_typer(outbox_app, name="outbox")
    gc.freeze()
    gc.enable()
    app()
