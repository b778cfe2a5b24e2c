"""The cross-checks of one recipient's month, as the officer reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.reports.domain.questions import questions
from services.reports.usecases import gather
from services.reports.usecases.scope import part_of, split
from shared import clock
from shared.calendar import month_days
from shared.directory import lookup
from shared.directory.models import Organisation
from shared.problems import MonthNotBegun, NotFound
from shared.roles import Principal
from shared.service import Runtime


@dataclass(frozen=True)
class Asked:
    """Recipients to choose from as (id, name), the one chosen, the month, and its questions by person."""

    recipients: list[tuple[str, str]]
    recipient: str
    month: str
    questions: list[dict[str, Any]]


def asked(rt: Runtime, who: Principal, recipient: str | None, month: str | None) -> Asked:
    """The questions of a month (the present one unless said) at a recipient of the reader's scope (the first unless said).

    Raises NotFound for a recipient outside it or what is no month, MonthNotBegun.
    """
    name, suffix = split(month or f"{clock.today():%Y-%m}")
    if suffix:
        raise NotFound(f"no month {month}")
    if month_days(name)[0] > clock.today():
        raise MonthNotBegun(f"{name} has not begun")
    with rt.db.read() as session:
        names = lookup.names(session, Organisation, lookup.recipients_visible(session, who))
        listed = sorted(names.items(), key=lambda one: one[1])
        chosen = recipient or (listed[0][0] if listed else None)
        if chosen is None:
            return Asked([], "", name, [])
        part = part_of(session, who, chosen, name)
        programme = gather.choose_programme(session, chosen, name, None, part)
        on = gather.ground(rt, session, gather.Asked(chosen, name, programme, part, clock.now()))
        found = [one.to_dict() for one in questions(gather.source(session, on))]
    return Asked(listed, chosen, name, found)
