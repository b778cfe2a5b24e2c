"""What counts one by one for a metric, in one subject and period: half-days, rounds, trainings, stays (rules.md §6). Pure.

States and figures are in states.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from shared.rules import periods, quota
from shared.rules.durations import Length, length
from shared.rules.facts import Item as Logged
from shared.rules.facts import Stay
from shared.rules.inquiry import Inquiry
from shared.rules.quota import Item
from shared.rules.schema import METRICS
from shared.rules.terms import PostingTerms

_ONLINE = frozenset({"trainings"})
"""Metrics to which online items count; elsewhere `channel = online` does not."""
_ACTIVITIES = {"trainings": "teaching", "ward_rounds": "ward_round", "surgeries": "surgery"}
"""Logs that are also an activity of the clause 门诊、教学、查房、手术等活动 (003 §三), and its group there."""
COUNTED = frozenset(name for name, metric in METRICS.items() if metric.items) | {
    "on_site_half_days", "outpatient_half_days", "on_site_days", "person_trips",
}  # fmt: skip
"""Metrics of things that count one by one."""


def items(inquiry: Inquiry) -> list[Item]:
    """The things that count one by one in the period, for metrics that have such."""
    metric, days = inquiry.rule.get("metric"), frozenset(inquiry.days())
    reader = _READERS.get(metric, _logged)
    return [item for item in reader(inquiry) if item.day in days]


def groups(inquiry: Inquiry) -> list[str]:
    """The groups each of which must reach the value: [""] when the rule counts in one, [] when nobody owes anything.

    Clinics, specialties and physicians are those of the postings that touch the period; a physician is a group only where
    enough of the period lies inside the postings (rules.md §5).
    """
    per = inquiry.rule.get("per")
    if not per:
        return [""]
    here = inquiry.touching
    if per == ["clinic"]:
        days = frozenset(inquiry.days())
        stays = [stay.clinic for stay in inquiry.facts.stays if stay.clinic and stay.last in days]
        return list(dict.fromkeys([*(clinic for posting in here for clinic in posting.clinics), *stays])) or [""]
    if per == ["specialty"]:
        return list(dict.fromkeys(posting.specialty for posting in here if posting.specialty))
    if per == ["doctor"]:
        return [person for person in dict.fromkeys(posting.person_id for posting in here) if _owes(inquiry, person)]
    return list(per)


def _owes(inquiry: Inquiry, person: str) -> bool:
    """Whether enough of a dated period lies inside the postings of one physician."""
    if inquiry.period_kind in ("", *periods.UNDATED):
        return True
    spans = [(one.start, one.end) for one in inquiry.touching if one.person_id == person]
    window = periods.period(inquiry.period_kind, inquiry.period)
    return not periods.partial_window(window, periods.inside(inquiry.inside(), spans), inquiry.calendar)


def unknown_channels(inquiry: Inquiry) -> bool:
    """Whether an entry was left out because nobody said by which channel it was held (rules.md §2: where_unknown)."""
    days = frozenset(inquiry.days()) if "channel" in inquiry.rule.where else ()
    found = [one for one in inquiry.facts.items if one.metric == inquiry.rule.get("metric") and one.date in days]
    return any(one.channel is None for one in found)


def _grouped(
    inquiry: Inquiry, *, clinic: str | None, person: str | None, kind: str | None, posting: PostingTerms | None = None
) -> str | None:
    per = inquiry.rule.get("per") or ["clinic"]
    if per == ["clinic"]:
        return clinic
    if per == ["doctor"]:
        return person
    if per == ["specialty"]:
        return posting.specialty if posting else kind
    return kind


def _on_site(inquiry: Inquiry) -> Iterator[Item]:
    """Attended half-days of each person, rest days too."""
    terms = {posting.id: posting for posting in inquiry.postings}
    for half in (half for here in inquiry.by_date.values() for half in here):
        if half.status in ("A", "P") and half.posting_id in terms:
            posting = terms[half.posting_id]
            group = _grouped(inquiry, clinic=half.clinic, person=posting.person_id, kind=None, posting=posting)
            key = half.date, half.half, half.clinic, posting.person_id
            yield Item(key, half.date, group, half.status == "A", half.evidence)


def _on_site_days(inquiry: Inquiry) -> Iterator[Item]:
    for item in _on_site(inquiry):
        yield Item((item.day,), item.day, item.group, item.sure, item.evidence)


def _outpatient(inquiry: Inquiry) -> Iterator[Item]:
    """Distinct (date, half, clinic) with a log entry and attended there; an entry without attendance does not count."""
    by_date = inquiry.by_date
    people = {posting.id: posting.person_id for posting in inquiry.postings}
    for entry in inquiry.facts.outpatient:
        if entry.date not in by_date:
            continue
        here = [one for one in by_date[entry.date] if (one.half, one.clinic) == (entry.half, entry.clinic)]
        own = [one for one in here if entry.person_id in (None, people.get(one.posting_id, entry.person_id))]
        half = max((one for one in own if one.status in ("A", "P")), key=lambda one: one.status == "A", default=None)
        if half is not None:
            key = entry.date, entry.half, entry.clinic, entry.person_id
            group = _grouped(inquiry, clinic=entry.clinic, person=entry.person_id, kind=entry.group)
            yield Item(key, entry.date, group, half.status == "A", (*half.evidence, *entry.evidence))


def _logged(inquiry: Inquiry) -> Iterator[Item]:
    """Entries of the logs: one per date and group, things that have a name one per name too (rules.md §6)."""
    rule, each = inquiry.rule, inquiry.rule.get("each")
    if each is not None and each["metric"] == "duration":
        yield from _site_days(inquiry, each)
        return
    per, named, metric, days = rule.get("per"), rule.get("unit") == "item", rule.get("metric"), frozenset(inquiry.days())
    for entry in inquiry.facts.items:
        if entry.metric != metric or entry.date not in days or not _by_channel(inquiry, entry):
            continue
        if each is None or quota.holds(each["op"], entry.value, each["value"]):
            group = _grouped(inquiry, clinic=entry.clinic, person=entry.person_id, kind=entry.group)
            key = entry.date, group if per else None, entry.group, entry.title if named else None
            yield Item(key, entry.date, group, evidence=entry.evidence)


def _by_channel(inquiry: Inquiry, entry: Logged) -> bool:
    wanted = inquiry.rule.where.get("channel")
    if wanted is None:
        return entry.channel != "online" or entry.metric in _ONLINE
    return entry.channel in ((wanted,) if isinstance(wanted, str) else wanted)


def _activity(inquiry: Inquiry) -> Iterator[Item]:
    """What was recorded as an activity, and what the logs hold of outpatient work, teaching, rounds and surgery."""
    yield from _logged(inquiry)
    for item in _outpatient(inquiry):
        yield Item((item.day, "outpatient", "outpatient", None), item.day, "outpatient", item.sure, item.evidence)
    for entry in inquiry.facts.items:
        kind = _ACTIVITIES.get(entry.metric)
        if kind is not None and entry.channel != "online":
            yield Item((entry.date, kind, kind, None), entry.date, kind, evidence=entry.evidence)


def _site_days(inquiry: Inquiry, each: Mapping[str, Any]) -> Iterator[Item]:
    """A free clinic lasts its distinct half-days of one date at one recipient ÷ 2 days (rules.md §5.2)."""
    held: dict[tuple[dt.date, str | None], list[Logged]] = {}
    for entry in inquiry.facts.items:
        if entry.metric == inquiry.rule.get("metric") and _by_channel(inquiry, entry):
            held.setdefault((entry.date, entry.recipient_id), []).append(entry)
    for (day, recipient), entries in held.items():
        if quota.holds(each["op"], Fraction(len(halves_of(entries)), 2), each["value"]):
            yield Item((day, recipient), day, evidence=tuple(e for entry in entries for e in entry.evidence))


def halves_of(entries: Iterable[Logged]) -> set[str]:
    """The distinct half-days of entries of one date; one without a half was held all day."""
    return {half for entry in entries for half in ((entry.half,) if entry.half else ("am", "pm"))}


def _trainees(inquiry: Inquiry) -> Iterator[Item]:
    """Persons whose stay ended in the period and lasted long enough; one person counts once."""
    each = inquiry.rule.get("each")
    for stay in inquiry.facts.stays:
        if each is None or lasts(stay, each):
            group = _grouped(inquiry, clinic=stay.clinic, person=stay.person, kind=stay.specialty)
            yield Item((stay.person,), stay.last, group, evidence=stay.evidence)


def stay_length(stay: Stay) -> Length:
    """(months, days) of a stay, both end days included."""
    return length(stay.first, stay.last)


def lasts(stay: Stay, each: Mapping[str, Any]) -> bool:
    """Whether a stay's duration fits `each`, in months or in calendar days, both end days included (rules.md §5.2)."""
    if each["unit"] == "day":
        return quota.holds(each["op"], (stay.last - stay.first).days + 1, each["value"])
    return quota.holds(each["op"], stay_length(stay), Length(each["value"], 0))


def _arrivals(inquiry: Inquiry) -> Iterator[Item]:
    for arrival in inquiry.facts.arrivals:
        yield Item((arrival.posting_id,), arrival.date, None, evidence=arrival.evidence)


_READERS: Mapping[str, Callable[[Inquiry], Iterator[Item]]] = {
    "on_site_half_days": _on_site, "on_site_days": _on_site_days, "outpatient_half_days": _outpatient,
    "trainees_completed": _trainees, "person_trips": _arrivals, "activity": _activity,
}  # fmt: skip
