"""What rules read beside half-days: documents, stays, figures, ticks and the like, as values. Pure.

Each carries the ids of the ledger entries it was read from (`evidence`). Dates are those of Asia/Shanghai, money is whole
CNY. Ledger payloads (evidence.md §2.2-2.5) and case files are both read into these.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.rules.accumulate import Credit
from shared.rules.coverage import Substitution

Ids = tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One logged thing that counts for a metric: a round, a training, a free clinic, an inspection, a technique.

    `group` is a key of the rule's `per` list (guided, outpatient ...); `value` its size where it has one (CNY, beds).
    """

    id: str
    metric: str
    date: dt.date
    value: int = 1
    group: str | None = None
    person_id: str | None = None
    clinic: str | None = None
    recipient_id: str | None = None
    half: str | None = None
    channel: str | None = None
    title: str | None = None
    evidence: Ids = ()


@dataclass(frozen=True)
class Stay:
    """A trainee of the recipient at the supporter, both end dates included."""

    id: str
    person: str
    first: dt.date
    last: dt.date
    clinic: str | None = None
    recipient_id: str | None = None
    specialty: str | None = None
    evidence: Ids = ()


@dataclass(frozen=True)
class Figure:
    """A reported figure of a period; None = reported as not known."""

    metric: str
    period: str
    value: int | None
    evidence: Ids = ()


@dataclass(frozen=True)
class Tick:
    """One item of a checklist, ticked yes or no for a period, or without one for what it was ticked about (`posting_id`)."""

    rule_id: str
    period: str
    item: str
    yes: bool
    evidence: Ids = ()
    posting_id: str | None = None


@dataclass(frozen=True)
class Document:
    """A document filed for a rule and period (or posting); `acknowledged`: addressee -> date, `seals` who stamped it."""

    id: str
    rule_id: str
    period: str | None
    posting_id: str | None
    filed: dt.date
    acknowledged: Mapping[str, dt.date] = field(default_factory=dict)
    seals: Ids = ()
    copies: Ids = ()
    photos: int = 0
    chars: int = 0
    group: str | None = None
    date: dt.date | None = None
    """The attended date it is about, for a diary."""
    filed_at: dt.datetime | None = None
    evidence: Ids = ()


@dataclass(frozen=True)
class Payment:
    """Money paid for a posting, and what for."""

    posting_id: str
    amount: int
    use: str
    date: dt.date
    evidence: Ids = ()


@dataclass(frozen=True)
class Disclosure:
    """A public notice (公示) before an appointment or promotion, both end dates included."""

    person_id: str
    gate: str
    first: dt.date
    last: dt.date
    evidence: Ids = ()


@dataclass(frozen=True)
class Application:
    """An application for a gate (appointment or promotion) on a date; one still to come is planned."""

    person_id: str
    gate: str
    date: dt.date
    evidence: Ids = ()


@dataclass(frozen=True)
class Finding:
    """A finding by a named officer: suspected, under_review, confirmed or rejected."""

    trigger: str
    decision: str
    confirmed_on: dt.date | None = None
    by_role: str | None = None
    officer: str | None = None
    person_id: str | None = None
    evidence: Ids = ()


@dataclass(frozen=True)
class Inspection:
    """A list drawn at random with a recorded seed, and how many of it were visited or called, by method."""

    id: str
    date: dt.date
    drawn: int
    recorded: int
    method: str
    seed: str | None = None
    evidence: Ids = ()


@dataclass(frozen=True)
class Registration:
    """A posting's registration: ticks made with it, attributes, and when it was acknowledged (None = not yet).

    `role_type`: physician, nurse, technician, manager or assistant; None where nobody said.
    """

    posting_id: str
    flags: Ids = ()
    acknowledged_on: dt.date | None = None
    category: str | None = None
    title_since: dt.date | None = None
    evidence: Ids = ()
    role_type: str | None = None


@dataclass(frozen=True)
class Arrival:
    """The recipient's confirmation that a physician arrived."""

    posting_id: str
    date: dt.date
    evidence: Ids = ()


@dataclass(frozen=True)
class Waiver:
    """A duty waived, or found not applicable, for a period, with the reason; `group` when only one group of the rule is
    meant (surgery of a centre without an operating room), or one item of a checklist."""

    rule_id: str
    period: str
    kind: str
    reason: str
    evidence: Ids = ()
    group: str | None = None
    posting_id: str | None = None


@dataclass(frozen=True)
class Agreement:
    """An agreement of a pair with its targets {metric: number}; `last` None = open."""

    pair_id: str
    recipient_id: str
    first: dt.date
    last: dt.date | None
    area_id: str | None = None
    targets: Mapping[str, int] = field(default_factory=dict)
    evidence: Ids = ()


@dataclass(frozen=True)
class Change:
    """A change asked for: of the pair, of a fixed person, place or time; `amended`: by an amendment of the agreement."""

    kind: str
    date: dt.date
    decision: str = "pending"
    by_role: str | None = None
    amended: bool = False
    evidence: Ids = ()


@dataclass(frozen=True)
class Facts:
    """Everything recorded about one subject."""

    items: tuple[Item, ...] = ()
    stays: tuple[Stay, ...] = ()
    figures: tuple[Figure, ...] = ()
    ticks: tuple[Tick, ...] = ()
    documents: tuple[Document, ...] = ()
    payments: tuple[Payment, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    applications: tuple[Application, ...] = ()
    findings: tuple[Finding, ...] = ()
    inspections: tuple[Inspection, ...] = ()
    registrations: tuple[Registration, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    changes: tuple[Change, ...] = ()
    credits: tuple[Credit, ...] = ()
    substitutions: tuple[Substitution, ...] = ()
    outpatient: tuple[Item, ...] = ()
    """Outpatient log entries: date, half and clinic."""
