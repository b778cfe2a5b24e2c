"""Every kind of record, by address and by id, and the words of their states. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from services.records.domain import hospitals, offices, promotion
from services.records.domain.kinds import Kind

KINDS: tuple[Kind, ...] = (*hospitals.KINDS, *offices.KINDS, *promotion.KINDS)
BY_SLUG: Mapping[str, Kind] = {kind.slug: kind for kind in KINDS}
BY_ID: Mapping[str, Kind] = {kind.id: kind for kind in KINDS}
FILERS = tuple(dict.fromkeys(role for kind in KINDS for role in kind.filers))
DECIDERS = tuple(dict.fromkeys(role for kind in KINDS for step in kind.steps for role in step.roles))
STATES = {
    "recorded": "已登记", "filed": "待处理", "acknowledged": "已收件", "returned": "已退回", "drawn": "已抽取", "visited": "已检查",
    "suspected": "待核查", "under_review": "核查中", "confirmed": "查实", "rejected": "未通过", "accepted": "已认可",
    "approved": "已同意", "withdrawn": "已撤回", "superseded": "已被更正",
}  # fmt: skip
