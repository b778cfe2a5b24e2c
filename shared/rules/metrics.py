"""What a metric counts, for one subject and period (rules.md §6). Pure.

Three families: things that count one by one (half-days, rounds, trainings, stays), states (people in post, pairs,
specialties) and figures that somebody reported. A figure nobody reported is None, never 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from shared.rules.durations import DAY, Length, length
from shared.rules.facts import Facts, Stay
from shared.rules.facts import Item as Logged
from shared.rules.inquiry import Inquiry
from shared.rules.quota import Item
from shared.rules.schema import METRICS, TITLE_RANKS
from shared.rules.terms import PostingTerms

_PRACTISED = ("trainings",)
"""Metrics to which online items count; elsewhere `channel = online` does not."""


def items(inquiry: Inquiry) -> list[Item]:
    """The things that count one by one in the period, for metrics that have such."""
    metric, days = inquiry.rule.get("metric"), frozenset(inquiry.days())
    reader = _READERS.get(metric, _logged)
    return [item for item in reader(inquiry) if item.day in days]


def groups(inquiry: Inquiry) -> list[str]:
    """The groups each of which must reach the value; [""] when the rule counts in one."""
    per = inquiry.rule.get("per")
    if not per:
        return [""]
    if per == ["clinic"]:
        named = [clinic for posting in inquiry.postings for clinic in posting.clinics]
        named += [stay.clinic for stay in inquiry.facts.stays if stay.clinic]
    elif per == ["specialty"]:
        named = [posting.specialty for posting in inquiry.postings if posting.specialty]
    elif per == ["doctor"]:
        named = [posting.person_id for posting in inquiry.postings]
    else:
        named = list(per)
    return list(dict.fromkeys(named)) or [""]


def _grouped(inquiry: Inquiry, *, clinic: str | None, person: str | None, kind: str | None, posting: PostingTerms | None = None) -> str | None:
    per = inquiry.rule.get("per") or ["clinic"]
    if per == ["clinic"]:
        return clinic
    if per == ["doctor"]:
        return person
    if per == ["specialty"]:
        return posting.specialty if posting else kind
    return kind


def _on_site(inquiry: Inquiry) -> Iterator[Item]:
    terms = {posting.id: posting for posting in inquiry.postings}
    people = {posting.id: posting.person_id for posting in inquiry.postings}
    for half in (half for here in inquiry.by_date.values() for half in here):
        if half.status in ("A", "P") and half.posting_id in terms:
            group = _grouped(inquiry, clinic=half.clinic, person=people[half.posting_id], kind=None, posting=terms[half.posting_id])
            yield Item((half.date, half.half, half.clinic, people[half.posting_id]), half.date, group, half.status == "A", half.evidence)


def _on_site_days(inquiry: Inquiry) -> Iterator[Item]:
    for item in _on_site(inquiry):
        yield Item((item.day,), item.day, item.group, item.sure, item.evidence)


def _outpatient(inquiry: Inquiry) -> Iterator[Item]:
    """Distinct (date, half, clinic) with a log entry and attended there; an entry without attendance does not count."""
    by_date = inquiry.by_date
    for entry in inquiry.facts.outpatient:
        if entry.date not in by_date:
            continue
        here = [one for one in by_date[entry.date] if one.status in ("A", "P")]
        half = next((one for one in reversed(here) if (one.half, one.clinic) == (entry.half or "", entry.clinic)), None)
        if half is not None:
            key = (entry.date, entry.half, entry.clinic, entry.person_id)
            group = _grouped(inquiry, clinic=entry.clinic, person=entry.person_id, kind=entry.group)
            yield Item(key, entry.date, group, half.status == "A", (*half.evidence, *entry.evidence))


def _logged(inquiry: Inquiry) -> Iterator[Item]:
    """Entries of the logs: one per date, kind and group; what is measured by size is measured entry by entry."""
    metric, channels = inquiry.rule.get("metric"), inquiry.rule.where.get("channel")
    each, days = inquiry.rule.get("each"), frozenset(inquiry.days())
    for entry in _entries(inquiry.facts, metric):
        if entry.date not in days:
            continue
        if channels is not None and entry.channel not in _listed(channels):
            continue
        if channels is None and entry.channel == "online" and metric not in _PRACTISED:
            continue
        group = _grouped(inquiry, clinic=entry.clinic, person=entry.person_id, kind=entry.group)
        by_value = each is not None and each["metric"] == "donated_drug_value"
        if each is None or (by_value and _reaches(each, Fraction(entry.value))):
            yield Item((entry.date, entry.group, entry.person_id, entry.title), entry.date, group, evidence=entry.evidence)
    if each is not None and each["metric"] == "duration":
        yield from _site_days(inquiry, each)


def _site_days(inquiry: Inquiry, each: Mapping[str, object]) -> Iterator[Item]:
    """A free clinic lasts its distinct half-days of one date at one recipient ÷ 2 days (rules.md §5.2)."""
    halves: dict[tuple[dt.date, str | None], set[str]] = {}
    for entry in _entries(inquiry.facts, inquiry.rule.get("metric")):
        halves.setdefault((entry.date, entry.recipient_id), set()).update({entry.half} if entry.half else {"am", "pm"})
    for (day, recipient), found in halves.items():
        if _reaches(each, Fraction(len(found), 2)):
            yield Item((day, recipient), day, None)


def _trainees(inquiry: Inquiry) -> Iterator[Item]:
    """Persons whose stay ended in the period and lasted long enough; one person counts once."""
    each = inquiry.rule.get("each")
    for stay in inquiry.facts.stays:
        if each is None or stay_length(stay) >= Length(each["value"], 0):
            group = _grouped(inquiry, clinic=stay.clinic, person=stay.person, kind=stay.specialty)
            yield Item((stay.person,), stay.last, group, evidence=stay.evidence)


def stay_length(stay: Stay) -> Length:
    """(months, days) of a stay, both end days included."""
    return length(stay.first, stay.last)


def _arrivals(inquiry: Inquiry) -> Iterator[Item]:
    for arrival in inquiry.facts.arrivals:
        yield Item((arrival.posting_id,), arrival.date, None, evidence=arrival.evidence)


_READERS: Mapping[str, Callable[[Inquiry], Iterator[Item]]] = {
    "on_site_half_days": _on_site, "on_site_days": _on_site_days, "outpatient_half_days": _outpatient,
    "trainees_completed": _trainees, "person_trips": _arrivals,
}  # fmt: skip


def _entries(facts: Facts, metric: str) -> Iterator[Logged]:
    return (entry for entry in facts.items if entry.metric == metric)


def _listed(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _reaches(each: Mapping[str, object], size: Fraction) -> bool:
    return _compare(str(each["op"]), size, Fraction(str(each["value"])))


def _compare(op: str, left: Fraction, right: Fraction) -> bool:
    return {">=": left >= right, ">": left > right, "==": left == right, "<=": left <= right, "<": left < right}[op]


# ---- states and figures


def amount(inquiry: Inquiry) -> tuple[int | None, tuple[str, ...]]:
    """(number, evidence) of a metric that is a state, a sum or a figure; None where nobody reported it."""
    metric, days = inquiry.rule.get("metric"), frozenset(inquiry.days())
    found = [entry for entry in _entries(inquiry.facts, metric) if entry.date in days]
    evidence = tuple(entry for item in found for entry in item.evidence)
    if metric == "donated_drug_value":
        return sum(entry.value for entry in found), evidence
    if metric == "beds_managed":
        return (max(entry.value for entry in found) if found else 0), evidence
    if metric == "arrival_rate":
        return _arrival_rate(inquiry)
    if found:
        distinct = {(entry.title or entry.id, entry.person_id) for entry in found}
        return len(distinct), evidence
    figure = next((one for one in inquiry.facts.figures if (one.metric, one.period) == (metric, inquiry.period)), None)
    if figure is not None:
        return figure.value, figure.evidence
    return (None if metric in _REPORTED else 0), ()


_REPORTED = frozenset({"centres_level2", "featured_specialties"})
"""States only a report can tell: without one there is no figure."""
COUNTED = frozenset(name for name, metric in METRICS.items() if metric.items) | {
    "on_site_half_days", "outpatient_half_days", "on_site_days", "person_trips",
}  # fmt: skip
"""Metrics of things that count one by one."""


def _arrival_rate(inquiry: Inquiry) -> tuple[int | None, tuple[str, ...]]:
    """Arrived of planned in percent, cut to a whole number only where it is one: 99.9 is 99."""
    planned = [posting for posting in inquiry.postings if inquiry.period in ("", posting.id, posting.team_id)]
    if not planned:
        return None, ()
    grace = inquiry.rule.get("grace_workdays", 0)
    last = {posting.id: inquiry.calendar.add_workdays(posting.start, grace) for posting in planned}
    came = [a for a in inquiry.facts.arrivals if a.posting_id in last and a.date <= last[a.posting_id]]
    evidence = tuple(entry for one in came for entry in one.evidence)
    return 100 * len({one.posting_id for one in came}) // len(planned), evidence


def in_post(inquiry: Inquiry, day: dt.date) -> int:
    """The number of a headcount metric on a date: people on postings that hold it and whose arrival is confirmed."""
    metric = inquiry.rule.get("metric")
    arrived = {arrival.posting_id for arrival in inquiry.facts.arrivals if arrival.date <= day}
    here = [p for p in inquiry.postings if p.holds(day)]
    if metric in ("posted_persons", "posted_non_physician"):
        here = [p for p in here if p.id in arrived]
    if metric == "posted_non_physician":
        here = [p for p in here if p.title_rank is None]
    if metric == "team_mid_level_clinicians":
        here = [p for p in here if p.title_rank in TITLE_RANKS[TITLE_RANKS.index("attending") :]]
    if metric in ("pairs_recipients", "pairs_areas"):
        live = [a for a in inquiry.facts.agreements if a.first <= day and (a.last is None or day <= a.last)]
        return len({a.recipient_id if metric == "pairs_recipients" else a.area_id for a in live} - {None})
    return len({posting.person_id for posting in here})


def changes_in_post(inquiry: Inquiry) -> list[dt.date]:
    """The dates on which a headcount may change, inside the period: first dates, and the day after each end."""
    days = inquiry.counting()
    if not days:
        return []
    edges = {p.start for p in inquiry.postings} | {p.end + DAY for p in inquiry.postings if p.end}
    edges |= {arrival.date for arrival in inquiry.facts.arrivals} | {days[0]}
    return sorted(day for day in edges if days[0] <= day <= days[-1])
