"""Accounts follow the roster: created, changed, never losing a password; one message worked twice changes nothing."""

import pytest
import sqlalchemy as sa

from services.identity.service import SERVICE
from services.identity.usecases import accounts, sign_in
from services.identity.usecases.accounts import PasswordWeak
from shared import outbox
from shared.access import lookup
from shared.access.models import Account, AccountGrant
from shared.directory.models import Person
from shared.events import PeopleImported
from shared.problems import NotFound
from shared.roles import Grant
from tests.services.identity.people import PASSWORD, PHONE, member, organisation, person


def grants_of(rt, person_id):
    with rt.db.read() as session:
        account = lookup.account_by_person(session, person_id)
        assert account is not None
        return lookup.grants(session, account.id)


def change(rt, person_id, **columns):
    with rt.db.transaction() as session:
        session.execute(sa.update(Person).where(Person.id == person_id).values(**columns))


def sync(rt, *person_ids):
    with rt.db.transaction() as session:
        accounts.sync(session, set(person_ids))


def test_the_message_of_an_import_makes_accounts(rt):
    person_id = person(rt)
    with rt.db.transaction() as session:
        outbox.put(session, PeopleImported("import-1", (person_id,)))
    assert outbox.drain(rt, {job.name: job for job in SERVICE.jobs}) == 1
    with rt.db.read() as session:
        account = lookup.account_by_phone(session, PHONE)
        assert account is not None
        assert (account.person_id, account.password_hash) == (person_id, None)


def test_roles_hold_over_the_named_scope_or_the_own_organisation(rt):
    county = organisation(rt, "某县", "county")
    officer, doctor = person(rt, "13900000002", ("county_officer",), county), person(rt)
    sync(rt, officer, doctor)
    with rt.db.read() as session:
        home = session.get_one(Person, doctor).organisation_id
    assert grants_of(rt, officer) == (Grant("county_officer", county),)
    assert grants_of(rt, doctor) == (Grant("doctor", home),)


def test_worked_twice_nothing_changes(rt):
    person_id = person(rt, roles=("doctor", "team_leader"))
    sync(rt, person_id)
    with rt.db.read() as session:
        first = sorted(session.execute(sa.select(AccountGrant.id, AccountGrant.role)))
    sync(rt, person_id)
    with rt.db.read() as session:
        assert sorted(session.execute(sa.select(AccountGrant.id, AccountGrant.role))) == first


def test_a_role_taken_from_the_roster_is_taken_from_the_account(rt):
    person_id = member(rt, roles=("doctor", "team_leader"))
    change(rt, person_id, roles=["doctor"])
    sync(rt, person_id)
    assert [grant.role for grant in grants_of(rt, person_id)] == ["doctor"]


def test_a_changed_number_signs_in_with_the_old_password(rt):
    person_id = member(rt)
    change(rt, person_id, phone="13900000009")
    sync(rt, person_id)
    assert sign_in.open_session(rt, "13900000009", PASSWORD, "10.0.0.1").principal.person_id == person_id


def test_two_people_may_swap_numbers(rt):
    first, second = member(rt, "13900000001", "first-password-1"), member(rt, "13900000002", "second-password-2")
    change(rt, first, phone="13900000003")
    change(rt, second, phone="13900000001")
    change(rt, first, phone="13900000002")
    sync(rt, first)  # the other one holds the number and is looked at too
    assert sign_in.open_session(rt, "13900000002", "first-password-1", "10.0.0.1").principal.person_id == first
    assert sign_in.open_session(rt, "13900000001", "second-password-2", "10.0.0.1").principal.person_id == second


def test_two_administrations_are_never_held_by_one_account(rt, caplog):
    person_id = person(rt, roles=("system_admin",))
    sync(rt, person_id)
    change(rt, person_id, roles=["system_admin", "audit_admin"])
    sync(rt, person_id)
    assert [grant.role for grant in grants_of(rt, person_id)] == ["system_admin"]
    assert "two administrations" in caplog.text


def test_an_unknown_role_gives_nothing(rt, caplog):
    person_id = person(rt, roles=("doctor", "emperor"))
    sync(rt, person_id)
    assert [grant.role for grant in grants_of(rt, person_id)] == ["doctor"]
    assert "unknown roles emperor" in caplog.text


def test_set_password_makes_the_account_and_is_checked(rt):
    person_id = person(rt)
    with pytest.raises(PasswordWeak):
        accounts.set_password(rt, person_id, "password")
    accounts.set_password(rt, person_id, PASSWORD)
    assert sign_in.open_token(rt, PHONE, PASSWORD, "10.0.0.1").principal.person_id == person_id
    with rt.db.read() as session:
        stored = session.scalars(sa.select(Account.password_hash)).one()
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")  # S-16


def test_set_password_for_nobody(rt):
    with pytest.raises(NotFound):
        accounts.set_password(rt, "0" * 36, PASSWORD)
    with pytest.raises(NotFound):
        accounts.set_password_by_phone(rt, "13911111111", PASSWORD)


def test_a_closed_account_can_be_opened_again(rt):
    person_id = member(rt)
    accounts.disable(rt, PHONE)
    accounts.disable(rt, PHONE, disabled=False)
    assert sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1").principal.person_id == person_id
