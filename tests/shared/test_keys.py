"""The key file: made once, whole, mode 600; what it wraps opens only where it should."""

import json
import stat
import threading

import pytest

from shared.keys import KeysError, load_keys


def test_a_missing_file_is_made_once_with_mode_600_and_read_again(tmp_path):
    path = tmp_path / "var" / "keys.json"
    first, again = load_keys(path, create=True), load_keys(path, create=True)
    assert first == again
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]
    assert len({first.pepper, first.session, first.ticket, first.csrf, first.wrapping, first.receipt_signer.seed}) == 6


def test_a_missing_file_is_refused_where_none_may_be_made(tmp_path):
    with pytest.raises(KeysError, match="cannot be read"):
        load_keys(tmp_path / "keys.json", create=False)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pepper": 1}', "ä", '{"pepper": "%%"}'])
def test_a_file_that_is_no_key_file_is_refused(tmp_path, text):
    path = tmp_path / "keys.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KeysError, match="not a key file"):
        load_keys(path, create=True)


def test_a_short_key_is_refused_by_name(tmp_path):
    path = tmp_path / "keys.json"
    load_keys(path, create=True)
    path.write_text(json.dumps({**json.loads(path.read_text()), "pepper": "AAAA"}))
    with pytest.raises(KeysError, match="pepper"):
        load_keys(path, create=False)


def test_a_key_file_from_before_spot_checks_still_opens_and_closes_seeds(tmp_path):
    path = tmp_path / "keys.json"
    new = load_keys(path, create=True)
    path.write_text(json.dumps({name: value for name, value in json.loads(path.read_text()).items() if name != "spot"}))
    old = load_keys(path, create=False)
    assert old == load_keys(path, create=False)
    assert old.spot not in (new.spot, old.wrapping)
    closed = old.close_seed(b"s" * 32, "2026-12")
    assert old.open_seed(closed, "2026-12") == b"s" * 32
    for keys, month in ((new, "2026-12"), (old, "2026-11")):
        with pytest.raises(KeysError):
            keys.open_seed(closed, month)
    with pytest.raises(KeysError):
        old.unwrap(closed, b"2026-12")


def test_processes_that_start_at_once_agree_on_one_file(tmp_path):
    started, found = threading.Barrier(8), []

    def load():
        started.wait()
        found.append(load_keys(tmp_path / "keys.json", create=True))

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({keys.pepper for keys in found}) == 1


def test_a_wrapped_secret_opens_only_with_its_key_and_context(tmp_path):
    keys, other = (load_keys(tmp_path / name, create=True) for name in ("a.json", "b.json"))
    wrapped = keys.wrap(b"m" * 32, b"clinic:1")
    assert keys.unwrap(wrapped, b"clinic:1") == b"m" * 32
    assert keys.wrap(b"m" * 32, b"clinic:1") != wrapped
    for who, data, context in [
        (other, wrapped, b"clinic:1"),
        (keys, wrapped, b"clinic:2"),
        (keys, wrapped[:-1] + bytes([wrapped[-1] ^ 1]), b"clinic:1"),
        (keys, b"", b"clinic:1"),
    ]:
        with pytest.raises(KeysError):
            who.unwrap(data, context)


def test_signatures_are_deterministic_and_bound_to_their_purpose(tmp_path):
    keys = load_keys(tmp_path / "keys.json", create=True)
    signature = keys.receipt_signer.sign(b"x")
    assert signature == keys.receipt_signer.sign(b"x")
    assert keys.receipt_signer.verifies(signature, b"x")
    assert not keys.receipt_signer.verifies(signature, b"y")
    assert not keys.beacon_signer.verifies(signature, b"x")
    assert keys.receipt_signer.kid != keys.beacon_signer.kid


def test_no_key_shows_in_a_printed_runtime(tmp_path):
    keys = load_keys(tmp_path / "keys.json", create=True)
    shown = repr(keys)
    for secret in (keys.pepper, keys.wrapping, keys.receipt_signer.seed):
        assert repr(secret)[2:-1] not in shown
