"""Answer the questions of a case, and say how each answer came about (continuity.md §6.5). Pure."""

from shared.rules.explain.answers import answer
from shared.rules.explain.compare import differences
from shared.rules.explain.text import text_of

__all__ = ["answer", "differences", "text_of"]
