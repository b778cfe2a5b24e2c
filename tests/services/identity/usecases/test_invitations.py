"""One-time links: 128 bit, 72 hours, single use; a weak password leaves the link open."""

import datetime as dt

import pytest

from services.identity.usecases import accounts, invitations, sign_in
from services.identity.usecases.accounts import PasswordWeak
from services.identity.usecases.invitations import InvitationOver
from shared import clock
from shared.access import lookup
from shared.problems import NotFound
from tests.services.identity.people import PASSWORD, PHONE, member, person


@pytest.fixture
def invited(rt):
    """A person of the roster with an account and no password."""
    person_id = person(rt)
    with rt.db.transaction() as session:
        accounts.sync(session, {person_id})
    return person_id


def secret_of(link: str) -> str:
    return link.rpartition("/i/")[2]


def test_the_link_sets_the_password_and_signs_in(rt, invited):
    link = invitations.invite(rt, PHONE)
    assert link.startswith(f"{rt.settings.public_base_url}/i/")
    assert len(secret_of(link)) == 22  # 128 bit in base64url
    assert invitations.accept(rt, secret_of(link), PASSWORD).principal.person_id == invited
    assert sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1").principal.person_id == invited


def test_the_page_greets_by_name_and_hospital(rt, invited):
    secret = secret_of(invitations.invite(rt, PHONE))
    with rt.db.read() as session:
        found = invitations.invited(session, None, secret)
    assert (found.name, found.hospital) == ("王医生", "县人民医院")


def test_a_used_link_is_over(rt, invited):
    secret = secret_of(invitations.invite(rt, PHONE))
    invitations.accept(rt, secret, PASSWORD)
    with pytest.raises(InvitationOver):
        invitations.accept(rt, secret, "another-password-1")
    assert sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1").principal.person_id == invited


def test_a_link_is_over_after_72_hours(rt, invited):
    start = clock.now()
    with clock.at(start):
        secret = secret_of(invitations.invite(rt, PHONE))
    with clock.at(start + dt.timedelta(hours=72)), pytest.raises(InvitationOver):
        invitations.accept(rt, secret, PASSWORD)
    with clock.at(start + dt.timedelta(hours=72, seconds=-1)):
        assert invitations.accept(rt, secret, PASSWORD).principal.person_id == invited


def test_an_unknown_link_is_over(rt, invited):
    with pytest.raises(InvitationOver):
        invitations.accept(rt, "A" * 22, PASSWORD)


def test_a_new_link_ends_the_one_before(rt, invited):
    first, second = (secret_of(invitations.invite(rt, PHONE)) for _ in range(2))
    with pytest.raises(InvitationOver):
        invitations.accept(rt, first, PASSWORD)
    assert invitations.accept(rt, second, PASSWORD).secret


def test_a_weak_password_leaves_the_link_open(rt, invited):
    secret = secret_of(invitations.invite(rt, PHONE))
    with pytest.raises(PasswordWeak) as refused:
        invitations.accept(rt, secret, "12345678")
    assert refused.value.title_text() == "密码不合要求:太常见,容易被猜到"
    assert invitations.accept(rt, secret, PASSWORD).secret


def test_a_new_password_ends_the_sessions_of_the_old_one(rt):
    member(rt)
    old = sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1")
    invitations.accept(rt, secret_of(invitations.invite(rt, PHONE)), "another-password-1")
    with rt.db.read() as session:
        assert lookup.principal_for_session(session, old.secret) is None


def test_nobody_is_invited_for_an_unknown_number_or_a_closed_account(rt, invited):
    with pytest.raises(NotFound):
        invitations.invite(rt, "13911111111")
    secret = secret_of(invitations.invite(rt, PHONE))
    accounts.disable(rt, PHONE)
    with pytest.raises(NotFound):
        invitations.invite(rt, PHONE)
    with pytest.raises(InvitationOver):
        invitations.accept(rt, secret, PASSWORD)
