"""What a quota's sentence stands on: the period's name, the groups, and the days on which something can still be done. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shared.rules import words
from shared.rules.inquiry import Inquiry
from shared.rules.quota import Item, Reading, Verdict
from shared.rules.result import PROVISIONAL

_SHORT = frozenset({"week", "two_weeks", "month"})
"""Periods short enough to say on which days something can be made up."""
_ON_DUTY = frozenset({"on_site_half_days", "outpatient_half_days", "on_site_days", "ward_rounds"})
"""Metrics of half-days on duty, or of what is done in them once a day."""


def counted(inquiry: Inquiry, found: Sequence[Item], judged: Verdict) -> str:
    """「本周门诊 2/3 个半天,还差 1 个;周四、周五各可补 1 个」 for the half-days of a physician or team, else a plain count."""
    rule, today = inquiry.rule, inquiry.today
    one_by_one = inquiry.people and rule.get("op") == ">=" and rule.get("interpretation") != "any"
    if not (one_by_one and inquiry.period_kind in _SHORT and rule.get("metric") in _ON_DUTY and judged.sure.numbers):
        return plain(inquiry, judged.sure, judged.value)
    days = inquiry.days()
    title = words.period_title(inquiry.period_kind, days[0], days[-1], today or dt.date.max)
    lines = [
        words.Line(number, judged.sure.threshold, inquiry.names.get(group, group), _room(inquiry, group, found))
        for group, number in judged.sure.numbers.items()
    ]
    pending = sum(half.status == "P" for here in inquiry.by_date.values() for half in here)
    doubt = (pending, judged.best, judged.worst) if judged.value == PROVISIONAL else None
    return words.quota_sentence(title, rule.get("metric"), rule.get("unit"), lines, over=inquiry.over(), doubt=doubt)


def plain(inquiry: Inquiry, reading: Reading, value: str) -> str:
    """「2026年第4季度培训 1/1 次,已达标」."""
    rule = inquiry.rule
    numbers = {
        inquiry.names.get(group, words.slug("per", group, rule.id)) if group else "": number
        for group, number in reading.numbers.items()
    }
    return words.kinds.counted(
        words.kinds.period(inquiry.period_kind, inquiry.period), words.METRICS[rule.get("metric")], rule.get("unit"), numbers,
        reading.threshold, rule.get("op"), value,
    )  # fmt: skip


def _room(inquiry: Inquiry, group: str, found: Sequence[Item]) -> list[tuple[dt.date, int]]:
    """The dates with duty half-days still to come (status "") that nothing is planned over, and how many may be added on each."""
    terms = {posting.id: posting for posting in inquiry.postings}
    by_half = inquiry.rule.get("unit") == "half_day"
    done = {item.day for item in found if item.sure}
    room = []
    for day, here in sorted(inquiry.by_date.items()):
        open_ = [
            half for half in here
            if half.duty and half.status == "" and half.posting_id in terms
            and (group in ("", half.clinic) or terms[half.posting_id].roster == {})
        ]  # fmt: skip
        number = len({half.half for half in open_}) if by_half else int(bool(open_) and day not in done)
        if number:
            room.append((day, number))
    return room
