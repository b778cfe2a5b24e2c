"""The life of D01 in the small world: planned once, sent once after a second look, closed by the facts."""

import pytest
import sqlalchemy as sa

from notifier.models import Reminder
from shared import clock
from shared.events import ReminderDue
from shared.ids import new_id
from shared.outbox.models import OutboxMessage
from shared.progress import store as progress
from tests.notifier.conftest import wall

MONDAY, TUESDAY, MAKE_UP_SATURDAY, HOLIDAY, FRIDAY = (
    "2026-10-12", "2026-10-13", "2026-10-10", "2026-10-05", "2026-10-16",
)  # fmt: skip
MORNING = "上午还没有签到记录"


def test_whoever_has_not_checked_in_after_fifteen_minutes_is_told_once(house):
    for minute in (14, 15, 16, 20, 30, 31):
        house.tick(f"{MONDAY}T08:{minute}")
    assert house.reminders() == [(f"P1 {MONDAY}.am", "sent", None)]
    assert house.inbox("P1") == [(MORNING, False)]
    assert house.inbox("P2") == []


def test_the_row_keeps_its_words_and_its_times(house):
    house.tick(f"{MONDAY}T08:16")
    with house.rt.db.read() as session:
        row = session.scalars(sa.select(Reminder)).one()
        assert row.key == f"D01|posting:{house.ids['P1']}|{MONDAY}.am|1"
        assert (row.due_at, row.expires_at) == (wall(f"{MONDAY}T08:15"), wall(f"{MONDAY}T08:45"))
        assert row.text == "到院后扫门诊的码即可。已签到请点此查看。"


@pytest.mark.parametrize("day", [HOLIDAY, "2026-10-11", "2026-10-17"])
def test_nobody_is_told_on_a_rest_day(house, day):
    house.tick(f"{day}T08:20")
    assert house.reminders() == []


def test_a_make_up_saturday_is_a_workday(house):
    house.tick(f"{MAKE_UP_SATURDAY}T08:20")
    assert house.reminders() == [(f"P1 {MAKE_UP_SATURDAY}.am", "sent", None)]


def test_rounds_are_owed_on_the_rostered_half_days_only(house):
    house.tick(f"{TUESDAY}T08:20")
    house.tick(f"{TUESDAY}T14:20")
    house.tick(f"{FRIDAY}T14:20")
    assert [told for told, _, _ in house.reminders()] == [
        f"P1 {TUESDAY}.am", f"P1 {TUESDAY}.pm", f"P1 {FRIDAY}.pm", f"P2 {TUESDAY}.am", f"P2 {FRIDAY}.pm",
    ]  # fmt: skip


def test_a_check_in_before_the_quarter_hour_leaves_nothing_to_plan(house):
    house.tap("P1", f"{MONDAY}T08:10")
    house.tick(f"{MONDAY}T08:15")
    assert house.reminders() == []


def test_a_check_in_between_planning_and_sending_drops_the_reminder(house):
    house.tick(f"{MONDAY}T08:15", send=False)
    assert house.reminders() == [(f"P1 {MONDAY}.am", "planned", None)]
    house.tap("P1", f"{MONDAY}T08:16")
    house.send(f"{MONDAY}T08:17")
    assert house.reminders() == [(f"P1 {MONDAY}.am", "dropped", "checked-in")]
    assert house.inbox("P1") == []


@pytest.mark.parametrize(("sessions", "told"), [
    (("am", "pm"), []), (("am", "am"), ["pm"]), (("pm", "pm"), ["am"]),
])  # fmt: skip
def test_filed_leave_silences_exactly_its_half_days(house, sessions, told):
    with clock.at(wall(f"{MONDAY}T06:30")):
        house.leave("P1", MONDAY, MONDAY, sessions)
    house.tick(f"{MONDAY}T08:20")
    house.tick(f"{MONDAY}T14:20")
    assert [row for row, _, _ in house.reminders()] == [f"P1 {MONDAY}.{half}" for half in told]


def test_leave_filed_between_planning_and_sending_drops_the_reminder(house):
    house.tick(f"{MONDAY}T08:15", send=False)
    with clock.at(wall(f"{MONDAY}T08:16")):
        house.leave("P1", MONDAY, MONDAY)
    house.send(f"{MONDAY}T08:17")
    assert house.reminders() == [(f"P1 {MONDAY}.am", "dropped", "leave")]


def test_refused_leave_ends_the_silence(house):
    with clock.at(wall(f"{MONDAY}T06:30")):
        leave_id = house.leave("P1", MONDAY, MONDAY)
        day = wall(f"{MONDAY}T00:00").date()
        house.append(
            "leave.decided", "P1", {"leave_id": leave_id, "decision": "rejected"}, "recipient_admin", days=(day, day)
        )
    house.tick(f"{MONDAY}T08:20")
    assert [state for _, state, _ in house.reminders()] == ["sent"]


