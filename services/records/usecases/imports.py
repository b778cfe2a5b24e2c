"""Import the export of a HIS: every line, or nothing and every mistake; the same file again changes nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.records import store, workbook
from services.records.domain import export
from services.records.domain.hospitals import FIGURE
from services.records.usecases import filing, subjects
from services.records.workbook import ExportInvalid
from shared import clock, ledger
from shared.directory.models import Organisation
from shared.roles import Grant, Principal
from shared.service import Runtime

METRIC = "outpatient_emergency_visits"


@dataclass(frozen=True)
class Imported:
    """Figures created, changed and left as they were."""

    created: int
    changed: int
    unchanged: int

    def to_dict(self) -> dict[str, int]:
        """As the answer of the API and of `--json`."""
        return asdict(self)


def import_export(rt: Runtime, data: bytes, who: Principal | None = None) -> Imported:
    """Import a CSV or workbook for a principal, or for the machine's own shell (None). Raises ExportInvalid."""
    lines, mistakes = export.read(workbook.table(data), clock.today())
    with rt.db.transaction() as session:
        ids = _recipients(session, {line.code for line in lines})
        mistakes += [
            export.Mistake(export.SHEET, line.row, export.COLUMNS[0], reason)
            for line in lines
            if (reason := _why_not(ids.get(line.code), who, line.code))
        ]
        if mistakes:
            raise ExportInvalid(mistakes)
        streams = [ledger.Stream.organisation(key) for key in set(ids.values())]
        ledger.lock(session, rt.keys, streams)  # all at once and in one order: two imports never wait for each other
        return _store(session, rt, who, lines, ids)


def _store(
    session: Session, rt: Runtime, who: Principal | None, lines: list[export.Line], ids: dict[str, str]
) -> Imported:  # fmt: skip
    created = changed = unchanged = 0
    for line in lines:
        recipient = ids[line.code]
        actor = who or Principal("shell", None, (Grant("recipient_admin", recipient),), via="shell")
        about = f"recipient:{recipient}"
        body: dict[str, Any] = {"about": about, "metric": METRIC, "period": line.month, "value": line.value,
                "attachment_sha256": []}  # fmt: skip
        slot = filing.slot_of(FIGURE, subjects.load(session, about), body)
        earlier = store.of_slot(session, FIGURE.id, slot or "")
        if earlier is not None and earlier.values["value"] == line.value:
            unchanged += 1
            continue
        filing.file_in(session, rt, actor, FIGURE, body)
        created, changed = created + (earlier is None), changed + (earlier is not None)
    return Imported(created, changed, unchanged)


def _recipients(session: Session, codes: set[str]) -> dict[str, str]:
    query = sa.select(Organisation.code, Organisation.id).where(Organisation.code.in_(codes), Organisation.kind == "recipient")
    return {row.code: row.id for row in session.execute(query)}


def _why_not(recipient: str | None, who: Principal | None, code: str) -> str | None:
    """A foreign recipient and an unknown one are told alike."""
    if recipient is None or (who is not None and recipient not in who.scopes("recipient_admin")):
        return f"「{code[:40]}」不是您负责的受援机构"
    return None
