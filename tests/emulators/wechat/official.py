"""The Official Account: stable token, template messages with their result events, 订阅通知, tickets, sign-in codes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from tests.emulators.wechat.answers import faulty, plain, said
from tests.emulators.wechat.callbacks import result_event
from tests.emulators.wechat.state import TICKET_LIFE, TOKEN_LIFE, Message, State, User

TEMPLATE_FIELDS = {"touser", "template_id", "url", "client_msg_id", "data"}
SUBSCRIBE_FIELDS = {"touser", "template_id", "page", "data"}
PER_PERSON_MINUTE = 5


def blueprint(state: State) -> Blueprint:
    """The routes of api.weixin."""
    blp = Blueprint("oa", __name__)
    for path, method, work in (
        ("/cgi-bin/stable_token", "POST", _stable), ("/cgi-bin/token", "GET", _old_token),
        ("/cgi-bin/ticket/getticket", "GET", _ticket), ("/cgi-bin/message/template/send", "POST", _template),
        ("/cgi-bin/message/subscribe/bizsend", "POST", _subscribe), ("/sns/oauth2/access_token", "GET", _exchange),
    ):  # fmt: skip
        blp.add_url_rule(path, path, lambda work=work: faulty(state, lambda: work(state)), methods=[method])
    return blp


def _stable(state: State) -> Response:
    body = request.get_json(silent=True) or {}
    if set(body) - {"grant_type", "appid", "secret", "force_refresh"} or body.get("grant_type") != "client_credential":
        return said(40002)
    if not state.trusted:
        return said(40164)
    if body.get("appid") != state.appid:
        return said(40013)
    if body.get("secret") != state.appsecret:
        return said(40125)
    value, left = state.issue("oa", TOKEN_LIFE)
    return plain(access_token=value, expires_in=left)


def _old_token(state: State) -> Response:
    """Each call ends the token before it: a call from us is a mistake, and the call log shows it."""
    state.end_tokens("oa")
    value, left = state.issue("oa", TOKEN_LIFE)
    return plain(access_token=value, expires_in=left)


def _refusal(state: State) -> int:
    return state.token_error("oa", request.args.get("access_token"))


def _ticket(state: State) -> Response:
    if code := _refusal(state):
        return said(code)
    if request.args.get("type") != "jsapi":
        return said(40097)
    value, left = state.issue("jsapi", TICKET_LIFE)
    return said(0, ticket=value, expires_in=left)


def _template(state: State) -> Response:
    body, user, code = _checked(state, TEMPLATE_FIELDS)
    if code or user is None:
        return said(code)
    if not user.follows:
        return said(43004)
    if user.rejects:
        return said(43019)
    mine = [one for one in state.messages if one.user == user.openid and one.at > state.now() - 60]
    if len(mine) >= PER_PERSON_MINUTE:
        return said(43117)
    if sum(one.platform == "oa" for one in state.messages) >= state.oa_quota:
        return said(45009)
    known = f"oa:{body.get('client_msg_id')}"
    if body.get("client_msg_id") and known in state.seen:
        state.suppressed += 1
        return said(0, msgid=int(state.seen[known][1]))
    msgid = str(next(state.numbers))
    state.seen[known] = (state.now(), msgid)
    if not user.blocks:
        _show(state, user, body, msgid, str(body.get("url", "")))
    result_event(state, user.openid, msgid, "failed:user block" if user.blocks else "success")
    return said(0, msgid=int(msgid))


def _subscribe(state: State) -> Response:
    body, user, code = _checked(state, SUBSCRIBE_FIELDS)
    if code or user is None:
        return said(code)
    if user.consents < 1:
        return said(43101)
    user.consents -= 1
    _show(state, user, body, str(next(state.numbers)), str(body.get("page", "")))
    return said(0)


def _checked(state: State, allowed: set[str]) -> tuple[dict[str, Any], User | None, int]:
    if code := _refusal(state):
        return {}, None, code
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or set(body) - allowed:
        return {}, None, 47001
    user = state.follower(str(body.get("touser")))
    if user is None:
        return body, None, 40003
    if body.get("template_id") != state.template:
        return body, None, 40037
    data = body.get("data")
    whole = isinstance(data, dict) and set(data) == set(state.fields)
    fits = whole and all(0 < len(str(data[name].get("value", ""))) <= most for name, most in state.fields.items())  # type: ignore[index]
    return body, user, 0 if fits else 47003


def _show(state: State, user: User, body: dict[str, Any], msgid: str, url: str) -> None:
    values = [body["data"][name]["value"] for name in state.fields]
    state.deliver(Message("oa", user.openid, values[0], " ".join(values[1:]), url, state.now(), msgid), limited=False)


def _exchange(state: State) -> Response:
    if request.args.get("appid") != state.appid or request.args.get("secret") != state.appsecret:
        return said(40125)
    code = request.args.get("code", "")
    if code in state.used_codes:
        return said(40163)
    user, until, _ = state.codes.pop(code, (None, 0.0, ""))
    if user is None or until < state.now():
        return said(40029)
    state.used_codes.add(code)
    more = {"is_snapshotuser": 1} if user.snapshot else {}
    return plain(access_token="user-token", expires_in=7200, refresh_token="r", openid=user.openid, scope="snsapi_base", **more)
