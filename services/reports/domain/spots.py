"""抽查 in block 9 (experience.md §8): per posting what became of its spot checks, drawn and supervisors' own apart.

From the day facts alone. What nobody has decided is printed as such; 抽查 = the sum of the columns beside it, 作废 included.
"""

from __future__ import annotations

from typing import Any

from services.reports.domain.figures import Figure, reported
from services.reports.domain.source import MonthSource, PostingLine
from shared.attendance import spot

COLUMNS = (
    ("issued", "抽查"), ("present", "到位"), ("excused", "已说明"), ("waiting", "待判定"), ("lapsed", "未响应"),
    ("not_found", "未找到"), ("void", "作废"),
)  # fmt: skip
KINDS = (("drawn", "系统随机抽查"), ("own", "管理单位自行抽查"))
_SAME = frozenset({"excused", "lapsed", "not_found", "void"})


def spots(source: MonthSource) -> dict[str, Any]:
    """{"drawn" | "own": {"rows": [...], "total": {...}}}; a row per posting that was checked, in the order of the source."""
    return {kind: _block(source, kind) for kind, _ in KINDS}


def column(state: str, outside: bool) -> str:
    """The column a check stands in; an outside one that was answered still waits for somebody off the clinic's rota."""
    if state == spot.PRESENT or (state == spot.ANSWERED and not outside):
        return "present"
    return state if state in _SAME else "waiting"


def _block(source: MonthSource, kind: str) -> dict[str, Any]:
    rows = [row for posting in source.postings if (row := _row(source, posting, kind))]
    return {"rows": rows, "total": {key: reported(sum(row[key]["value"] for row in rows)) for key, _ in COLUMNS}}


def _row(source: MonthSource, posting: PostingLine, kind: str) -> dict[str, Any] | None:
    found = [
        column(one["state"], bool(one["outside"]))
        for fact in source.facts(posting) for one in fact.spots if (one["origin"] == "drawn") == (kind == "drawn")
    ]  # fmt: skip
    if not found:
        return None
    counts: dict[str, Figure] = {key: reported(found.count(key)) for key, _ in COLUMNS}
    return {"posting_id": posting.id, "name": posting.name, **counts, "issued": reported(len(found))}
