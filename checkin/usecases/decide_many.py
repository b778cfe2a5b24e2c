"""Up to twenty decisions with one tap: each its own transaction, each with its own result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from checkin.usecases.correction_decide import decide_correction
from checkin.usecases.deciding import Ruling
from checkin.usecases.leave_decide import rule_leave
from checkin.usecases.ordered import decide_order
from shared import ledger
from shared.problems import InvalidBody, Problem
from shared.roles import Principal
from shared.service import Runtime

MOST = 20
DECIDE: Mapping[str, Callable[[Runtime, Principal, str, Ruling], Any]] = {
    "correction": decide_correction, "leave": rule_leave, "ordered_work": decide_order,
}  # fmt: skip


def decide_one(rt: Runtime, who: Principal, kind: str, request_id: str, ruling: Ruling) -> str:
    """Decide one request of any kind and give its new state. Raises what its use case raises."""
    return str(DECIDE[kind](rt, who, request_id, ruling).state)


def decide_many(
    rt: Runtime, who: Principal, items: Sequence[Mapping[str, Any]], shown_at: str | None, tapped_at: str | None
) -> list[tuple[str, Problem | None]]:
    """Decide each {kind, id, decision, note?, replaces?} by itself, in the order given: (new state or "", the refusal)."""
    found: list[tuple[str, Problem | None]] = []
    for one in items:
        ruling = Ruling(one["decision"], one.get("note") or "", one.get("replaces"), shown_at, tapped_at, len(items))
        try:
            found.append((decide_one(rt, who, one["kind"], one["id"], ruling), None))
        except Problem as refused:
            found.append(("", refused))
        except ledger.ProfileError as unfit:
            found.append(("", InvalidBody("note", str(unfit))))
    return found
