"""One world for the matrix: two counties, four recipients, two supporters, two doctors per pair, every role and scope.

county-a: recipient-1 (two clinics), recipient-2    both paired with supporter-1
county-b: recipient-3 (two clinics), recipient-4    both paired with supporter-2
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from services.roster.usecases.programmes import ensure_programmes
from shared import clock
from shared.access import lookup, store
from shared.directory.models import Clinic, Organisation, Pair, Person, Posting, RosterHalfDay
from shared.roles import Grant
from shared.service import Runtime

NOON = dt.datetime(2026, 11, 17, 10, 0, tzinfo=clock.SHANGHAI)
"""A Tuesday, a workday, in a week that lies in one month."""

PROGRAMME = "zhongzhan-demo"
START, ENDED = dt.date(2026, 3, 2), dt.date(2026, 10, 30)
RECIPIENTS = {
    "recipient-1": ("county-a", "supporter-1"), "recipient-2": ("county-a", "supporter-1"),
    "recipient-3": ("county-b", "supporter-2"), "recipient-4": ("county-b", "supporter-2"),
}  # fmt: skip


def key(label: str) -> str:
    """The id of the object with this label, the same in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"zhudian:{label}"))


@dataclass(frozen=True)
class Target:
    """An object a request may name, with whom it belongs to. A label of nothing = missing or malformed."""

    label: str
    value: str
    person: str | None = None
    recipient: str | None = None
    supporter: str | None = None
    exists: bool = True

    @property
    def areas(self) -> frozenset[str]:
        """Labels of the authorities above it."""
        return frozenset({RECIPIENTS[self.recipient][0], "city", "province"}) if self.recipient else frozenset()

    def mine_of(self, caller: str) -> bool:
        """Whether a hospital or clinic is one where the caller is posted this month."""
        posted = DOCTORS.get(caller) == self.recipient and caller != "doctor-ended"
        return self.person is None and self.recipient is not None and posted

    def team_of(self, caller: str) -> bool:
        """Whether a posting belongs to the caller's team: here, everybody at one recipient works in one mode."""
        return self.recipient is not None and DOCTORS.get(caller) == self.recipient


@dataclass(frozen=True)
class Caller:
    """A column of the matrix: who calls, with which (role, scope label)."""

    label: str
    grants: tuple[tuple[str, str], ...] = ()
    disabled: bool = False

    @property
    def known(self) -> bool:
        """Whether the caller can be signed in at all."""
        return bool(self.grants) and not self.disabled


def _callers() -> tuple[Caller, ...]:
    single = [
        ("doctor-1", "doctor", "supporter-1"), ("doctor-2", "doctor", "supporter-1"),
        ("doctor-3", "doctor", "supporter-1"), ("doctor-5", "doctor", "supporter-2"),
        ("doctor-ended", "doctor", "supporter-1"), ("witness", "witness", "recipient-1"),
        ("recip-1", "recipient_admin", "recipient-1"), ("recip-3", "recipient_admin", "recipient-3"),
        ("supp-1", "supporter_admin", "supporter-1"), ("supp-2", "supporter_admin", "supporter-2"),
        ("quality", "quality_office", "supporter-1"), ("hr", "hr_officer", "supporter-1"),
        ("county-a-officer", "county_officer", "county-a"), ("county-b-officer", "county_officer", "county-b"),
        ("city-officer", "city_officer", "city"), ("province-officer", "province_officer", "province"),
        ("finance", "finance_officer", "county-a"), ("auditor", "auditor", "county-a"), ("kiosk", "kiosk", "recipient-1"),
        ("system", "system_admin", "city"), ("security", "security_admin", "city"), ("audit", "audit_admin", "city"),
    ]  # fmt: skip
    return (
        Caller("anonymous"),
        Caller("disabled", (("doctor", "supporter-1"),), disabled=True),
        *(Caller(label, ((role, scope),)) for label, role, scope in single),
        Caller("leader", (("doctor", "supporter-1"), ("team_leader", "supporter-1"))),
        Caller("dual", (("doctor", "supporter-1"), ("recipient_admin", "recipient-3"))),
    )


CALLERS = _callers()
DOCTORS = {
    "doctor-1": "recipient-1", "doctor-2": "recipient-1", "doctor-3": "recipient-2", "dual": "recipient-2",
    "doctor-5": "recipient-3", "doctor-6": "recipient-3", "doctor-7": "recipient-4", "doctor-8": "recipient-4",
    "leader": "recipient-1", "doctor-ended": "recipient-1", "disabled": "recipient-1",
}  # fmt: skip
CLINICS = {
    "clinic-1": "recipient-1", "clinic-1b": "recipient-1", "clinic-2": "recipient-2", "clinic-3": "recipient-3",
    "clinic-3b": "recipient-3", "clinic-4": "recipient-4",
}  # fmt: skip
MISSING = Target("missing", key("nothing has this id"), exists=False)
MALFORMED = Target("malformed", "x" * 300, exists=False)
OTHER_KIND = Target("other kind", key("county-a"), exists=False)


