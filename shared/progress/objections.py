"""Objections that dispute presence (evidence.md §9, input O), read from the ledger's facts. Pure.

A physician's objection against a low grade is none of them: it never takes anything away while it waits (§11).
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.progress.reading import Facts

DISPUTES = "not_present"
"""The one reason code by which a party disputes that somebody was there."""


@dataclass(frozen=True)
class Disputed:
    """Ids of entries whose presence is disputed: nobody has decided yet, or the objection was upheld."""

    open: frozenset[str]
    upheld: frozenset[str]

    @classmethod
    def of(cls, facts: Facts) -> Disputed:
        """The newest decision on each objection of the posting."""
        decided = facts.last(("objection.decided",), "objection_id")
        waiting, against = set(), set()
        for fact in facts.of_kind("objection.filed"):
            said = fact.payload
            if said.get("reason_code") != DISPUTES or said.get("target_kind") != "entry":
                continue
            verdict = decided.get(said["objection_id"])
            if verdict is None:
                waiting.add(said["target"])
            elif verdict.payload["decision"] == "upheld":
                against.add(said["target"])
        return cls(frozenset(waiting - against), frozenset(against))
