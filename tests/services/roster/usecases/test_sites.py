"""A clinic's place needs two offices; an outage one. Both are facts of the clinic."""

from __future__ import annotations

import datetime as dt

import pytest

from checkin.store import rota
from services.roster.usecases import sites
from services.roster.usecases.sites import NothingProposed
from shared import clock, ledger
from shared.attendance import geo
from shared.directory.models import Clinic, Organisation
from shared.problems import InvalidBody, NotFound, SelfApproval
from shared.progress import outages
from shared.roles import Grant, Principal
from shared.service import Runtime
from tests.factories.directory import directory, id_of

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
PLACE = {"lat_e6": 31_500_000, "lon_e6": 108_500_000, "crs": "gcj02", "radius_m": 150, "how": "map_pick"}


@pytest.fixture
def rt(rt: Runtime) -> Runtime:
    with clock.at(dt.datetime(2026, 8, 28, tzinfo=dt.UTC)):
        directory(rt)
    return rt


def site(rt: Runtime) -> Clinic:
    with rt.db.read() as session:
        row = session.get_one(Clinic, id_of(rt, "clinic", "SQ1"))
        session.expunge(row)
        return row


def hospital(rt: Runtime) -> Principal:
    return Principal("h", "H", (Grant("recipient_admin", site(rt).organisation_id),))


def county(rt: Runtime) -> Principal:
    with rt.db.read() as session:
        above = session.get_one(Organisation, site(rt).organisation_id).county_id
    return Principal("c", "C", (Grant("county_officer", above),))


def facts(rt: Runtime) -> list[ledger.Fact]:
    with rt.db.read() as session:
        found = ledger.facts(session, site(rt).id, dt.date(2026, 11, 1), dt.date(2026, 12, 31))
        assert ledger.verify(session, rt.keys) == []
    return [fact for fact in found if fact.kind.startswith("clinic.")]


def test_a_place_is_in_force_when_the_county_has_looked_at_it(rt: Runtime):
    before = site(rt).lat_e6
    with clock.at(NOON):
        proposed = sites.propose(rt, hospital(rt), site(rt).id, PLACE)
        assert site(rt).lat_e6 == before
        sites.approve(rt, county(rt), site(rt).id, proposed["proposal"])
    assert (site(rt).lat_e6, site(rt).crs, site(rt).radius_m) == (31_500_000, "gcj02", 150)
    steps = [(fact.payload["step"], fact.payload["actor"]["role"]) for fact in facts(rt)]
    assert steps == [("proposed", "recipient_admin"), ("approved", "county_officer")]
    kept = facts(rt)[-1].payload
    wgs = geo.to_wgs84(geo.Point.of_e6(31_500_000, 108_500_000)).to_e6()
    assert (kept["wgs84_lat_e6"], kept["wgs84_lon_e6"]) == wgs


def test_only_the_newest_proposal_is_approved_and_once(rt: Runtime):
    with clock.at(NOON):
        first = sites.propose(rt, hospital(rt), site(rt).id, PLACE)
        second = sites.propose(rt, hospital(rt), site(rt).id, {**PLACE, "radius_m": None})
        assert second["radius_m"] == 300
        with pytest.raises(NothingProposed):
            sites.approve(rt, county(rt), site(rt).id, first["proposal"])
        sites.approve(rt, county(rt), site(rt).id, second["proposal"])
        with pytest.raises(NothingProposed):
            sites.approve(rt, county(rt), site(rt).id, second["proposal"])
    assert len(facts(rt)) == 3


def test_who_named_a_place_does_not_approve_it(rt: Runtime):
    office, above = hospital(rt), county(rt)
    both = Principal("h", "H", (*office.grants, *above.grants))
    with clock.at(NOON):
        proposed = sites.propose(rt, office, site(rt).id, PLACE)
        with pytest.raises(SelfApproval):
            sites.approve(rt, both, site(rt).id, proposed["proposal"])
        sites.approve(rt, above, site(rt).id, proposed["proposal"])
    assert len(facts(rt)) == 2


