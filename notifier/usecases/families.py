"""The rows of reminders.md §3, each with its readers: what is owed on a date, for all or for some subjects, as of now.

One function serves planning, the second look and the closing: planning asks for everybody, the others for the subjects of
the reminders in hand. Reads only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from notifier.domain import contact, continuity, days, digest, duties, postings, presence_ladder, requests, week
from notifier.domain.case import A_DAY, Case
from notifier.domain.post import LOOK_BACK, Post
from notifier.store import duties as duty_store
from notifier.store import offices, posts, standings, waiting
from shared.calendar import at, monday_of
from shared.directory import lookup as directory
from shared.progress.lookup import contact as newest_contact
from shared.rules.durations import DAY

Only = Collection[str] | None


@dataclass(frozen=True)
class Asked:
    """A question: what is owed on `day` as of `now`, about these subjects (None: all); `ids` of postings where the family
    looks at postings."""

    session: Session
    day: dt.date
    now: dt.datetime
    only: Only = None
    ids: Sequence[str] = ()


Family = Callable[[Asked], Iterator[Case]]


def _posts(on: Asked) -> list[Post]:
    return posts.posts(on.session, on.ids, on.day, on.now)


def missed(on: Asked) -> Iterator[Case]:
    """D03."""
    found = [post for post in _posts(on) if post.on_duty(on.day)]
    last = {post.terms.id: post.duty_day_before(on.day) for post in found}
    found = posts.with_days(on.session, found, lambda post: [day] if (day := last[post.terms.id]) else [])
    found = [post for post in found if on.only is not None or ((day := last[post.terms.id]) and post.missing(day))]
    seen = [day for day in last.values() if day]
    found = posts.with_notes(on.session, found, min(seen, default=on.day), on.day)
    for post in posts.with_corrections_left(on.session, found, max(seen, default=on.day)):
        yield from days.missed(post, on.day)


def diaries(on: Asked) -> Iterator[Case]:
    """D05."""
    for post in posts.with_days(on.session, _posts(on), lambda _: (on.day - DAY, on.day)):
        yield from days.diary(post, on.day)


def back(on: Asked) -> Iterator[Case]:
    """D08."""
    for post in posts.with_leave(on.session, _posts(on), on.day - 40 * DAY, on.day):
        yield from days.back(post, on.day)


def gaps(on: Asked) -> Iterator[Case]:
    """D04."""
    for post in posts.with_week(on.session, _posts(on), on.day):
        yield from week.gap(post, on.day)


def team_diaries(on: Asked) -> Iterator[Case]:
    """L01: the leaders among these postings, each with the postings of his team."""
    found = _posts(on)
    leaders = [post for post in found if post.leader]
    team_ids = {post.terms.team_id for post in leaders}
    mates = posts.of_teams(on.session, team_ids, on.day)
    team = posts.with_days(on.session, posts.posts(on.session, mates, on.day, on.now) if mates else [],
                           lambda _: [monday_of(on.day) + n * DAY for n in range(7)])  # fmt: skip
    for leader in leaders:
        yield from week.team_diaries(leader, [post for post in team if post.terms.team_id == leader.terms.team_id], on.day)


def at_risk(on: Asked) -> Iterator[Case]:
    """D06."""
    found = posts.with_states(on.session, _posts(on), "programme")
    found = [post for post in found if any(state.metric == "continuity" for state in post.states)]
    if not found:
        return
    holders, around = offices.Holders(on.session), offices.Offices(on.session)
    for post in posts.with_days(on.session, found, lambda _: [on.day - n * DAY for n in range(LOOK_BACK)]):
        places = around.between(post.terms.supporter_id, post.terms.recipient_id)
        officers = [person for role in ("recipient_admin", "supporter_admin") for person in holders(role, places[role])]
        yield from continuity.at_risk(post, post.states, on.day, officers)


def ladder(on: Asked) -> Iterator[Case]:
    """P4, P5 and P6."""
    first = monday_of(on.day) - 7 * DAY
    found = posts.with_days(on.session, _posts(on), lambda post: post.duty_days(first, on.day - DAY))
    found = [post for post in found if on.only is not None or any(post.missing(day) for day in post.days)]
    if not found:
        return
    holders, around = offices.Holders(on.session), offices.Offices(on.session)
    for post in posts.with_notes(on.session, found, first, on.day):
        places = around.between(post.terms.supporter_id, post.terms.recipient_id)
        office, county = (holders(role, places[role]) for role in ("recipient_admin", "county_officer"))
        met = newest_contact(on.session, post.terms.person_id)
        yield from presence_ladder.lines(post, on.day, office, county)
        yield from presence_ladder.call(post, on.day, office, met.at if met else None)


def standing(on: Asked) -> Iterator[Case]:
    """R05, S01, S02 and S03."""
    found = [post for post in _posts(on) if postings.near(post, on.day)]
    holders = offices.Holders(on.session)
    for one in standings.standings(on.session, found) if found else ():
        for row in (postings.arrival, postings.successor, postings.handover, postings.unregistered):
            yield from row(one, on.day, holders)


def task_forces(on: Asked) -> Iterator[Case]:
    """L03."""
    holders, around = offices.Holders(on.session), offices.Offices(on.session)
    found = [post for post in _posts(on) if post.leader]
    for post in posts.with_two_weeks(on.session, found, on.day):
        office = around.between(post.terms.supporter_id, post.terms.recipient_id)["supporter_admin"]
        people = [post.terms.person_id, *holders("supporter_admin", office)]
        for state in post.states:
            yield from postings.task_force(state, post, on.day, people)


def judged(on: Asked) -> Iterator[Case]:
    """Documents and counted duties: L02, L04, R04, S04, K01, K02, Y01-Y04, D11."""
    holders = offices.Holders(on.session)
    for duty in duty_store.duties(on.session, on.day, on.only):
        yield from duties.owed(duty, on.day, holders)


def approvals(on: Asked) -> Iterator[Case]:
    """R02, but its step 0."""
    calendar, holders = directory.calendar(on.session), offices.Holders(on.session)
    yield from requests.approvals(waiting.requests(on.session), calendar, on.day, holders)


def urgent(on: Asked) -> Iterator[Case]:
    """R02, step 0."""
    calendar, holders = directory.calendar(on.session), offices.Holders(on.session)
    only = None if on.only is None else {name.partition(":")[2] for name in on.only}
    for one in waiting.requests(on.session, only, on.now - A_DAY):
        yield from requests.urgent(one, calendar, holders)


def unsent(on: Asked) -> Iterator[Case]:
    """D07."""
    only = None if on.only is None else {name.partition(":")[2] for name in on.only}
    for one in waiting.reported(on.session, on.now - 4 * DAY, only):
        yield from contact.unsent(one)


def digests(on: Asked) -> Iterator[Case]:
    """G01 and G02."""
    calendar, roles = directory.calendar(on.session), offices.Holders(on.session).roles_of()
    only = None if on.only is None else {name.partition(":")[2] for name in on.only}
    for person, lines in waiting.lines(on.session, at(on.day - 8 * DAY, dt.time()), only).items():
        kind = digest.kind_of(roles.get(person, ()))
        if digest.due(kind, calendar, on.day):
            yield digest.case(kind, person, lines, on.day)


BY_POSTING: Mapping[str, Family] = {
    "missed": missed, "diaries": diaries, "back": back, "gaps": gaps, "team": team_diaries, "risk": at_risk, "ladder": ladder,
    "standing": standing, "force": task_forces,
}  # fmt: skip
"""Families that look at postings one by one, in pieces."""
AT_ONCE: Mapping[str, Family] = {
    "judged": judged, "approvals": approvals, "urgent": urgent, "unsent": unsent, "digests": digests,
}  # fmt: skip
FAMILY_OF: Mapping[str, str] = {
    "D03": "missed", "D05": "diaries", "D08": "back", "D04": "gaps", "L01": "team", "D06": "risk", "P4": "ladder", "P5": "ladder",
    "P6": "ladder", "R05": "standing", "S01": "standing", "S02": "standing", "S03": "standing", "L03": "force", "D07": "unsent",
    "R02": "approvals", "G01": "digests", "G02": "digests",
    **dict.fromkeys(("L02", "L04", "R04", "S04", "K01", "K02", "Y01", "Y02", "Y03", "Y04", "D11"), "judged"),
}  # fmt: skip
"""The family of each row; D01 and D02 have jobs of their own, X01, X03 and D10 follow an event."""
SLOTS: Mapping[str, tuple[str, ...]] = {
    "0720": ("back",), "0740": ("missed", "gaps", "risk", "ladder", "approvals"), "0808": ("digests",), "0838": ("digests",),
    "0905": ("judged", "standing"), "0910": ("force",), "0940": ("approvals", "ladder"), "1220": ("gaps", "team"),
    "1740": ("diaries",), "1750": ("risk", "standing"), "2025": ("diaries",),
}  # fmt: skip
"""When each family is asked: the minute its rows fall due, or a little before."""
EVERY_MINUTE = ("urgent", "unsent")


def family(name: str) -> Family:
    """The function of a family."""
    return BY_POSTING.get(name) or AT_ONCE[name]


def times_of(row_id: str) -> list[str]:
    """The times of day at which a row's family is asked; none for rows that follow a session or an event."""
    return [time for time, names in SLOTS.items() if FAMILY_OF.get(row_id) in names]
