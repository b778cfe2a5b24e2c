"""Settings of the channels: off without their names, every mistake said at once, no host name anywhere else."""

import re
import subprocess

import pytest

from shared.settings import Settings, SettingsError
from tests.fixtures.postgres import REPO

HOSTS = re.compile(r"api\.weixin\.qq\.com|qyapi\.weixin\.qq\.com|open\.weixin\.qq\.com")


def read(tmp_path, **environ: str):
    return Settings.from_env({"ZHUDIAN_ENV": "test", "ZHUDIAN_VAR": str(tmp_path), **environ}).channels


def test_without_names_every_channel_is_off(tmp_path):
    found = read(tmp_path)
    assert (found.oa, found.wecom, found.smtp, found.sms_vendor) == (None, None, None, None)


def test_every_address_is_a_setting(tmp_path):
    found = read(tmp_path, OA_APPID="wx1", OA_SECRET="s", WECOM_CORPID="ww1", WECOM_SECRET="s", WECOM_AGENTID="7")
    assert found.oa.api_base == "https://api.weixin.qq.com"
    assert found.wecom.api_base == "https://qyapi.weixin.qq.com"
    assert found.wecom.agent == 7
    moved = read(tmp_path, OA_APPID="wx1", OA_SECRET="s", OA_API_BASE="http://127.0.0.1:1/", OA_OPEN_BASE="http://127.0.0.1:2")
    assert (moved.oa.api_base, moved.oa.open_base) == ("http://127.0.0.1:1", "http://127.0.0.1:2")


def test_no_host_of_a_platform_stands_outside_the_settings():
    listed = subprocess.run(["git", "ls-files", "*.py", "*.ts", "*.vue", "*.html"], cwd=REPO, capture_output=True, text=True, check=True)
    named = {name for name in listed.stdout.split() if not name.startswith("tests/") and (REPO / name).exists()}
    assert {name for name in named if HOSTS.search((REPO / name).read_text(encoding="utf-8"))} == {"shared/settings/channels.py"}


@pytest.mark.parametrize(("environ", "sentence"), [
    ({"OA_APPID": "wx1"}, "OA_SECRET is missing"), ({"WECOM_CORPID": "ww1", "WECOM_SECRET": "s"}, "WECOM_AGENTID is ''"),
    ({"OA_APPID": "wx1", "OA_SECRET": "s", "OA_AES_KEY": "short"}, "43 letters"),
    ({"SMTP_HOST": "mail"}, "SMTP_SENDER"), ({"SMTP_HOST": "mail", "SMTP_SENDER": "a@b", "SMTP_TLS": "maybe"}, "SMTP_TLS"),
    ({"SMS_VENDOR": "acme"}, "SMS_VENDOR is 'acme'"), ({"HTTP_READ_TIMEOUT": "60"}, "HTTP_READ_TIMEOUT"),
    ({"OA_TEMPLATES": "{"}, "OA_TEMPLATES"), ({"OA_TEMPLATES": '{"D01": {"id": "t", "fields": {"thing1": "colour"}}}'}, "colour"),
    ({"OA_TEMPLATES": '{"D01": {"id": "t", "fields": {"thing1": "title"}}}'}, '"*"'),
])  # fmt: skip
def test_a_mistake_is_said_in_one_sentence(tmp_path, environ, sentence):
    with pytest.raises(SettingsError) as wrong:
        read(tmp_path, **environ)
    assert sentence in str(wrong.value)


def test_secrets_are_not_shown(tmp_path):
    found = read(tmp_path, OA_APPID="wx1", OA_SECRET="very-secret", OA_TOKEN="callback-token")
    assert "very-secret" not in repr(found)
    assert "callback-token" not in repr(found)
