"""The roster's shell commands: `zhudian roster`, `zhudian rules`, `zhudian calendar`."""

from __future__ import annotations

import typer

from services.roster.commands.calendar import calendar
from services.roster.commands.rules import rules
from services.roster.commands.workbook import roster

commands = typer.Typer()
commands.add_typer(roster, name="roster")
commands.add_typer(rules, name="rules")
commands.add_typer(calendar, name="calendar")

__all__ = ["commands"]
