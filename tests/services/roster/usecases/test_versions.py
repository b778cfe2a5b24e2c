"""Versions of programme files: uploaded whole or not at all, counting from a month that has not begun."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from importlib import resources

import pytest
import sqlalchemy as sa

from services.roster.usecases import versions
from services.roster.usecases.programmes import ensure_programmes, in_use
from services.roster.usecases.versions import AlreadyCounts, ModeInUse, MonthBegun, ProgrammeInvalid, activate, upload
from shared import clock
from shared.directory import lookup
from shared.directory.models import ProgrammeVersion
from shared.ids import new_id
from shared.problems import NotFound
from shared.service import Runtime
from tests.factories.directory import directory, principal
from tests.factories.workbook import PROGRAMME

FILE = f"{PROGRAMME}.toml"
TEXT = (resources.files("shared.rules") / "programmes" / FILE).read_bytes()
STRICTER = TEXT.replace(b"min_minutes = 180", b"min_minutes = 200")


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with clock.at(dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)):
        yield


def minutes(rt: Runtime, *months: str) -> list[int]:
    with rt.db.read() as session:
        return [lookup.programme(session, PROGRAMME, month).session_windows.min_minutes for month in months]


def count(rt: Runtime) -> int:
    with rt.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(ProgrammeVersion)) or 0


def test_an_uploaded_version_counts_from_the_month_of_its_activation_and_no_earlier(rt: Runtime):
    directory(rt)
    version, new = upload(rt, FILE, STRICTER, principal(rt, "A1", "system_admin"))
    assert new
    assert (version.activated_at, version.in_use, version.rules) == (None, False, 44)
    assert version.uploaded_by is not None
    assert minutes(rt, "2026-11", "2026-12", "9999-12") == [180, 180, 180]
    assert activate(rt, version.id, "2026-12").first_month == "2026-12"
    assert minutes(rt, "2026-10", "2026-11", "2026-12", "2027-05") == [180, 180, 200, 200]


def test_the_same_bytes_are_the_same_version(rt: Runtime):
    ensure_programmes(rt)
    first, new = upload(rt, FILE, STRICTER)
    activate(rt, first.id, "2027-01")
    again, newer = upload(rt, FILE, STRICTER)
    assert (new, newer, first.id) == (True, False, again.id)
    assert again.first_month == "2027-01", "an upload does not take back an activation"
    shipped_again, known = upload(rt, FILE, TEXT)
    assert (known, shipped_again.in_use) == (False, True)


def test_a_file_with_problems_is_refused_with_all_of_them_and_not_stored(rt: Runtime):
    ensure_programmes(rt)
    before = count(rt)
    wrong = STRICTER.replace(b"min_minutes = 200\n", b"").replace(b"value = 12", b"value = 0")
    with pytest.raises(ProgrammeInvalid) as refused:
        upload(rt, FILE, wrong)
    assert [(e["rule"], e["key"], e["code"]) for e in refused.value.extra["errors"]] == [
        ("[session]", "min_minutes", "key_missing"), ("ZZ-04", "value", "value"), ("ZZ-09c", "value", "value"),
    ]  # fmt: skip
    assert refused.value.title_text() == "规则文件有 3 处需要修改,没有保存"
    assert count(rt) == before


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("other.toml", TEXT, "programme_id_file"),
        ("..\\..\\zhongzhan-demo.toml", b"[", "toml_syntax"),
        (FILE, b"x" * (versions.MAX_BYTES + 1), "toml_syntax"),
        ("new-2026.toml", TEXT.replace(b'"zhongzhan-demo"\n', b'"new-2026"\n').replace(b'derived_from = "zhongzhan-2021"\n', b""),
         "id_duplicate"),
    ],
)  # fmt: skip
def test_names_sizes_and_rule_ids_of_other_programmes_are_checked(rt: Runtime, name: str, text: bytes, code: str):
    ensure_programmes(rt)
    before = count(rt)
    with pytest.raises(ProgrammeInvalid) as refused:
        upload(rt, name, text)
    assert code in {problem.code for problem in refused.value.problems}
    assert count(rt) == before


def new_programme() -> bytes:
    text = TEXT.decode().replace('id = "zhongzhan-demo"', 'id = "new-2026"').replace('derived_from = "zhongzhan-2021"\n', "")
    return text.replace('id = "ZZ-', 'id = "NW-').encode()


def test_a_programme_nobody_shipped_is_known_once_it_is_activated(rt: Runtime):
    ensure_programmes(rt)
    version, _ = upload(rt, "new-2026.toml", new_programme())
    assert "new-2026" not in in_use(rt)
    activate(rt, version.id, "2026-12")
    with rt.db.read() as session:
        assert lookup.programme(session, "new-2026", "2026-12").sha256 == version.sha256
        assert lookup.programme(session, "new-2026", "2026-11").sha256 == version.sha256, "before it the first one"


@pytest.mark.parametrize("month", ["2026-11", "2026-01", "2026-13", "next", "", "2026-12-01"])
def test_only_a_month_that_has_not_begun_can_be_the_first(rt: Runtime, month: str):
    ensure_programmes(rt)
    version, _ = upload(rt, FILE, STRICTER)
    with pytest.raises(MonthBegun) as refused:
        activate(rt, version.id, month)
    assert refused.value.title_text() == "只能从还没有开始的月份起生效,最早 2026-12"
    assert minutes(rt, "9999-12") == [180]


def test_the_first_month_may_change_until_it_has_begun_and_not_after(rt: Runtime):
    ensure_programmes(rt)
    version, _ = upload(rt, FILE, STRICTER)
    activate(rt, version.id, "2027-03")
    activate(rt, version.id, "2026-12")
    assert minutes(rt, "2026-11", "2026-12") == [180, 200]
    with clock.at(dt.datetime(2026, 11, 30, 16, tzinfo=dt.UTC)), pytest.raises(AlreadyCounts) as refused:
        activate(rt, version.id, "2027-02")
    assert refused.value.title_text() == "这个版本从 2026-12 起已经生效,不能更改生效月份"
    assert minutes(rt, "2026-12", "2027-02") == [200, 200]


def test_the_version_in_force_from_the_beginning_cannot_be_moved(rt: Runtime):
    ensure_programmes(rt)
    [shipped] = [version for version in versions.listing(rt) if version.programme_id == PROGRAMME]
    with pytest.raises(AlreadyCounts):
        activate(rt, shipped.id, "2027-01")


def test_a_version_without_the_mode_of_a_posting_is_refused(rt: Runtime):
    directory(rt)
    without = TEXT.replace(b'id = "rounds"', b'id = "visits"').replace(b'mode = ["rounds"]', b'mode = ["visits"]')
    version, _ = upload(rt, FILE, without)
    with pytest.raises(ModeInUse) as refused:
        activate(rt, version.id, "2026-12")
    assert refused.value.title_text() == "这个版本里没有派驻正在使用的方式:rounds"
    assert activate(rt, version.id, "2027-05").first_month == "2027-05", "when those postings are over"


def test_versions_are_found_by_the_beginning_of_their_hash(rt: Runtime):
    ensure_programmes(rt)
    version, _ = upload(rt, FILE, STRICTER)
    assert versions.by_sha(rt, version.sha256) == versions.by_sha(rt, version.sha256[7:15]) == version.id
    for unknown in ("0" * 64, version.sha256[7:12], "%", ""):
        with pytest.raises(NotFound):
            versions.by_sha(rt, unknown)
    with pytest.raises(NotFound):
        activate(rt, new_id(), "2026-12")


def test_the_list_shows_every_version_with_its_state_and_warnings(rt: Runtime):
    ensure_programmes(rt)
    upload(rt, FILE, STRICTER)
    shown = [version for version in versions.listing(rt) if version.programme_id == PROGRAMME]
    assert [(version.in_use, version.activated_at is None) for version in shown] == [(False, True), (True, False)]
    assert [warning["code"] for warning in shown[0].warnings] == ["calendar_year"]


def test_of_two_versions_from_one_month_the_one_activated_later_counts_and_the_other_says_so(rt: Runtime):
    ensure_programmes(rt)
    first, _ = upload(rt, FILE, STRICTER)
    second, _ = upload(rt, FILE, TEXT + b"# 2\n")
    for moment, version in ((23, second), (24, first)):
        with clock.at(dt.datetime(2026, 11, moment, tzinfo=dt.UTC)):
            activate(rt, version.id, "2026-12")
    assert minutes(rt, "2026-12") == [200]
    shown = {version.id: version.superseded for version in versions.listing(rt)}
    assert (shown[first.id], shown[second.id]) == (False, True)
    assert sum(shown.values()) == 1


def test_a_release_does_not_replace_the_version_an_administrator_uploaded(rt: Runtime):
    directory(rt)
    version, _ = upload(rt, FILE, STRICTER, principal(rt, "A1", "system_admin"))
    activate(rt, version.id, "2026-12")
    with rt.db.transaction() as session:  # as if an older release had shipped another file
        session.execute(sa.update(ProgrammeVersion).where(ProgrammeVersion.uploaded_by.is_(None),
                                                          ProgrammeVersion.programme_id == PROGRAMME)
                        .values(sha256="sha256:" + "0" * 64))  # fmt: skip
    assert ensure_programmes(rt) == [PROGRAMME]
    assert minutes(rt, "2026-12", "9999-12") == [200, 200]
    [waiting] = [v for v in versions.listing(rt) if v.programme_id == PROGRAMME and v.activated_at is None]
    assert waiting.uploaded_by is None


def test_postgresql_finds_the_same_version_of_a_month(pg_rt: Runtime):
    ensure_programmes(pg_rt)
    version, _ = upload(pg_rt, FILE, STRICTER)
    activate(pg_rt, version.id, "2026-12")
    assert minutes(pg_rt, "2026-11", "2026-12") == [180, 200]
    fresh, _ = upload(pg_rt, "new-2026.toml", new_programme())
    activate(pg_rt, fresh.id, "2027-01")
    with pg_rt.db.read() as session:
        assert lookup.programme(session, "new-2026", "2026-11").sha256 == fresh.sha256
    again = new_programme() + b"# 2\n"
    assert [v.programme_id for v in versions.listing(pg_rt)].count("new-2026") == 1
    assert upload(pg_rt, "new-2026.toml", again)[1]
