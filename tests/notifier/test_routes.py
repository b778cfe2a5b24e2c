"""The inbox over HTTP: the reader's own messages only."""

import pytest

from notifier.service import SERVICE
from shared import clock
from shared.access import store as access
from shared.http.app import create_web
from shared.roles import Grant
from tests.notifier.conftest import wall

INBOX = "/api/notifier/inbox"


@pytest.fixture
def client(house):
    """A client for the physician of a posting, with a bearer token."""
    app = create_web(house.rt, [SERVICE])

    def sign_in(posting):
        with house.rt.db.transaction() as session:
            account = access.add_account(session, house.people[posting], f"1390000{posting[1]:0>4}")
            access.set_grants(session, account.id, [Grant("doctor", None)])
            token, _ = access.open_token(session, account.id)
        found = app.test_client()
        found.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return found

    return sign_in


def test_messages_come_newest_first_page_by_page(house, client):
    for day in ("12", "13", "14"):
        house.tick(f"2026-10-{day}T08:20")
    p1, titles, cursor = client("P1"), [], ""
    while cursor is not None:
        answer = p1.get(f"{INBOX}?limit=2{f'&cursor={cursor}' if cursor else ''}").json
        titles += [item["created_at"] for item in answer["items"]]
        cursor = answer["next_cursor"]
    assert titles == [clock.iso(wall(f"2026-10-{day}T08:20")) for day in ("14", "13", "12")]


def test_a_message_says_what_why_and_whether_it_was_done(house, client):
    house.tick("2026-10-12T08:20")
    p1 = client("P1")
    (item,) = p1.get(INBOX).json["items"]
    assert item["title"] == "上午还没有签到记录"
    assert item["why"].startswith("10月12日上午")
    assert (item["url"], item["read_at"], item["done_at"], item["state"]) == ("/app/today", None, None, None)
    house.tap("P1", "2026-10-12T08:25")
    house.folded("P1", "2026-10-12", "2026-10-12T08:26")
    (item,) = p1.get(INBOX).json["items"]
    assert item["state"] == "已完成"


def test_reading_marks_once_and_only_the_own_message(house, client):
    house.tick("2026-10-13T08:20")
    p1, p2 = client("P1"), client("P2")
    (mine,), (theirs,) = p1.get(INBOX).json["items"], p2.get(INBOX).json["items"]
    first = p1.post(f"{INBOX}/{mine['id']}/read")
    again = p1.post(f"{INBOX}/{mine['id']}/read")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json["read_at"] == again.json["read_at"] is not None
    for foreign in (theirs["id"], "nothing"):
        refused = p1.post(f"{INBOX}/{foreign}/read")
        assert (refused.status_code, refused.json["slug"]) == (404, "not-found")
    assert p2.get(INBOX).json["items"][0]["read_at"] is None


def test_the_inbox_asks_who_is_reading(house):
    app = create_web(house.rt, [SERVICE]).test_client()
    assert app.get(INBOX).status_code == 401
    assert app.post(f"{INBOX}/x/read").status_code in (401, 403)


def test_a_cursor_of_somebody_elses_making_is_refused(house, client):
    assert client("P1").get(f"{INBOX}?cursor=abc").status_code == 422


def test_an_account_without_a_person_has_an_empty_inbox(house):
    app = create_web(house.rt, [SERVICE]).test_client()
    with house.rt.db.transaction() as session:
        account = access.add_account(session, None, "13900009999")
        access.set_grants(session, account.id, [Grant("system_admin", None)])
        token, _ = access.open_token(session, account.id)
    answer = app.get(INBOX, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json) == (200, {"items": [], "next_cursor": None})
