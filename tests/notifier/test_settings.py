"""Levels, the administrator's rows and manual reminders, over HTTP."""

import pytest
import sqlalchemy as sa

from notifier.models import Preference, Reminder
from notifier.service import SERVICE
from shared import clock
from shared.access import store as access
from shared.http.app import create_web
from shared.roles import Grant
from tests.factories.directory import id_of
from tests.notifier.conftest import wall

API = "/api/notifier"
MONDAY = "2026-10-12"


@pytest.fixture
def sign_in(house):
    """A client for a person of the world in a role over an organisation."""
    app = create_web(house.rt, [SERVICE])

    def client(person, role, scope=None):
        person_id = house.people.get(person) or id_of(house.rt, "person", person)
        with house.rt.db.transaction() as session:
            account = access.add_account(session, person_id, f"139{ord(person[0]):0>4}{person[1]:0>4}")
            access.set_grants(session, account.id, [Grant(role, id_of(house.rt, "organisation", scope) if scope else None)])
            token, _ = access.open_token(session, account.id)
        found = app.test_client()
        found.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return found

    return client


def test_a_physician_chooses_among_the_levels_of_a_row(house, sign_in):
    p1 = sign_in("P1", "doctor")
    rows = {row["type"]: row for row in p1.get(f"{API}/preferences").json["items"]}
    assert set(rows) == {"D01", "D02", "D03", "D04", "D05", "D06", "D07", "D08", "D09", "D10", "D11", "X01", "X02", "X03"}
    assert [one["label"] for one in rows["D01"]["levels"]] == ["推送", "仅汇总", "仅应用内"]
    assert [one["level"] for one in rows["X01"]["levels"]] == ["push"]
    assert p1.put(f"{API}/preferences/D01", json={"level": "in_app"}).json["level"] == "in_app"
    rows = {row["type"]: row for row in p1.get(f"{API}/preferences").json["items"]}
    assert rows["D01"]["level"] == "in_app"


@pytest.mark.parametrize(("kind", "level", "slug"), [
    ("D06", "in_app", "level-not-allowed"), ("X01", "digest", "level-not-allowed"), ("D01", "loud", "invalid-body"),
    ("G01", "push", "not-found"), ("ZZ", "push", "not-found"),
])  # fmt: skip
def test_a_level_below_the_floor_cannot_be_stored(house, sign_in, kind, level, slug):
    answer = sign_in("P1", "doctor").put(f"{API}/preferences/{kind}", json={"level": level})
    assert (answer.json["slug"], answer.status_code) == (slug, 404 if slug == "not-found" else 422)
    with house.rt.db.read() as session:
        assert session.scalars(sa.select(Preference)).all() == []


def test_the_administrator_reads_figures_and_switches_a_row_off(house, sign_in):
    with clock.at(wall(f"{MONDAY}T12:00")):
        admin = sign_in("A1", "system_admin")
    house.tick(f"{MONDAY}T08:20")
    house.tap("P1", f"{MONDAY}T08:25")
    house.folded("P1", MONDAY, f"{MONDAY}T08:26")
    with clock.at(wall(f"{MONDAY}T12:00")):
        rows = {row["type"]: row for row in admin.get(f"{API}/rules").json["items"]}
        assert (rows["D01"]["planned"], rows["D01"]["pushed"], rows["D01"]["told"], rows["D01"]["opened"], rows["D01"]["acted"]) == (1, 1, 1, 0, 1)
        assert rows["D01"]["acted_percent"] == 100
        assert rows["D03"]["times"] == ["07:40"]
        assert admin.put(f"{API}/rules/D01", json={"enabled": False}).json == {"type": "D01", "enabled": False}
    house.tick("2026-10-13T08:20")
    assert ("P1 2026-10-13.am", "dropped", "switched-off") in house.reminders()
    with clock.at(wall(f"{MONDAY}T23:00")):
        rows = {row["type"]: row for row in admin.get(f"{API}/rules").json["items"]}
        assert rows["D01"]["enabled"] is False
        assert rows["D01"]["dropped"] == [{"reason": "switched-off", "count": 2}]


def test_a_dry_run_counts_whom_the_next_firing_would_tell(house, sign_in):
    with clock.at(wall("2026-10-13T03:00")):
        admin = sign_in("A1", "system_admin")
    house.fold("2026-10-08", MONDAY, "2026-10-13T02:20")
    with clock.at(wall("2026-10-13T03:00")):
        answer = admin.get(f"{API}/rules/D03/dry-run").json
    assert answer == {"type": "D03", "label": "前一天未记录到", "date": "2026-10-13", "people": 1}
    assert house.reminders() == [], "a dry run stores nothing"


def test_the_administrator_sends_one_to_himself(house, sign_in):
    with clock.at(wall(f"{MONDAY}T12:00")):
        admin = sign_in("A1", "system_admin")
        assert admin.post(f"{API}/rules/D01/try").status_code == 201
        (item,) = admin.get(f"{API}/inbox").json["items"]
    assert item["title"] == "这是一条试发的提醒"


def test_a_supervisor_reads_the_exact_words_and_sends_them_once_in_four_hours(house, sign_in):
    posting = house.ids["P1"]
    with clock.at(wall(f"{MONDAY}T08:40")):
        office = sign_in("R1", "recipient_admin", "SQ")
        shown = office.get(f"{API}/nudges/{posting}").json
        assert (shown["title"], shown["last_at"], shown["free_at"]) == ("苏文简 提醒您", None, None)
        assert shown["text"].startswith("上午还没有签到记录。")
        assert office.post(f"{API}/nudges/{posting}").status_code == 201
        again = office.post(f"{API}/nudges/{posting}")
        assert (again.json["slug"], again.json["title"]) == ("nudge-too-soon", "12:40 后可再次提醒")
    house.send(f"{MONDAY}T08:41")
    assert house.inbox("P1") == [("苏文简 提醒您", False)]
    with house.rt.db.read() as session:
        row = session.scalars(sa.select(Reminder).where(Reminder.type == "X02")).one()
        assert (row.state, row.subject) == ("sent", f"nudge:recipient_admin:{posting}")


@pytest.mark.parametrize(("at", "slug"), [("07:19", "nudge-hours"), ("20:46", "nudge-hours"), ("09:00", "nothing-missing")])
def test_no_manual_reminder_at_night_or_about_nothing(house, sign_in, at, slug):
    day = "2026-09-02"
    for tap in (("2026-09-01T07:50", "in"), ("2026-09-01T17:40", "out"), ("2026-09-02T07:50", "in")):
        house.tap("P1", *tap)
    house.fold("2026-09-01", day, f"{day}T08:30")
    with clock.at(wall(f"{day}T{at}")):
        office = sign_in("R1", "recipient_admin", "SQ")
        assert office.post(f"{API}/nudges/{house.ids['P1']}").json["slug"] == slug


def test_nobody_reminds_physicians_of_other_hospitals(house, sign_in):
    with clock.at(wall(f"{MONDAY}T08:40")):
        stranger = sign_in("C1", "recipient_admin", "YY")
        assert stranger.get(f"{API}/nudges/{house.ids['P1']}").status_code == 404
        assert sign_in("P2", "doctor").get(f"{API}/nudges/{house.ids['P1']}").status_code == 403
