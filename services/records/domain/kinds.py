"""What a kind of record is: whom it is about, who files it, its fields, and the decisions that may follow. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.records.domain import fields
from services.records.domain.fields import Field
from services.records.domain.spans import span_of

Values = Mapping[str, Any]
Mistake = tuple[str, str]
Check = Callable[[Values, dt.date], Iterator[Mistake]]

SUBJECTS = {
    "posting": "派驻", "person": "人员", "pair": "对口关系", "team": "帮扶团队", "supporter": "支援医院",
    "recipient": "受援机构", "county": "县区", "city": "市", "province": "省",
}  # fmt: skip
PROGRAMME = Field("programme_id", "项目", "text", hint="项目编码")
RULE = Field("rule_id", "规则编号", "text", hint="如 ZZ-27", max_length=8)
FILES = Field("attachment_sha256", "附件", "files", required=False, hint="PDF 或照片,最多 9 个")
NOTE = Field("note", "说明", "long", required=False, max_length=2000)


@dataclass(frozen=True)
class Step:
    """A decision on a filed record, at `path` below it.

    `outcomes`: value of the field `decision` -> (event, state it leads to). `independent`: never by the filer or by the
    person the record is about.
    """

    path: str
    title: str
    roles: tuple[str, ...]
    outcomes: Mapping[str, tuple[str, str]]
    fields: tuple[Field, ...]
    from_states: tuple[str, ...]
    independent: bool = True
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of record.

    `span`: the fields whose dates the fact touches. `slot`: the fields by which a later record replaces an earlier one,
    with the event `amended` where there is one.
    `rule_kind`: the record is bound by a rule of this kind, named in `programme_id` and `rule_id`. `by_value`: roles
    that may file one value of a field only. `id_name`: what the payload calls the record's id.
    """

    id: str
    slug: str
    title: str
    event: str
    about: tuple[str, ...]
    filers: tuple[str, ...]
    fields: tuple[Field, ...]
    span: tuple[str, ...]
    state: str = "recorded"
    slot: tuple[str, ...] = ()
    amended: str = ""
    rule_kind: str | None = None
    rule_optional: bool = False
    touches: tuple[str, ...] = ()
    by_value: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    id_name: str = "record_id"
    steps: tuple[Step, ...] = ()
    checks: tuple[Check, ...] = ()
    hidden_from: tuple[str, ...] = ()

    def mistakes(self, values: Values, today: dt.date) -> dict[str, str]:
        """Every mistake, field -> Chinese reason (the first of each field); checks across fields only on sound ones."""
        return found_in(self.fields, self.checks, values, today)

    def days(self, values: Values) -> tuple[dt.date, dt.date | None] | None:
        """The dates the record touches; the last is None for an open end, all is None for what has no date."""
        spans = [span_of(str(values[name])) if values.get(name) else None for name in self.span]
        if not spans or spans[0] is None:
            return None
        last = spans[-1]
        return spans[0][0], last[1] if last else None

    def touched(self, values: Values) -> tuple[dt.date, dt.date | None] | None:
        """The dates whose obligations the record may change: its own, and those of the period a document is about."""
        own, about = self.days(values), span_of(str(values.get("period") or ""))
        if own is None or about is None:
            return own or about
        return min(own[0], about[0]), max(own[1], about[1]) if own[1] else None

    def step(self, path: str) -> Step | None:
        """The decision at this path."""
        return next((step for step in self.steps if step.path == path), None)


def found_in(declared: tuple[Field, ...], checks: tuple[Check, ...], values: Values, today: dt.date) -> dict[str, str]:
    """Mistakes of single fields, then, when there are none, those between fields."""
    found: dict[str, str] = {}
    for one in declared:
        for reason in fields.mistakes(one, values.get(one.name)):
            found.setdefault(one.name, reason)
    if not found:
        for check in checks:
            for name, reason in check(values, today):
                found.setdefault(name, reason)
    return found


def in_order(first: str = "from", last: str = "to") -> Check:
    """The end is not before the beginning."""

    def check(values: Values, _today: dt.date) -> Iterator[Mistake]:
        if values.get(first) and values.get(last) and values[last] < values[first]:
            yield last, "结束日期不能早于开始日期"

    return check


def begun(*names: str) -> Check:
    """The date, month or period has begun: nobody reports what is to come."""

    def check(values: Values, today: dt.date) -> Iterator[Mistake]:
        for name in names:
            span = span_of(str(values.get(name) or ""))
            if span and span[0] > today:
                yield name, "还没有到这一天" if len(str(values[name])) == len("2026-11-21") else "这个期间还没有开始"

    return check


def at_most(part: str, whole: str, reason: str) -> Check:
    """A part is not larger than the whole it is counted in."""

    def check(values: Values, _today: dt.date) -> Iterator[Mistake]:
        if values.get(part) is not None and values.get(whole) is not None and values[part] > values[whole]:
            yield part, reason

    return check


def reason_for(decision: str, *values_: str) -> Check:
    """A refusal says why."""

    def check(values: Values, _today: dt.date) -> Iterator[Mistake]:
        if values.get(decision) in values_ and not values.get("note"):
            yield "note", "请写明原因"

    return check
