"""Evidence: the append-only ledger, hash-linked per stream. `from shared import ledger` is its whole door."""

from shared.ledger.entry import Actor, ProfileError, Stream, body_hash, jcs, parse_profile
from shared.ledger.kinds import KINDS, KindError
from shared.ledger.log import Appended, Fact, append, fact, facts, facts_by_subject, find_client_event, head, lock, seen
from shared.ledger.verify import Difference, verify

__all__ = [
    "KINDS",
    "Actor",
    "Appended",
    "Difference",
    "Fact",
    "KindError",
    "ProfileError",
    "Stream",
    "append",
    "body_hash",
    "fact",
    "facts",
    "facts_by_subject",
    "find_client_event",
    "head",
    "jcs",
    "lock",
    "parse_profile",
    "seen",
    "verify",
]  # fmt: skip
