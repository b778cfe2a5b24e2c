"""What offices record and decide by the desk pages without script: each form ends as the fact its API would write."""

from __future__ import annotations

import datetime as dt
import secrets

import pytest
from flask.testing import FlaskClient

from checkin.service import SERVICE as CHECKIN
from services.identity.service import SERVICE as IDENTITY
from services.progress.service import SERVICE as PROGRESS
from services.records.service import SERVICE as RECORDS
from services.roster.service import SERVICE as ROSTER
from shared import clock, files
from shared.access import lookup, store
from shared.http.app import create_web
from shared.http.auth import SESSION_COOKIE
from shared.service import Runtime
from tests.checkin.browser import text
from tests.checkin.scene import counts, doctor, id_of, new_rows
from tests.checkin.usecases.asking import EVENING, asked, drain, facts_of, office
from tests.checkin.usecases.tapping import tapped

NOON = dt.datetime(2026, 11, 23, 12, 30, tzinfo=clock.SHANGHAI)


def page(rt: Runtime, person: str = "R1", role: str = "recipient_admin", at: dt.datetime = EVENING) -> FlaskClient:
    """The browser of somebody in a role, signed in."""
    client, who = create_web(rt, [CHECKIN, IDENTITY, PROGRESS, RECORDS, ROSTER]).test_client(), office(rt, person, role)
    with clock.at(at), rt.db.transaction() as session:
        account = lookup.account_by_person(session, who.person_id) or store.add_account(session, who.person_id, secrets.token_hex(8))
        store.set_grants(session, account.id, who.grants)
        client.set_cookie(SESSION_COOKIE, store.open_session(session, account.id))
    return client


def send(client: FlaskClient, path: str, at: dt.datetime = EVENING, form: str | None = None, **fields: object):
    """Open the page that has the form, and send it with its CSRF value."""
    with clock.at(at):
        shown = text(client.get(form or path))
        token = shown.partition('name="csrf_token" value="')[2].partition('"')[0]
        return client.post(path, data={"csrf_token": token, "client_event_id": secrets.token_hex(16), **fields})


@pytest.fixture
def person(rt: Runtime) -> str:
    """The address of D1's posting."""
    return f"/sup/people/{id_of(rt, 'posting', 'P1')}"


def test_a_note_a_substitute_and_ordered_work_are_recorded_and_shown(rt: Runtime, person: str) -> None:
    client = page(rt)
    assert "请填写" in text(send(client, f"{person}/note", service_date="2026-11-23", sessions="am", text=" "))
    assert send(client, f"{person}/note", service_date="2026-11-23", sessions="am", text="停电").status_code == 303
    done = send(client, f"{person}/substitution", substitute_id=id_of(rt, "person", "D2"), sessions="pm", **{"from": "2026-11-23"})
    assert done.status_code == 303, text(done)
    said = {"kind": "government", "doc_no": "卫函9号", "issuer": "区卫健委", "issuer_level": "county", "from": "2026-11-24", "to": "2026-11-24"}
    assert "请填写" in text(send(client, f"{person}/ordered", **{**said, "doc_no": ""}))
    assert send(client, f"{person}/ordered", **said).status_code == 303
    drain(rt)
    with clock.at(EVENING):
        shown = text(client.get(f"{person}?month=2026-11"))
    assert "上午说明:停电" in shown
    assert "下午由何清越替班" in shown
    assert "待县级卫健部门处理" in shown
    assert [fact.kind for fact in facts_of(rt, "day.noted", "substitution.recorded", "ordered_work.filed")] == [
        "day.noted", "substitution.recorded", "ordered_work.filed"]  # fmt: skip


def test_a_visit_confirms_the_record_of_the_day_or_becomes_a_note(rt: Runtime, person: str) -> None:
    tap = tapped(rt).row
    county = page(rt, "C1", "county_officer")
    done = send(county, f"{person}/visit", date="2026-11-23", targets=tap.id)
    assert done.status_code == 303, text(done)
    assert facts_of(rt, "attendance.countersigned")[-1].payload["statement"] == "visit"
    with clock.at(EVENING):
        assert "您已确认" in text(county.get(f"{person}/visit?date=2026-11-23"))
        assert "走访情况由医院写说明" in text(county.get(f"{person}/visit?date=2026-11-20"))
    hospital = page(rt)
    empty = f"{person}/visit?date=2026-11-20"
    assert send(hospital, f"{person}/visit", form=empty, date="2026-11-20", sessions="am", text="门诊停诊").status_code == 303
    assert facts_of(rt, "day.noted")[-1].payload["text"] == "门诊停诊"


def test_who_is_where_now_counts_the_recorded_and_the_unrecorded(rt: Runtime) -> None:
    tapped(rt)
    drain(rt, NOON)
    with clock.at(NOON):
        shown = text(page(rt, at=NOON).get("/sup/people"))
    assert "07:52 签到" in shown
    assert "未记录到" in shown


