"""Scheduled work on spot checks: committed, planned, issued at the minute, voided, lapsed, revealed; each once."""

from __future__ import annotations

import contextvars
import datetime as dt
import hashlib
import hmac
import re
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from checkin.models import SpotCheck, SpotSeed
from checkin.usecases.leave import file_leave
from notifier.models import InboxItem
from shared import clock, ledger, outbox
from shared.outbox.schedule import tick
from shared.progress import lookup as progress
from shared.rules.load import shipped
from tests.checkin.scene import doctor, end_posting, id_of
from tests.checkin.usecases import checks
from tests.checkin.usecases.checks import CLOSE, JOBS, MONTH, answered, begun, drawn, facts, fire, issued, row_of, wall
from tests.checkin.usecases.test_leave import body as leave_body

HOURS = dt.timedelta(hours=1)


def test_the_25th_commits_one_seed_for_the_next_month_and_nothing_shows_it(rt):
    checks.quiet(rt)
    for _ in range(2):
        fire(rt, "checkin.spot_commit", wall("2026-10-25T02:10"))
    (said,) = checks.system_facts(rt, "spotcheck.committed")
    assert (said["month"], said["algorithm"], said["n"], said["answer_minutes"], said["outside_one_in"]) == (MONTH, "spot-1", 6, 30, 6)
    with rt.db.read() as session:
        row = session.get_one(SpotSeed, MONTH)
    seed = rt.keys.open_seed(row.closed, MONTH)
    assert said["seed_commitment"] == hashlib.sha256(b"zhudian/v1/spot\n" + seed).hexdigest()
    stored = Path(sa.make_url(rt.settings.database_url).database).read_bytes()
    assert seed not in stored
    assert seed.hex().encode() not in stored


def test_only_scheduled_work_opens_a_seed():
    root = Path(__file__).parents[3]
    users = {str(path.relative_to(root)) for room in ("checkin", "notifier", "services", "shared")
             for path in (root / room).rglob("*.py") if re.search(r"\.open_seed\(", path.read_text(encoding="utf-8"))}  # fmt: skip
    assert users == {"checkin/usecases/spot/seeds.py"}
    openers = {str(path.relative_to(root)) for path in (root / "checkin").rglob("*.py")
               if re.search(r"seeds\.opened|seeds\.reveal|issue\.due|aftermath\.", path.read_text(encoding="utf-8"))}  # fmt: skip
    assert openers == {"checkin/actors.py", "checkin/usecases/spot/issue.py", "checkin/usecases/spot/aftermath.py"}


