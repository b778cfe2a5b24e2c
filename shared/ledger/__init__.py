"""Evidence: the append-only ledger, hash-linked per stream. `from shared import ledger` is its whole door."""

from shared.ledger.entry import GENESIS, Actor, ProfileError, Stream, body_hash, jcs, parse_profile
from shared.ledger.kinds import KINDS, KindError
from shared.ledger.log import (
    Appended,
    Fact,
    append,
    append_asked,
    fact,
    facts,
    facts_by_subject,
    facts_of_kinds,
    find_client_event,
    head,
    lock,
    seen,
)
from shared.ledger.seal import Asked, Head
from shared.ledger.statement import Row, append_after, append_at_once
from shared.ledger.verify import Difference, verify

__all__ = [
    "GENESIS",
    "KINDS",
    "Actor",
    "Appended",
    "Asked",
    "Difference",
    "Fact",
    "Head",
    "KindError",
    "ProfileError",
    "Row",
    "Stream",
    "append",
    "append_after",
    "append_asked",
    "append_at_once",
    "body_hash",
    "fact",
    "facts",
    "facts_by_subject",
    "facts_of_kinds",
    "find_client_event",
    "head",
    "jcs",
    "lock",
    "parse_profile",
    "seen",
    "verify",
]  # fmt: skip