def test_a_red_flag_is_the_countys_and_wants_a_reason(rt: Runtime) -> None:
    tap = tapped(rt, site="SQ2").row
    drain(rt)
    with clock.at(EVENING):
        assert "由县级卫健部门处理" in text(page(rt).get("/sup/flags"))
    county = page(rt, "C1", "county_officer")
    path = f"/sup/flags/{tap.id}"
    assert "请写明原因" in text(send(county, path, form="/sup/flags", flag="code_foreign", decision="dismissed", note=""))
    assert send(county, path, form="/sup/flags", flag="code_foreign", decision="dismissed", note="临时调配").status_code == 303
    assert facts_of(rt, "flag.decided")[-1].payload["decision"] == "dismissed"
    with clock.at(EVENING):
        assert "不影响,照常计入" in text(county.get("/sup/flags"))


def test_an_objection_is_filed_and_decided_by_somebody_else(rt: Runtime, person: str) -> None:
    assert send(page(rt), f"{person}/objection", target="month:2026-11", reason_code="figure_wrong", text="合计不符").status_code == 303
    filed = facts_of(rt, "objection.filed")[-1].payload["objection_id"]
    county = page(rt, "C1", "county_officer")
    path = f"/sup/objections/{filed}"
    assert send(county, path, form="/sup/objections", decision="rejected", note="").status_code == 422
    assert send(county, path, form="/sup/objections", decision="rejected", note="已核对").status_code == 303
    assert facts_of(rt, "objection.decided")[-1].payload["note"] == "已核对"


def test_a_place_takes_two_hands_an_outage_ends_and_witnesses_are_named(rt: Runtime) -> None:
    clinic = f"/sup/clinics/{id_of(rt, 'clinic', 'SQ2')}"
    hospital, county = page(rt), page(rt, "C1", "county_officer")
    assert "填写不对" in text(send(hospital, f"{clinic}/place", lat_e6="x", lon_e6="113.2", crs="wgs84", how="survey"))
    assert send(hospital, f"{clinic}/place", lat_e6="35.25", lon_e6="113.24", crs="wgs84", how="survey").status_code == 303
    with clock.at(EVENING):
        shown = text(county.get(clinic))
    assert "待县级确认:35.250000,113.240000" in shown
    proposal = shown.partition('name="proposal" value="')[2].partition('"')[0]
    assert send(county, f"{clinic}/approval", form=clinic, proposal=proposal).status_code == 303
    span = {"from_at": "2026-11-23T18:00", "to_at": "2026-11-25T18:00"}
    assert send(hospital, f"{clinic}/outage", kind="power", **span).status_code == 303
    with clock.at(EVENING):
        shown = text(hospital.get(clinic))
    end = shown.partition(f'action="{clinic}/outages/')[2].partition('"')[0]
    assert send(hospital, f"{clinic}/outages/{end}", form=clinic).status_code == 303
    assert send(hospital, f"{clinic}/rota", witnesses=id_of(rt, "person", "R1")).status_code == 303
    with clock.at(EVENING):
        shown = text(hospital.get(clinic))
    assert "11-23 18:00 至 11-23 20:00" in shown
    assert "现在已恢复" not in shown
    assert "由县级卫健部门审批" in shown


def test_attachments_are_read_by_who_decides_and_by_nobody_else(rt: Runtime) -> None:
    with rt.db.transaction() as session:
        files.store(session, rt.settings.files, b"%PDF-1.4 %%EOF", media_type="application/pdf", original_sha256="ab" * 32,
                    owner=doctor(rt).person_id)  # fmt: skip
    row = asked(rt, attachment_sha256=["ab" * 32])
    path = f"/api/checkin/requests/{row.id}/attachments/{'ab' * 32}"
    with clock.at(EVENING):
        given = page(rt).get(path)
        assert (given.status_code, given.data, given.mimetype) == (200, b"%PDF-1.4 %%EOF", "application/pdf")
        assert given.headers["Cache-Control"] == "no-store"
        assert given.headers["Content-Disposition"].startswith("attachment")
        assert page(rt, "A1", "supporter_admin").get(path).status_code == 404
        assert page(rt, "D1", "doctor").get(path).status_code == 403
        assert page(rt).get(path.replace("ab" * 32, "cd" * 32)).status_code == 404


def test_no_page_writes_when_it_is_opened(rt: Runtime, person: str) -> None:
    client, before = page(rt), counts(rt)
    clinic = f"/sup/clinics/{id_of(rt, 'clinic', 'SQ1')}"
    forms = ("note", "visit", "ordered", "arrival", "correction", "objection", "substitution", "closing")
    paths = ("/sup/people?all=1", person, "/sup/flags?all=1", "/sup/objections", "/sup/handovers", "/sup/clinics", clinic, f"{clinic}/posters")
    with clock.at(EVENING):
        for path in (*paths, *(f"{person}/{form}" for form in forms), *(f"{clinic}/{form}" for form in ("place", "outage", "rota"))):
            assert client.get(path).status_code == 200, path
    assert new_rows(before, counts(rt)) == {}
