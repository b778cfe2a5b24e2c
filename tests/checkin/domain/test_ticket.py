"""Tickets: theirs nobody can make, and how they age."""

from __future__ import annotations

import datetime as dt

import pytest

from checkin.domain.ticket import Ticket, seal, strength, unseal

KEY = bytes(range(32))
ISSUED = dt.datetime(2026, 11, 23, 0, 0, 5, tzinfo=dt.UTC)
TICKET = Ticket("ab" * 16, "clinic-1", 117_000_000, "rotating", ISSUED, "cd" * 16)


def test_a_sealed_ticket_opens_to_what_it_was() -> None:
    assert unseal(KEY, seal(KEY, TICKET)) == TICKET


def test_no_changed_character_opens() -> None:
    text = seal(KEY, TICKET)
    for place in range(0, len(text), 7):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        assert unseal(KEY, changed) in (None, TICKET)  # the last character may carry unused bits
        assert place == len(text) - 1 or unseal(KEY, changed) is None


@pytest.mark.parametrize("text", ["", ".", "a.b", "a.b.c", "中.文", "e30.e30"])
def test_what_is_no_ticket_opens_to_nothing(text: str) -> None:
    assert unseal(KEY, text) is None


def test_a_ticket_of_another_key_opens_to_nothing() -> None:
    assert unseal(bytes(32), seal(KEY, TICKET)) is None


@pytest.mark.parametrize(("later", "expected"), [
    (dt.timedelta(0), "fresh"),
    (dt.timedelta(minutes=4, seconds=59), "fresh"),
    (dt.timedelta(minutes=5), "fresh"),
    (dt.timedelta(minutes=5, seconds=1), "kiosk"),
    (dt.timedelta(hours=15, minutes=59, seconds=54), "kiosk"),  # 23:59:59 of its date in Shanghai
    (dt.timedelta(hours=15, minutes=59, seconds=55), "poster"),  # midnight
    (dt.timedelta(days=1), "poster"),
])  # fmt: skip
def test_a_ticket_weakens_after_five_minutes_and_after_its_date(later: dt.timedelta, expected: str) -> None:
    assert strength(TICKET, ISSUED + later) == expected