@dataclass
class Realm:
    """The world as built: its runtime, the bearer token of each caller, and ids of what was made through the API."""

    rt: Runtime
    tokens: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)

    def open_token(self, caller: Caller) -> str:
        """A new token of the caller, who may end it."""
        with self.rt.db.transaction() as session:
            account = lookup.account_by_person(session, key(caller.label))
            assert account is not None
            return store.open_token(session, account.id)[0]


def posting(label: str, who: str, exists: bool = True) -> Target:
    """The posting of a doctor as an object of requests."""
    recipient = DOCTORS[who]
    return Target(label, key(f"posting-{who}"), key(who), recipient, RECIPIENTS[recipient][1], exists)


def recipient(label: str) -> Target:
    """A recipient as an object of requests."""
    return Target(label, key(label), None, label, RECIPIENTS[label][1])


def clinic(label: str, value: str | None = None) -> Target:
    """A clinic as an object of requests, by id or by one of its tokens."""
    return Target(label, value or key(label), None, CLINICS[label], RECIPIENTS[CLINICS[label]][1])


def build(rt: Runtime) -> Realm:
    """Fill an empty database."""
    ensure_programmes(rt)
    realm = Realm(rt)
    with rt.db.transaction() as session:
        _organisations(session)
        _clinics(session, rt)
        people = sorted({caller.label for caller in CALLERS if caller.grants} | set(DOCTORS))
        grants = {caller.label: caller.grants for caller in CALLERS}
        for number, label in enumerate(people):
            _person(session, number, label, grants.get(label, (("doctor", "supporter-1"),)))
        for label in DOCTORS:
            _posting(session, label)
        for caller in CALLERS:
            if caller.grants:
                realm.tokens[caller.label] = _account(session, caller)
    return realm


def _organisations(session: Session) -> None:
    for label, kind in (("city", "city"), ("province", "province"), ("county-a", "county"), ("county-b", "county")):
        session.add(_organisation(label, kind, None))
    for label, (county, _) in RECIPIENTS.items():
        session.add(_organisation(label, "recipient", county))
    for label, county in (("supporter-1", "county-a"), ("supporter-2", "county-b")):
        session.add(_organisation(label, "supporter", county))
    for label, (_, supporter) in RECIPIENTS.items():
        pair = f"{supporter}/{label}"
        session.add(Pair(id=key(pair), programme_id=PROGRAMME, supporter_id=key(supporter), recipient_id=key(label)))


def _organisation(label: str, kind: str, county: str | None) -> Organisation:
    above = (key("city"), key("province")) if county else (None, None)
    return Organisation(id=key(label), code=label, name=f"名称 {label}", kind=kind, county_id=key(county) if county else None,
                        city_id=above[0], province_id=above[1], recipient_level="basic")  # fmt: skip


def _clinics(session: Session, rt: Runtime) -> None:
    for label, at in CLINICS.items():
        session.add(Clinic(
            id=key(label), code=label, name=f"门诊 {label}", organisation_id=key(at), site_token=f"site-{label}",
            screen_token=f"screen-{label}", master_wrapped=rt.keys.wrap(label.encode().ljust(32, b"0"), key(label).encode()), radius_m=300,
        ))  # fmt: skip


def _person(session: Session, number: int, label: str, grants: tuple[tuple[str, str], ...]) -> None:
    home = RECIPIENTS[DOCTORS[label]][1] if label in DOCTORS else grants[0][1]
    session.add(Person(
        id=key(label), code=label, name=f"姓名 {label}", phone=f"1380000{number:04d}", organisation_id=key(home),
        roles=[role for role, _ in grants], title_rank="attending", specialty="内科",
    ))  # fmt: skip


def _posting(session: Session, label: str) -> None:
    at = DOCTORS[label]
    supporter = RECIPIENTS[at][1]
    sites = [key(name) for name, organisation in CLINICS.items() if organisation == at]
    session.add(Posting(
        id=key(f"posting-{label}"), code=f"posting-{label}", person_id=key(label), programme_id=PROGRAMME,
        pair_id=key(f"{supporter}/{at}"), supporter_id=key(supporter), recipient_id=key(at), clinics=sites,
        mode="resident", team_leader=label == "leader", start=START, end=ENDED if label == "doctor-ended" else None,
    ))  # fmt: skip
    for half in ("am", "pm"):
        session.add(
            RosterHalfDay(posting_id=key(f"posting-{label}"), date=NOON.date(), session=half, clinic_id=sites[0])
        )


def _account(session: Session, caller: Caller) -> str:
    account = store.add_account(session, key(caller.label), f"phone of {caller.label}")
    store.set_grants(session, account.id, [Grant(role, key(scope)) for role, scope in caller.grants])
    if caller.disabled:
        store.set_disabled(session, account.id, clock.now())
    return store.open_token(session, account.id)[0]
