"""What every answer of a case stands on: histories worked out once, the postings a rule fits, what was noticed. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from shared.calendar import local_date
from shared.rules import quota, words
from shared.rules.case.model import Case
from shared.rules.case.problem import CaseProblem
from shared.rules.case.statuses import Physician
from shared.rules.history import History
from shared.rules.load import Rule
from shared.rules.terms import PostingTerms


class Ground:
    """A case while its questions are answered."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.noticed: dict[tuple[str, str], CaseProblem] = {}
        self._physicians: dict[str, Physician] = {}
        self._histories: dict[str, History] = {}

    def notice(self, path: str, code: str, message: str) -> None:
        """Note a warning; the same thing is told once."""
        self.noticed.setdefault((path, code), CaseProblem(path, code, message))

    def physician(self, doctor: str) -> Physician:
        """The half-days of a physician."""
        if doctor not in self._physicians:
            self._physicians[doctor] = Physician.of(self.case, doctor)
        return self._physicians[doctor]

    def history(self, doctor: str) -> History:
        """The history of a physician."""
        if doctor not in self._histories:
            self._histories[doctor] = self.physician(doctor).history()
        return self._histories[doctor]

    def histories(self) -> list[History]:
        """Those of everybody who is posted or stands in for somebody, in the order of the file."""
        people = [p.person_id for p in self.case.postings]
        people += [event.doctor for event in self.case.events_of(None, "substitute")]
        return [self.history(doctor) for doctor in dict.fromkeys(people)]

    def matching(self, rule: Rule | None, postings: Iterable[PostingTerms]) -> tuple[PostingTerms, ...]:
        """The postings a rule's `where` fits; an attribute that is not known does not match and is noticed."""
        if rule is None:
            return tuple(postings)
        found = []
        for posting in postings:
            known = posting.attributes()
            unknown = [name for name in rule.where if name != "channel" and known.get(name) is None]
            if unknown:
                names = "、".join(words.ATTRIBUTES[name] for name in unknown)
                text = f"派驻 {posting.id} 没有写明{names},按不适用 {rule.id} 处理"
                self.notice(self.case.places[posting.id], "where_unknown", text)
            elif quota.matches(rule.where, known):
                found.append(posting)
        return tuple(found)

    def span(self, postings: Sequence[PostingTerms]) -> tuple[dt.date, dt.date]:
        """First start and last end of some postings; one that is still open reaches to the date of `as_of`."""
        today = local_date(self.case.as_of) if self.case.as_of else None
        return min(p.start for p in postings), max((p.end or max(today or p.start, p.start)) for p in postings)
