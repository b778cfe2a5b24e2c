"""accumulate: months in all, postings and credits together (continuity.md §3). Pure."""

from __future__ import annotations

from shared.rules import accumulate, words
from shared.rules.history import History
from shared.rules.inquiry import Inquiry
from shared.rules.result import PROVISIONAL, Result


def evaluate(inquiry: Inquiry) -> Result:
    """The total of a physician's service against the months the gate asks for."""
    history = next(iter(inquiry.histories), History(inquiry.subject.id, (), (), inquiry.as_of))
    wanted = inquiry.programme.settings["accumulate"].get("count_since")
    since = inquiry.subject.since.get(wanted) if wanted else None
    found = accumulate.evaluate(history, inquiry.programme, inquiry.calendar, inquiry.rule, inquiry.facts.credits, since)
    doubt = found.result == PROVISIONAL
    used = [name for name in inquiry.programme.local_settings() if name.startswith("accumulate.")]
    return Result(
        found.result, words.kinds.accumulated(found), found.total.months, found.required_months, found.required_months,
        "month", "accumulate", evidence=tuple(credit.id for credit in inquiry.facts.credits),
        best=found.best if doubt else None, worst=found.worst if doubt else None, detail=found.to_dict(),
        local_settings=tuple(sorted(used)),
    )  # fmt: skip
