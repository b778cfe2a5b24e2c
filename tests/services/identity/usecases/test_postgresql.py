"""Sign-in where transactions really run side by side."""

import threading

from services.identity.usecases import accounts, invitations, sign_in
from services.identity.usecases.invitations import InvitationOver
from services.identity.usecases.sign_in import SignInFailed, SignInLocked
from tests.services.identity.people import PASSWORD, PHONE, member, person


def together(count, act) -> list[str]:
    """Results of `act` in parallel threads: "done" or the name of what it raised."""
    results: list[str] = []

    def run() -> None:
        try:
            act()
            results.append("done")
        except Exception as refused:
            results.append(type(refused).__name__)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_parallel_guesses_do_not_outrun_the_count(pg_rt):
    member(pg_rt)
    results = together(8, lambda: sign_in.open_session(pg_rt, PHONE, "wrong-password", "10.0.0.1"))
    assert set(results) <= {SignInFailed.__name__, SignInLocked.__name__}
    assert len(results) == 8
    assert results.count(SignInFailed.__name__) <= 5


def test_a_link_opened_by_many_at_once_works_for_one(pg_rt):
    person_id = person(pg_rt)
    with pg_rt.db.transaction() as session:
        accounts.sync(session, {person_id})
    secret = invitations.invite(pg_rt, PHONE).rpartition("/")[2]
    results = together(6, lambda: invitations.accept(pg_rt, secret, PASSWORD))
    assert sorted(results) == sorted(["done"] + [InvitationOver.__name__] * 5)
    assert sign_in.open_token(pg_rt, PHONE, PASSWORD, "10.0.0.1").principal.person_id == person_id


def test_two_people_may_swap_numbers(pg_rt):
    first, second = member(pg_rt, "13900000001"), member(pg_rt, "13900000002")
    from tests.services.identity.usecases.test_accounts import change, sync

    change(pg_rt, first, phone="13900000003")
    change(pg_rt, second, phone="13900000001")
    change(pg_rt, first, phone="13900000002")
    sync(pg_rt, first, second)
    assert sign_in.open_session(pg_rt, "13900000001", PASSWORD, "10.0.0.1").principal.person_id == second
