"""`zhudian invite` and `zhudian account …`."""

import pytest
from typer.testing import CliRunner

from services.identity.commands import app
from services.identity.usecases import sign_in
from services.identity.usecases.sign_in import SignInFailed
from tests.services.identity.people import PASSWORD, PHONE, member


@pytest.fixture
def zhudian(rt):
    def run(*arguments: str, stdin: str = ""):
        return CliRunner().invoke(app, list(arguments), obj=lambda: rt, input=stdin)

    return run


def test_invite_prints_a_link(rt, zhudian):
    member(rt)
    done = zhudian("invite", PHONE)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"{rt.settings.public_base_url}/i/")


def test_invite_refuses_an_unknown_number(zhudian):
    done = zhudian("invite", "13911111111")
    assert done.exit_code == 2
    assert "not-found" in done.stderr


def test_a_password_is_read_from_standard_input(rt, zhudian):
    member(rt)
    assert zhudian("account", "password", PHONE, "--stdin", stdin="another-password-1\n").exit_code == 0
    assert sign_in.open_session(rt, PHONE, "another-password-1", "10.0.0.1").secret


def test_a_weak_password_is_refused_and_the_old_one_stays(rt, zhudian):
    member(rt)
    done = zhudian("account", "password", PHONE, "--stdin", stdin="password\n")
    assert done.exit_code == 2
    assert "password-weak" in done.stderr
    assert sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1").secret


def test_disable_and_enable(rt, zhudian):
    member(rt)
    assert zhudian("account", "disable", PHONE).exit_code == 0
    with pytest.raises(SignInFailed):
        sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1")
    assert zhudian("account", "enable", PHONE).exit_code == 0
    assert sign_in.open_session(rt, PHONE, PASSWORD, "10.0.0.1").secret
    assert zhudian("account", "disable", "13911111111").exit_code == 2
