"""The authorize page: whoever is chosen on the page goes back with a code that works once."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, redirect, render_template_string, request

from tests.emulators.wechat.answers import said
from tests.emulators.wechat.state import CODE_LIFE, State

COOKIE = "emulated_user"
CHOOSE = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>选择微信用户</title>
<body style="font:18px sans-serif;margin:24px"><h1 style="font-size:20px">以谁的身份打开</h1>
{% for user in users %}<p><a href="{{ here }}&as={{ user.openid }}">{{ user.name }}</a></p>{% endfor %}
<p><a href="{{ here }}&as=-">拒绝</a></p>"""


def blueprint(state: State) -> Blueprint:
    """The route of open.weixin."""
    blp = Blueprint("oauth", __name__)

    @blp.get("/connect/oauth2/authorize")
    def authorize() -> Response | str:
        """Back to redirect_uri with code and state; with the state alone when it is refused."""
        asked = request.args
        platform = "wecom" if asked.get("agentid") else "oa"
        app = state.corpid if platform == "wecom" else state.appid
        if asked.get("appid") != app or asked.get("response_type") != "code" or asked.get("scope") != "snsapi_base":
            return said(40013)
        back = asked.get("redirect_uri", "")
        if state.redirect_host and urlsplit(back).netloc != state.redirect_host:
            return said(50001)
        who = asked.get("as") or request.cookies.get(COOKIE)
        if who is None:
            return render_template_string(CHOOSE, users=state.users, here=request.full_path)
        answer = {"state": asked.get("state", "")}
        user = state.follower(who)
        if user is not None:
            code = secrets.token_urlsafe(24)
            state.codes[code] = (user, state.now() + CODE_LIFE, platform)
            answer["code"] = code
        return redirect(f"{back}{'&' if '?' in back else '?'}{urlencode(answer)}")  # type: ignore[return-value]

    return blp
