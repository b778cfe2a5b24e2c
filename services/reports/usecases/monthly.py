"""Read, draw and draft the monthly supervision report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from services.reports import excel, html, pdf, store, word
from services.reports.domain.charts import charts
from services.reports.domain.layout import view
from services.reports.domain.monthly import FORM, figures_sha256, monthly_clinic
from services.reports.usecases import gather
from services.reports.usecases.scope import Part, part_of, split
from shared import clock, outbox
from shared.calendar import local_date, month_days
from shared.directory import lookup as directory
from shared.directory.models import Posting
from shared.events import MonthDraftDue
from shared.ids import new_id
from shared.problems import MonthNotBegun, NotFound
from shared.roles import Principal
from shared.service import Runtime

SUFFIXES = ("html", "pdf", "docx", "xlsx")


@dataclass(frozen=True)
class Made:
    """A data object with its hash; `stored` tells a kept draft from one made for this reading."""

    report: dict[str, Any]
    sha256: str
    stored: bool

    @property
    def name(self) -> str:
        """File name without suffix."""
        return str(self.report["head"]["form_no"])


@dataclass(frozen=True)
class Draft:
    """A data object ready to be stored as version 0, with what it was made from."""

    report: dict[str, Any]
    row: dict[str, Any]


def monthly(rt: Runtime, who: Principal, recipient: str, month: str, programme: str | None = None) -> Made:
    """The reader's part of a recipient's month. Raises NotFound (foreign, unknown) or MonthNotBegun."""
    name, _ = split(month)
    with rt.db.read() as session:
        part = part_of(session, who, recipient, month)
        return _made(rt, session, recipient, name, programme, part)


def monthly_for_operator(rt: Runtime, recipient: str, month: str) -> Made:
    """The whole report for the shell; `recipient` is an id or the code of the roster. Raises NotFound, MonthNotBegun."""
    name, suffix = split(month)
    if suffix:
        raise NotFound(f"no month {month}")
    with rt.db.read() as session:
        return _made(rt, session, store.recipient(session, recipient).id, name, None, Part())


def render(made: Made, suffix: str, *, beside: str | None = None) -> bytes:
    """The report as html, pdf, docx or xlsx. Raises KeyError for another suffix.

    `beside` is the name under which the page finds the workbook; on the web that is the month's address.
    """
    report = made.report
    if suffix == "xlsx":
        return excel.monthly_xlsx(report, made.sha256)
    shown = view(report, made.sha256)
    if suffix == "html":
        return html.monthly_html(
            shown, charts(report, None), excel=f"{beside or report['head']['month']}.xlsx"
        ).encode()
    return {"pdf": lambda: pdf.monthly_pdf(shown, charts(report)),
            "docx": lambda: word.monthly_docx(shown, charts(report, word.PIECES))}[suffix]()  # fmt: skip


def style(made: Made) -> str:
    """The style sheet inside the HTML of this report."""
    return html.style(view(made.report, made.sha256))


def ask_draft(rt: Runtime, who: Principal, recipient: str, month: str, programme: str | None = None) -> dict[str, Any]:
    """Ask the worker for a new draft of the whole report: {"asked", "programme", "recipient", "month"}."""
    _begun(month)
    with rt.db.transaction() as session:
        part_of(session, who, recipient, month)
        chosen = gather.choose_programme(session, recipient, month, programme, Part())
        asked = new_id()
        outbox.put(session, MonthDraftDue(chosen, recipient, month, asked))
    return {"asked": asked, "programme": chosen, "recipient": recipient, "month": month}


def make_draft(rt: Runtime, programme_id: str, recipient: str, month: str) -> Draft:
    """Read and compute the whole report; nothing is stored yet."""
    with rt.db.read() as session:
        on = gather.ground(rt, session, gather.Asked(recipient, month, programme_id, Part(), clock.now()))
        report = monthly_clinic(gather.source(session, on), clock.now())
    row = {
        "sha256": figures_sha256(report), "generated_at": on.asked.as_of, "data_cutoff": on.asked.as_of,
        "rules_version": on.programme.sha256, "calendar_version": on.calendar.version,
        "heads": [[key, *head] for key, head in sorted(on.heads.items())], "fingerprint": on.fingerprint,
    }  # fmt: skip
    return Draft(report, row)


def store_draft(session: Session, draft: Draft) -> bool:
    """Keep it in place of the draft before; False when a newer one is there already."""
    return store.put_draft(session, draft.report, draft.row)


def ask_nightly(session: Session, fire_at: str) -> int:
    """Ask for the drafts of every recipient with postings in the present month, and in the last one until it is
    closed; gives their number."""
    today = clock.today()
    asked: set[tuple[str, str, str]] = set()
    for month, postings in _open_months(session, today):
        asked |= {(posting.programme_id, posting.recipient_id, month) for posting in postings}
    for programme, recipient, month in sorted(asked):
        outbox.put(session, MonthDraftDue(programme, recipient, month, fire_at))
    return len(asked)


def _open_months(session: Session, today: dt.date) -> list[tuple[str, list[Posting]]]:
    first = today.replace(day=1)
    last = first - dt.timedelta(days=1)
    found = [(f"{today:%Y-%m}", directory.postings_between(session, first, today))]
    before = f"{last:%Y-%m}"
    calendar = directory.calendar(session)
    ended = directory.postings_between(session, last.replace(day=1), last)
    still = [posting for posting in ended if today <= calendar.add_workdays(
        last, directory.programme(session, posting.programme_id, before).setting("lock.month_close_workday"))]  # fmt: skip
    return [*found, (before, still)]


def _made(rt: Runtime, session: Session, recipient: str, month: str, programme: str | None, part: Part) -> Made:
    _begun(month)
    part = _widened(session, recipient, month, part)
    chosen = gather.choose_programme(session, recipient, month, programme, part)
    on = gather.ground(rt, session, gather.Asked(recipient, month, chosen, part, clock.now()))
    if on.asked.part.whole:
        kept = store.draft(session, FORM, chosen, recipient, month)
        if kept is not None and kept.fingerprint == on.fingerprint:
            return Made(kept.figures, kept.sha256, stored=True)
    report = monthly_clinic(gather.source(session, on), clock.now())
    return Made(report, figures_sha256(report), stored=False)


def _widened(session: Session, recipient: str, month: str, part: Part) -> Part:
    """A supporter that is the only one in the month reads the whole report, which is also the signed one."""
    if part.supporters is None:
        return part
    return Part() if all(part.holds(posting) for posting in store.postings(session, recipient, month)) else part


def _begun(month: str) -> None:
    """Raises MonthNotBegun for a month in the future (Asia/Shanghai)."""
    if month_days(month)[0] > local_date(clock.now()):
        raise MonthNotBegun(f"{month} has not begun")