def test_the_first_of_the_month_plans_every_posting_once(rt):
    begun(rt)
    fire(rt, "checkin.spot_plan", wall("2026-11-02T00:20"))
    (plan,) = facts(rt, "spotcheck.planned")
    assert (plan["duty_half_days"], plan["n"], plan["threshold"]) == (42, 6, str(6 * 2**64 // 42))
    assert plan["half_days"][0] == "2026-11-02.am"
    assert facts(rt, "spotcheck.planned", "P2") == []  # no duty half-day of the rounds is rostered in November


def test_what_is_rostered_later_is_planned_with_its_own_threshold(rt):
    begun(rt)
    with rt.db.transaction() as session:
        session.execute(sa.text("INSERT INTO roster_half_day VALUES (:p, '2026-11-19', 'am', :c)").bindparams(
            p=id_of(rt, "posting", "P2"), c=id_of(rt, "clinic", "SQ2")))  # fmt: skip
    fire(rt, "checkin.spot_plan", wall("2026-11-16T00:20"))
    (plan,) = facts(rt, "spotcheck.planned", "P2")
    assert (plan["half_days"], plan["n"], plan["threshold"]) == (["2026-11-19.am"], 1, str(2**64))


def test_a_new_installation_draws_only_later_half_days_of_the_running_month(rt):
    checks.quiet(rt)
    fire(rt, "checkin.spot_issue", wall("2026-11-18T09:00"))
    (plan,) = facts(rt, "spotcheck.planned")
    assert plan["half_days"][0] == "2026-11-18.pm"
    assert [said["month"] for said in checks.system_facts(rt, "spotcheck.committed")] == [MONTH]


def test_a_check_is_issued_at_its_minute_and_its_physician_is_told(rt):
    one = begun(rt)[0]
    fire(rt, "checkin.spot_issue", one.drawn.at - dt.timedelta(minutes=1))
    assert facts(rt, "spotcheck.issued") == []
    row = issued(rt, one)
    (said,) = facts(rt, "spotcheck.issued")
    assert (row.state, row.deadline - row.issued_at, row.outside) == ("issued", dt.timedelta(minutes=30), one.drawn.outside)
    assert (said["check_id"], said["origin"], said["seed"]) == (row.id, "drawn", None)
    with rt.db.read() as session:
        (told,) = session.scalars(sa.select(InboxItem).where(InboxItem.person_id == doctor(rt).person_id)).all()
    deadline = clock.local(row.deadline)
    assert told.title == "抽查:请在 30 分钟内应答"
    assert told.text == (f'{deadline:%H:%M} 前扫门诊码应答;正在接诊请点"正在接诊/抢救",{deadline + 2 * HOURS:%H:%M} 前都可以点。')
    assert told.url == f"/app/spot/{row.id}"
    assert checks.check(rt, row.id).noticed_at == row.issued_at
    for later in (1, 2, 60):
        issued(rt, one, later)
    assert len(facts(rt, "spotcheck.issued")) == 1


def test_the_notice_is_marked_as_done_once_answered(rt):
    one = begun(rt)[0]
    row = issued(rt, one)
    answered(rt, row, row.issued_at + dt.timedelta(minutes=3))
    outbox.drain(rt, JOBS, clock_now=row.issued_at + dt.timedelta(minutes=4))
    with rt.db.read() as session:
        (told,) = session.scalars(sa.select(InboxItem)).all()
        assert told.done_at == row.issued_at + dt.timedelta(minutes=4)
        fold = progress.day(session, row.posting_id, row.service_date)
    assert [(spot["check_id"], spot["state"]) for spot in fold.spots] == [(row.id, "answered")]


def test_fired_more_than_five_minutes_late_is_void(rt):
    first, second = begun(rt)[:2]
    assert issued(rt, first, 5).state == "issued"
    assert (issued(rt, second, 5.1).state, row_of(rt, second).reason) == ("void", "late")


def test_an_inbox_nobody_can_read_voids_the_check(rt):
    row = issued(rt, begun(rt, readable=False)[0])
    assert (row.state, row.reason, row.noticed_at) == ("void", "no_notice", None)
    with rt.db.read() as session:
        assert session.scalars(sa.select(InboxItem)).all() == []


def test_a_notice_that_comes_late_takes_the_time_away_and_voids_the_check(rt):
    one = begun(rt)[0]
    with clock.at(one.drawn.at):
        fire(rt, "checkin.spot_issue", one.drawn.at, drain=False)
        outbox.drain(rt, JOBS, until_empty=False)
    outbox.drain(rt, JOBS, clock_now=one.drawn.at + dt.timedelta(minutes=5, seconds=1))
    row = row_of(rt, one)
    assert (row.state, row.reason) == ("void", "no_notice")


def test_a_disabled_account_reads_nothing(rt):
    one = begun(rt)[0]
    with rt.db.transaction() as session:
        session.execute(sa.text("UPDATE account SET disabled_at = created_at"))
    assert issued(rt, one).reason == "no_notice"


def _leave(rt, one):
    day = one.drawn.day.isoformat()
    with clock.at(wall("2026-11-01T09:00")):
        file_leave(rt, doctor(rt), leave_body(rt, day, day))


def _order(rt, one):
    _append(rt, "ordered_work.filed", ledger.Stream.posting(one.posting_id), "supporter_admin", {
        "ordered_id": "O1", "kind": "government", "doc_no": "1号", "issuer_level": "county", "from": one.drawn.day.isoformat(),
        "to": one.drawn.day.isoformat()})  # fmt: skip


def _outage(rt, one):
    _append(rt, "clinic.outage_declared", ledger.Stream.clinic(id_of(rt, "clinic", "SQ1")), "recipient_admin", {
        "kind": "network", "from": one.drawn.day.isoformat(), "to": None})  # fmt: skip


def _end(rt, one):
    end_posting(rt, "P1", one.drawn.day - dt.timedelta(days=1))


def _append(rt, kind, stream, role, payload):
    with clock.at(wall("2026-11-01T09:00")), rt.db.transaction() as session:
        ledger.append(session, rt.keys, kind=kind, stream=stream, actor=ledger.Actor("x", role), payload=payload)


@pytest.mark.parametrize(("act", "reason"), [(_leave, "leave"), (_order, "ordered_work"), (_outage, "outage"), (_end, "no_duty")])
def test_cover_filed_before_the_moment_voids_the_check(rt, act, reason):
    one = begun(rt)[0]
    act(rt, one)
    row = issued(rt, one)
    assert (row.state, row.reason, row.issued_at) == ("void", reason, None)
    (said,) = facts(rt, "spotcheck.decided")
    assert (said["result"], said["reason_code"], said["actor"]) == ("void", reason, "system")


def test_two_hours_after_the_deadline_silence_lapses(rt):
    row = issued(rt, begun(rt)[0])
    fire(rt, "checkin.spot_lapse", row.deadline + 2 * HOURS - dt.timedelta(seconds=1))
    assert checks.check(rt, row.id).state == "issued"
    for _ in range(2):
        fire(rt, "checkin.spot_lapse", row.deadline + 2 * HOURS)
    assert checks.check(rt, row.id).state == "lapsed"
    assert len(facts(rt, "spotcheck.lapsed")) == 1
    with rt.db.read() as session:
        fold = progress.day(session, row.posting_id, row.service_date)
    assert [spot["state"] for spot in fold.spots] == ["lapsed"]
    assert "spot_missed" not in fold.flags


def test_a_check_whose_notice_was_never_confirmed_is_void_and_does_not_lapse(rt):
    one = begun(rt)[0]
    fire(rt, "checkin.spot_issue", one.drawn.at, drain=False)
    with clock.at(one.drawn.at):
        outbox.drain(rt, JOBS, until_empty=False)
    quiet_at = row_of(rt, one).deadline + 2 * HOURS
    checks.quiet(rt)
    fire(rt, "checkin.spot_lapse", quiet_at)
    assert (row_of(rt, one).state, row_of(rt, one).reason) == ("void", "no_notice")


def test_downtime_voids_what_it_missed_at_the_next_plan(rt):
    every = begun(rt)
    fire(rt, "checkin.spot_plan", wall("2026-11-14T00:20"))
    missed = [one for one in every if one.drawn.day <= dt.date(2026, 11, 13)]
    assert missed
    assert [row_of(rt, one).reason for one in missed] == ["late"] * len(missed)
    assert len(drawn(rt)) == len(every) - len(missed)


def test_two_tickers_at_once_issue_one_check(rt):
    one = begun(rt)[0]
    schedules = [found for found in __import__("checkin.actors", fromlist=["x"]).SCHEDULES if found.job == "checkin.spot_issue"]
    with clock.at(one.drawn.at - dt.timedelta(minutes=3)):
        tick(rt, schedules)
    started, failed = threading.Barrier(2), []

    def ticker():
        try:
            started.wait()
            tick(rt, schedules)
            outbox.drain(rt, JOBS, strict=False)
        except BaseException as error:  # a thread's failure is the test's
            failed.append(error)

    with clock.at(one.drawn.at + dt.timedelta(seconds=5)):
        threads = [threading.Thread(target=contextvars.copy_context().run, args=(ticker,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        outbox.drain(rt, JOBS)
    assert failed == []
    assert len(facts(rt, "spotcheck.issued")) == 1
    with rt.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SpotCheck)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(InboxItem)) == 1
        assert not ledger.verify(session, rt.keys)


def test_two_tickers_at_once_on_postgresql(pg_rt):
    from tests.checkin.scene import world

    world(pg_rt)
    test_two_tickers_at_once_issue_one_check(pg_rt)


def recomputed(rt, seed: bytes) -> list[list[str]]:
    """The draw worked out from the published facts alone, in other words than the product's."""
    windows = shipped()["zhongzhan-demo"].session_windows
    found = []
    for posting in ("P1", "P2"):
        stream = ledger.Stream.posting(id_of(rt, "posting", posting)).pseudonym(rt.keys.pepper)
        for plan in facts(rt, "spotcheck.planned", posting):
            for half_day in plan["half_days"]:
                day, half = half_day.split(".")
                x = hmac.new(seed, f"spot-1|{stream}|{day}|{half}".encode(), hashlib.sha256).digest()
                if int.from_bytes(x[:8], "big") < int(plan["threshold"]):
                    assert windows.of(half)
                    found.append([stream, day, half])
    return sorted(found)


def test_e13_the_list_recomputed_from_the_revealed_seed_is_what_was_issued_and_voided(rt):
    """Some checks are issued, some covered by leave, some missed in downtime; the seed explains every one of them."""
    every = begun(rt)
    _leave(rt, every[1])
    for number, one in enumerate(every):
        if number % 3 != 2:
            issued(rt, one)
    fire(rt, "checkin.spot_reveal", CLOSE - dt.timedelta(minutes=6))
    assert checks.system_facts(rt, "spotcheck.revealed") == []
    for _ in range(2):
        fire(rt, "checkin.spot_reveal", CLOSE)
    (said,) = [one for one in checks.system_facts(rt, "spotcheck.revealed") if one["month"] == MONTH]
    (committed,) = [one for one in checks.system_facts(rt, "spotcheck.committed") if one["month"] == MONTH]
    seed = bytes.fromhex(said["seed"])
    assert hashlib.sha256(b"zhudian/v1/spot\n" + seed).hexdigest() == committed["seed_commitment"]
    stored = checks.listed(rt)
    assert recomputed(rt, seed) == [row[:3] for row in stored]
    assert {row[3] for row in stored} == {"issued", "void"}
    assert (said["count"], said["issued_sha256"]) == (len(every), hashlib.sha256(ledger.jcs(stored)).hexdigest())
    with rt.db.read() as session:
        assert session.get_one(SpotSeed, MONTH).closed is None
        assert not ledger.verify(session, rt.keys)
