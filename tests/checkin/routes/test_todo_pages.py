"""The pages /sup/todo without script: one by its form, several with one tap, refusals and conflicts on the page."""

from __future__ import annotations

import re
import secrets

from flask.testing import FlaskClient

from checkin.service import SERVICE as CHECKIN
from services.identity.service import SERVICE as IDENTITY
from services.progress.service import SERVICE as PROGRESS
from services.records.service import SERVICE as RECORDS
from shared import clock
from shared.access import lookup, store
from shared.http.app import create_web
from shared.http.auth import SESSION_COOKIE
from shared.service import Runtime
from tests.checkin.browser import text
from tests.checkin.scene import counts, new_rows
from tests.checkin.usecases.asking import EVENING, asked, drain, facts_of, office


def application(rt: Runtime) -> FlaskClient:
    """A browser of checkin with 待办 and attachments."""
    return create_web(rt, [CHECKIN, IDENTITY, PROGRESS, RECORDS]).test_client()


def page(rt: Runtime, person: str = "R1", role: str = "recipient_admin") -> FlaskClient:
    """The browser of an office, signed in; the account may be there already."""
    client, who = application(rt), office(rt, person, role)
    with clock.at(EVENING), rt.db.transaction() as session:
        account = lookup.account_by_person(session, who.person_id) or store.add_account(session, who.person_id, secrets.token_hex(8))
        store.set_grants(session, account.id, who.grants)
        client.set_cookie(SESSION_COOKIE, store.open_session(session, account.id))
    return client


def fields(html: str) -> dict[str, str]:
    """The hidden fields of a page."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))


def test_an_office_decides_one_by_its_form(rt: Runtime) -> None:
    client = page(rt)
    row = asked(rt, text="忘了", sessions=["am", "pm"])
    drain(rt)
    with clock.at(EVENING):
        listed, shown = text(client.get("/sup/todo")), text(client.get(f"/sup/todo/{row.id}"))
        done = client.post(f"/sup/todo/{row.id}", data={**fields(shown), "decision": "approved"})
        after = text(client.get(done.location))
    assert "林知远 · 补签" in listed
    assert "补后连续派驻" in listed
    assert "今天提交" in listed
    assert "11月23日 上午" in shown
    assert done.status_code == 303
    assert "已处理" in after
    assert "都处理完了。上次处理 11月23日 20:00" in after
    fact = facts_of(rt, "correction.decided")[-1].payload
    assert (fact["decision"], fact["shown_at"]) == ("approved", clock.iso(EVENING))


def test_a_refusal_without_reason_and_a_conflict_are_told_on_the_page(rt: Runtime) -> None:
    client, row = page(rt), asked(rt)
    with clock.at(EVENING):
        shown = fields(text(client.get(f"/sup/todo/{row.id}")))
        refused = client.post(f"/sup/todo/{row.id}", data={**shown, "decision": "rejected", "note": " "})
        client.post(f"/sup/todo/{row.id}", data={**shown, "decision": "rejected", "note": "无依据"})
        conflict = client.post(f"/sup/todo/{row.id}", data={**shown, "decision": "approved"})
        again = text(client.get(f"/sup/todo/{row.id}"))
        changed = client.post(f"/sup/todo/{row.id}", data={**fields(again), "decision": "approved"})
    assert refused.status_code == 422
    assert "请写明原因" in text(refused)
    assert conflict.status_code == 409
    assert "已被 苏文简 于 11-23 20:00 处理" in text(conflict)
    assert "再次处理会替代之前的决定" in again
    assert changed.status_code == 303


def test_several_are_chosen_confirmed_and_decided(rt: Runtime) -> None:
    client = page(rt)
    rows = [asked(rt, EVENING).id for _ in range(3)]
    drain(rt)
    with clock.at(EVENING):
        boxes = text(client.get("/sup/todo?many=all"))
        sure = client.get("/sup/todo/confirm", query_string=[("id", name) for name in rows])
        other = page(rt, "A1", "supporter_admin")
        assert "确认 0 项" in text(other.get("/sup/todo/confirm", query_string=[("id", rows[0])]))
        done = client.post("/sup/todo", data={**fields(text(sure)), "id": [*rows, "none"]})
    assert boxes.count(" checked") == 3
    assert "确认同意 3 项" in text(sure)
    assert text(done).count("✓ 同意") == 3
    assert "另有 1 项" in text(done)


def test_own_requests_and_other_offices_are_404_and_no_get_writes(rt: Runtime) -> None:
    row, client = asked(rt), page(rt)
    drain(rt)
    before = counts(rt)
    with clock.at(EVENING):
        for path in ("/sup/todo", "/sup/todo?many=1", "/sup/todo/confirm?id=" + row.id, f"/sup/todo/{row.id}"):
            assert client.get(path).status_code == 200
        assert page_status(page(rt, "A1", "supporter_admin"), row.id) == 404
    grown = new_rows(before, counts(rt))
    assert set(grown) <= {"account", "grant", "session", "audit_row"}, "the other office signing in"


def page_status(client: FlaskClient, name: str) -> int:
    """What an office gets for a request."""
    return client.get(f"/sup/todo/{name}").status_code
