"""constraint: only the change that the clause forbids concerns it."""

from __future__ import annotations

import datetime as dt

from shared.rules.facts import Change, Facts
from shared.rules.kinds import evaluate
from tests.shared.rules.kinds import asked

PROGRAMME, RULE = asked.rule_of("zhongzhan-2021", "ZZ-02")


def test_another_change_is_none_of_its_business() -> None:
    other = Change("something_else", dt.date(2024, 5, 20), evidence=("c1",))
    found = evaluate(asked.ask(PROGRAMME, RULE, facts=Facts(changes=(other,)), period=""))
    assert (found.value, found.evidence) == ("met", ())
