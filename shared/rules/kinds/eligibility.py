"""eligibility: who may be posted, tested on the registration (rules.md §3). Pure."""

from __future__ import annotations

import re

from shared.rules import words
from shared.rules.durations import due
from shared.rules.facts import Registration
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_MET, NOT_REPORTED, Result
from shared.rules.schema import TITLE_RANKS
from shared.rules.terms import PostingTerms

_AT_LEAST = re.compile(r"(\w+)>=(\w+)\Z")
_IN = re.compile(r"(\w+) in ([\w|]+)\Z")


def evaluate(inquiry: Inquiry) -> Result:
    """Every entry of `requires` holds for every posting; an attribute nobody recorded makes it not reported."""
    known = {one.posting_id: one for one in inquiry.facts.registrations}
    answers = {
        entry: [_holds(inquiry, entry, posting, known.get(posting.id)) for posting in inquiry.postings]
        for entry in inquiry.rule.get("requires")
    }
    failed = [entry for entry, found in answers.items() if False in found]
    unknown = [entry for entry, found in answers.items() if None in found or not found]
    value = NOT_MET if failed else NOT_REPORTED if unknown else MET
    evidence = tuple(e for one in known.values() for e in one.evidence)
    return Result(
        value, words.kinds.eligible([words.requirement(entry) for entry in failed or unknown], value),
        len(answers) - len(failed) - len(unknown), len(answers), len(answers), "item", "eligibility", evidence=evidence,
        detail={"failed": failed, "unknown": unknown}, local_settings=_local(inquiry),
    )  # fmt: skip


def _local(inquiry: Inquiry) -> tuple[str, ...]:
    asked = "senior_attending" in inquiry.rule.get("requires")
    return tuple(name for name in ("title.senior_attending_years",) if asked and name in inquiry.programme.local_settings())


def _holds(inquiry: Inquiry, entry: str, posting: PostingTerms, known: Registration | None) -> bool | None:
    if found := _AT_LEAST.match(entry):
        rank = posting.title_rank
        return None if rank is None else TITLE_RANKS.index(rank) >= TITLE_RANKS.index(found[2])
    if found := _IN.match(entry):
        return None if known is None or known.category is None else known.category in found[2].split("|")
    if entry == "senior_attending":
        return _senior(inquiry, posting, known)
    return None if known is None else any(flag in known.flags for flag in entry.split("|"))


def _senior(inquiry: Inquiry, posting: PostingTerms, known: Registration | None) -> bool | None:
    """Attending for `title.senior_attending_years` at the start of the posting; a higher rank is senior anyway."""
    if posting.title_rank in TITLE_RANKS[TITLE_RANKS.index("attending") + 1 :]:
        return True
    if posting.title_rank is None or known is None or known.title_since is None:
        return None
    years = inquiry.programme.setting("title.senior_attending_years")
    return posting.title_rank == "attending" and due(known.title_since, 12 * years) < posting.start
