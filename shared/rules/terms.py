"""A posting as the rules see it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PostingTerms:
    """A posting as the rules see it. `end` None = open; `roster` maps (date, "am" | "pm") to a clinic id.

    `team_id` is `<pair>/<mode>`. `clinic_names` only serves explanations; a missing name shows the id. `end_reason`:
    completed, rotation, illness, ordered, other; `end_approved`: an approved illness or order is no early rotation.
    `supporter_name`: the name by which a rule's `where` knows the supporter; None = its id.
    """

    id: str
    person_id: str
    programme_id: str
    supporter_id: str
    recipient_id: str
    clinics: tuple[str, ...]
    mode: str
    seat_id: str | None
    specialty: str | None
    title_rank: str | None
    recipient_level: str | None
    team_id: str
    start: dt.date
    end: dt.date | None
    roster: Mapping[tuple[dt.date, str], str] = field(default_factory=dict)
    clinic_names: Mapping[str, str] = field(default_factory=dict)
    end_reason: str | None = None
    end_approved: bool = False
    supporter_name: str | None = None

    def attributes(self) -> dict[str, str | None]:
        """What `where` of a rule may ask of a posting; None = not known, which never matches (rules.md §2)."""
        return {
            "mode": self.mode, "specialty": self.specialty, "title_rank": self.title_rank,
            "recipient_level": self.recipient_level, "supporter": self.supporter_name or self.supporter_id,
        }  # fmt: skip

    def holds(self, day: dt.date) -> bool:
        """Whether the date lies in the posting, both ends included."""
        return self.start <= day and (self.end is None or day <= self.end)
