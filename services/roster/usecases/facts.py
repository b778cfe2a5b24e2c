"""The ledger facts of an import: agreements, postings opened or amended, rosters published (evidence.md §2.4, §2.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.roster.domain.book import Row
from services.roster.domain.postings import supporter_of
from services.roster.domain.view import Half, Record, View
from shared import clock, ledger, outbox
from shared.calendar import month_days
from shared.directory import lookup
from shared.events import DayTouched
from shared.roles import Principal
from shared.service import Runtime


class Facts:
    """Collects what changed and appends it at the end, every stream locked first in one order.

    These facts are the supporter's: whoever imports for it (its own office, the county, the shell) is named as
    `imported`, the actor is the supporter's office.
    """

    def __init__(
        self, rt: Runtime, session: Session, view: View, ids: Mapping[str, Mapping[str, str]], who: Principal | None,
        import_id: str,
    ) -> None:  # fmt: skip
        self._rt, self._session, self._view, self._ids, self._who = rt, session, view, ids, who
        self._imported = {"import_id": import_id, "roles": sorted(who.roles) if who else ["system"]}
        self._rows: list[Row] = []
        self._postings: dict[str, Row] = {}
        self._rosters: list[tuple[str, str, frozenset[Half]]] = []

    def note(self, row: Row) -> None:
        """A row that is new or changed."""
        if row.sheet.name in ("agreement", "posting"):
            self._rows.append(row)
        if row.sheet.name == "posting":
            self._postings[str(row.key)] = row

    def roster(self, posting: str, month: str, halves: frozenset[Half]) -> None:
        """The roster of a posting's month is new or changed."""
        self._rosters.append((posting, month, halves))

    def append(self, before: Mapping[str, Record]) -> None:
        """Append every noted fact; `before` holds the postings as they were."""
        streams = [self._stream(row) for row in self._rows]
        streams += [ledger.Stream.posting(self._ids["posting"][posting]) for posting, _, _ in self._rosters]
        ledger.lock(self._session, self._rt.keys, streams)
        for row in self._rows:
            if row.sheet.name == "agreement":
                self._agreement(row)
            else:
                self._posting(row, before.get(str(row.key)))
        for posting, month, halves in self._rosters:
            self._published(posting, month, halves)

    def _stream(self, row: Row) -> ledger.Stream:
        if row.sheet.name == "posting":
            return ledger.Stream.posting(self._ids["posting"][str(row.key)])
        values, organisations = row.values, self._ids["organisation"]
        key = f"{values['programme']}|{organisations[values['supporter']]}|{organisations[values['recipient']]}"
        return ledger.Stream.organisation(self._ids["pair"][key])

    def _agreement(self, row: Row) -> None:
        values, organisations = row.values, self._ids["organisation"]
        kind = "agreement.amended" if self._view.before("agreement", row.key) else "agreement.recorded"
        self._entry(kind, self._stream(row), values["supporter"], {
            "agreement_id": self._ids["agreement"][str(row.key)], "agreement_no": row.key,
            "programme_id": values["programme"], "supporter_id": organisations[values["supporter"]],
            "recipient_id": organisations[values["recipient"]], "signed": values["signed"].isoformat(),
            "from": values["start"].isoformat(), "to": values["end"].isoformat() if values["end"] else None,
            "targets": values["targets"],
        })  # fmt: skip

    def _posting(self, row: Row, old: Record | None) -> None:
        values, posting_id = row.values, self._ids["posting"][str(row.key)]
        supporter = str(supporter_of(self._view, row))
        payload = {
            "posting_id": posting_id, "code": row.key, "person_id": self._ids["person"][values["person"]],
            "supporter_id": self._ids["organisation"][supporter],
            "recipient_id": self._ids["organisation"][values["recipient"]],
            "clinics": [self._ids["clinic"][code] for code in values["clinics"]],
            "programme_id": values["programme"], "rules_sha256": self._rules(values["programme"], values["start"]),
            "mode": values["mode"], "seat_id": self._ids["seat"][values["seat"]] if values["seat"] else None,
            "agreement_no": values["agreement"], "team_leader": values["team_leader"],
            "registration_no": values["registration_no"], "doc_no": values["doc_no"],
            "from": values["start"].isoformat(), "to": values["end"].isoformat(),
        }  # fmt: skip
        if old is not None:
            payload["was"] = {name: _plain(old[name]) for name in sorted(self._view.changed(row))}
        kind = "posting.opened" if old is None else "posting.amended"
        entry_id = self._entry(kind, ledger.Stream.posting(posting_id), supporter, payload)
        first = min(values["start"], old["start"]) if old else values["start"]
        last = max(values["end"], old["end"]) if old else values["end"]
        self._touch(entry_id, posting_id, first, min(last, clock.today()))

    def _published(self, posting: str, month: str, halves: frozenset[Half]) -> None:
        posting_id, days = self._ids["posting"][posting], month_days(month)
        stored = ledger.facts(self._session, posting_id, days[0], days[-1])
        versions = [fact for fact in stored if fact.kind == "roster.published" and fact.payload["month"] == month]
        payload = {
            "posting_id": posting_id, "month": month, "version": len(versions) + 1,
            "half_days": [
                {"date": day.isoformat(), "session": session, "clinic_id": self._ids["clinic"][clinic]}
                for day, session, clinic in sorted(halves)
            ],
        }  # fmt: skip
        supporter = self._supporter(posting)
        entry_id = self._entry("roster.published", ledger.Stream.posting(posting_id), supporter, payload)
        self._touch(entry_id, posting_id, days[0], days[-1])

    def _supporter(self, posting: str) -> str:
        if row := self._postings.get(posting):
            return str(supporter_of(self._view, row))
        stored = self._view.before("posting", posting)
        return str(stored["supporter"] if stored else "")

    def _entry(self, kind: str, stream: ledger.Stream, supporter: str, payload: dict[str, Any]) -> str:
        person = self._who.person_id if self._who else None
        actor = ledger.Actor(person, "supporter_admin", self._ids["organisation"][supporter])
        payload = {**payload, "imported": self._imported}
        return ledger.append(
            self._session, self._rt.keys, kind=kind, stream=stream, payload=payload, actor=actor
        ).entry_id

    def _touch(self, entry_id: str, posting_id: str, first: dt.date, last: dt.date) -> None:
        """Days that stand or fall with the fact are folded again; days to come fold when they come."""
        if first <= last:
            outbox.put(self._session, DayTouched(entry_id, posting_id, first.isoformat(), last.isoformat()))

    def _rules(self, programme_id: str, day: dt.date) -> str:
        return lookup.programme(self._session, programme_id, day).sha256


def _plain(value: Any) -> Any:
    """A field as a fact holds it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
