"""`zhudian poster CLINIC [--out DIR]`: print a clinic's poster again from its present site token."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checkin.usecases import posters
from shared.problems import NotFound
from shared.service import Runtime

app = typer.Typer()


@app.command("poster")
def poster(
    ctx: typer.Context,
    clinic: Annotated[str, typer.Argument(help="id, code or name of the clinic")],
    out: Annotated[Path | None, typer.Option("--out", help="folder; default: <var>/out")] = None,
) -> None:
    """Write the A4 poster of a clinic as PDF and PNG."""
    rt: Runtime = ctx.obj()
    folder = out or rt.settings.var / "out"
    try:
        code, drawn = posters.print_poster(rt, clinic)
    except NotFound as error:
        typer.echo(error.detail, err=True)
        raise typer.Exit(2) from None
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, data in (("pdf", drawn.pdf), ("png", drawn.png)):
        path = folder / f"poster-{code}.{suffix}"
        path.write_bytes(data)
        typer.echo(str(path))
