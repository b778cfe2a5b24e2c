"""Who a secret belongs to: one SELECT, on both databases."""

import pytest
import sqlalchemy as sa

from shared import clock
from shared.access import lookup, store
from shared.access.models import AuditRow
from shared.ids import new_id
from shared.roles import Grant


@pytest.fixture(params=["rt", "pg_rt"])
def db(request):
    return request.getfixturevalue(request.param).db


def account_with(db, *grants: Grant) -> str:
    with db.transaction() as session:
        account = store.add_account(session, None, "13900000001")
        store.set_grants(session, account.id, grants)
    return account.id


def test_a_session_gives_every_grant_with_one_select(db):
    account_id = account_with(db, Grant("doctor", "h1"), Grant("recipient_admin", "h2"), Grant("security_admin", None))
    with db.transaction() as session:
        secret = store.open_session(session, account_id)
    statements: list[str] = []
    with db.read() as session:
        session.connection()
        sa.event.listen(session.get_bind(), "before_cursor_execute", lambda *a: statements.append(a[2]))
        who = lookup.principal_for_session(session, secret)
    assert who is not None
    assert len(statements) == 1
    assert who.scopes("recipient_admin") == {"h2"}
    assert who.roles == {"doctor", "recipient_admin", "security_admin"}


@pytest.mark.parametrize("via", ["session", "token"])
def test_the_select_uses_the_index(rt, via):
    steps = [row[3] for row in rt.db.rows(f"EXPLAIN QUERY PLAN {lookup.statement('sqlite', via)}", {"secret_digest": ""})]
    assert steps
    assert not [step for step in steps if step.startswith("SCAN")], steps


def test_an_account_without_roles_is_still_somebody(db):
    account_id = account_with(db)
    with db.transaction() as session:
        token, _ = store.open_token(session, account_id)
    with db.read() as session:
        who = lookup.principal_for_token(session, token)
    assert who is not None
    assert (who.account_id, who.grants, who.via) == (account_id, (), "token")


def test_an_unknown_secret_is_nobody(db):
    with db.read() as session:
        assert lookup.principal_for_session(session, "unknown") is None
        assert lookup.principal_for_token(session, "") is None


def test_two_administrations_are_refused(db):
    account_id = account_with(db, Grant("system_admin", None))
    with pytest.raises(store.TwoAdministrations), db.transaction() as session:
        store.set_grants(session, account_id, [Grant("system_admin", None), Grant("audit_admin", None)])
    with db.read() as session:
        assert lookup.grants(session, account_id) == (Grant("system_admin", None),)


def test_grants_become_exactly_those_wanted(db):
    account_id = account_with(db, Grant("doctor", "h1"), Grant("security_admin", None))
    with db.transaction() as session:
        assert store.set_grants(session, account_id, [Grant("doctor", "h2")])
        assert not store.set_grants(session, account_id, [Grant("doctor", "h2")])
    with db.read() as session:
        assert lookup.grants(session, account_id) == (Grant("doctor", "h2"),)


@pytest.mark.parametrize("statement", ["UPDATE audit_row SET result = 'done'", "DELETE FROM audit_row"])
def test_audit_rows_are_neither_changed_nor_deleted(rt, statement):
    with rt.db.transaction() as session:
        row = AuditRow(id=new_id(), at=clock.now(), policy="p", kind="none", via="none", method="GET", rule="/",
                       target={}, result="denied", status=403)  # fmt: skip
        session.add(row)
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), rt.db.transaction() as session:
        session.execute(sa.text(statement))


def test_what_is_read_along_comes_with_the_principal_and_for_nobody_else(db):
    account_id = account_with(db, Grant("doctor", "h1"), Grant("witness", "h2"))
    with db.transaction() as session:
        token, _ = store.open_token(session, account_id)
    along = lookup.Along("(SELECT count(*) FROM account) + :more, t.person_id", "LEFT JOIN account t ON t.id = :named",
                         {"more": 1, "named": account_id})  # fmt: skip
    found = lookup.signed_in(db, token, "token", along)
    assert found is not None
    assert found.along == (2, None)
    assert {(grant.role, grant.scope) for grant in found.principal.grants} == {("doctor", "h1"), ("witness", "h2")}
    assert lookup.signed_in(db, token, "token") == lookup.SignedIn(found.principal)
    assert lookup.signed_in(db, "unknown", "token", along) is None
