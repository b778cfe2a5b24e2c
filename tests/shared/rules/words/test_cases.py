"""The words of cases: one for everything an answer may say of half-days, segments and questions (continuity.md §6.5)."""

from __future__ import annotations

import pytest

from shared.rules import schema
from shared.rules.case import events, questions
from shared.rules.result import VALUES
from shared.rules.segments import CREDITED, DEBT, NONE
from shared.rules.words import cases, names
from tests.factories.service import posting

WHY_PENDING = {"window_open", "decision_pending"}
WHY_ABSENT = {
    "absent", "no_scan", "short", "split_session", "open", "correction_late", "correction_limit", "correction_refused", "weak_evidence",
    "leave_level", "leave_late", "leave_refused", "order_issuer", "spot_missed",
}  # fmt: skip


@pytest.mark.parametrize(("named", "closed"), [
    (cases.REASONS, {*events.LEAVE_TYPES, *events.ORDER_KINDS, *WHY_PENDING, *WHY_ABSENT}), (cases.EFFECTS, {CREDITED, DEBT, NONE}),
    (cases.STATUSES, {"A", "O", "L", "P", "X", "rest", ""}), (cases.SCOPES, questions.SCOPES), (cases.ASKS, questions.ASKS),
    (cases.ATTRIBUTES, posting("2026-03-02", None).attributes()), (cases.BREAKS, {"absence_run", "absence_total", "leave_run", "ordered"}),
    (cases.ENDED_BY, {"break", "posting_end", "recipient_change", "gap", "as_of"}),
    (cases.FLAGS, {"early_rotation", "leave_split", "corrections", "record_ref", "two_clinics", "split_session"}),
    (names.RESULTS, VALUES), (names.METHODS, {"walkthrough", "phone", "unannounced"}), (names.WAIVED, {"n = 0", "partial_window", "approved"}),
    (names.SHORT_UNITS, schema.UNITS),
])  # fmt: skip
def test_everything_an_answer_may_say_has_words_and_nothing_else(named, closed) -> None:
    assert set(named) == set(closed)