def test_null_island_and_strangers_are_refused(rt: Runtime):
    stranger = Principal("x", "X", (Grant("recipient_admin", "elsewhere"), Grant("county_officer", "elsewhere")))
    with clock.at(NOON):
        with pytest.raises(InvalidBody):
            sites.propose(rt, hospital(rt), site(rt).id, {**PLACE, "lat_e6": 0, "lon_e6": 0})
        for act in (
            lambda: sites.propose(rt, stranger, site(rt).id, PLACE), lambda: sites.approve(rt, stranger, site(rt).id, "x"),
            lambda: sites.declare_outage(rt, stranger, site(rt).id, outage()),
        ):  # fmt: skip
            with pytest.raises(NotFound):
                act()
    assert facts(rt) == []


def outage(begin: dt.timedelta = dt.timedelta(hours=-2), length: dt.timedelta = dt.timedelta(hours=3)) -> dict[str, object]:
    return {"kind": "network", "from_at": NOON + begin, "to_at": NOON + begin + length}


def test_an_outage_lies_on_its_dates(rt: Runtime):
    with clock.at(NOON):
        sites.declare_outage(rt, hospital(rt), site(rt).id, outage(length=dt.timedelta(hours=20)))
    (fact,) = facts(rt)
    assert (fact.kind, fact.payload["from"], fact.payload["to"]) == ("clinic.outage_declared", "2026-11-23", "2026-11-24")
    assert fact.payload["from_at"] == "2026-11-23T02:00:00.000Z"


@pytest.mark.parametrize(("begin", "length"), [
    (dt.timedelta(days=-3, seconds=-1), dt.timedelta(hours=1)), (dt.timedelta(), dt.timedelta()),
    (dt.timedelta(), dt.timedelta(days=14, seconds=1)),
])  # fmt: skip
def test_an_outage_long_ago_empty_or_endless_is_refused(rt: Runtime, begin: dt.timedelta, length: dt.timedelta):
    with clock.at(NOON), pytest.raises(InvalidBody):
        sites.declare_outage(rt, hospital(rt), site(rt).id, outage(begin, length))


def test_an_outage_ends_early_once_and_only_while_it_lasts(rt: Runtime):
    tomorrow = NOON + dt.timedelta(days=1)
    with clock.at(NOON):
        told = sites.declare_outage(rt, hospital(rt), site(rt).id, outage(length=dt.timedelta(hours=44)))
        later = sites.declare_outage(rt, hospital(rt), site(rt).id, outage(begin=dt.timedelta(hours=1)))
        with pytest.raises(NotFound):
            sites.end_outage(rt, hospital(rt), site(rt).id, later["id"])
        ended = sites.end_outage(rt, hospital(rt), site(rt).id, told["id"])
        for name in (told["id"], ended["id"], "none"):
            with pytest.raises(NotFound):
                sites.end_outage(rt, hospital(rt), site(rt).id, name)
    with clock.at(tomorrow), pytest.raises(NotFound):
        sites.end_outage(rt, hospital(rt), site(rt).id, later["id"])
    standing = outages.standing(facts(rt))
    assert [fact.entry_id for fact in standing] == [later["id"], ended["id"]]
    assert [outages.holds(standing[1], day.date()) for day in (NOON, tomorrow)] == [True, False]
    assert facts(rt)[-1].payload["to_at"] == clock.iso(NOON)


def test_a_rota_names_the_clinics_own_people_and_the_newest_stands(rt: Runtime):
    nurse = id_of(rt, "person", "R1")
    with clock.at(NOON):
        sites.set_rota(rt, hospital(rt), site(rt).id, {"witnesses": [nurse, nurse]})
        with rt.db.read() as session:
            assert rota.witnesses(session, site(rt).id) == {nurse}
        told = sites.set_rota(rt, hospital(rt), site(rt).id, {"witnesses": []})
    assert (told["witnesses"], told["valid_from"]) == ([], "2026-11-23")
    with rt.db.read() as session:
        assert rota.witnesses(session, site(rt).id) == frozenset()
    assert [fact.payload["witnesses"] for fact in facts(rt)] == [[nurse], []]


@pytest.mark.parametrize("person", ["D1", "A1"])
def test_a_physician_and_people_of_other_hospitals_witness_nothing_there(rt: Runtime, person: str):
    with clock.at(NOON), pytest.raises(InvalidBody):
        sites.set_rota(rt, hospital(rt), site(rt).id, {"witnesses": [id_of(rt, "person", person)]})
    assert facts(rt) == []
