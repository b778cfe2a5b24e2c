"""The demo world: the same for a seed, within the calendar, made by use cases and the roll-up alone, never in production."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from checkin.models import Attendance
from services.identity.usecases.sign_in import open_token
from services.suite.composition import services
from services.suite.demo import DemoRefused, demo, show
from services.suite.demo import run as running
from services.suite.demo.play import Cast
from shared import clock, ledger
from shared.calendar import SHANGHAI
from shared.db import Base
from shared.directory.models import Person, Posting
from shared.ledger.models import LedgerEntry
from shared.outbox.models import OutboxMessage
from shared.problems import NotFound
from shared.progress.models import DayFactRow, ObligationState
from shared.service import Runtime
from tests.factories.directory import directory
from tests.fixtures.runtime import import_all_models, make_runtime

NOW = dt.datetime(2026, 10, 12, 12, 30, tzinfo=SHANGHAI)
"""A Monday noon after the National Day holiday, with two make-up workdays behind it."""
SIZE = {"months": 1, "physicians": 4}


def world(folder: Path, seed: int = 1, **options: Any) -> Runtime:
    """A new database with a demo world in it."""
    rt = new_database(folder)
    with clock.at(NOW):
        assert demo(rt, services(), seed=seed, **{**SIZE, **options}).made
    return rt


def new_database(folder: Path) -> Runtime:
    import_all_models()
    rt = make_runtime(folder)
    rt.settings.var.mkdir(parents=True, exist_ok=True)
    Base.metadata.create_all(rt.db.engine)
    return rt


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """The demo world of seed 1."""
    rt = world(tmp_path_factory.mktemp("demo") / "var")
    yield rt
    rt.db.dispose()


def rows(rt: Runtime, *columns: Any) -> list[Any]:
    with rt.db.read() as session:
        return list(session.execute(sa.select(*columns)))


def figures(rt: Runtime) -> dict[str, Any]:
    """Everything a report could say, without ids: day facts by posting and date, states by rule, subject and period (postings by code)."""
    codes = dict(map(tuple, rows(rt, Posting.id, Posting.code)))
    days = {}
    for posting, date, fact in rows(rt, DayFactRow.posting_id, DayFactRow.date, DayFactRow.fact):
        halves = {
            half: (found["status"], found["minutes"], found["late"], found["grade"], (found["outpatient"] or {}).get("visits"))
            for half, found in fact["halves"].items()
        }
        diary = {name: fact["diary"][name] for name in ("chars", "photos", "late")} if fact["diary"] else None
        days[codes[posting], f"{date}"] = (halves, diary, fact["ward_rounds"], sorted(fact["record_refs"]))
    columns = (ObligationState.rule_id, ObligationState.subject, ObligationState.period, ObligationState.value)
    states = Counter(
        (rule, subject.split(":")[0], codes.get(period, period), value) for rule, subject, period, value in rows(rt, *columns)
    )
    return {"days": days, "states": states}


def attended(rt: Runtime, mode: str) -> set[dt.date]:
    """Dates on which a posting of this mode was attended."""
    modes = dict(map(tuple, rows(rt, Posting.id, Posting.mode)))
    found = rows(rt, DayFactRow.posting_id, DayFactRow.date, DayFactRow.fact)
    return {
        date for posting, date, fact in found
        if modes[posting] == mode and any(half["status"] == "A" for half in fact["halves"].values())
    }  # fmt: skip


def test_the_same_seed_gives_the_same_figures_and_another_seed_does_not(lived: Runtime, tmp_path: Path):
    again, other = world(tmp_path / "again"), world(tmp_path / "other", seed=2)
    assert figures(again) == figures(lived)
    assert figures(other)["days"] != figures(lived)["days"]


def test_nobody_works_on_the_holiday_and_everybody_on_make_up_days(lived: Runtime):
    days = attended(lived, "resident")
    assert not days & {dt.date(2026, 10, day) for day in range(1, 8)}
    assert {dt.date(2026, 9, 20), dt.date(2026, 10, 10)} <= days  # a Sunday and a Saturday that were workdays
    assert dt.date(2026, 9, 26) not in days
    assert len(days) > 12


def test_every_mode_lives(lived: Runtime):
    assert {mode for (mode,) in rows(lived, Posting.mode)} == {"resident", "rounds", "taskforce"}
    assert attended(lived, "rounds")
    assert attended(lived, "taskforce")


def test_demo_taps_are_signed_and_their_half_days_graded(lived: Runtime):
    facts = [fact for (fact,) in rows(lived, DayFactRow.fact)]
    attended = [half for fact in facts for half in fact["halves"].values() if half["status"] == "A"]
    grades = Counter(half["grade"] for half in attended)
    assert grades["A"] > grades["B"] > 0
    assert grades[None] == 0  # every tap carries what it is graded by
    assert {half["grade_version"] for half in attended} == {"grade-1"}
    weak = [half for fact in facts for half in fact["halves"].values() if half.get("grade_reason") == "C-WEAK"]
    assert len(weak) < len(attended) / 20  # a poster alone is rare, or the figures would say nothing
    assert {flag for (flags,) in rows(lived, Attendance.flags) for flag in flags} == set()


def test_nothing_happens_later_than_now_and_the_guests_day_is_free(lived: Runtime):
    latest = max(at for (at,) in rows(lived, LedgerEntry.appended_at))
    assert NOW - dt.timedelta(days=1) < latest <= NOW
    guest = next(posting for posting, code in rows(lived, Posting.id, Posting.code) if code == "QH-P001")
    taps = rows(lived, Attendance.posting_id, Attendance.service_date)
    today = {posting for posting, date in taps if date == NOW.date()}
    assert today
    assert guest not in today


def test_the_chains_hold_and_no_message_is_left_over(lived: Runtime):
    with lived.db.read() as session:
        assert ledger.verify(session, lived.keys) == []
    left = {(state, job) for state, job in rows(lived, OutboxMessage.state, OutboxMessage.consumer) if state != "done"}
    assert left <= {("expired", "notifier.send")}, "reminders of days gone by are not told any more"


def test_every_day_of_every_posting_is_folded(lived: Runtime):
    today = NOW.date()
    for posting, start in rows(lived, Posting.id, Posting.start):
        dates = {date for owner, date in rows(lived, DayFactRow.posting_id, DayFactRow.date) if owner == posting}
        assert dates == {start + dt.timedelta(days=n) for n in range((today - start).days + 1)}


def test_people_and_numbers_are_invented(lived: Runtime):
    people = rows(lived, Person.code, Person.phone)
    assert all(code.startswith("QH") and phone.startswith("139000") for code, phone in people)
    assert len({phone for _, phone in people}) == len(people)


def test_what_is_shown_signs_in(lived: Runtime):
    shown = show(lived)
    assert [one["title"] for one in shown["addresses"]][:2] == ["登录", "医师手机页"]
    assert shown["once"]["site_token"] in shown["addresses"][2]["url"]
    for one in [*shown["sign_ins"], shown["once"]["physician"], shown["once"]["officer"]]:
        opened = open_token(lived, one["phone"], one["password"], "127.0.0.1")
        assert opened.principal.roles


def test_a_second_demo_changes_nothing(lived: Runtime):
    before = len(rows(lived, LedgerEntry.id))
    with clock.at(NOW + dt.timedelta(days=1)):
        assert not demo(lived, services(), **SIZE).made
    assert len(rows(lived, LedgerEntry.id)) == before


def test_day_facts_come_from_the_roll_up_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    worked = []
    monkeypatch.setattr(running, "_roll_up", lambda *given: worked.append(given) or 0)
    rt = world(tmp_path)
    assert worked
    assert rows(rt, Attendance.id)
    assert rows(rt, DayFactRow.date) == []
    assert rows(rt, ObligationState.rule_id) == []


def test_a_demo_that_was_cut_short_is_wiped_and_made_again(
    lived: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    rt = new_database(tmp_path)
    play, played = Cast.play, []

    def stop(cast: Cast, act: Any) -> None:
        played.append(act)
        if len(played) == 40:
            raise KeyboardInterrupt
        play(cast, act)

    monkeypatch.setattr(Cast, "play", stop)
    with clock.at(NOW), pytest.raises(KeyboardInterrupt):
        demo(rt, services(), **SIZE)
    assert len(rows(rt, Attendance.id)) > 10
    monkeypatch.setattr(Cast, "play", play)
    with clock.at(NOW):
        assert demo(rt, services(), **SIZE).made
    assert figures(rt) == figures(lived)


def test_production_takes_no_demo_data_and_shows_none(rt: Runtime):
    production = replace(rt, settings=replace(rt.settings, env="production"))
    with pytest.raises(DemoRefused, match="生产环境"):
        demo(production, services(), **SIZE)
    with pytest.raises(NotFound):
        show(production)
    assert rows(rt, Person.id) == []


def test_a_database_with_other_hospitals_is_left_alone(rt: Runtime):
    directory(rt)
    with pytest.raises(DemoRefused, match="已有其他机构"):
        demo(rt, services(), **SIZE)
    assert len(rows(rt, Posting.id)) == 2


@pytest.mark.parametrize("size", [{"months": 0}, {"months": 13}, {"physicians": 0}, {"physicians": 501}])
def test_impossible_sizes_are_refused(rt: Runtime, size: dict[str, int]):
    with pytest.raises(DemoRefused, match="应为"):
        demo(rt, services(), **{**SIZE, **size})


def test_a_database_without_tables_is_named_in_one_sentence(tmp_path: Path):
    rt = make_runtime(tmp_path)
    rt.settings.var.mkdir(parents=True, exist_ok=True)
    with pytest.raises(DemoRefused, match="zhudian migrate"):
        demo(rt, services(), **SIZE)
    with pytest.raises(NotFound, match="zhudian migrate"):
        show(rt)


def test_without_demo_data_there_is_nothing_to_show(rt: Runtime):
    with pytest.raises(NotFound):
        show(rt)
