"""reference: a pointer to another document; nothing to judge. Pure."""

from __future__ import annotations

from shared.rules import words
from shared.rules.inquiry import Inquiry
from shared.rules.result import NOT_APPLICABLE, Result


def evaluate(inquiry: Inquiry) -> Result:
    """Where to read on."""
    return Result(NOT_APPLICABLE, words.kinds.reference(str(inquiry.rule.get("ref"))), detail={"ref": inquiry.rule.get("ref")})
