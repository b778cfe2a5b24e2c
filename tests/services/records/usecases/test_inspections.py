"""An inspection: a list drawn with a recorded seed, visited by who drew it, read back as one by the rules."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from services.records.domain import draw
from services.records.models import Record
from services.records.usecases import deciding
from shared.directory.models import Organisation, Pair, Posting
from shared.ids import new_id
from shared.problems import InvalidBody
from shared.progress.facts import FactRecord
from shared.progress.records import facts_of
from tests.services.records.desk import about, body, decide, entries, fact, file, who

PROGRAMME = "fukang-mulei-2009"
ASKED = {"programme_id": PROGRAMME, "rule_id": "FK-15", "date": "2026-11-16", "method": "phone", "number": 2}


@pytest.fixture
def posted(rt) -> list[str]:
    """Three postings of the pair in the programme whose city inspects at random; the county stands in for the city."""
    ids = [new_id() for _ in range(3)]
    with rt.db.transaction() as session:
        pair = session.scalars(sa.select(Pair)).one()
        other = Pair(id=new_id(), programme_id=PROGRAMME, supporter_id=pair.supporter_id, recipient_id=pair.recipient_id)
        session.add(other)
        person = session.scalars(sa.select(Posting.person_id)).first()
        for number, key in enumerate(ids):
            session.add(Posting(
                id=key, code=f"FK{number}", person_id=person, programme_id=PROGRAMME, pair_id=other.id,
                supporter_id=pair.supporter_id, recipient_id=pair.recipient_id, clinics=[], mode="resident",
                start=dt.date(2026, 9, 1), end=None,
            ))  # fmt: skip
        city = Organisation(id=new_id(), code="SW", name="青禾市卫生健康委员会", kind="city")
        session.add(city)
        session.flush()
        session.execute(sa.update(Organisation).where(Organisation.kind != "city").values(city_id=city.id))
        session.execute(sa.text("UPDATE person SET organisation_id = :city WHERE code = 'C1'"), {"city": city.id})
    return ids


def test_a_list_is_drawn_from_who_is_posted_and_anybody_can_draw_it_again(rt, posted):
    officer = who(rt, "C1", "city_officer")
    drawn = file(rt, officer, "inspections", body(about(rt, "city", "SW"), **ASKED)).record
    told = fact(rt, drawn.entry_id)
    assert (told.kind, told.payload["method"], drawn.state) == ("inspection.drawn", "phone", "drawn")
    assert told.payload["population_sha256"] == draw.population_hash(posted)
    assert told.payload["sample"] == draw.sample(told.payload["seed"], posted, 2)


def test_results_come_for_the_drawn_postings_until_all_were_visited(rt, posted):
    officer = who(rt, "C1", "city_officer")
    drawn = file(rt, officer, "inspections", body(about(rt, "city", "SW"), **ASKED)).record
    sample = drawn.drawn["sample"]
    [left_out] = set(posted) - set(sample)
    with pytest.raises(InvalidBody) as refused:
        decide(rt, officer, "inspections", "results", drawn.id, decision="visited", posting=left_out, date="2026-11-17", found=True)
    assert list(refused.value.extra["errors"]) == ["posting"]
    first = decide(rt, officer, "inspections", "results", drawn.id, decision="visited", posting=sample[0], date="2026-11-17", found=True)
    assert first.state == "drawn"
    before = entries(rt)
    with pytest.raises(deciding.AlreadyDecided):
        decide(rt, officer, "inspections", "results", drawn.id, decision="visited", posting=sample[0], date="2026-11-17", found=True)
    assert entries(rt) == before
    done = decide(rt, officer, "inspections", "results", drawn.id, decision="visited", posting=sample[1], date="2026-11-17",
                  found=False, findings="电话无人接听")  # fmt: skip
    assert done.state == "visited"
    told = [fact(rt, entry) for entry in (drawn.entry_id, *(one["entry_id"] for one in done.decisions))]
    [read] = facts_of(FactRecord(one.entry_id, one.kind, one.seq, one.at, one.payload) for one in told).inspections
    assert (read.drawn, read.recorded, read.method, read.seed, read.date) == (2, 2, "phone", drawn.drawn["seed"], dt.date(2026, 11, 16))


@pytest.mark.parametrize(("change", "field"), [({"method": "unannounced"}, "method"), ({"rule_id": "FK-14"}, "rule_id"),
                                               ({"date": "2026-08-01"}, "date"), ({"number": 0}, "number")])  # fmt: skip
def test_a_draw_that_does_not_fit_its_rule_or_finds_nobody_is_refused(rt, posted, change, field):
    with pytest.raises(InvalidBody) as refused:
        file(rt, who(rt, "C1", "city_officer"), "inspections", body(about(rt, "city", "SW"), **(ASKED | change)))
    assert list(refused.value.extra["errors"]) == [field]
    with rt.db.read() as session:
        assert session.scalars(sa.select(Record)).all() == []
