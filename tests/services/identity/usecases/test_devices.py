"""Phones are enrolled after a fresh sign-in or with the invitation, confirmed, revoked; each leaves a fact."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from services.identity.usecases import devices, invitations, sign_in
from services.identity.usecases.devices import DeviceLimit, DeviceTaken, OtherKeyNeeded, SignInAgain
from shared import clock, ledger
from shared.access.models import Device
from shared.directory import lookup
from shared.ledger.models import LedgerEntry, LedgerPayload
from shared.problems import InvalidBody, NotFound
from shared.roles import Grant, Principal
from shared.service import Runtime
from tests.factories.directory import directory, id_of
from tests.factories.phone import Phone
from tests.services.identity.people import PASSWORD, PHONE, member

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
DAY = dt.timedelta(hours=24)


def signed_in(rt: Runtime) -> Principal:
    """A member with a session of this moment."""
    member(rt)
    return sign_in.open_session(rt, PHONE, PASSWORD, "192.0.2.1").principal


def invited(rt: Runtime) -> Principal:
    """A member in the session that the one-time link opened."""
    member(rt)
    secret = invitations.invite(rt, PHONE).rpartition("/")[2]
    return invitations.accept(rt, secret, PASSWORD).principal


def facts(rt: Runtime, person_id: str) -> list[tuple[str, dict]]:
    with rt.db.read() as session:
        found = ledger.facts(session, person_id, dt.date(2026, 1, 1), dt.date(2027, 12, 31))
    return [(fact.kind, fact.payload) for fact in found]


def test_the_first_key_comes_with_the_invitation_whenever_its_session_is_used(rt):
    with clock.at(NOON):
        who = invited(rt)
    with clock.at(NOON + 3 * DAY):
        created, row = devices.enrol(rt, who, Phone().jwk, "wechat-android")
        assert (created, row["how"], row["age"]) == (True, "invitation", "young")
        ((kind, fact),) = facts(rt, who.person_id)
    assert (kind, fact["thumbprint"], fact["jwk"]) == ("device.enrolled", Phone().thumbprint, row_jwk())
    assert (fact["platform"], fact["actor"]["role"]) == ("wechat-android", "doctor")
    with clock.at(NOON + 4 * DAY):
        assert devices.listed(rt, who)[0]["age"] == "ok"


def row_jwk() -> dict[str, str]:
    return {name: Phone().jwk[name] for name in ("crv", "kty", "x", "y")}


@pytest.mark.parametrize(("minutes", "works"), [(5, True), (5.01, False)])
def test_without_the_invitation_the_sign_in_must_be_fresh(rt, minutes: float, works: bool):
    with clock.at(NOON):
        who = signed_in(rt)
    with clock.at(NOON + dt.timedelta(minutes=minutes)):
        if works:
            assert devices.enrol(rt, who, Phone().jwk, None)[1]["how"] == "sign_in"
        else:
            with pytest.raises(SignInAgain):
                devices.enrol(rt, who, Phone().jwk, None)
            assert facts(rt, who.person_id) == []


def test_a_bearer_token_is_a_sign_in_too(rt):
    with clock.at(NOON):
        member(rt)
        who = sign_in.open_token(rt, PHONE, PASSWORD, "192.0.2.1").principal
        assert devices.enrol(rt, who, Phone().jwk, None)[0]
    with clock.at(NOON + dt.timedelta(minutes=6)), pytest.raises(SignInAgain):
        devices.enrol(rt, who, Phone("second").jwk, None)


def test_the_same_key_again_is_the_same_enrolment(rt):
    with clock.at(NOON):
        who = signed_in(rt)
        first = devices.enrol(rt, who, Phone().jwk, None)[1]
    with clock.at(NOON + DAY):
        assert devices.enrol(rt, who, Phone().jwk, None) == (False, {**first, "age": "young"})
    assert len(facts(rt, who.person_id)) == 1


def test_a_key_belongs_to_one_person_for_ever(rt):
    with clock.at(NOON):
        who = signed_in(rt)
        row = devices.enrol(rt, who, Phone().jwk, None)[1]
        member(rt, "13900000002")
        other = sign_in.open_session(rt, "13900000002", PASSWORD, "192.0.2.1").principal
        with pytest.raises(DeviceTaken):
            devices.enrol(rt, other, Phone().jwk, None)
        devices.revoke(rt, who, row["id"], "lost")
        with pytest.raises(DeviceTaken):
            devices.enrol(rt, who, Phone().jwk, None)


def test_two_keys_are_active_at_most(rt):
    with clock.at(NOON):
        who = signed_in(rt)
        rows = [devices.enrol(rt, who, Phone(name).jwk, None)[1] for name in ("one", "two")]
        with pytest.raises(DeviceLimit):
            devices.enrol(rt, who, Phone("three").jwk, None)
        devices.revoke(rt, who, rows[0]["id"], "replaced")
        assert devices.enrol(rt, who, Phone("three").jwk, None)[0]


def test_no_key_but_p256_is_taken(rt):
    with clock.at(NOON):
        who = signed_in(rt)
        with pytest.raises(InvalidBody):
            devices.enrol(rt, who, {**Phone().jwk, "x": "AAAA"}, None)


def test_a_further_key_is_confirmed_by_another_one_that_is_trusted(rt):
    one, two = Phone("one"), Phone("two")
    with clock.at(NOON):
        who = invited(rt)
        devices.enrol(rt, who, one.jwk, None)
    with clock.at(NOON + 2 * DAY):
        fresh = sign_in.open_session(rt, PHONE, PASSWORD, "192.0.2.1").principal
        row = devices.enrol(rt, fresh, two.jwk, None)[1]
        said = {"confirm": two.thumbprint}
        for proof in (None, {"thumbprint": two.thumbprint, "signature": two.signature(said)},
                      {"thumbprint": one.thumbprint, "signature": one.signature({"confirm": one.thumbprint})}):  # fmt: skip
            with pytest.raises(OtherKeyNeeded):
                devices.confirm(rt, fresh, row["id"], proof)
        proof = {"thumbprint": one.thumbprint, "signature": one.signature(said)}
        assert devices.confirm(rt, fresh, row["id"], proof)["confirmed_at"]
        assert facts(rt, who.person_id)[-1][1]["how"] == "other_key"
        assert devices.confirm(rt, fresh, row["id"], None)["confirmed_at"]  # again: nothing changes
    assert [kind for kind, _ in facts(rt, who.person_id)] == ["device.enrolled"] * 2 + ["device.confirmed"]
    with clock.at(NOON + 4 * DAY):
        assert {one["age"] for one in devices.listed(rt, fresh)} == {"ok"}


def test_an_office_of_the_posting_sees_and_confirms_in_person(rt):
    with clock.at(dt.datetime(2026, 8, 28, tzinfo=dt.UTC)):
        directory(rt)
    doctor = id_of(rt, "person", "D1")
    with clock.at(NOON):
        row = Phone().enrolled(rt, doctor, NOON, "sign_in")
        here, elsewhere = office(rt, "D1"), Principal("x", None, (Grant("recipient_admin", "another"),))
        assert [one["id"] for one in devices.listed(rt, here)] == [row.id]
        assert devices.listed(rt, elsewhere) == []
        with pytest.raises(NotFound):
            devices.confirm(rt, elsewhere, row.id, None)
        with pytest.raises(NotFound):  # the receiving hospital confirms, it does not revoke
            devices.revoke(rt, here, row.id, "lost")
        devices.confirm(rt, here, row.id, None)
        assert facts(rt, doctor)[-1][1]["how"] == "in_person"
        assert devices.listed(rt, here) == []


def office(rt: Runtime, person: str) -> Principal:
    """The receiving hospital of a person's posting."""
    with rt.db.read() as session:
        posting = lookup.postings_of_person(session, id_of(rt, "person", person))[0]
    return Principal("office", None, (Grant("recipient_admin", posting.recipient_id),))


def test_security_revokes_any_key_and_the_chain_of_the_person_verifies(rt):
    with clock.at(NOON):
        who = signed_in(rt)
        row = devices.enrol(rt, who, Phone().jwk, None)[1]
        security = Principal("security", None, (Grant("security_admin", None),))
        assert devices.revoke(rt, security, row["id"], "suspected")["revoked_at"]
        with rt.db.read() as session:
            assert ledger.verify(session, rt.keys) == []
            assert session.scalar(sa.select(sa.func.count()).select_from(Device)) == 1
            assert session.scalar(sa.select(sa.func.count()).select_from(LedgerEntry)) == 2
            assert set(session.scalars(sa.select(LedgerPayload.subject))) == {who.person_id}


def test_nobody_revokes_a_stranger(rt):
    with clock.at(NOON):
        who = signed_in(rt)
        row = devices.enrol(rt, who, Phone().jwk, None)[1]
        member(rt, "13900000002")
        other = sign_in.open_session(rt, "13900000002", PASSWORD, "192.0.2.1").principal
        for act in (lambda: devices.revoke(rt, other, row["id"], "lost"), lambda: devices.confirm(rt, other, row["id"], None)):
            with pytest.raises(NotFound):
                act()
