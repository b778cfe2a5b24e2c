"""Signatures, encryption, error classes and surroundings, against public vectors and the tables of the platforms."""

import base64

import pytest

from shared.wechat import crypto, signature, ua
from shared.wechat.errors import OFFICIAL_ACCOUNT, WECOM, Action, classify

TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
TOKEN, KEY, APP = "zhudian", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wxdemo0000000001"
STAMP, NONCE, MESSAGE = "1795392000", "n0nce12345", "<xml><MsgType>event</MsgType></xml>"
CIPHER = ("Q3stYC6hdFzMh9T8HCvyDHr0N+nleMjCEebRkm0AoH4gDq0ZLRJMhGapx3nmxM0bg4GmLBp8yKPM+44sUf46DJO0Y5dzVfUnOYTxQwXoFPVljfD8Nz8A"
          "PGm2537njXBs")  # fmt: skip


def test_the_public_vector_of_the_js_sdk():
    url = "http://mp.weixin.qq.com?params=value"
    expected = "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    assert signature.jssdk(TICKET, "Wm3WZYTPz0wzccnW", 1414587457, url) == expected
    assert signature.jssdk(TICKET, "Wm3WZYTPz0wzccnW", 1414587457, f"{url}#part") == expected


def test_the_callback_vector():
    assert crypto.encrypt(KEY, APP, MESSAGE, b"0123456789abcdef") == CIPHER
    assert crypto.decrypt([KEY], APP, CIPHER) == MESSAGE
    assert signature.callback(TOKEN, STAMP, NONCE, CIPHER) == "860ebf18e0909e837de8e7e59ba96cffb2cd33f7"
    assert signature.verifies("48b911f4b28587557ae8c3dde9a29f762f56c7e8", TOKEN, STAMP, NONCE)
    assert not signature.verifies("48b911f4b28587557ae8c3dde9a29f762f56c7e9", TOKEN, STAMP, NONCE)


def test_the_key_before_still_opens():
    other = KEY[::-1]
    assert crypto.decrypt([other, KEY], APP, CIPHER) == MESSAGE


@pytest.mark.parametrize("cipher", [
    "", "%%%", CIPHER[:-4], base64.b64encode(b"x" * 64).decode(), CIPHER[:-9] + "A" + CIPHER[-8:],
])  # fmt: skip
def test_what_was_changed_does_not_open(cipher):
    with pytest.raises(crypto.NotOurs):
        crypto.decrypt([KEY], APP, cipher)


def test_a_message_for_another_app_is_not_ours():
    with pytest.raises(crypto.NotOurs):
        crypto.decrypt([KEY], "wxother000000001", CIPHER)


@pytest.mark.parametrize(("errcode", "oa", "wecom"), [
    (0, "accepted", "accepted"), (-1, "retry", "retry"), (40001, "refresh", "config"), (40014, "refresh", "refresh"),
    (42001, "refresh", "refresh"), (40003, "recipient", "recipient"), (40013, "config", "config"), (40125, "config", "config"),
    (40164, "config", "config"), (41001, "config", "config"), (41002, "config", "config"), (41004, "config", "config"),
    (40036, "bug", None), (40037, "bug", None), (40056, None, "config"), (40058, None, "config"), (301002, None, "config"),
    (42007, "recipient", None), (43004, "recipient", "recipient"), (43019, "recipient", None), (43101, "message", None),
    (43116, "message", None), (43117, "wait-ten", None), (45009, "wait-day", "wait-minute"), (45011, "wait-minute", "wait-minute"),
    (45015, "message", None), (45047, "message", None), (45033, None, "retry"), (47001, "bug", "bug"), (47003, "bug", "bug"),
    (48001, "config", None), (48002, "recipient", "config"), (50001, "config", "config"), (50005, "recipient", None),
    (6000, None, "retry"), (60011, None, "config"), (60020, None, "config"), (60111, None, "recipient"),
    (81013, None, "recipient"), (82001, None, "recipient"), (89503, "config", None), (93000, None, "config"),
    (12345678, "message", "message"),
])  # fmt: skip
def test_the_table_of_error_classes(errcode, oa, wecom):
    assert classify(OFFICIAL_ACCOUNT, errcode) == Action(oa or "message")
    assert classify(WECOM, errcode) == Action(wecom or "message")


@pytest.mark.parametrize(("agent", "expected"), [
    ("Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.49", "wechat"),
    ("Mozilla/5.0 (iPhone) wxwork/4.1.30 MicroMessenger/7.0.1", "wecom"), ("Mozilla/5.0 (X11; Linux x86_64)", "other"),
])  # fmt: skip
def test_wecom_is_asked_for_first(agent, expected):
    assert ua.surroundings(agent) == expected
