"""Messages come back from JSON as they were, and their keys tell occurrences apart."""

from __future__ import annotations

import dataclasses
import json

import pytest

from shared.events import EVENTS, DayTouched, Event, MonthDraftDue, PeopleImported


def example(kind: type[Event]) -> Event:
    return kind(
        **{field.name: ("a", "b") if "tuple" in str(field.type) else field.name for field in dataclasses.fields(kind)}
    )


@pytest.mark.parametrize("kind", EVENTS)
def test_a_message_survives_json(kind: type[Event]) -> None:
    message = example(kind)
    assert kind.from_json(message.to_json()) == message


@pytest.mark.parametrize("kind", EVENTS)
def test_every_message_has_a_key_of_its_own_fields_and_a_consumer(kind: type[Event]) -> None:
    assert kind.KEY
    assert set(kind.KEY) <= {field.name for field in dataclasses.fields(kind)}
    assert kind.CONSUMERS


def test_keys_tell_occurrences_apart() -> None:
    assert DayTouched("e1", "p1", "2026-11-23", "2026-11-23").key == "e1:p1"
    assert MonthDraftDue("zz", "r1", "2026-11", "x").key != MonthDraftDue("zz", "r1", "2026-11", "y").key


def test_a_message_of_another_version_is_refused() -> None:
    later = {**json.loads(PeopleImported("i", ("p",)).to_json()), "v": 2}
    with pytest.raises(ValueError, match="version"):
        PeopleImported.from_json(json.dumps(later))
