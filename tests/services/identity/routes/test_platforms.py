"""Sign-in through WeChat and WeCom at the emulator: bound once by an invitation, then without a password."""

import re
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from notifier.actors import JOBS
from notifier.models import Address
from services.identity.service import SERVICE
from services.identity.usecases import accounts, invitations
from services.identity.usecases.js_config import PlatformAway, config
from shared import outbox
from shared.access.models import BoundAccount
from shared.http.app import create_web
from shared.problems import InvalidBody
from tests.emulators.wechat.jssdk import checked
from tests.emulators.wechat.state import Fault, User
from tests.services.identity.people import PHONE, person

OWN = "http://127.0.0.1:8000"
AGENTS = {"oa": "MicroMessenger/8.0", "wecom": "wxwork/4.1 MicroMessenger/7.0"}


class Phone:
    """A phone inside WeChat: follows redirects between the product and the platform like its web view."""

    def __init__(self, rt, wechat, who: str = "o-wang") -> None:
        self.rt, self.wechat, self.who = rt, wechat, who
        self.client = create_web(rt, [SERVICE]).test_client()

    def open(self, path: str):
        """A page of the product, with whatever it leads to; stops at a page."""
        answer = self.client.get(path)
        for _ in range(6):
            place = answer.location
            if answer.status_code not in (301, 302, 303):
                return answer
            if place.startswith(self.wechat.url):
                place = self.back(place)
            answer = self.client.get(place.removeprefix(OWN))
            if answer.location == "/done":
                return answer
        raise AssertionError("a loop of redirects")

    def back(self, authorize: str) -> str:
        """Where the platform sends this person."""
        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_):
                return None

        opener = urllib.request.build_opener(Stay, urllib.request.ProxyHandler({}))
        try:
            opener.open(authorize.partition("#")[0] + f"&as={self.who}")
        except urllib.error.HTTPError as moved:
            return moved.headers["Location"]
        raise AssertionError("no redirect")

    def press(self, page, **fields):
        """The form of a page, with what a person typed."""
        kept = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
        return self.client.post("/app/bind", data={**kept, **fields})


@pytest.fixture
def site(connected, wechat):
    """The product and one person in WeChat and WeCom."""
    wechat.state.users.append(User("王医生", "o-wang", "U-Wang"))
    return connected()


def invite(rt) -> str:
    """A physician's open invitation."""
    person_id = person(rt)
    with rt.db.transaction() as session:
        accounts.sync(session, {person_id})
    return invitations.invite(rt, PHONE)


def bindings(rt):
    with rt.db.read() as session:
        return [(row.platform, row.external_id, row.ended_at is None) for row in session.scalars(sa.select(BoundAccount))]


@pytest.mark.parametrize(("platform", "external_id"), [("oa", "o-wang"), ("wecom", "U-Wang")])
def test_bound_once_by_an_invitation_then_signed_in_by_the_platform(site, wechat, platform, external_id):
    link = invite(site)
    phone = Phone(site, wechat)
    page = phone.open(f"/wx/{platform}/sign-in?next=/done")
    assert "邀请码" in page.text
    page = phone.press(page, invitation=link)
    assert "王医生" in page.text
    assert "县人民医院" in page.text
    assert bindings(site) == [], "nothing is bound before it was confirmed"
    answer = phone.press(page)
    assert (answer.status_code, answer.location) == (303, "/done")
    assert phone.client.get("/api/identity/me").json["person"]["name"] == "王医生"
    assert bindings(site) == [(platform, external_id, True)]
    outbox.drain(site, {job.name: job for job in JOBS}, strict=False)
    with site.db.read() as session:
        row = session.scalars(sa.select(Address)).one()
    assert (row.channel, row.external_id, row.state) == (platform, external_id, "ok")
    later = Phone(site, wechat)
    assert later.open(f"/wx/{platform}/sign-in?next=/done").location == "/done"
    assert later.client.get("/api/identity/me").json["person"]["name"] == "王医生"


def test_an_invitation_binds_one_account(site, wechat):
    wechat.state.users.append(User("别人", "o-other"))
    link = invite(site)
    for phone, bound in ((Phone(site, wechat), True), (Phone(site, wechat, "o-other"), False)):
        page = phone.press(phone.open("/wx/oa/sign-in"), invitation=link)
        assert ("确认是我" in page.text) is bound
        if bound:
            phone.press(page)
    assert bindings(site) == [("oa", "o-wang", True)]


