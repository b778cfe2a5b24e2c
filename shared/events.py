"""The messages services exchange: frozen, versioned, ids only. Beside each the names of the jobs that consume it.

A message invites its consumer to look at the present state; it never carries a copy of the facts (reliability O2).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from shared.encoder import canonical


@dataclass(frozen=True)
class Event:
    """Base of every message. `CONSUMERS` are job names; `KEY` names the fields that tell one occurrence from another."""

    VERSION: ClassVar[int] = 1
    CONSUMERS: ClassVar[tuple[str, ...]] = ()
    KEY: ClassVar[tuple[str, ...]] = ()

    @property
    def key(self) -> str:
        """Deduplication key: a second `put` of the same key for the same consumer is a no-op."""
        return ":".join(getattr(self, name) for name in self.KEY)

    def to_json(self) -> str:
        """Canonical JSON text of the message, with its version as `v`."""
        return canonical({"v": self.VERSION, **vars(self)})

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
    KEY: ClassVar[tuple[str, ...]] = ("entry_id", "posting_id")
    entry_id: str
    posting_id: str
    day_from: str
    day_to: str


@dataclass(frozen=True)
class DayFolded(Event):
    """The day fact of posting and date has changed."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("notifier.close_done",)
    KEY: ClassVar[tuple[str, ...]] = ("fold_id",)
    fold_id: str
    posting_id: str
    date: str


@dataclass(frozen=True)
class PeopleImported(Event):
    """People were created or changed: their accounts and grants follow."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("identity.sync_accounts",)
    KEY: ClassVar[tuple[str, ...]] = ("import_id",)
    import_id: str
    person_ids: tuple[str, ...]


@dataclass(frozen=True)
class AccountBound(Event):
    """An account of WeChat or WeCom was bound to a person: it can be reached there."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("notifier.bound",)
    KEY: ClassVar[tuple[str, ...]] = ("binding_id",)
    binding_id: str


@dataclass(frozen=True)
class ReminderDue(Event):
    """Planned reminders (at most 200) whose condition is to be checked again and which are then delivered."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("notifier.send",)
    KEY: ClassVar[tuple[str, ...]] = ("batch",)
    batch: str
    reminder_ids: tuple[str, ...]


@dataclass(frozen=True)
class ReminderPiece(Event):
    """A family of reminders is to be planned for the postings whose ids lie in first..last: one piece of a large house."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("notifier.plan_piece",)
    KEY: ClassVar[tuple[str, ...]] = ("family", "fire_at", "first")
    family: str
    fire_at: str
    first: str
    last: str


@dataclass(frozen=True)
class DeliveryDue(Event):
    """Planned deliveries (at most 200) that are to leave through their channels; those already ended are passed over."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("notifier.deliver",)
    KEY: ClassVar[tuple[str, ...]] = ("batch",)
    batch: str
    delivery_ids: tuple[str, ...]


@dataclass(frozen=True)
class CallbackReceived(Event):
    """An event of a platform was stored; `look` counts the looks at one whose delivery is not known yet."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("notifier.callback",)
    KEY: ClassVar[tuple[str, ...]] = ("seen_id", "look")
    seen_id: str
    look: str


@dataclass(frozen=True)
class MonthDraftDue(Event):
    """The draft of a recipient's monthly supervision report is to be made again; `asked` tells the askings apart."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("reports.draft_month",)
    KEY: ClassVar[tuple[str, ...]] = ("programme_id", "recipient_id", "month", "asked")
    programme_id: str
    recipient_id: str
    month: str
    asked: str


@dataclass(frozen=True)
class RecordTouched(Event):
    """A record was filed or decided: the obligations of these subjects ("kind:id") may stand otherwise.

    `rule_kinds` of rules.md §3 that read such a record ("*" = all); `programme_id` "" = whatever programme; the dates are
    those it touches, inclusive, "" for an open end or none.
    """

    CONSUMERS: ClassVar[tuple[str, ...]] = ("progress.judge_subjects",)
    KEY: ClassVar[tuple[str, ...]] = ("entry_id", "programme_id")
    entry_id: str
    programme_id: str
    subjects: tuple[str, ...]
    rule_kinds: tuple[str, ...]
    day_from: str
    day_to: str


@dataclass(frozen=True)
class SubjectTouched(Event):
    """Folded days, or time, may have changed the obligations of one subject ("kind:id") over the dates, inclusive.

    `asked` tells the askings apart: foldings of one quarter of an hour and month share a message.
    """

    CONSUMERS: ClassVar[tuple[str, ...]] = ("progress.judge_subject",)
    KEY: ClassVar[tuple[str, ...]] = ("programme_id", "subject", "day_from", "asked")
    programme_id: str
    subject: str
    day_from: str
    day_to: str
    asked: str


@dataclass(frozen=True)
class SpotIssued(Event):
    """A spot check of a posting's date was issued: its physician is to be told at once (X01)."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("notifier.spot_check",)
    KEY: ClassVar[tuple[str, ...]] = ("check_id",)
    check_id: str
    posting_id: str
    date: str


@dataclass(frozen=True)
class SpotNoticed(Event):
    """What became of the notice of a spot check: some channel `accepted` it ("yes"), or none did ("no")."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("checkin.spot_notice",)
    KEY: ClassVar[tuple[str, ...]] = ("check_id",)
    check_id: str
    accepted: str


CONSENT_WITHDRAWN = "consent_withdrawn"


@dataclass(frozen=True)
class PlacesDue(Event):
    """The coordinates of a posting up to a date (YYYY-MM-DD) are to be erased; `basis`: retention or consent_withdrawn."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("progress.erase_places",)
    KEY: ClassVar[tuple[str, ...]] = ("posting_id", "asked")
    posting_id: str
    last: str
    basis: str
    asked: str


@dataclass(frozen=True)
class DeviceBound(Event):
    """A phone's key was enrolled for a person: he is told at once (X03)."""

    CONSUMERS: ClassVar[tuple[str, ...]] = ("notifier.new_device",)
    KEY: ClassVar[tuple[str, ...]] = ("device_id",)
    device_id: str


EVENTS: tuple[type[Event], ...] = (
    DayTouched, DayFolded, PeopleImported, AccountBound, RecordTouched, SubjectTouched, ReminderDue, ReminderPiece, DeliveryDue,
    CallbackReceived, MonthDraftDue, SpotIssued, SpotNoticed, PlacesDue, DeviceBound,
)  # fmt: skip
