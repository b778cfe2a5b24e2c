"""Case files: postings, events and questions in one JSON object, for `zhudian explain` (continuity.md §6). Pure.

`read.py` reads a file and names every problem at once (`fields.py` single values, one file for each part); `statuses.py`
turns the events into the status of every half-day (`presence.py` scans, `covers.py` leave and ordered work), `record.py`
into what rules read beside.
"""

from shared.rules.case.model import Case, Event, Question
from shared.rules.case.problem import CaseInvalid, CaseProblem
from shared.rules.case.read import load

__all__ = ["Case", "CaseInvalid", "CaseProblem", "Event", "Question", "load"]
