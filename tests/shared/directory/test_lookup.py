"""Reading the directory: the calendar in use, the programme of a month, postings by date, and what a reader may see."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from shared import clock
from shared.directory import lookup
from shared.directory.models import CalendarDay, CalendarYear, Clinic, ProgrammeVersion
from shared.ids import new_id
from shared.problems import NotFound
from shared.roles import Grant, Principal
from shared.service import Runtime
from tests.factories.directory import directory, id_of, principal
from tests.factories.workbook import PROGRAMME, START, world


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# ---- calendar


@pytest.mark.parametrize(
    ("date", "works"),
    [
        ("2026-10-01", False), ("2026-10-07", False), ("2026-10-08", True),  # National Day and the day after
        ("2026-09-20", True), ("2026-10-10", True),  # 调休: a Sunday and a Saturday worked
        ("2026-10-11", False), ("2026-11-21", False), ("2026-11-23", True),
        ("2004-01-01", False), ("2004-01-17", True),  # the first published year, with a worked Saturday
    ],
)  # fmt: skip
def test_the_calendar_knows_holidays_and_make_up_workdays(rt: Runtime, date: str, works: bool):
    with rt.db.read() as session:
        calendar = lookup.calendar(session)
    assert calendar.is_workday(day(date)) is works
    assert not calendar.is_provisional(day(date))


def test_a_year_that_is_not_published_is_monday_to_friday_and_provisional(rt: Runtime):
    with rt.db.read() as session:
        calendar = lookup.calendar(session)
    assert calendar.is_provisional(day("2027-01-01"))
    assert calendar.is_provisional(day("2003-12-31"))
    assert calendar.is_workday(day("2027-01-01"))  # New Year, a Friday: not known yet
    assert not calendar.is_workday(day("2027-01-02"))


def test_the_override_table_adds_days_and_completes_years(rt: Runtime):
    with rt.db.read() as session:
        before = lookup.calendar(session)
    with rt.db.transaction() as session:
        session.add_all([
            CalendarDay(date=day("2027-01-01"), kind="rest"), CalendarDay(date=day("2027-01-02"), kind="workday"),
            CalendarDay(date=day("2026-10-08"), kind="rest"), CalendarYear(year=2027),
        ])  # fmt: skip
    with rt.db.read() as session:
        after = lookup.calendar(session)
    days = [day(text) for text in ("2027-01-01", "2027-01-02", "2026-10-08")]
    assert [after.is_workday(one) for one in days] == [False, True, False]
    assert not after.is_provisional(day("2027-06-01"))
    assert after.version != before.version


def test_the_calendar_is_built_once_per_state_of_the_override_table(rt: Runtime):
    with rt.db.read() as session:
        assert lookup.calendar(session) is lookup.calendar(session)


# ---- programmes


def changed_version(rt: Runtime, first_month: str | None, minutes: int, *, active: bool = True) -> None:
    """A later version of the demo programme with another half-day threshold."""
    with rt.db.transaction() as session:
        query = sa.select(ProgrammeVersion.text).where(ProgrammeVersion.programme_id == PROGRAMME)
        text = session.scalars(query.where(ProgrammeVersion.first_month.is_(None))).one()
        session.add(ProgrammeVersion(
            id=new_id(), programme_id=PROGRAMME, sha256=f"sha256:{minutes}", first_month=first_month,
            text=text.replace("min_minutes = 180", f"min_minutes = {minutes}"), created_at=clock.now(),
            activated_at=clock.now() if active else None,
        ))  # fmt: skip


def test_a_month_is_judged_by_the_newest_version_that_has_begun(rt: Runtime):
    directory(rt)
    changed_version(rt, "2026-11", 150)
    with rt.db.read() as session:
        minutes = {
            when: lookup.programme(session, PROGRAMME, when).session_windows.min_minutes
            for when in ("2025-01", "2026-10", day("2026-10-31"), "2026-11", day("2026-11-01"), "2027-05")
        }
    assert minutes == {
        "2025-01": 180, "2026-10": 180, day("2026-10-31"): 180, "2026-11": 150, day("2026-11-01"): 150, "2027-05": 150,
    }  # fmt: skip


def test_a_version_that_is_stored_and_not_activated_judges_no_month(rt: Runtime):
    directory(rt)
    changed_version(rt, None, 150, active=False)
    with rt.db.read() as session:
        for month in ("2025-01", "2026-11", "9999-12"):
            assert lookup.programme(session, PROGRAMME, month).session_windows.min_minutes == 180


def test_of_two_versions_from_one_month_the_later_activated_counts(rt: Runtime):
    directory(rt)
    with clock.at(dt.datetime(2026, 10, 2, tzinfo=dt.UTC)):
        changed_version(rt, "2026-11", 150)
    with clock.at(dt.datetime(2026, 10, 1, tzinfo=dt.UTC)):
        changed_version(rt, "2026-11", 120)
    with rt.db.read() as session:
        assert lookup.programme(session, PROGRAMME, "2026-11").session_windows.min_minutes == 150


def test_an_unknown_programme_is_not_found(rt: Runtime):
    directory(rt)
    with rt.db.read() as session, pytest.raises(NotFound):
        lookup.programme(session, "shanxi-1999", "2026-11")


def test_the_shipped_programmes_are_there(rt: Runtime):
    directory(rt)
    with rt.db.read() as session:
        assert {"zhongzhan-2021", PROGRAMME} <= lookup.programme_ids(session)
        demo = lookup.programme(session, PROGRAMME, "2026-11")
    assert (demo.derived_from, demo.effective_to) == ("zhongzhan-2021", day("2027-12-31"))


# ---- objects and lists


def test_clinics_are_found_by_their_tokens_and_not_by_each_others(rt: Runtime):
    directory(rt)
    with rt.db.read() as session:
        clinic = session.scalars(sa.select(Clinic).where(Clinic.code == "SQ1")).one()
        assert lookup.clinic_by_site_token(session, clinic.site_token).id == clinic.id
        assert lookup.clinic_by_screen_token(session, clinic.screen_token).id == clinic.id
        assert lookup.clinic_by_site_token(session, clinic.screen_token) is None
        assert lookup.clinic_by_screen_token(session, clinic.site_token) is None


@pytest.mark.parametrize("find", [lookup.organisation, lookup.person, lookup.clinic, lookup.posting, lookup.pair])
def test_an_unknown_object_is_not_found(rt: Runtime, find):
    with rt.db.read() as session, pytest.raises(NotFound):
        find(session, new_id())


@pytest.mark.parametrize(
    ("date", "open_"),
    [("2026-08-31", []), ("2026-09-01", ["P1"]), ("2027-03-31", ["P1"]), ("2027-04-01", [])],
)
def test_a_posting_is_open_from_its_first_to_its_last_day(rt: Runtime, date: str, open_: list[str]):
    directory(rt)
    with rt.db.read() as session:
        found = lookup.open_postings(session, id_of(rt, "person", "D1"), day(date))
        assert [posting.code for posting in found] == open_


def test_postings_of_a_recipient_are_those_that_touch_the_month(rt: Runtime):
    rows = world()
    rows["派驻"][0] |= {"起始": day("2026-10-31")}
    directory(rt, rows)
    with rt.db.read() as session:
        recipient = id_of(rt, "organisation", "SQ")
        months = {
            m: [p.code for p in lookup.postings_of_recipient(session, recipient, m)] for m in ("2026-09", "2026-10")
        }
    assert months == {"2026-09": ["P2"], "2026-10": ["P1", "P2"]}


def test_posting_terms_hold_what_rules_ask_for(rt: Runtime):
    directory(rt)
    with rt.db.read() as session:
        terms = lookup.posting_terms(session, id_of(rt, "posting", "P1"))
        rounds = lookup.posting_terms(session, id_of(rt, "posting", "P2"))
        leader = lookup.posting(session, id_of(rt, "posting", "P2"))
    assert (terms.mode, terms.recipient_level, terms.title_rank, terms.start) == (
        "resident", "below_basic", "attending", START,
    )  # fmt: skip
    assert terms.specialty == "internal_medicine"
    assert terms.clinic_names == {id_of(rt, "clinic", "SQ1"): "柳岸社区卫生服务中心"}
    assert rounds.team_id == f"{leader.pair_id}/rounds"
    assert rounds.roster[day("2026-10-16"), "pm"] == id_of(rt, "clinic", "SQ2")
    assert (day("2026-10-01"), "am") not in rounds.roster


# ---- scopes


@pytest.mark.parametrize(
    ("person", "role", "sees"),
    [
        ("R1", "recipient_admin", {"SQ"}), ("A1", "supporter_admin", {"SQ"}), ("A1", "quality_office", {"SQ"}),
        ("C1", "county_officer", {"SQ", "SQ9"}), ("D1", "doctor", set()), ("C1", "system_admin", set()),
        ("A1", "county_officer", set()),  # the right role over an organisation that is no authority
    ],
)  # fmt: skip
def test_recipients_in_view(rt: Runtime, person: str, role: str, sees: set[str]):
    rows = world()
    rows["机构"].append({"机构编码": "SQ9", "名称": "石桥社区卫生服务中心", "类别": "受援机构", "所在县": "WJ"})
    directory(rt, rows)
    with rt.db.read() as session:
        found = lookup.recipients_visible(session, principal(rt, person, role))
    assert found == {id_of(rt, "organisation", code) for code in sees}


@pytest.mark.parametrize(
    ("person", "role", "sees"),
    [
        ("D1", "doctor", {"P1"}), ("D2", "doctor", {"P2"}), ("R1", "recipient_admin", {"P1", "P2"}),
        ("A1", "supporter_admin", {"P1", "P2"}), ("C1", "county_officer", {"P1", "P2"}),
        ("D2", "team_leader", {"P2"}), ("D1", "team_leader", {"P1"}), ("C1", "system_admin", set()),
    ],
)  # fmt: skip
def test_postings_in_view(rt: Runtime, person: str, role: str, sees: set[str]):
    directory(rt)
    who = principal(rt, person, role)
    with rt.db.read() as session:
        found = {code for code in ("P1", "P2") if lookup.posting_visible(session, who, id_of(rt, "posting", code))}
    assert found == sees


def test_a_team_leader_sees_the_postings_of_the_own_team(rt: Runtime):
    rows = world()
    rows["派驻"].append({**rows["派驻"][1], "派驻编号": "P3", "工号": "D1", "组长": "否"})
    directory(rt, rows)
    with rt.db.read() as session:
        third = id_of(rt, "posting", "P3")
        assert lookup.posting_visible(session, principal(rt, "D2", "team_leader"), third)
        assert not lookup.posting_visible(session, principal(rt, "D2", "doctor"), third)


def test_postgresql_answers_the_same(pg_rt: Runtime):
    directory(pg_rt)
    changed_version(pg_rt, "2026-11", 150)
    county = principal(pg_rt, "C1", "county_officer")
    recipient, posting = id_of(pg_rt, "organisation", "SQ"), id_of(pg_rt, "posting", "P2")
    with pg_rt.db.read() as session:
        assert lookup.recipients_visible(session, county) == {recipient}
        assert lookup.posting_visible(session, county, posting)
        assert lookup.posting_visible(session, principal(pg_rt, "D2", "team_leader"), posting)
        assert [row.code for row in lookup.postings_of_recipient(session, recipient, "2026-10")] == ["P1", "P2"]
        assert len(lookup.posting_terms(session, posting).roster) == 9
        minutes = [lookup.programme(session, PROGRAMME, m).session_windows.min_minutes for m in ("2026-10", "2026-11")]
        assert minutes == [180, 150]


def test_another_hospital_and_an_unknown_posting_are_out_of_view(rt: Runtime):
    directory(rt)
    stranger = Principal("x", None, (Grant("supporter_admin", new_id()), Grant("recipient_admin", new_id())))
    with rt.db.read() as session:
        assert not lookup.posting_visible(session, stranger, id_of(rt, "posting", "P1"))
        assert not lookup.posting_visible(session, principal(rt, "C1", "county_officer"), new_id())
        assert lookup.recipients_visible(session, stranger) == frozenset()
