"""sanction: what follows from a confirmed finding; never automatic (004 §七: 弄虚作假者一经查实 …). Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shared.rules import words
from shared.rules.durations import due
from shared.rules.facts import Finding
from shared.rules.inquiry import Inquiry
from shared.rules.load import Rule
from shared.rules.result import MET, NOT_APPLICABLE, NOT_MET, OPEN, Result
from shared.rules.schema import APPROVERS

_OFFICERS = {"supporter": "supporter_admin", "county": "county_officer", "city": "city_officer", "province": "province_officer"}


def high_enough(rule: Rule, role: str | None) -> bool:
    """Whether a role may decide what the rule leaves to `confirm_by`: of that level or a higher one (domain.md §3)."""
    level, least = APPROVERS.get(role or ""), APPROVERS.get(_OFFICERS.get(rule.get("confirm_by"), "")) or 0
    return level is not None and level >= least


@dataclass(frozen=True)
class Ban:
    """What a confirmed finding brings: the ban's dates, the year whose applications are cancelled, who confirmed it."""

    first: dt.date
    until: dt.date | None
    months: int | None
    cancelled_year: int
    effects: tuple[str, ...]
    confirmed_by: str


def confirmed(rule: Rule, finding: Finding) -> bool:
    """Whether a named officer of `confirm_by` level or higher confirmed this rule's trigger."""
    meant = finding.trigger == rule.get("trigger") and finding.decision == "confirmed"
    return meant and bool(finding.officer) and finding.confirmed_on is not None and high_enough(rule, finding.by_role)


def ban(rule: Rule, findings: tuple[Finding, ...]) -> Ban | None:
    """The ban of the latest confirmed finding; the day of confirmation is its first. None without one."""
    found = [one for one in findings if confirmed(rule, one)]
    last = max(found, key=lambda one: one.confirmed_on or dt.date.min, default=None)
    if last is None or last.confirmed_on is None:
        return None
    months = rule.get("ban_months")
    until = due(last.confirmed_on, months) if months else None
    return Ban(last.confirmed_on, until, months, last.confirmed_on.year, tuple(rule.get("effects")), last.officer or "")


def evaluate(inquiry: Inquiry) -> Result:
    """Not met on a confirmed finding (until its ban ends), open while one is looked into, met when all were rejected;
    without any finding there is nothing to say."""
    rule = inquiry.rule
    about = [one for one in inquiry.facts.findings if one.trigger == rule.get("trigger")]
    if not about:
        return Result(NOT_APPLICABLE, words.kinds.no_finding())
    found = ban(rule, tuple(about))
    evidence = tuple(e for one in about for e in one.evidence)
    if found and (found.until is None or inquiry.today is None or inquiry.today <= found.until):
        detail = {"from": found.first.isoformat(), "until": found.until.isoformat() if found.until else None,
                  "cancelled_year": found.cancelled_year, "effects": list(found.effects)}  # fmt: skip
        return Result(NOT_MET, words.kinds.banned(found.first, found.until), evidence=evidence, detail=detail)
    waiting = [one for one in about if one.decision in ("suspected", "under_review")]
    return Result(OPEN if waiting else MET, words.kinds.findings(len(waiting), ended=found is not None), evidence=evidence)
