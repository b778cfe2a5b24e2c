"""credit: time elsewhere counts with its document only; the rule says at what ratio and up to how many months."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from shared.rules.accumulate import Credit
from shared.rules.facts import Facts
from shared.rules.kinds import evaluate
from tests.shared.rules.kinds import asked

PROGRAMME, RULE = asked.rule_of("zhongzhan-2021", "ZZ-38")
AID = Credit("K1", "aid_tibet", dt.date(2020, 1, 1), dt.date(2020, 6, 30), doc_no="援藏〔2020〕1号")


@pytest.mark.parametrize("cap", [None, 6])
@pytest.mark.parametrize(("documents", "value", "number"), [(("a", "b"), "met", 2), (("a", None), "open", 1), ((None, ""), "open", 0)])
def test_each_credit_needs_its_document_and_the_rule_says_how_far_it_counts(cap, documents, value: str, number: int) -> None:
    rule = asked.like(RULE, **({} if cap is None else {"cap_months": cap}))
    known = tuple(replace(AID, id=f"K{n}", doc_no=doc) for n, doc in enumerate(documents))
    found = evaluate(asked.ask(PROGRAMME, rule, facts=Facts(credits=(*known, replace(AID, id="other", counts="mentoring")))))
    assert (found.value, found.number, found.threshold, found.effective_threshold) == (value, number, 2, 2)
    assert (found.unit, found.metric, found.evidence, found.detail["cap_months"]) == ("item", "credit", ("K0", "K1"), cap)
