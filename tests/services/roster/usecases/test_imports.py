"""Importing a workbook: what it stores, which facts and messages follow, and that a second time changes nothing."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import sqlalchemy as sa

from services.roster.usecases.imports import import_workbook
from services.roster.usecases.programmes import ensure_programmes
from services.roster.workbook import WorkbookInvalid
from shared import clock, ledger
from shared.db import Base
from shared.directory.models import Clinic, Organisation, Person, Posting, RosterHalfDay
from shared.ledger.models import LedgerHead
from shared.outbox.models import OutboxMessage
from shared.progress.models import MonthState
from shared.service import Runtime
from tests.factories.directory import directory, id_of
from tests.factories.workbook import PROGRAMME, workbook, world

WHOLE_MONTH = (dt.date(2026, 10, 1), dt.date(2026, 10, 31))


def table(rt: Runtime, model: type[Base]) -> list[tuple]:
    """Every row of a table, whole, in a stable order."""
    with rt.db.read() as session:
        return sorted(tuple(map(repr, row)) for row in session.execute(sa.select(*sa.inspect(model).columns)))


def everything(rt: Runtime) -> dict[str, list[tuple]]:
    """Every row of every table."""
    with rt.db.read() as session:
        return {
            name: sorted(tuple(map(repr, row)) for row in session.execute(sa.select(found)))
            for name, found in Base.metadata.tables.items()
        }


def kinds(rt: Runtime, posting: str) -> list[str]:
    """Kinds of facts about a posting, in the order of its stream."""
    with rt.db.read() as session:
        found = ledger.facts(session, id_of(rt, "posting", posting), dt.date(2020, 1, 1), dt.date(2030, 1, 1))
    return [fact.kind for fact in found]


def test_a_workbook_becomes_the_directory(rt: Runtime):
    directory(rt)
    with rt.db.read() as session:
        hospital = session.scalars(sa.select(Organisation).where(Organisation.code == "YY")).one()
        county = session.scalars(sa.select(Organisation).where(Organisation.code == "WJ")).one()
        person = session.scalars(sa.select(Person).where(Person.code == "D1")).one()
        posting = session.scalars(sa.select(Posting).where(Posting.code == "P1")).one()
    assert (hospital.kind, hospital.county_id, county.county_id) == ("supporter", county.id, None)
    assert (person.phone, person.roles, person.title_rank) == ("13900000001", ["doctor"], "attending")
    assert (posting.mode, posting.supporter_id, posting.programme_id) == ("resident", hospital.id, PROGRAMME)
    assert posting.clinics == [id_of(rt, "clinic", "SQ1")]


def test_a_new_clinic_gets_its_own_tokens_and_a_master_key_that_only_it_can_open(rt: Runtime):
    directory(rt)
    with rt.db.read() as session:
        clinics = session.scalars(sa.select(Clinic)).all()
    tokens = {token for clinic in clinics for token in (clinic.site_token, clinic.screen_token)}
    assert len(tokens) == 2 * len(clinics)
    assert {len(token) for token in tokens} == {32}
    masters = {rt.keys.unwrap(clinic.master_wrapped, clinic.id.encode()) for clinic in clinics}
    assert {len(master) for master in masters} == {32}
    assert len(masters) == len(clinics)


def test_weekday_lines_mean_the_workdays_of_the_month_and_dates_mean_themselves(rt: Runtime):
    directory(rt)
    with rt.db.read() as session:
        halves = {(half.date, half.session) for half in session.scalars(sa.select(RosterHalfDay))}
    tuesdays_and_thursdays = {dt.date(2026, 10, day) for day in (8, 13, 15, 20, 22, 27, 29)}  # 1 and 6 Oct are holidays
    assert halves == {(day, "am") for day in tuesdays_and_thursdays} | {
        (dt.date(2026, 10, 16), "am"), (dt.date(2026, 10, 16), "pm"),
    }  # fmt: skip


def test_a_make_up_saturday_is_rostered_by_its_weekday(rt: Runtime):
    ensure_programmes(rt)
    rows = world()
    rows["排班"] = [{"派驻编号": "P2", "月份": "2026-10", "星期或日期": "周六", "半天": "下午"}]
    import_workbook(rt, workbook(rows))
    with rt.db.read() as session:
        assert session.scalars(sa.select(RosterHalfDay.date)).all() == [dt.date(2026, 10, 10)]


def test_facts_of_postings_agreements_and_rosters_are_appended(rt: Runtime):
    directory(rt)
    assert kinds(rt, "P1") == ["posting.opened"]
    assert kinds(rt, "P2") == ["posting.opened", "roster.published"]
    with rt.db.read() as session:
        [opened, published] = ledger.facts(session, id_of(rt, "posting", "P2"), *WHOLE_MONTH)
        streams = session.scalars(sa.select(LedgerHead.stream)).all()
        assert ledger.verify(session, rt.keys) == []
    assert opened.payload["rules_sha256"].startswith("sha256:")
    assert opened.payload["actor"]["organisation"] == id_of(rt, "organisation", "YY")
    assert (published.payload["month"], published.payload["version"]) == ("2026-10", 1)
    assert len(published.payload["half_days"]) == 9
    assert sorted(stream[:2] for stream in streams) == ["o:", "p:", "p:"]


def test_messages_go_out_for_new_people_and_for_days_that_are_judged_anew(rt: Runtime):
    with clock.at(dt.datetime(2026, 9, 2, tzinfo=dt.UTC)):
        directory(rt)
    with rt.db.read() as session:
        messages = session.scalars(sa.select(OutboxMessage)).all()
    payloads = [(message.consumer, json.loads(message.payload)) for message in messages]
    [people] = [payload for consumer, payload in payloads if consumer == "identity.sync_accounts"]
    assert len(people["person_ids"]) == 5
    spans = {(p["posting_id"], p["day_from"], p["day_to"]) for c, p in payloads if c == "progress.fold_day"}
    first, second = id_of(rt, "posting", "P1"), id_of(rt, "posting", "P2")
    assert spans == {
        (first, "2026-09-01", "2026-09-02"), (second, "2026-09-01", "2026-09-02"),  # begun; later days fold when they come
        (second, "2026-10-01", "2026-10-31"),
    }  # fmt: skip


@pytest.mark.parametrize("database", ["rt", "pg_rt"])
def test_the_same_workbook_again_changes_not_a_single_row(request: pytest.FixtureRequest, database: str):
    rt: Runtime = request.getfixturevalue(database)
    ensure_programmes(rt)
    first = import_workbook(rt, workbook(world()))
    before = everything(rt)
    again = import_workbook(rt, workbook(world()))
    assert (first.created, first.changed, first.unchanged) == (15, 0, 0)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 15)
    assert everything(rt) == before


def test_a_dry_run_counts_and_stores_nothing(rt: Runtime):
    ensure_programmes(rt)
    before = everything(rt)
    done = import_workbook(rt, workbook(world()), dry_run=True)
    assert (done.created, done.changed, done.unchanged, done.dry_run) == (15, 0, 0, True)
    assert everything(rt) == before


def test_only_the_changed_row_is_written_and_told(rt: Runtime):
    directory(rt)
    rows = world()
    rows["人员"][0]["职称"] = "副主任医师"
    before = {model.__name__: table(rt, model) for model in (Organisation, Clinic, Posting, LedgerHead)}
    done = import_workbook(rt, workbook(rows))
    assert (done.created, done.changed, done.unchanged) == (0, 1, 14)
    assert {model.__name__: table(rt, model) for model in (Organisation, Clinic, Posting, LedgerHead)} == before
    with rt.db.read() as session:
        newest = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()
        assert session.scalars(sa.select(Person.title_rank).where(Person.code == "D1")).one() == "associate_chief"
    assert json.loads(newest.payload)["person_ids"] == [id_of(rt, "person", "D1")]


def test_an_amended_posting_keeps_what_it_was(rt: Runtime):
    directory(rt)
    rows = world()
    rows["派驻"][0] |= {"截止": dt.date(2027, 6, 30), "文号": "青医〔2026〕7号"}
    import_workbook(rt, workbook(rows))
    with rt.db.read() as session:
        fact = ledger.facts(session, id_of(rt, "posting", "P1"), *WHOLE_MONTH)[-1]
    assert (fact.kind, fact.payload["to"], fact.payload["doc_no"]) == (
        "posting.amended",
        "2027-06-30",
        "青医〔2026〕7号",
    )
    assert fact.payload["was"] == {"end": "2027-03-31", "doc_no": None}


def test_a_changed_roster_is_a_new_version_and_replaces_the_month_only(rt: Runtime):
    ensure_programmes(rt)
    rows = world()
    rows["排班"].append({"派驻编号": "P2", "月份": "2026-11", "星期或日期": "周三", "半天": "上午"})
    import_workbook(rt, workbook(rows))
    rows["排班"] = [{"派驻编号": "P2", "月份": "2026-10", "星期或日期": "周五", "半天": "上午"}]
    done = import_workbook(rt, workbook(rows))
    assert (done.created, done.changed) == (0, 1)
    with rt.db.read() as session:
        dates = session.scalars(sa.select(RosterHalfDay.date).order_by(RosterHalfDay.date)).all()
        published = ledger.facts(session, id_of(rt, "posting", "P2"), *WHOLE_MONTH)[-1]
    october = [day for day in dates if day.month == 10]
    assert [day.day for day in october] == [9, 16, 23, 30]
    assert len(dates) - len(october) == 4
    assert (published.payload["month"], published.payload["version"]) == ("2026-10", 2)


def test_the_roster_of_a_closed_month_stays(rt: Runtime):
    directory(rt)
    with rt.db.transaction() as session:
        session.add(MonthState(
            programme_id=PROGRAMME, recipient_id=id_of(rt, "organisation", "SQ"), month="2026-10",
            locked_at=clock.now(), version=1,
        ))  # fmt: skip
    assert import_workbook(rt, workbook(world())).unchanged == 15
    rows = world()
    rows["排班"].pop()
    with pytest.raises(WorkbookInvalid) as caught:
        import_workbook(rt, workbook(rows))
    assert [mistake.reason for mistake in caught.value.mistakes] == ["2026-10 已锁定,排班不能再改"]


def test_authorities_may_be_named_by_the_beginning_of_their_name_and_modes_by_their_id(rt: Runtime):
    ensure_programmes(rt)
    rows = world()
    rows["机构"][2]["所在县"] = "青禾区"
    rows["派驻"][0]["方式"] = "resident"
    rows["人员"][0] |= {"手机": 13900000001, "证件后四位": 123}  # a number cell loses leading zeros
    import_workbook(rt, workbook(rows))
    with rt.db.read() as session:
        assert session.scalars(sa.select(Organisation.county_id).where(Organisation.code == "SQ")).one()
        assert session.scalars(sa.select(Person.id_last4).where(Person.code == "D1")).one() == "0123"
    assert import_workbook(rt, workbook(rows)).unchanged == 15


def test_ten_thousand_people_are_imported_with_a_bounded_number_of_statements(rt: Runtime):
    ensure_programmes(rt)
    rows = world()
    rows["人员"] += [
        {"工号": f"N{n}", "姓名": f"演练{n}", "手机": f"137{n:08d}", "机构编码": "YY", "角色": "派驻医师"}
        for n in range(10_000)
    ]
    data = workbook(rows)
    statements: list[str] = []
    for engine in (rt.db.engine, rt.db._reader):
        sa.event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert import_workbook(rt, data).created == 10_015
    assert len(statements) < 200
    assert import_workbook(rt, data).unchanged == 10_015


def test_a_sheet_with_too_many_rows_is_refused_as_a_whole(rt: Runtime, monkeypatch: pytest.MonkeyPatch):
    ensure_programmes(rt)
    monkeypatch.setattr("services.roster.workbook.MAX_ROWS", 4)
    with pytest.raises(WorkbookInvalid) as caught:
        import_workbook(rt, workbook(world()))
    assert [(one.sheet, one.reason) for one in caught.value.mistakes] == [("人员", "行数太多,一张表最多 4 行")]
