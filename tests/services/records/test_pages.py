"""/sup/records: plain forms that work without script; a mistake is told beside its field and nothing is lost."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from services.records.domain import catalogue
from services.records.service import SERVICE
from shared import clock
from shared.access import lookup as access
from shared.access import store
from shared.http.app import create_web
from shared.service import Runtime
from tests.factories.directory import bearer, id_of
from tests.services.records.desk import NOON, PDF, about, body, entries, file, who
from tests.services.records.every_kind import EVERY


@pytest.fixture
def app(rt: Runtime):
    with clock.at(NOON):
        yield create_web(rt, [SERVICE])


def browser(app: Any, rt: Runtime, person: str) -> Any:
    """A signed-in browser."""
    bearer(rt, person)
    with rt.db.transaction() as session:
        account = access.account_by_person(session, id_of(rt, "person", person))
        secret = store.open_session(session, account.id)
    client = app.test_client()
    client.set_cookie("zd_session", secret)
    return client


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found, name
    return found[1]


def send(client: Any, address: str, page: str, **fields: Any) -> Any:
    given = {"csrf_token": hidden(page, "csrf_token"), **fields}
    return client.post(address, data=given, content_type="multipart/form-data")


def fill(value: Any) -> Any:
    """A value as a form sends it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "\n".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else value


@pytest.mark.parametrize("slug", EVERY)
def test_every_kind_is_filed_by_its_form(app: Any, rt: Runtime, slug: str):
    person, _, subject, fields = EVERY[slug]
    client, address = browser(app, rt, person), f"/sup/records/new/{slug}"
    page = client.get(address).text
    for one in catalogue.BY_SLUG[slug].fields:
        assert f">{one.label}" in page
    sent = {name: fill(value) for name, value in fields.items()}
    done = send(client, address, page, about=about(rt, *subject), client_event_id=hidden(page, "client_event_id"), **sent)
    assert done.status_code == 303, re.findall(r'zd-typed__error[^>]*>([^<]+)', done.text)
    shown = client.get(done.location)
    assert shown.status_code == 200
    assert catalogue.BY_SLUG[slug].title in shown.text
    assert catalogue.BY_SLUG[slug].title in client.get("/sup/records").text


def test_sending_the_form_twice_files_once(app: Any, rt: Runtime):
    client, address = browser(app, rt, "R1"), "/sup/records/new/figures"
    page = client.get(address).text
    fields = {"about": about(rt, "recipient", "SQ"), "metric": "outpatient_emergency_visits", "period": "2026-10", "value": "7",
              "client_event_id": hidden(page, "client_event_id")}  # fmt: skip
    first, again = (send(client, address, page, **fields) for _ in range(2))
    assert first.location == again.location


def test_mistakes_come_back_beside_their_fields_with_what_was_filled_in(app: Any, rt: Runtime):
    client, address = browser(app, rt, "R1"), "/sup/records/new/checks"
    page, before = client.get(address).text, entries(rt)
    answer = send(client, address, page, about=about(rt, "recipient", "SQ"), metric="self_checks", date="2026-12-01", found="😀",
                  attachment_sha256_new=(io.BytesIO(PDF), "自查.pdf"))  # fmt: skip
    assert answer.status_code == 422
    assert "请写文字,只有符号或表情看不出内容" in answer.text
    assert "有 1 处需要修改,还没有保存" in answer.text
    assert 'value="2026-12-01"' in answer.text
    assert "已上传" in answer.text
    later = send(client, address, answer.text, about=about(rt, "recipient", "SQ"), metric="self_checks", date="2026-12-01", found="已查")
    assert "还没有到这一天" in later.text
    assert entries(rt) == before


def test_a_text_file_named_pdf_is_told_beside_the_field(app: Any, rt: Runtime):
    client, address = browser(app, rt, "R1"), "/sup/records/new/figures"
    page = client.get(address).text
    answer = send(client, address, page, about=about(rt, "recipient", "SQ"), metric="outpatient_emergency_visits",
                  period="2026-10", value="1", attachment_sha256_new=(io.BytesIO("名单".encode()), "门诊.pdf"))  # fmt: skip
    assert answer.status_code == 422
    assert "附件只能是 PDF、JPG 或 PNG 文件" in answer.text


def test_a_decision_is_taken_on_the_page_of_the_record_and_its_refusal_told_there(app: Any, rt: Runtime):
    filed = file(rt, who(rt, "A1", "supporter_admin"), "documents", body(about(rt, "pair"), **EVERY["documents"][3])).record
    client, address = browser(app, rt, "C1"), f"/sup/records/{filed.id}"
    page = client.get(address).text
    wrong = send(client, f"{address}/acknowledgement", page, decision="returned", by="county", date="2026-11-02")
    assert (wrong.status_code, "请写明原因" in wrong.text) == (422, True)
    done = send(client, f"{address}/acknowledgement", page, decision="acknowledged", by="county", date="2026-11-02", number="12号")
    assert done.status_code == 303
    shown = client.get(address).text
    assert "已收件" in shown
    assert "12号" in shown
    assert "acknowledgement" not in shown, "nothing is left to decide"


def test_the_list_is_filtered_by_kind_and_state_and_stays_in_scope(app: Any, rt: Runtime):
    filed = file(rt, who(rt, "R1", "recipient_admin"), "stays", body(about(rt, "pair"), **EVERY["stays"][3])).record
    client = browser(app, rt, "A1")
    assert filed.id in client.get("/sup/records?kind=stays&state=recorded").text
    assert filed.id not in client.get("/sup/records?kind=figures").text
    assert filed.id not in client.get("/sup/records?state=superseded").text
    assert filed.id not in browser(app, rt, "C2").get("/sup/records").text
    assert browser(app, rt, "C2").get(f"/sup/records/{filed.id}").status_code == 404


def test_a_form_of_another_role_is_refused_and_a_form_without_its_csrf_value_too(app: Any, rt: Runtime):
    client = browser(app, rt, "D1")
    assert client.get("/sup/records/new/payments").status_code == 403
    assert client.get("/sup/records/new/nonsense").status_code == 404
    assert client.post("/sup/records/new/activities", data={"about": "x"}).status_code == 403


def test_no_finding_about_him_is_shown_to_a_physician(app: Any, rt: Runtime):
    filed = file(rt, who(rt, "R1", "recipient_admin"), "findings", body(about(rt, "posting", "P1"), **EVERY["findings"][3])).record
    assert browser(app, rt, "D1").get(f"/sup/records/{filed.id}").status_code == 404
    assert browser(app, rt, "A1").get(f"/sup/records/{filed.id}").status_code == 200
