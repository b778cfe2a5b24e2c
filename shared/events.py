"""The messages services exchange: frozen, versioned, ids only. Beside each the names of the jobs that consume it.

A message invites its consumer to look at the present state; it never carries a copy of the facts (reliability O2).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Event:
    """Base of every message. `CONSUMERS` are job names; `key` is the deduplication key, one per real occurrence."""

    VERSION: ClassVar[int] = 1
    CONSUMERS: ClassVar[tuple[str, ...]] = ()

    @property
    def key(self) -> str:
        """Deduplication key: a second `put` of the same key for the same consumer is a no-op."""
        raise NotImplementedError(type(self).__name__)

    def to_json(self) -> str:
        """Canonical JSON text of the message, with its version as `v`."""
        return json.dumps({"v": self.VERSION, **asdict(self)}, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Event:
        """The message of this class in `text`. Raises ValueError for another version."""
        data: dict[str, Any] = json.loads(text)
        if data.pop("v", None) != cls.VERSION:
            raise ValueError(f"{cls.__name__}: unknown message version")
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in data.items()})


@dataclass(frozen=True)
class DayTouched(Event):
    """A fact of the posting touches the dates day_from..day_to (YYYY-MM-DD, inclusive): fold them again."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("progress.fold_day",)
    entry_id: str
    posting_id: str
    day_from: str
    day_to: str

    @property
    def key(self) -> str:
        """One per ledger entry and posting."""
        return f"{self.entry_id}:{self.posting_id}"


@dataclass(frozen=True)
class DayFolded(Event):
    """The day fact of posting and date has changed."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("notifier.close_done",)
    fold_id: str
    posting_id: str
    date: str

    @property
    def key(self) -> str:
        """One per stored fold."""
        return self.fold_id


@dataclass(frozen=True)
class PeopleImported(Event):
    """People were created or changed: their accounts and grants follow."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("identity.sync_accounts",)
    import_id: str
    person_ids: tuple[str, ...]

    @property
    def key(self) -> str:
        """One per import."""
        return self.import_id


@dataclass(frozen=True)
class ReminderDue(Event):
    """Planned reminders (at most 200) whose condition is to be checked again and which are then delivered."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("notifier.send",)
    batch: str
    reminder_ids: tuple[str, ...]

    @property
    def key(self) -> str:
        """One per planned batch."""
        return self.batch


@dataclass(frozen=True)
class MonthDraftDue(Event):
    """The draft of a recipient's monthly supervision report is to be made again; `asked` tells the askings apart."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("reports.draft_month",)
    programme_id: str
    recipient_id: str
    month: str
    asked: str

    @property
    def key(self) -> str:
        """One per asking."""
        return f"{self.programme_id}:{self.recipient_id}:{self.month}:{self.asked}"


EVENTS: tuple[type[Event], ...] = (DayTouched, DayFolded, PeopleImported, ReminderDue, MonthDraftDue)
