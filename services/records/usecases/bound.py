"""The rule a record is bound by: it exists, is of the right kind, and names what the record names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from sqlalchemy.orm import Session

from services.records.domain.kinds import Kind
from services.records.usecases.subjects import Subject
from shared import clock
from shared.directory import lookup
from shared.problems import Forbidden, InvalidBody, NotFound
from shared.rules import periods, words
from shared.rules.load import Rule

OWNERS = {
    "doctor": ("doctor",), "team": ("team_leader",), "pair": ("supporter_admin", "recipient_admin"),
    "supporter": ("supporter_admin", "quality_office", "hr_officer", "finance_officer"), "recipient": ("recipient_admin",),
    "county": ("county_officer",), "city": ("city_officer",), "province": ("province_officer",),
}  # fmt: skip
"""Roles that speak for a subject of a rule (domain.md §3)."""

ABOUT = {
    "doctor": ("posting", "person"), "team": ("team", "posting"), "pair": ("pair",), "supporter": ("supporter", "pair"),
    "recipient": ("recipient", "pair"), "county": ("county",), "city": ("city",), "province": ("province",),
}  # fmt: skip
"""What a record bound by a rule of this subject may be about."""


@dataclass(frozen=True)
class Bound:
    """The programme and its file hash that bound a record; None where no programme does."""

    programme_id: str | None = None
    rules_sha256: str | None = None
    rule: Rule | None = None


def rule_of(session: Session, kind: Kind, values: Mapping[str, Any], subject: Subject, role: str) -> Bound:
    """The rule named by the record. Raises InvalidBody for an unknown or unfitting one, Forbidden for a role it does
    not name."""
    if kind.id == "registration":
        return _registering(session, subject, role)
    if kind.rule_kind is None or (kind.rule_optional and not values["rule_id"]):
        programmes = subject.programmes()
        return Bound(programmes[0]) if len(programmes) == 1 else Bound()
    if values["programme_id"] not in subject.programmes():
        _wrong("programme_id", "这个对象不在这个项目中")
    try:
        programme = lookup.programme(session, values["programme_id"], clock.today())
        rule = programme.rule(values["rule_id"])
    except NotFound:
        _wrong("programme_id", "没有这个项目")
    except KeyError:
        _wrong("rule_id", "这个项目没有这条规则")
    if kind.rule_kind not in ("*", rule.kind):
        _wrong("rule_id", "这条规则不用这种记录")
    each = rule.get("period") == "posting" or "after" in rule.get("due", {})
    if subject.kind not in ABOUT[rule.subject] and not (each and subject.kind == "posting"):
        _wrong("about", "这条规则说的是另一种对象")
    _fits(kind, rule, values, subject)
    if kind.id == "tick" and role not in OWNERS[rule.get("owner")]:
        raise Forbidden("only the owner of the rule ticks it")
    if kind.id == "document" and role not in (*OWNERS[rule.subject], *rule.remind):
        raise Forbidden("only who is named by the rule files its document")
    return Bound(programme.id, programme.sha256, rule)


def _registering(session: Session, subject: Subject, role: str) -> Bound:
    """A posting is registered by the role its programme's approval rule names, else by the supporter."""
    programme = lookup.programme(session, subject.programmes()[0], clock.today())
    rule = next((one for one in programme.rules if one.kind == "approval"), None)
    if role != (rule.get("by") if rule else "supporter_admin"):
        raise Forbidden("another role registers postings of this programme")
    return Bound(programme.id, programme.sha256, rule)


def ticked_for(rule: Rule, period: str, subject: Subject) -> None:
    """A tick names a period of its rule; of what is asked once, or of each posting, it names none."""
    kind = rule.get("period")
    if kind == "posting" and subject.kind != "posting":
        _wrong("about", "这条规则按每次派驻打勾,请选派驻")
    if kind in periods.UNDATED:
        if period != "once":
            _wrong("period", "这条规则不分期间,请填 once")
        return
    try:
        periods.period(kind, period)
    except ValueError:
        _wrong("period", f"这条规则{words.PERIODS[kind]}一次,期间要与它相符")


def _fits(kind: Kind, rule: Rule, values: Mapping[str, Any], subject: Subject) -> None:
    if kind.id == "document" and values["doc"] != rule.get("doc"):
        _wrong("doc", "这条规则要求的是另一种材料")
    if kind.id == "document" and not set(values["to"]) <= set(rule.get("to")):
        _wrong("to", "这条规则没有要求报送这些单位")
    if kind.id == "tick":
        ticked_for(rule, values["period"], subject)
    if kind.id == "tick" and values["item"] not in rule.get("items"):
        _wrong("item", "这条规则没有这个事项")
    if kind.id == "finding" and values["trigger"] != rule.get("trigger"):
        _wrong("trigger", "这条规则说的是另一种事由")
    if kind.id == "inspection" and values["method"] not in rule.get("methods"):
        _wrong("method", "这条规则没有规定这种方式")


def _wrong(name: str, reason: str) -> NoReturn:
    raise InvalidBody(name, "does not fit the rule", errors={name: reason}, hint=reason)
