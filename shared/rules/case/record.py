"""What a case records beside half-days, as the facts rules read. Pure."""

from __future__ import annotations

from shared.calendar import local_date
from shared.rules.case.model import Case, Event
from shared.rules.coverage import Substitution
from shared.rules.facts import Facts, Figure, Finding, Item, Stay
from shared.rules.terms import PostingTerms


def facts_of(case: Case, doctor: str | None = None) -> Facts:
    """The facts of a case; with a doctor, items and findings of that physician only."""
    mine = [event for event in case.events if _known(case, event)]
    own = [event for event in mine if doctor in (None, event.doctor)]
    return Facts(
        items=tuple(_item(case, event) for event in own if event.kind == "item"),
        outpatient=tuple(_outpatient(case, event) for event in own if event.kind == "outpatient"),
        stays=tuple(_stay(case, event) for event in mine if event.kind == "stay"),
        figures=tuple(
            Figure(event.get("metric"), event.get("period"), event.get("value"), (event.id,))
            for event in mine if event.kind == "figure"
        ),
        findings=tuple(
            Finding(event.get("trigger"), event.get("decision"), event.get("confirmed_on"), event.get("by_role"),
                    event.get("officer"), event.doctor, (event.id,))
            for event in own if event.kind == "finding"
        ),
        credits=() if doctor is None else case.credits.get(doctor, ()),
        substitutions=substitutions(case),
    )  # fmt: skip


def substitutions(case: Case, seat: str | None = None) -> tuple[Substitution, ...]:
    """Who was registered to fill a seat (None: any), half-day by half-day where only mornings or afternoons are meant."""
    events = [event for event in case.events_of(None, "substitute") if seat in (None, event.get("seat"))]
    return tuple(
        Substitution(event.get("seat"), event.doctor, event.get("for"), first, last, (event.id,))
        for event in events
        for first, last in ([(event.first, event.last)] if event.only is None else [(at, at) for at in event.halves()])
    )


def _known(case: Case, event: Event) -> bool:
    """Whether it had happened by `as_of`: an entry is about its date, a finding about the day it was confirmed."""
    today = local_date(case.as_of) if case.as_of else None
    day = event.get("confirmed_on") if event.kind == "finding" else event.last[0] if event.kind == "stay" else event.first[0]
    return today is None or day is None or day <= today


def _posting(case: Case, event: Event) -> PostingTerms | None:
    held = case.postings_of(event.doctor)
    return next((one for one in held if one.holds(event.first[0])), held[0] if held else None)


def _item(case: Case, event: Event) -> Item:
    posting = _posting(case, event)
    half = None if event.get("half") == "both" else event.get("half")
    return Item(
        event.id, event.get("metric"), event.first[0], event.get("value"), event.get("group"), event.doctor,
        event.get("clinic") or (posting.clinics[0] if posting else None),
        event.get("recipient") or (posting.recipient_id if posting else None), half, event.get("channel"),
        event.get("title"), (event.id,),
    )  # fmt: skip


def _outpatient(case: Case, event: Event) -> Item:
    posting = _posting(case, event)
    clinic = event.get("clinic") or (posting.clinics[0] if posting else None)
    return Item(event.id, "outpatient", event.first[0], event.get("visits") or 0, None, event.doctor, clinic,
                half=event.get("half"), evidence=(event.id,))  # fmt: skip


def _stay(case: Case, event: Event) -> Stay:
    posting = _posting(case, event)
    clinic = event.get("clinic") or (posting.clinics[0] if posting else None)
    recipient = event.get("recipient") or (posting.recipient_id if posting else "R1")
    person = event.get("person") or event.id
    return Stay(event.id, person, event.first[0], event.last[0], clinic, recipient, evidence=(event.id,))
