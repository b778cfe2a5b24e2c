"""Answer the questions of a case, and say how each answer came about (continuity.md §6.5). Pure.

`answers.py` answers all, `service.py`, `counts.py` and `dates.py` each some kinds of question; `warnings.py` tells what
somebody should look at, `compare.py` what differs from what was expected, `text.py` writes Chinese sentences.
"""

from shared.rules.explain.answers import answer
from shared.rules.explain.compare import differences

__all__ = ["answer", "differences"]
