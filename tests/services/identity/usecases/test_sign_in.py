"""Phone and password: one answer for every failure, a lock that tells nobody whether the number exists (S-11, S-12)."""

import datetime as dt
import statistics
import threading
import time

import pytest
import sqlalchemy as sa

from services.identity.usecases import accounts, sign_in
from services.identity.usecases.sign_in import SignInFailed, SignInLocked
from shared import clock
from shared.access import lookup
from shared.access.models import SignInAttempt, SignInSession, Token
from shared.problems import RateLimited
from tests.services.identity.people import PASSWORD, PHONE, member, person

NOBODY = "13911111111"


def fail(rt, phone=PHONE, times=1, address="10.0.0.1"):
    for _ in range(times):
        with pytest.raises(SignInFailed):
            sign_in.open_session(rt, phone, "wrong-password", address)


def test_the_right_password_opens_a_session_as_this_person(rt):
    person_id = member(rt)
    opened = sign_in.open_session(rt, "139 0000 0001", PASSWORD, "10.0.0.1")
    with rt.db.read() as session:
        who = lookup.principal_for_session(session, opened.secret)
    assert who is not None
    assert (who.person_id, who.roles, who.via) == (person_id, {"doctor"}, "session")


def test_secrets_are_stored_as_digest_only(rt):
    member(rt)
    opened = sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1")
    token = sign_in.open_token(rt, PHONE, PASSWORD, "10.0.0.1")
    with rt.db.read() as session:
        stored = [
            *session.scalars(sa.select(SignInSession.secret_sha256)),
            *session.scalars(sa.select(Token.secret_sha256)),
        ]
    assert stored == [lookup.digest(opened.secret), lookup.digest(token.secret)]
    assert len(opened.secret) >= 43  # 256 bit in base64url


@pytest.mark.parametrize("phone", [PHONE, NOBODY])
def test_five_failures_lock_known_and_unknown_numbers_alike(rt, phone):
    member(rt)
    fail(rt, phone, times=5)
    for password in ("wrong-password", PASSWORD):
        with pytest.raises(SignInLocked) as locked:
            sign_in.open_session(rt, phone, password, "10.0.0.1")
        assert locked.value.title_text() == "15 分钟后再试"
        assert 890 <= int(locked.value.headers["Retry-After"]) <= 900


def test_the_lock_ends_after_fifteen_minutes_even_when_tried_meanwhile(rt):
    member(rt)
    start = clock.now()
    with clock.at(start):
        fail(rt, times=5)
    with clock.at(start + dt.timedelta(minutes=14)), pytest.raises(SignInLocked):
        sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1")
    with clock.at(start + dt.timedelta(minutes=15)):
        assert sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1").principal.person_id


def test_a_success_starts_the_count_again(rt):
    member(rt)
    for _ in range(3):
        fail(rt, times=4)
        sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1")
    with rt.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 0


def test_parallel_guesses_do_not_outrun_the_count(rt):
    member(rt)
    checked: list[str] = []

    def guess() -> None:
        try:
            sign_in.open_session(rt, PHONE, "wrong-password", "10.0.0.1")
        except SignInFailed:
            checked.append("checked")
        except SignInLocked:
            checked.append("locked")

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(checked) == 12
    assert checked.count("checked") <= 5


def test_an_address_with_too_many_failures_waits(rt):
    member(rt)
    for number in range(12):
        fail(rt, f"1380000{number:04d}", times=4)
    fail(rt, "13800001111", times=4)
    fail(rt, "13800001112", times=4)
    fail(rt, "13800001113", times=4)
    with pytest.raises(RateLimited):
        sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1")
    assert sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.2").principal.person_id


def test_disabled_and_not_yet_invited_accounts_answer_like_a_wrong_password(rt):
    member(rt)
    accounts.disable(rt, PHONE)
    with pytest.raises(SignInFailed):
        sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1")
    fresh = person(rt, NOBODY)
    with rt.db.transaction() as session:
        accounts.sync(session, {fresh})
    with pytest.raises(SignInFailed):
        sign_in.open_session(rt, NOBODY, "", "10.0.0.1")


def test_known_and_unknown_numbers_take_the_same_time(rt):
    member(rt)

    def seconds(phone: str, address: str) -> float:
        started = time.perf_counter()
        with pytest.raises(SignInFailed):
            sign_in._checked(rt, phone, "wrong-password", address)
        took = time.perf_counter() - started
        with rt.db.transaction() as session:
            session.execute(sa.delete(SignInAttempt))
        return took

    rounds = [[seconds(phone, f"10.0.1.{n}") for phone in (PHONE, NOBODY)] for n in range(12)][1:]
    known, unknown = (statistics.median(times) for times in zip(*rounds, strict=True))
    assert unknown > known / 2  # argon2 ran for nobody too: without it, unknown would be ten times faster
    assert known > unknown / 2


@pytest.mark.parametrize(
    ("roles", "idle", "absolute"),
    [
        (("doctor",), dt.timedelta(days=30), dt.timedelta(days=90)),
        (("recipient_admin",), dt.timedelta(minutes=30), dt.timedelta(hours=12)),
        (("doctor", "recipient_admin"), dt.timedelta(minutes=30), dt.timedelta(hours=12)),
    ],
)
def test_sessions_end_idle_and_at_last(rt, roles, idle, absolute):
    member(rt, roles=roles)
    start, second = clock.now(), dt.timedelta(seconds=1)
    with clock.at(start):
        secret = sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1").secret

    def open_at(instant: dt.datetime) -> bool:
        with clock.at(instant), rt.db.read() as session:
            return lookup.principal_for_session(session, secret) is not None

    assert open_at(start + idle)
    assert not open_at(start + idle + second)
    with rt.db.transaction() as session:
        session.execute(sa.update(SignInSession).values(last_seen_at=start + absolute))
    assert open_at(start + absolute - second)
    assert not open_at(start + absolute)


def test_a_token_ends_after_twelve_hours(rt):
    member(rt)
    start = clock.now()
    with clock.at(start):
        opened = sign_in.open_token(rt, PHONE, PASSWORD, "10.0.0.1")
    assert opened.expires_at == start + dt.timedelta(hours=12)
    with clock.at(opened.expires_at), rt.db.read() as session:
        assert lookup.principal_for_token(session, opened.secret) is None


def test_signing_out_ends_the_session_and_no_other(rt):
    member(rt)
    first, second = (sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1") for _ in range(2))
    sign_in.sign_out(rt, first.principal)
    with rt.db.read() as session:
        assert lookup.principal_for_session(session, first.secret) is None
        assert lookup.principal_for_session(session, second.secret) is not None


def test_a_session_secret_is_no_token_and_the_other_way_round(rt):
    member(rt)
    cookie = sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1").secret
    token = sign_in.open_token(rt, PHONE, PASSWORD, "10.0.0.1").secret
    with rt.db.read() as session:
        assert lookup.principal_for_token(session, cookie) is None
        assert lookup.principal_for_session(session, token) is None
