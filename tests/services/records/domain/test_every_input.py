"""Every rule of every shipped programme has its input: for each the events that feed it are named here, and each of them is
read by the rules, written by a record or an office, offers what the rule asks for, and may be about its subject."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from services.records.domain import catalogue, hospitals, offices, promotion
from services.records.usecases.bound import ABOUT, OWNERS
from shared.ledger import kinds
from shared.progress import logged, records
from shared.rules.load import Rule, shipped

REPO = Path(__file__).resolve().parents[4]
ATTENDANCE = {"attendance.recorded"}
POSTINGS = {"posting.opened", "posting.amended"}
BY_METRIC = {
    "on_site_half_days": ATTENDANCE, "on_site_days": ATTENDANCE, "outpatient_half_days": {*ATTENDANCE, "worklog.recorded"},
    "arrival_rate": {"posting.arrival_confirmed"}, "person_trips": {"posting.arrival_confirmed"},
    "posted_persons": {*POSTINGS, "posting.arrival_confirmed"}, "team_size": POSTINGS, "team_mid_level_clinicians": POSTINGS,
    "posted_non_physician": {*POSTINGS, "posting.arrival_confirmed", "posting.registered"},
    "pairs_recipients": {"agreement.recorded"}, "pairs_areas": {"agreement.recorded"}, "trainees_completed": {"stay.recorded"},
}  # fmt: skip
"""Metrics that are no activity, no check and no figure."""
BY_KIND = {
    "continuity": ATTENDANCE, "coverage": {*ATTENDANCE, "substitution.recorded"}, "evidence": {*ATTENDANCE, "worklog.recorded"},
    "accumulate": {*ATTENDANCE, "credit.filed"}, "approval": {*ATTENDANCE, "posting.registered"}, "eligibility": {"posting.registered"},
    "credit": {"credit.filed"}, "funding": {"payment.recorded"}, "inspection": {"inspection.drawn", "inspection.recorded"},
    "sanction": {"finding.opened", "finding.decided"}, "disclosure": {"disclosure.recorded", "application.filed"},
    "constraint": {"change.requested", "change.decided"}, "incentive": {"application.filed"}, "checklist": {"checklist.ticked"},
    "window": POSTINGS, "growth": {"figure.reported"},
}  # fmt: skip
ALL = [(programme.id, rule.id) for programme in shipped().values() for rule in programme.rules]


def rule_of(named: tuple[str, str]) -> Rule:
    return shipped()[named[0]].rule(named[1])


def feeds(rule: Rule) -> set[str]:
    """The events that feed a rule."""
    metric = rule.get("metric")
    if rule.kind == "document":
        own = {"document.filed", "document.acknowledged"} if rule.get("doc") not in ("work_diary", "monthly_roster") else set()
        daily = {"diary.submitted"} if rule.get("doc") == "work_diary" else {"roster.published"} if not own else set()
        return own | daily | ({"application.filed"} if "before" in rule.get("due") else set())
    if rule.kind not in ("quota", "headcount"):
        return set(BY_KIND.get(rule.kind, set()))
    found = set(BY_METRIC.get(metric, set())) | ({"arrangement.changed"} if rule.get("fixed") else set())
    activities = [(name, group) for pairs in records.ITEMS_OF_ACTIVITY.values() for name, group in pairs]
    logs = [(name, group) for pairs in logged._WORK.values() for name, group in pairs]
    groups = [group for group in rule.get("per") or () if group not in ("clinic", "doctor", "specialty")]
    by_log = metric in dict(logs) and all((metric, group) in logs for group in groups)
    by_activity = metric in dict(activities) and all((metric, group) in activities for group in groups)
    found |= {"activity.recorded"} if by_activity else set()
    found |= {"worklog.recorded"} if by_log else set()
    found |= {"inspection.recorded"} if metric in offices.CHECKS else set()
    return found | ({"figure.reported"} if metric in hospitals.METRICS else set())


@cache
def written() -> frozenset[str]:
    """The events that records declare, and those that other rooms append by name."""
    declared = {kind.event for kind in catalogue.KINDS} | {kind.amended for kind in catalogue.KINDS}
    declared |= {event for kind in catalogue.KINDS for step in kind.steps for event, _ in step.outcomes.values()}
    code = "\n".join(path.read_text("utf-8") for room in ("checkin", "services/roster", "services/worklog") for path in (REPO / room).rglob("*.py"))
    return frozenset(declared | {name for name in kinds.KINDS if re.search(f'"{re.escape(name)}"', code)})


@cache
def read() -> frozenset[str]:
    """The events that are read for rules: records, and what the fold of half-days asks for by name."""
    code = "\n".join(path.read_text("utf-8") for path in (REPO / "shared" / "progress").glob("*.py"))
    return records.KINDS | {name for name in kinds.KINDS if re.search(f'"{re.escape(name)}"', code)}


@pytest.mark.parametrize("named", ALL, ids="/".join)
def test_something_feeds_the_rule_that_is_written_and_read(named: tuple[str, str]) -> None:
    rule = rule_of(named)
    found = feeds(rule)
    assert found or rule.kind == "reference", "nothing can record what the rule asks for"
    assert found <= set(kinds.KINDS)
    assert found <= written()
    assert found <= read()


def _document(rule: Rule) -> Iterator[bool]:
    step = hospitals.DOCUMENT.steps[0]
    yield rule.get("doc") in _options(hospitals.DOCUMENT, "doc")
    for name in rule.get("to"):
        yield bool(set(hospitals.ADDRESSEE_ROLES[name]) & set(step.roles))
    yield set(rule.get("seals") or ()) <= set(next(one.options for one in step.fields if one.name == "seals"))
    yield set(rule.get("copies") or ()) <= _options(hospitals.DOCUMENT, "copies")
    yield bool({*OWNERS[rule.subject], *rule.remind} & set(hospitals.DOCUMENT.filers))
    yield bool(set(ABOUT[rule.subject]) & set(hospitals.DOCUMENT.about))


def _checklist(rule: Rule) -> Iterator[bool]:
    yield set(rule.get("items")) <= _options(offices.TICK, "item")
    yield bool(set(OWNERS[rule.get("owner")]) & set(offices.TICK.filers))
    yield bool(set(ABOUT[rule.subject]) & set(offices.TICK.about))


def _sanction(rule: Rule) -> Iterator[bool]:
    yield rule.get("trigger") in _options(offices.FINDING, "trigger")
    yield bool(set(ABOUT[rule.subject]) & set(offices.FINDING.about))


def _eligibility(rule: Rule) -> Iterator[bool]:
    flags = {flag for entry in rule.get("requires") if re.fullmatch(r"[a-z_|]+", entry) for flag in entry.split("|")}
    yield flags - {"senior_attending"} <= _options(promotion.REGISTRATION, "flags")


def _options(kind: catalogue.Kind, name: str) -> set[str]:
    return set(next(one for one in kind.fields if one.name == name).options)


ASKS: dict[str, Callable[[Rule], Iterator[bool]]] = {
    "document": _document, "checklist": _checklist, "sanction": _sanction, "eligibility": _eligibility,
    "credit": lambda rule: iter([set(rule.get("counts")) <= _options(offices.CREDIT, "counts")]),
    "funding": lambda rule: iter([set(rule.get("uses") or ()) <= _options(offices.PAYMENT, "use")]),
    "inspection": lambda rule: iter([set(rule.get("methods")) <= _options(offices.INSPECTION, "method"),
                                     bool(set(ABOUT[rule.subject]) & set(offices.INSPECTION.about))]),
    "constraint": lambda rule: iter([rule.get("forbid") in _options(promotion.CHANGE, "change"), rule.subject in promotion.CHANGE.about]),
    "headcount": lambda rule: iter([not rule.get("fixed") or (set(rule.get("fixed")) <= _options(promotion.MOVE, "fixed")
                                                            and set(promotion.MOVE.about) <= set(ABOUT[rule.subject]))]),
    "disclosure": lambda rule: iter([set(rule.get("gate")) <= _options(kind, "gate") for kind in (promotion.DISCLOSURE, promotion.APPLICATION)]),
    "incentive": lambda rule: iter([set(rule.get("gate")) <= _options(promotion.APPLICATION, "gate")]),
}  # fmt: skip
"""What a record must offer so that the rule's own words can be recorded, about its subject and by somebody."""


@pytest.mark.parametrize("named", [one for one in ALL if rule_of(one).kind in ASKS], ids="/".join)
def test_the_record_offers_what_the_rule_asks_for(named: tuple[str, str]) -> None:
    rule = rule_of(named)
    assert all(ASKS[rule.kind](rule))
