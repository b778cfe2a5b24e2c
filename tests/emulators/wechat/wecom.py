"""WeCom: tokens per secret, tickets, application messages with everything they hide behind errcode 0."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Blueprint, Response, request

from tests.emulators.wechat.answers import faulty, plain, said
from tests.emulators.wechat.state import PER_ACCOUNT_DAY, TICKET_LIFE, TOKEN_LIFE, Message, State

ALLOWED = {"touser", "msgtype", "agentid", "textcard", "text", "enable_duplicate_check", "duplicate_check_interval"}
LONGEST = {"title": 128, "description": 512, "url": 2048, "btntxt": 12}


def blueprint(state: State) -> Blueprint:
    """The routes of qyapi."""
    blp = Blueprint("wecom", __name__)
    for path, method, work in (
        ("/cgi-bin/gettoken", "GET", _token), ("/cgi-bin/message/send", "POST", _send), ("/cgi-bin/message/recall", "POST", _recall),
        ("/cgi-bin/get_jsapi_ticket", "GET", _corp_ticket), ("/cgi-bin/ticket/get", "GET", _agent_ticket),
        ("/cgi-bin/auth/getuserinfo", "GET", _user),
    ):  # fmt: skip
        blp.add_url_rule(path, path, lambda work=work: faulty(state, lambda: work(state)), methods=[method])
    return blp


def _token(state: State) -> Response:
    if not state.trusted:
        return said(60020)
    if request.args.get("corpid") != state.corpid:
        return said(40013)
    if request.args.get("corpsecret") != state.corpsecret:
        return said(40001)
    value, left = state.issue("wecom", TOKEN_LIFE)
    return said(0, access_token=value, expires_in=left)


def _refusal(state: State) -> int:
    return 60020 if not state.trusted else state.token_error("wecom", request.args.get("access_token"))


def _send(state: State) -> Response:
    if code := _refusal(state):
        return said(code)
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        return said(47001)
    if code := _wrong(state, body):
        return said(code)
    asked = body["touser"].split("|")
    invalid = [one for one in asked if state.member(one) is None]
    unlicensed = [one for one in asked if (user := state.member(one)) and not user.licensed]
    if len(invalid) == len(asked):
        return said(81013, invaliduser="|".join(invalid).lower())
    lists = {"invaliduser": "|".join(invalid).lower(), "unlicenseduser": "|".join(unlicensed).lower()}
    day = [message for message in state.messages if message.platform == "wecom" and message.at > state.now() - 86400]
    if len(day) >= PER_ACCOUNT_DAY * len(state.users):
        return said(45009)
    msgid = f"W{next(state.numbers)}"
    if _again(state, body, msgid):
        state.suppressed += 1
        return said(0, **lists, msgid=msgid)
    card = body.get("textcard") or {"title": "", "description": body["text"]["content"], "url": ""}
    for one in asked:
        user = state.member(one)
        if user and user.licensed:
            words = (card["title"], card["description"], card["url"])
            state.deliver(Message("wecom", str(user.userid), *words, state.now(), msgid), limited=True)
    return said(0, **lists, msgid=msgid)


def _wrong(state: State, body: dict[str, Any]) -> int:
    if body.get("agentid") != state.agent or not isinstance(body["agentid"], int):
        return 301002
    if set(body) - ALLOWED or not isinstance(body.get("touser"), str) or len(body["touser"].split("|")) > 1000:
        return 40058
    if not body["touser"]:
        return 82001
    content = body.get(str(body.get("msgtype")))
    if body["msgtype"] == "text":
        return 0 if isinstance(content, dict) and len(str(content.get("content", "")).encode()) <= 2048 else 40058
    if body["msgtype"] != "textcard" or not isinstance(content, dict) or set(content) - set(LONGEST):
        return 40058
    missing = any(not content.get(name) for name in ("title", "description", "url"))
    return 40058 if missing or any(len(str(text).encode()) > LONGEST[name] for name, text in content.items()) else 0


def _again(state: State, body: dict[str, Any], msgid: str) -> bool:
    """Whether an equal request came within its interval, if it asked for the check."""
    if body.get("enable_duplicate_check") != 1:
        return False
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    at, _ = state.seen.get(digest, (float("-inf"), ""))
    if state.now() - at < min(int(body.get("duplicate_check_interval", 1800)), 14400):
        return True
    state.seen[digest] = (state.now(), msgid)
    return False


def _recall(state: State) -> Response:
    if code := _refusal(state):
        return said(code)
    msgid = (request.get_json(silent=True) or {}).get("msgid")
    state.messages[:] = [message for message in state.messages if message.msgid != msgid]
    return said(0)


def _corp_ticket(state: State) -> Response:
    return _ticket(state, "corp-ticket")


def _agent_ticket(state: State) -> Response:
    return said(40058) if request.args.get("type") != "agent_config" else _ticket(state, "agent-ticket")


def _ticket(state: State, kind: str) -> Response:
    if code := _refusal(state):
        return said(code)
    value, left = state.issue(kind, TICKET_LIFE)
    return said(0, ticket=value, expires_in=left)


def _user(state: State) -> Response:
    if code := _refusal(state):
        return said(code)
    user, until, _ = state.codes.pop(request.args.get("code", ""), (None, 0.0, ""))
    if user is None or until < state.now():
        return said(40029)
    return said(0, userid=user.userid) if user.userid else plain(errcode=0, errmsg="ok", openid=user.openid)
