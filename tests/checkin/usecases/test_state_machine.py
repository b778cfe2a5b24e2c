"""Check-in, check-out, corrections and leave in any order, against a model that is as plain as can be."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from checkin.usecases.correction_decide import decide_correction
from checkin.usecases.corrections import CorrectionQuotaUsed, CorrectionWindowOver, request_correction, withdraw
from checkin.usecases.deciding import Ruling
from checkin.usecases.leave import file_leave
from checkin.usecases.leave_decide import rule_leave
from checkin.usecases.leave_end import cancel_leave
from shared import clock, ledger
from shared.problems import AlreadyDecided
from shared.service import Runtime
from tests.checkin.scene import MONDAY, doctor, id_of
from tests.checkin.usecases.asking import correction, drain, facts_of, office
from tests.checkin.usecases.tapping import proven
from tests.checkin.usecases.test_leave import body
from tests.fixtures.runtime import make_runtime

HALVES = ("am", "pm")
TIMES = {"am": ((7, 52), (12, 5)), "pm": ((13, 52), (17, 35))}
DAY = dt.timedelta(days=1)
LAST = dt.date(2026, 12, 20)
DECISIONS = st.sampled_from(["approved", "rejected", "returned"])


def wall(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A wall time in Shanghai."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.SHANGHAI)


class Attendance(RuleBasedStateMachine):
    """One physician over two workweeks. The model: half-days worked, requests by state, leave by state."""

    folder: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.copy = Path(tempfile.mkdtemp())
        self.rt: Runtime = make_runtime(Path(shutil.copytree(self.folder, self.copy / "var")))
        self.now = wall(MONDAY, 7)
        self.worked: dict[tuple[dt.date, str], set[str]] = {}
        self.requests: dict[str, dict[str, Any]] = {}
        self.leaves: dict[str, dict[str, Any]] = {}

    def teardown(self) -> None:
        """The database goes with its example."""
        with self.rt.db.read() as session:
            assert not ledger.verify(session, self.rt.keys)
        self.rt.db.dispose()
        shutil.rmtree(self.copy)

    @initialize()
    def begin(self) -> None:
        """Work what the import left over."""
        drain(self.rt, self.now)

    @property
    def today(self) -> dt.date:
        """The date of the model's clock."""
        return clock.local_date(self.now)

    @rule(half=st.sampled_from(HALVES), ways=st.sampled_from([("in", "out"), ("in",), ("out",)]))
    def work(self, half: str, ways: tuple[str, ...]) -> None:
        """Come and go at a session, or forget one of the two."""
        for way, (hour, minute) in zip(("in", "out"), TIMES[half], strict=True):
            at = wall(self.today, hour, minute)
            if way in ways and at > self.now:
                self.now = at
                proven(self.rt, at, direction=way)
                self.worked.setdefault((self.today, half), set()).add(way)

    @precondition(lambda self: self.today < LAST)
    @rule(days=st.integers(1, 3))
    def wait(self, days: int) -> None:
        """Time passes until a morning."""
        self.now = wall(self.today + days * DAY, 7)

    @precondition(lambda self: self.today > MONDAY)
    @rule(back=st.integers(1, 8), halves=st.sampled_from([["am"], ["pm"], ["am", "pm"]]))
    def ask(self, back: int, halves: list[str]) -> None:
        """Ask for half-days of a date gone by: three workdays long, three times a month."""
        day = max(MONDAY, self.today - back * DAY)
        open_window = self.window(day)
        month = [one for one in self.requests.values() if one["state"] in ("requested", "approved") and one["day"].month == day.month]
        item = correction(self.rt, day=day, sessions=halves)
        with clock.at(self.now):
            if not open_window or len(month) >= 3:
                wanted = CorrectionQuotaUsed if open_window else CorrectionWindowOver
                with pytest.raises(wanted):
                    request_correction(self.rt, doctor(self.rt), item)
                return
            row = request_correction(self.rt, doctor(self.rt), item)[1]
        self.requests[row.id] = {"state": "requested", "day": day, "halves": halves}

    def window(self, day: dt.date) -> bool:
        """Until the third workday is over; ordinary weeks, none of these dates a holiday."""
        return sum((day + n * DAY).weekday() < 5 for n in range(1, (self.today - day).days)) < 3

    @precondition(lambda self: self.requests)
    @rule(data=st.data(), word=DECISIONS)
    def decide(self, data: st.DataObject, word: str) -> None:
        """Decide a request; only what waits can be decided."""
        name = data.draw(st.sampled_from(sorted(self.requests)))
        with clock.at(self.now):
            if self.requests[name]["state"] != "requested":
                with pytest.raises(AlreadyDecided):
                    decide_correction(self.rt, office(self.rt), name, Ruling(word, "无依据"))
                return
            decide_correction(self.rt, office(self.rt), name, Ruling(word, "无依据"))
        self.requests[name]["state"] = word

    @precondition(lambda self: any(one["state"] == "requested" for one in self.requests.values()))
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        """Withdraw a request that waits."""
        name = data.draw(st.sampled_from(sorted(key for key, one in self.requests.items() if one["state"] == "requested")))
        with clock.at(self.now):
            withdraw(self.rt, doctor(self.rt), name)
        self.requests[name]["state"] = "withdrawn"

    @rule(ahead=st.integers(1, 3), length=st.integers(1, 2))
    def leave(self, ahead: int, length: int) -> None:
        """Ask for leave in days to come: always in time."""
        first = self.today + ahead * DAY
        last = first + (length - 1) * DAY
        with clock.at(self.now):
            state = file_leave(self.rt, doctor(self.rt), body(self.rt, first.isoformat(), last.isoformat()))[1]
        self.leaves[state.id] = {"state": "requested", "first": first, "last": last}

    @precondition(lambda self: any(one["state"] == "requested" for one in self.leaves.values()))
    @rule(data=st.data(), word=DECISIONS)
    def decide_on_leave(self, data: st.DataObject, word: str) -> None:
        """Two days are the recipient's."""
        name = data.draw(st.sampled_from(sorted(key for key, one in self.leaves.items() if one["state"] == "requested")))
        with clock.at(self.now):
            rule_leave(self.rt, office(self.rt), name, Ruling(word, "人手不足"))
        self.leaves[name]["state"] = word

    @precondition(lambda self: any(one["state"] in ("requested", "approved") for one in self.leaves.values()))
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        """Cancel a leave as a whole."""
        live = sorted(key for key, one in self.leaves.items() if one["state"] in ("requested", "approved"))
        name = data.draw(st.sampled_from(live))
        with clock.at(self.now):
            cancel_leave(self.rt, doctor(self.rt), name)
        self.leaves[name]["state"] = "cancelled"

    @invariant()
    def the_days_are_those_of_the_model(self) -> None:
        """Every half-day gone by has the status the model gives it, and the chain is whole."""
        from services.progress.usecases import fold

        with clock.at(self.now), self.rt.db.transaction() as session:
            on = fold.ground(session)
            posting = fold.directory.posting(session, id_of(self.rt, "posting", "P1"))
            terms = fold.subjects_of(on, posting).terms
            days = [MONDAY + n * DAY for n in range((self.today - MONDAY).days)]
            found = {fact.date: fact for fact in fold.fold_days(on, terms, days)} if days else {}
        for day, fact in found.items():
            for half in HALVES:
                assert (day, half, fact.halves[half].status) == (day, half, self.status(day, half))
            assert fact.corrections == sum(one["day"] == day and one["state"] == "approved" for one in self.requests.values())

    def status(self, day: dt.date, half: str) -> str:
        """The model's own judgement of a half-day that is over."""
        mine = [one for one in self.requests.values() if one["day"] == day and half in one["halves"]]
        slips = [one for one in self.leaves.values() if one["first"] <= day <= one["last"]]
        if self.attended(day, half) or any(one["state"] == "approved" for one in mine):
            return "A"
        if day.weekday() > 4:
            return ""
        if any(one["state"] == "approved" for one in slips):
            return "L"
        waits = any(one["state"] == "requested" for one in (*mine, *slips))
        return "P" if waits or self.window(day) else "X"

    def attended(self, day: dt.date, half: str) -> bool:
        """Both taps of the session; or the pair that serves both: in before the morning, out after the afternoon."""
        am, pm = (self.worked.get((day, each), set()) for each in HALVES)
        if half == "am":
            return "in" in am and ("out" in am or "out" in pm)
        return ("in" in pm and "out" in pm) or ("in" in am and "out" not in am and "out" in pm)


@pytest.fixture(scope="session")
def machine(world_folder: Path) -> type[Attendance]:
    """The machine on copies of the small world."""
    Attendance.folder = world_folder
    return Attendance


def test_any_order_of_events_gives_what_the_model_gives(machine: type[Attendance]) -> None:
    run = machine.TestCase
    run.settings = settings(
        max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.reuse),
    )  # shrinking replays databases: a failure names its seed instead
    run().runTest()


def test_the_machine_reaches_every_state(machine: type[Attendance]) -> None:
    """A walk by hand: what the model says of each sort of half-day is what the machine would compare."""
    one = machine()
    one.begin()
    one.work("am", ("in", "out"))
    one.leave(1, 1)
    name = next(iter(one.leaves))
    with clock.at(one.now):
        rule_leave(one.rt, office(one.rt), name, Ruling("approved"))
    one.leaves[name]["state"] = "approved"
    one.wait(3)
    one.ask(3, ["pm"])
    one.the_days_are_those_of_the_model()
    statuses = {one.status(MONDAY + n * DAY, half) for n in range(3) for half in HALVES}
    assert statuses == {"A", "L", "P"}
    assert len(facts_of(one.rt, "correction.requested")) == 1
    one.teardown()
