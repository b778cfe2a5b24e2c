"""Periods and dates as a sentence names them. Pure."""

from __future__ import annotations

import datetime as dt

from shared.rules.words.names import WEEKDAYS


def near(day: dt.date, first: dt.date) -> str:
    """A date of the running week by its weekday, a later one by its date."""
    weekday = f"周{WEEKDAYS[day.weekday()]}"
    return weekday if day.isocalendar()[:2] == first.isocalendar()[:2] else f"{day.month}月{day.day}日({weekday})"


def span(first: dt.date, last: dt.date) -> str:
    """「11月9日至15日」 or 「11月30日至12月6日」."""
    end = f"{last.day}日" if (first.year, first.month) == (last.year, last.month) else f"{last.month}月{last.day}日"
    return f"{first.month}月{first.day}日至{end}"


def period_title(kind: str, first: dt.date, last: dt.date, today: dt.date) -> str:
    """The period as a sentence names it: 本周, 本两周, 本月 while it runs, else its dates."""
    if not first <= today <= last:
        return span(first, last)
    return {"week": "本周", "two_weeks": "本两周", "month": "本月"}[kind]