@pytest.mark.parametrize(("kind", "role", "payload"), [
    ("ordered_work.filed", "county_officer",
     {"ordered_id": "o", "kind": "epidemic", "doc_no": "1", "issuer_level": "county", "from": MONDAY, "to": MONDAY}),
    ("correction.requested", "doctor",
     {"correction_id": "c", "service_date": MONDAY, "sessions": ["am"], "what": "missing_in", "clinic_id": "x"}),
    ("day.noted", "recipient_admin", {"service_date": MONDAY, "sessions": ["am"], "text": "义诊"}),
])  # fmt: skip
def test_a_reason_on_file_is_enough(house, kind, role, payload):
    house.append(kind, "P1", payload, role)
    house.tick(f"{MONDAY}T08:20")
    assert house.reminders() == []


def test_records_the_phone_could_not_send_are_waited_for(house):
    def report(count):
        with house.rt.db.transaction() as session:
            progress.put_contact(session, house.people["P1"], None, {"count": count, "sessions": [f"{MONDAY} am"]})

    report(1)
    house.tick(f"{MONDAY}T08:20")
    assert house.reminders() == []
    report(0)
    house.tick(f"{MONDAY}T08:25")
    assert [state for _, state, _ in house.reminders()] == ["sent"]


def test_after_an_outage_nothing_old_is_sent(house):
    house.tick(f"{MONDAY}T08:20", send=False)
    house.send(f"{MONDAY}T08:46")
    assert house.inbox("P1") == []
    with house.rt.db.read() as session:
        query = sa.select(OutboxMessage.state).where(OutboxMessage.consumer == "notifier.send")
        assert session.scalars(query).all() == ["expired"]


def test_a_late_second_look_expires_the_row_itself(house):
    house.tick(f"{MONDAY}T08:20", send=False)
    with house.rt.db.transaction() as session:
        session.execute(sa.text("UPDATE outbox_message SET expires_at = NULL"))
    house.send(f"{MONDAY}T08:46")
    assert house.reminders() == [(f"P1 {MONDAY}.am", "expired", None)]
    assert house.inbox("P1") == []


def test_the_same_batch_handed_out_twice_tells_once(house):
    house.tick(f"{MONDAY}T08:20")
    with house.rt.db.transaction() as session:
        ids = tuple(session.scalars(sa.select(Reminder.id)))
        from shared import outbox

        outbox.put(session, ReminderDue(new_id(), ids))
    house.send(f"{MONDAY}T08:21")
    assert house.inbox("P1") == [(MORNING, False)]


def test_a_check_in_after_the_message_marks_it_as_done(house):
    house.tick(f"{MONDAY}T08:20")
    house.folded("P1", MONDAY, f"{MONDAY}T08:22")
    assert house.inbox("P1") == [(MORNING, False)], "a fold that changed nothing about it closes nothing"
    house.tap("P1", f"{MONDAY}T08:25")
    house.folded("P1", MONDAY, f"{MONDAY}T08:26")
    assert house.inbox("P1") == [(MORNING, True)]
    assert house.reminders() == [(f"P1 {MONDAY}.am", "done", "checked-in")]


def test_a_fold_closes_a_planned_reminder_before_it_is_sent(house):
    house.tick(f"{MONDAY}T08:20", send=False)
    with house.rt.db.transaction() as session:
        session.execute(sa.text("UPDATE outbox_message SET run_after = '2026-10-12 00:30:00' WHERE state = 'open'"))
    house.tap("P1", f"{MONDAY}T08:21")
    house.folded("P1", MONDAY, f"{MONDAY}T08:22")
    assert house.reminders() == [(f"P1 {MONDAY}.am", "done", "checked-in")]
    house.send(f"{MONDAY}T08:31")
    assert house.inbox("P1") == []


def test_a_fold_of_another_day_closes_nothing(house):
    house.tick(f"{MONDAY}T08:20")
    house.tap("P1", f"{MONDAY}T08:25")
    house.folded("P1", TUESDAY, f"{MONDAY}T08:26")
    assert house.inbox("P1") == [(MORNING, False)]


def test_a_batch_holds_at_most_two_hundred(house, monkeypatch):
    from notifier.usecases import reminders

    monkeypatch.setattr(reminders, "BATCH", 1)
    house.tick(f"{TUESDAY}T08:20", send=False)
    with house.rt.db.read() as session:
        query = sa.select(sa.func.count()).where(OutboxMessage.consumer == "notifier.send")
        assert session.scalar(query) == 2
    house.send(f"{TUESDAY}T08:21")
    assert [state for _, state, _ in house.reminders()] == ["sent", "sent"]
