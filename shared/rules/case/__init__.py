"""Case files: postings, events and questions in one JSON object, for `zhudian explain` (continuity.md §6). Pure.

`read.py` reads a file and names every mistake at once, `events.py` says what an event may hold, `check.py` looks at how
the parts hang together, `halves.py` turns events into the status of every half-day.
"""

from shared.rules.case.model import Case, CaseInvalid, Event, Mistake, Posting, Question
from shared.rules.case.read import load

__all__ = ["Case", "CaseInvalid", "Event", "Mistake", "Posting", "Question", "load"]
