"""D01: who is owed a check-in reminder, decided on plain values."""

import datetime as dt

import pytest

from notifier.domain.check_in import USEFUL_FOR, Presence, due_at, due_sessions, silence
from shared.attendance.session import SessionWindows, Tap
from shared.calendar import at
from shared.rules.days import Order, Slip

WINDOWS = SessionWindows((dt.time(8), dt.time(12)), (dt.time(14), dt.time(17, 30)), 180, 30)
DAY = dt.date(2026, 11, 23)
FILED = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


def tap(direction, time, clinic="c1", **more):
    return Tap(f"{direction}{time}", direction, clinic, at(DAY, dt.time.fromisoformat(time)), **more)


def presence(half="am", **more):
    return Presence(
        **{"windows": WINDOWS, "day": DAY, "half": half, "duty": True, "clinics": frozenset({"c1"}), **more}
    )


def slip(first, last, decision="pending", day=DAY):
    return Slip("l", "personal", (day, first), (day, last), FILED, decision)


@pytest.mark.parametrize(("half", "taps", "said"), [
    ("am", [], None),
    ("am", [("in", "07:50")], "checked-in"),
    ("am", [("in", "08:14")], "checked-in"),
    ("am", [("in", "07:10"), ("out", "07:40")], None),  # gone before the session began
    ("am", [("in", "07:10"), ("out", "08:05")], "checked-in"),  # was there when it began
    ("am", [("out", "08:10")], None),  # a check-out alone opens nothing
    ("am", [("in", "13:00")], None),  # after the session
    ("pm", [("in", "07:50")], "checked-in"),  # one pair may serve both sessions
    ("pm", [("in", "07:50"), ("out", "12:00")], None),
    ("pm", [("in", "07:50"), ("out", "12:00"), ("in", "13:55")], "checked-in"),
    ("pm", [("in", "07:50"), ("out", "14:05")], "checked-in"),
    ("pm", [("in", "13:55")], "checked-in"),
])  # fmt: skip
def test_a_check_in_that_covers_the_session_answers(half, taps, said):
    assert silence(presence(half, taps=tuple(tap(*one) for one in taps))) == said


@pytest.mark.parametrize(("clinic", "time", "said"), [
    ("c1", "07:50", "checked-in"),
    ("c2", "07:50", None),  # left open at another clinic in the morning
    ("c2", "12:30", "checked-in"),  # come for this session, if to the wrong clinic
])  # fmt: skip
def test_an_open_check_in_of_the_morning_serves_the_afternoon_at_the_same_clinic_only(clinic, time, said):
    assert silence(presence("pm", taps=(tap("in", time, clinic),))) == said


def test_a_check_in_under_a_red_flag_is_a_check_in():
    assert silence(presence(taps=(tap("in", "07:50", counts=False, flags=("code_foreign",)),))) == "checked-in"


@pytest.mark.parametrize(("half", "leave", "said"), [
    ("am", slip("am", "am"), "leave"),
    ("pm", slip("am", "am"), None),
    ("pm", slip("am", "pm"), "leave"),
    ("am", slip("am", "pm", "approved"), "leave"),
    ("am", slip("am", "pm", "rejected"), None),  # a refusal ends the silence
    ("am", slip("am", "pm", day=DAY + dt.timedelta(days=1)), None),
])  # fmt: skip
def test_filed_leave_silences_exactly_its_half_days_until_it_is_refused(half, leave, said):
    assert silence(presence(half, slips=(leave,))) == said


@pytest.mark.parametrize(("decision", "said"), [
    ("pending", "ordered-work"), ("accepted", "ordered-work"), ("rejected", None),
])  # fmt: skip
def test_ordered_work_silences_until_it_is_refused(decision, said):
    order = Order("o", "epidemic", "1", "county", (DAY, "am"), (DAY, "pm"), decision)
    assert silence(presence(orders=(order,))) == said


@pytest.mark.parametrize(("more", "said"), [
    ({"duty": False}, "no-duty"),
    ({"asked": frozenset({"am"})}, "correction"),
    ({"asked": frozenset({"pm"})}, None),
    ({"noted": frozenset({"am"})}, "noted"),
    ({"noted": frozenset({"pm"})}, None),
    ({"unsent": True}, "unsent"),
])  # fmt: skip
def test_other_reasons_on_file(more, said):
    assert silence(presence(**more)) == said


@pytest.mark.parametrize(("time", "sessions"), [
    ("08:14:59.999", []), ("08:15", ["am"]), ("08:30", ["am"]), ("08:30:00.001", []), ("14:20", ["pm"]), ("20:00", []),
])  # fmt: skip
def test_reminders_are_planned_from_fifteen_to_thirty_minutes_after_the_beginning(time, sessions):
    assert due_sessions(WINDOWS, at(DAY, dt.time.fromisoformat(time))) == sessions


def test_a_reminder_is_useful_for_thirty_minutes():
    assert (due_at(WINDOWS, DAY, "pm"), USEFUL_FOR) == (at(DAY, dt.time(14, 15)), dt.timedelta(minutes=30))