def test_three_wrong_invitations_end_it(site, wechat):
    link = invite(site)
    phone = Phone(site, wechat)
    page = phone.open("/wx/oa/sign-in")
    for _ in range(3):
        assert phone.press(page, invitation="wrong").status_code == 404
    assert phone.press(page, invitation=link).status_code == 409


def test_the_back_button_goes_out_again_once_and_then_ends_on_a_page(site, wechat):
    phone = Phone(site, wechat)
    first = phone.client.get("/wx/oa/sign-in").location
    back = phone.back(first).removeprefix(OWN)
    assert phone.client.get(back).location == "/app/bind"
    cookie = back.partition("state=")[2].partition("&")[0]
    phone.client.set_cookie("zd_platform", cookie)
    again = phone.client.get(back)
    assert again.location.startswith(wechat.url), "a fresh authorize"
    wechat.state.used_codes.update(wechat.state.codes)
    second = phone.back(again.location).removeprefix(OWN)
    wechat.state.used_codes.add(second.partition("code=")[2])
    answer = phone.client.get(second)
    assert answer.status_code == 409, "no loop, a page"
    assert len(wechat.calls("/sns/oauth2/access_token")) == 2


@pytest.mark.parametrize(("platform", "user", "slug"), [
    ("oa", {"snapshot": True}, "使用完整服务"), ("wecom", {"userid": None}, "您不在本企业通讯录"),
])  # fmt: skip
def test_whoever_is_nobody_is_told_so(site, wechat, platform, user, slug):
    vars(wechat.state.users[0]).update(user)
    answer = Phone(site, wechat).open(f"/wx/{platform}/sign-in")
    assert answer.status_code == 409
    assert slug in answer.text


def test_a_refusal_and_a_foreign_state_end_on_a_page(site, wechat):
    refused = Phone(site, wechat, "-")
    assert refused.open("/wx/oa/sign-in").status_code == 409
    phone, other = Phone(site, wechat), Phone(site, wechat)
    back = phone.back(phone.client.get("/wx/oa/sign-in").location).removeprefix(OWN)
    assert other.client.get(back).status_code == 409, "another browser's state signs nobody in"
    assert wechat.calls("/sns/oauth2/access_token") == []


def test_a_page_elsewhere_is_never_gone_to(site, wechat):
    invite(site)
    answer = Phone(site, wechat).client.get("/wx/oa/sign-in?next=https://evil.example/")
    assert urlsplit(answer.location).netloc == urlsplit(wechat.url).netloc


def test_without_settings_there_is_no_button_and_no_door(rt):
    client = create_web(rt, [SERVICE]).test_client()
    assert client.get("/wx/oa/sign-in").status_code == 409
    assert "微信登录" not in client.get("/login").text


def test_the_sign_in_page_offers_what_surrounds_it(site):
    client = create_web(site, [SERVICE]).test_client()
    inside = client.get("/login?next=/app/week", headers={"User-Agent": AGENTS["wecom"]}).text
    assert "企业微信登录" in inside
    assert "/wx/wecom/sign-in?next=/app/week" in inside
    assert "/wx/oa/" not in inside


@pytest.mark.parametrize(("platform", "tickets"), [("oa", 1), ("wecom", 2)])
def test_a_page_is_signed_for_the_camera(site, wechat, platform, tickets):
    surroundings = {"oa": "wechat", "wecom": "wecom"}[platform]
    found = config(site, surroundings, f"{OWN}/app/scan#top")
    assert checked(wechat.state, found, f"{OWN}/app/scan") == tickets
    assert checked(wechat.state, found, f"{OWN}/app/today") == 0, "another page's signature is none"


def test_only_own_pages_are_signed(site):
    for url in ("https://evil.example/app/scan", f"{OWN}.evil.example/", ""):
        with pytest.raises(InvalidBody):
            config(site, "wechat", url)


def test_a_wrong_invitation_counts_at_the_last_step_too(site, wechat):
    link = invite(site)
    phone = Phone(site, wechat)
    page = phone.press(phone.open("/wx/oa/sign-in"), invitation=link)
    for _ in range(3):
        assert phone.press(page, invitation="wrong").status_code == 404
    assert phone.press(page).status_code == 409
    assert bindings(site) == []


def test_without_a_ticket_the_page_is_told_so_and_when_to_ask_again(site, wechat):
    wechat.state.faults.append(Fault("/cgi-bin/ticket/getticket", 99, {"errcode": -1}))
    with pytest.raises(PlatformAway) as away:
        config(site, "wechat", f"{OWN}/app/scan")
    assert (away.value.status, away.value.headers["Retry-After"]) == (503, "60")
