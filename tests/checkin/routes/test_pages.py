"""The scan page as a browser without script meets it: GET writes nothing, one press records and shows the receipt."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from checkin.models import Attendance, Poster
from services.identity.usecases import accounts
from shared import clock
from shared.http.auth import SESSION_COOKIE
from shared.ids import new_id
from shared.service import Runtime
from tests.checkin.browser import Form, application, sign_in, text
from tests.checkin.scene import (
    MORNING,
    clinic,
    counts,
    end_posting,
    new_rows,
    shown_k,
)  # fmt: skip

PASSWORD = "mountain-spring-7"


@pytest.fixture
def client(rt: Runtime) -> Iterator[FlaskClient]:
    """A browser, on the morning of a Monday."""
    with clock.at(MORNING):
        yield application(rt)


def address(rt: Runtime, code: str = "SQ1", *, k: str | None = None) -> str:
    return f"/c/{clinic(rt, code).site_token}" + (f"?k={k}" if k else "")


def rows(rt: Runtime) -> list[Attendance]:
    with rt.db.read() as session:
        found = list(session.scalars(sa.select(Attendance).order_by(Attendance.seq)))
        session.expunge_all()
        return found


def test_the_page_shows_clinic_time_and_the_derived_action(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client)
    response = client.get(address(rt, k=shown_k(rt, MORNING)))
    shown, form = text(response), Form(text(response))
    assert response.status_code == 200
    assert "柳岸社区卫生服务中心" in shown
    assert "11月23日 周一 07:52" in shown
    assert form.buttons["in"] == "签到(上午)"
    assert "改为签退" in form.buttons["out"]
    assert 'data-code-state="fresh"' in shown
    assert re.fullmatch(r"[0-9a-f]{32}", form.fields["client_event_id"])
    assert form.fields["ticket"]
    assert response.headers["Cache-Control"] == "no-store"


def test_get_writes_nothing(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client)
    before = counts(rt)
    for path in (address(rt), address(rt, k=shown_k(rt, MORNING)), address(rt, k="nonsense"), "/c/unknown",
                 f"/screen/{clinic(rt).screen_token}", f"/screen/{clinic(rt).screen_token}/code"):  # fmt: skip
        client.get(path)
    assert new_rows(before, counts(rt)) == {}


def test_u02_one_press_records_and_shows_the_receipt(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client)
    page = address(rt, k=shown_k(rt, MORNING))
    form = Form(text(client.get(page)))
    with clock.at(MORNING + dt.timedelta(seconds=4)):
        response = client.post(page, data={**form.fields, "direction": "in"})
    shown = text(response)
    assert response.status_code == 201
    row = rows(rt)[0]
    assert (row.direction, row.strength, row.effective_at) == ("in", "fresh", MORNING)
    for wanted in (
        "签到已收到", "07:52:04", "签到(上午)", f"第 {row.seq} 条", "证据较弱,需他人确认后计入:没有绑定本人手机", "已签到,未取得位置(您没有勾选)",
        "柳岸社区卫生服务中心"):
        assert wanted in shown
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", shown)
    assert "/app/work?date=2026-11-23&amp;session=am" in shown


def test_a_second_press_shows_the_first_receipt_as_success(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client)
    form = Form(text(client.get(address(rt))))
    first = client.post(address(rt), data={**form.fields, "direction": "in"})
    again = client.post(address(rt), data={**form.fields, "direction": "in"})
    other = Form(text(client.get(address(rt))))
    reloaded = client.post(address(rt), data={**other.fields, "direction": "in"})  # a new page, within the minute
    codes = {re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}", text(response))[0] for response in (first, again, reloaded)}
    assert [response.status_code for response in (first, again, reloaded)] == [201, 200, 200]
    assert len(codes) == 1
    assert "已收到(之前已提交)" in text(again)
    assert "已收到(之前已提交)" in text(reloaded)
    assert len(rows(rt)) == 1


def test_the_other_button_is_recorded_as_flipped(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client)
    form = Form(text(client.get(address(rt))))
    client.post(address(rt), data={**form.fields, "direction": "out"})
    assert [(row.direction, row.direction_source) for row in rows(rt)] == [("out", "flipped")]


def test_after_check_in_the_page_offers_check_out(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client)
    form = Form(text(client.get(address(rt))))
    client.post(address(rt), data={**form.fields, "direction": "in"})
    with clock.at(MORNING.replace(hour=12, minute=1)):
        assert next(iter(Form(text(client.get(address(rt)))).buttons)) == "out"


@pytest.mark.parametrize(("seconds", "state", "notice"), [
    (0, "fresh", None), (-15, "fresh", None),
    (-30, "stale", "码已更新,请再扫一次,或直接签到(证据较弱)"), (15, "stale", "码已更新,请再扫一次,或直接签到(证据较弱)"),
])  # fmt: skip
def test_a_code_is_fresh_for_its_slot_and_one_more(
    rt: Runtime, client: FlaskClient, seconds: int, state: str, notice: str | None
) -> None:
    sign_in(rt, client)
    shown = text(client.get(address(rt, k=shown_k(rt, MORNING + dt.timedelta(seconds=seconds)))))
    assert f'data-code-state="{state}"' in shown
    assert bool(Form(shown).fields["ticket"]) is (state == "fresh")
    assert notice is None or notice in shown


def test_a_poster_page_has_no_ticket_and_records_with_poster_strength(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client)
    form = Form(text(client.get(address(rt))))
    assert form.fields["ticket"] == ""
    client.post(address(rt), data={**form.fields, "direction": "in"})
    assert rows(rt)[0].strength == "poster"


def test_a_ticket_forwarded_to_another_browser_is_marked(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client)
    fields = Form(text(client.get(address(rt, k=shown_k(rt, MORNING))))).fields
    other = application(rt)
    sign_in(rt, other, "D2")
    own = Form(text(other.get(address(rt)))).fields
    other.post(address(rt), data={**own, "ticket": fields["ticket"], "direction": "in"})
    assert [(row.strength, row.flags) for row in rows(rt)] == [("poster", ["install_mismatch"])]


@pytest.mark.parametrize("session", ["none", "expired"])
def test_without_a_session_the_form_passes_through_sign_in_and_keeps_its_time(
    rt: Runtime, client: FlaskClient, session: str
) -> None:
    who = sign_in(rt, client)
    accounts.set_password(rt, who.person_id or "", PASSWORD)
    if session == "none":
        client.delete_cookie(SESSION_COOKIE)
    page = address(rt, k=shown_k(rt, MORNING))
    first = Form(text(client.get(page)))
    client.delete_cookie(SESSION_COOKIE)
    before = counts(rt)
    asked = client.post(page, data={**first.fields, "direction": "in"}, follow_redirects=True)
    assert asked.status_code == 401
    assert {name for name in new_rows(before, counts(rt)) if name != "audit_row"} == set()
    login = Form(text(asked))
    with clock.at(MORNING + dt.timedelta(minutes=3)):
        signed = client.post(login.action or asked.request.path, data={**login.fields, "phone": "13900000001", "password": PASSWORD})
        carried = Form(text(signed))
        assert carried.fields["client_event_id"] == first.fields["client_event_id"]
        done = client.post(carried.action, data=carried.fields)
    assert done.status_code == 201
    assert [(row.strength, row.effective_at, row.direction) for row in rows(rt)] == [("fresh", MORNING, "in")]


def test_without_a_posting_the_page_and_the_press_say_so(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client)
    end_posting(rt, "P1", dt.date(2026, 11, 20))
    shown = client.get(address(rt))
    assert "您当前没有派驻任务" in text(shown)
    response = client.post(address(rt), data={**Form(text(shown)).fields, "direction": "in"})
    assert response.status_code == 409
    assert "您当前没有派驻任务,未能签到(已留下扫码记录)" in text(response)
    assert rows(rt) == []


def test_a_foreign_clinics_page_says_so_and_records(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client)
    shown = text(client.get(address(rt, "SQ2")))
    assert "这是 柳岸东站 的码,不在您的派驻医疗点。仍可签到,处理前暂不计入" in shown
    response = client.post(address(rt, "SQ2"), data={**Form(shown).fields, "direction": "in"})
    assert "有疑点,处理前暂不计入" in text(response)
    assert rows(rt)[0].flags == ["code_foreign"]


def test_a_revoked_poster_says_so_and_records(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client)
    digest = hashlib.sha256(clinic(rt).site_token.encode()).hexdigest()
    with rt.db.transaction() as session:
        session.add(Poster(id=new_id(), clinic_id=clinic(rt).id, token_sha256=digest, issued_at=MORNING, issued_by=None,
                           pdf_sha256="0" * 64, png_sha256="0" * 64, revoked_at=MORNING))  # fmt: skip
    shown = text(client.get(address(rt)))
    assert "此码已停用。仍可签到,但处理前暂不计入" in shown
    client.post(address(rt), data={**Form(shown).fields, "direction": "in"})
    assert rows(rt)[0].flags == ["code_revoked"]


def test_open_elsewhere_is_told(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client, "D2")
    client.post(address(rt, "SQ2"), data={**Form(text(client.get(address(rt, "SQ2")))).fields, "direction": "in"})
    shown = text(client.get(address(rt)))
    assert "您在柳岸东站还没有签退,可补签" in shown
    assert next(iter(Form(shown).buttons)) == "in"


def test_outside_every_session_is_told(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client)
    with clock.at(MORNING.replace(hour=21)):
        assert "现在不在出诊时段,仍可记录" in text(client.get(address(rt)))


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_address_is_not_found(rt: Runtime, client: FlaskClient, method: str) -> None:
    sign_in(rt, client)
    fields = Form(text(client.get(address(rt)))).fields
    response = client.get("/c/unknown") if method == "get" else client.post("/c/unknown", data={**fields, "direction": "in"})
    assert response.status_code == 404
    assert "没有找到这个码对应的医疗点,请扫门诊现场的码" in text(response)


@pytest.mark.parametrize("change", [{"client_event_id": "short"}, {"client_event_id": "G" * 32}, {"direction": "sideways"}])
def test_a_malformed_form_is_refused(rt: Runtime, client: FlaskClient, change: dict[str, str]) -> None:
    sign_in(rt, client)
    fields = Form(text(client.get(address(rt)))).fields
    response = client.post(address(rt), data={**fields, "direction": "in", **change})
    assert response.status_code == 422
    assert rows(rt) == []


def test_a_press_without_the_pages_own_value_is_refused(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client)
    fields = Form(text(client.get(address(rt)))).fields
    response = client.post(address(rt), data={**fields, "csrf_token": "0" * 64, "direction": "in"})
    assert response.status_code == 403
    assert rows(rt) == []


def test_an_administrator_records_nothing(rt: Runtime, client: FlaskClient) -> None:
    sign_in(rt, client, "R1", "recipient_admin")
    fields = Form(text(client.get(address(rt)))).fields
    assert client.post(address(rt), data={**fields, "direction": "in"}).status_code == 403
    assert rows(rt) == []


def test_the_screen_shows_a_code_that_the_page_takes_for_fresh(rt: Runtime, client: FlaskClient) -> None:
    token = clinic(rt).screen_token
    shown = text(client.get(f"/screen/{token}"))
    assert f"/screen/{token}/code" in shown
    code = client.get(f"/screen/{token}/code").json
    assert code is not None
    assert code["expires_in_ms"] == 15_000
    assert len(code["typed"]) == 8
    assert clinic(rt).site_token not in token
    assert 'data-code-state="fresh"' in text(client.get(code["url"].partition("8000")[2]))


def test_an_unknown_screen_is_not_found(client: FlaskClient) -> None:
    assert client.get("/screen/unknown").status_code == 404
    assert client.get("/screen/unknown/code").status_code == 404
