"""席位在岗 (forms.md §3 block 3, continuity.md §4): was somebody there on every duty half-day of every seat?"""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.reports.domain.figures import not_applicable, not_reported, reported
from services.reports.domain.presence import NO_ROSTER
from services.reports.domain.source import MonthSource, PostingLine, SeatLine
from shared.calendar import days_between

GAP, COVERED, PENDING = "gap", "covered", "pending"


def seats(source: MonthSource) -> list[dict[str, Any]]:
    """One row per seat in force in the month: duty half-days, covered, gaps with their dates, pending."""
    found = [_row(source, seat) for seat in source.seats if _dates(source, seat)]
    return sorted(found, key=lambda row: row["seat_no"])


def filled(source: MonthSource) -> int:
    """Seats with a holder in post on the last counted date."""
    holders = {posting.seat_id for posting in source.postings if _in_post(posting, source.last)}
    return sum(seat.id in holders for seat in source.seats if source.last in _dates(source, seat))


def required(source: MonthSource) -> int:
    """Seats in force on the last counted date."""
    return sum(source.last in _dates(source, seat) for seat in source.seats)


def _row(source: MonthSource, seat: SeatLine) -> dict[str, Any]:
    head = {"seat_no": seat.code, "supporter": seat.supporter, "specialty": seat.specialty,
            "mode_label": source.programme.modes[seat.mode].label,
            "holders": [p.name for p in source.postings if p.seat_id == seat.id],
            "substitutes": not_reported(), "handovers_done": not_reported(), "handovers_owed": not_reported()}  # fmt: skip
    keys = ("duty_half_days", "covered", "gap_half_days", "pending")
    if source.programme.modes[seat.mode].duty == "none":
        return {**head, **{key: not_applicable(NO_ROSTER) for key in keys}, "gaps": []}
    if source.programme.modes[seat.mode].duty == "roster" and not head["holders"]:
        return {**head, **{key: not_reported() for key in keys}, "gaps": []}
    judged = _judge(source, seat)
    count = {name: sum(value == name for value in judged.values()) for name in (GAP, COVERED, PENDING)}
    figures = (len(judged), count[COVERED], count[GAP], count[PENDING])
    gaps = [{"date": day.isoformat(), "half": half} for (day, half), value in judged.items() if value == GAP]
    return {**head, **{key: reported(value) for key, value in zip(keys, figures, strict=True)}, "gaps": gaps}


def _judge(source: MonthSource, seat: SeatLine) -> dict[tuple[dt.date, str], str]:
    """Every duty half-day of the seat that is over: covered, gap, or pending (a holder's presence is undecided)."""
    holders = [posting for posting in source.postings if posting.seat_id == seat.id]
    judged = {}
    for day in _dates(source, seat):
        for half in source.programme.modes[seat.mode].sessions:
            if not _on_duty(source, seat, holders, day, half):
                continue
            held = [posting for posting in holders if _in_post(posting, day)]
            facts = [source.days.get((posting.id, day)) for posting in held]
            statuses = {fact.halves[half].status if fact else "?" for fact in facts}
            judged[day, half] = COVERED if "A" in statuses else PENDING if statuses & {"P", "", "?"} else GAP
    return judged


def _on_duty(source: MonthSource, seat: SeatLine, holders: list[PostingLine], day: dt.date, half: str) -> bool:
    """Duty of a seat: the calendar's workdays, or what is rostered for its holders; nothing before the session ends."""
    facts = [fact for posting in holders if (fact := source.days.get((posting.id, day)))]
    if any(fact.halves[half].status == "A" and fact.duty[half] for fact in facts):
        return True
    if not source.over(day, half):
        return False
    if source.programme.modes[seat.mode].duty == "workdays":
        return source.calendar.is_workday(day)
    return any(fact.duty[half] for fact in facts)


def _dates(source: MonthSource, seat: SeatLine) -> list[dt.date]:
    return days_between(max(seat.start, source.first), min(seat.end or source.last, source.last))


def _in_post(posting: PostingLine, day: dt.date) -> bool:
    return posting.start <= day and (posting.end is None or day <= posting.end)
