"""How the parts of a case hang together: ids, overlaps, clinics, seats, doctors. Pure. (continuity.md §6.7)"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from shared.rules.case.model import Case, Path, Posting
from shared.rules.case.questions import check_question
from shared.rules.case.shape import Notes
from shared.rules.terms import PostingTerms


def together(case: Case, notes: Notes) -> None:
    """Note every mistake that shows only when the parts are looked at together."""
    _unique(((("postings", one.place, "id"), one.terms.id) for one in case.postings), notes)
    _unique(((("events", place, "id"), event.id) for place, event in enumerate(case.events)), notes)
    _unique(
        ((("credits", place, "id"), credit.id)
         for place, credit in enumerate(one for each in case.credits.values() for one in each)), notes,
    )  # fmt: skip
    for one, other in combinations(case.postings, 2):
        _overlap(one, other, notes)
    seats = {one.terms.seat_id for one in case.postings if one.terms.seat_id}
    for place, event in enumerate(case.events):
        mine = {clinic for terms in case.postings_of(event.doctor) for clinic in terms.clinics}
        clinic = event.get("clinic")
        if clinic and mine and clinic not in mine and event.kind not in ("item", "stay"):
            notes.add(("events", place, "clinic"), "clinic_unknown", f"“{clinic}”不是该医师派驻的站点")
        if event.kind == "substitute" and event.get("seat") not in seats:
            notes.add(("events", place, "seat"), "seat_unknown", f"没有席位“{event.get('seat')}”")
        if event.kind in ("scan", "correction") and (came := event.get("in")) and (left := event.get("out")) and left < came:
            notes.add(("events", place, "out"), "date_order", "签退早于签到")
    for question in case.questions:
        check_question(case, question, notes)


def _unique(named: Iterable[tuple[Path, str]], notes: Notes) -> None:
    seen: set[str] = set()
    for path, key in named:
        if key in seen:
            notes.add(path, "id_duplicate", f"编号“{key}”重复")
        seen.add(key)


def _overlap(one: Posting, other: Posting, notes: Notes) -> None:
    """Postings of one physician may overlap only with different modes or clinics."""
    a, b = one.terms, other.terms
    same = a.person_id == b.person_id and a.mode == b.mode and set(a.clinics) & set(b.clinics)
    if same and a.recipient_id == b.recipient_id and _meet(a, b):
        notes.add(("postings", other.place), "posting_overlap", f"与 {a.id} 的日期重叠,方式和站点相同")


def _meet(a: PostingTerms, b: PostingTerms) -> bool:
    return (b.end is None or a.start <= b.end) and (a.end is None or b.start <= a.end)
