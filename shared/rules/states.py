"""Metrics that are states, sums or figures: people in post, pairs, beds, money, rates (rules.md §6). Pure.

A figure nobody reported is None, never 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shared.rules import periods
from shared.rules.durations import DAY
from shared.rules.facts import Figure
from shared.rules.inquiry import Inquiry
from shared.rules.schema import TITLE_RANKS

_REPORTED = frozenset({"centres_level2", "featured_specialties", "outpatient_emergency_visits"})
"""States only a report can tell: without one there is no figure."""
_MID_LEVEL = TITLE_RANKS[TITLE_RANKS.index("attending") :]
_PHYSICIAN = "physician"

Told = tuple[int | None, tuple[str, ...]]
"""A number, None where nobody reported it, and the entries it stands on."""


def amount(inquiry: Inquiry) -> Told:
    """The number of a metric that is a state, a sum or a figure, in the period."""
    metric, days = inquiry.rule.get("metric"), frozenset(inquiry.days())
    if metric == "arrival_rate":
        return _arrival_rate(inquiry)
    found = [entry for entry in inquiry.facts.items if entry.metric == metric and entry.date in days]
    evidence = tuple(entry for item in found for entry in item.evidence)
    if found and metric == "donated_drug_value":
        return sum(entry.value for entry in found), evidence
    if found and metric == "beds_managed":
        return max(entry.value for entry in found), evidence
    if found:
        return len({entry.title or entry.id for entry in found}), evidence
    if (figure := _figure(inquiry)) is not None:
        return figure.value, figure.evidence
    return (None if metric in _REPORTED else 0), ()


def _figure(inquiry: Inquiry) -> Figure | None:
    """The last figure reported for the period; over the whole programme the newest of any period begun in it."""
    mine = [one for one in inquiry.facts.figures if one.metric == inquiry.rule.get("metric")]
    exact = [one for one in mine if inquiry.about(one.period)]
    if exact or inquiry.period_kind not in periods.UNDATED:
        return exact[-1] if exact else None
    return max(mine, key=lambda one: one.period, default=None)


def _arrival_rate(inquiry: Inquiry) -> Told:
    """Arrived of planned in percent, cut to a whole number: 99.9 is 99. Planned are those who were to start together."""
    starts = {posting.start for posting in inquiry.named}
    planned = [posting for posting in inquiry.postings if posting.start in starts]
    if not planned:
        return None, ()
    last = {posting.id: inquiry.arrival_due(posting) for posting in planned}
    came = [one for one in inquiry.facts.arrivals if one.posting_id in last and one.date <= last[one.posting_id]]
    evidence = tuple(entry for one in came for entry in one.evidence)
    return 100 * len({one.posting_id for one in came}) // len(planned), evidence


def in_post(inquiry: Inquiry, day: dt.date) -> int:
    """The number of a headcount metric on a date: people on postings that hold it, pairs whose agreement is in force."""
    metric = inquiry.rule.get("metric")
    if metric in ("pairs_recipients", "pairs_areas"):
        live = [a for a in inquiry.facts.agreements if a.first <= day and (a.last is None or day <= a.last)]
        return len({a.recipient_id if metric == "pairs_recipients" else a.area_id for a in live} - {None})
    here = [posting for posting in inquiry.postings if posting.holds(day)]
    if metric in ("posted_persons", "posted_non_physician"):
        arrived = {arrival.posting_id for arrival in inquiry.facts.arrivals if arrival.date <= day}
        here = [posting for posting in here if posting.id in arrived]
    if metric == "posted_non_physician":
        roles = {one.posting_id: one.role_type for one in inquiry.facts.registrations if one.role_type}
        unranked = {posting.id for posting in here if posting.title_rank is None}
        here = [p for p in here if (roles[p.id] != _PHYSICIAN if p.id in roles else p.id in unranked)]
    if metric == "team_mid_level_clinicians":
        here = [posting for posting in here if posting.title_rank in _MID_LEVEL]
    return len({posting.person_id for posting in here})


def changes_in_post(inquiry: Inquiry, days: Sequence[dt.date]) -> list[dt.date]:
    """The dates of `days` (in order) on which a headcount may change: the first, beginnings, and the day after each end."""
    edges = {posting.start for posting in inquiry.postings} | {p.end + DAY for p in inquiry.postings if p.end}
    edges |= {agreement.first for agreement in inquiry.facts.agreements}
    edges |= {agreement.last + DAY for agreement in inquiry.facts.agreements if agreement.last}
    edges |= {arrival.date for arrival in inquiry.facts.arrivals} | {days[0]}
    return sorted(day for day in edges if days[0] <= day <= days[-1])
