"""Calls the platforms make to us: signed, encrypted, repeated when we do not answer."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.emulators.wechat.state import State

TRIES = 3


def sign(*parts: str) -> str:
    """SHA-1 over the sorted parts."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def encrypted(key: str, app: str, message: str, pad_with: int | None = None) -> str:
    """The ciphertext of a message, made without a line of the product."""
    raw = base64.b64decode(key + "=")
    content = message.encode()
    plain = os.urandom(16) + len(content).to_bytes(4, "big") + content + app.encode()
    size = 32 - len(plain) % 32
    plain += bytes([size if pad_with is None else pad_with]) * size
    worker = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
    return base64.b64encode(worker.update(plain) + worker.finalize()).decode()


def result_event(state: State, openid: str, msgid: str, status: str, delay: float = 0.0) -> None:
    """Queue the result of a template message."""
    event(state, "oa", openid, "TEMPLATESENDJOBFINISH", f"<MsgID>{msgid}</MsgID><Status><![CDATA[{status}]]></Status>", delay)


def event(state: State, platform: str, user: str, name: str, more: str = "", delay: float = 0.0) -> None:
    """Queue an event of a person."""
    at = state.now() + delay
    state.events.append((at, platform, (
        f"<xml><ToUserName>us</ToUserName><FromUserName><![CDATA[{user}]]></FromUserName><CreateTime>{int(at)}</CreateTime>"
        f"<MsgType>event</MsgType><Event><![CDATA[{name}]]></Event>{more}</xml>")))  # fmt: skip


def post(state: State, platform: str, xml: str, **wrong: Any) -> tuple[int, bytes]:
    """Send one event to the address registered for the platform; `wrong`: app, signature, timestamp, nonce, pad_with."""
    app = wrong.get("app", state.appid if platform == "oa" else state.corpid)
    cipher = encrypted(state.aes_key, app, xml, wrong.get("pad_with"))
    stamp, nonce = str(wrong.get("timestamp", int(state.now()))), wrong.get("nonce") or secrets.token_hex(8)
    query = {"timestamp": stamp, "nonce": nonce, "msg_signature": wrong.get("signature") or sign(state.token, stamp, nonce, cipher)}
    if platform == "oa":
        query |= {"encrypt_type": "aes", "signature": sign(state.token, stamp, nonce)}
    body = f"<xml><ToUserName>us</ToUserName><Encrypt><![CDATA[{cipher}]]></Encrypt></xml>".encode()
    return fetch(f"{state.callbacks[platform]}?{urlencode(query)}", body)


def verify(state: State, platform: str, echo: str = "echo-1") -> tuple[int, bytes]:
    """Ask for the proof that the address is theirs, as when an operator saves it."""
    stamp, nonce = str(int(state.now())), secrets.token_hex(8)
    if platform == "oa":
        query = {"signature": sign(state.token, stamp, nonce), "echostr": echo}
    else:
        cipher = encrypted(state.aes_key, state.corpid, echo)
        query = {"msg_signature": sign(state.token, stamp, nonce, cipher), "echostr": cipher}
    return fetch(f"{state.callbacks[platform]}?{urlencode({**query, 'timestamp': stamp, 'nonce': nonce})}", None)


def fetch(url: str, body: bytes | None) -> tuple[int, bytes]:
    """Status and body of one call; never through a proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, body, {"Content-Type": "text/xml"} if body is not None else {})
    try:
        with opener.open(request, timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()
    except OSError:
        return 0, b""


def pump(state: State) -> int:
    """Send the events that are due, each at most three times; gives how many were answered with 200."""
    with state.lock:
        due = [one for one in state.events if one[0] <= state.now() and one[1] in state.callbacks]
        state.events[:] = [one for one in state.events if one not in due]
    return sum(any(post(state, platform, xml)[0] == 200 for _ in range(TRIES)) for _, platform, xml in due)
