"""The port for short messages: one text of at most seventy characters, a vendor by name, the console in development."""

import pytest

from notifier.channels import sms

SAID = {"count": "1", "until": "11月26日"}


def test_the_text_is_signed_and_fits_one_message():
    text = sms.rendered("missed", SAID)
    assert text == "【驻点通】您有 1 个半天未记录到,11月26日 24:00 前可申请补签。"
    with pytest.raises(ValueError, match="characters"):
        sms.rendered("missed", {**SAID, "until": "日" * 60})


def test_the_console_prints_the_last_four_digits_only(capsys):
    vendor = sms.vendor("console")
    assert vendor is not None
    answer = vendor.send("13900000001", "missed", SAID, "key-1")
    out = capsys.readouterr().out
    assert (answer.action, answer.msgid) == ("accepted", "key-1")
    assert "*0001" in out
    assert "13900000001" not in out


def test_without_a_name_there_is_no_vendor():
    assert sms.vendor(None) is None
