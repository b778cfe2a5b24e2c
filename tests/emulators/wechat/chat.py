"""A page that looks like a list of chats: what has arrived for a person, as the phone would show it."""

from __future__ import annotations

import time

from flask import Blueprint, Response, make_response, redirect, render_template_string

from tests.emulators.wechat.oauth import COOKIE
from tests.emulators.wechat.state import State

HEAD = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5"><title>微信(模拟)</title><style>
body{margin:0 auto;max-width:480px;background:#ededed;font:16px/1.5 "Noto Sans CJK SC",sans-serif;color:#111}
header{padding:14px 16px;background:#ededed;font-weight:600;text-align:center;border-bottom:1px solid #ddd}
a{color:inherit;text-decoration:none}.row{display:flex;gap:12px;padding:12px 16px;background:#fff;border-bottom:1px solid #eee}
.head{flex:0 0 44px;height:44px;border-radius:6px;background:#07c160;color:#fff;display:grid;place-items:center}
.last{color:#767676;font-size:14px}.card{display:block;margin:14px 16px;padding:14px;background:#fff;border-radius:8px}
.card b{display:block}.at{text-align:center;color:#767676;font-size:13px;margin-top:14px}.go{color:#576b95;font-size:14px}
</style><header>%s</header>"""
LIST = HEAD % "微信(模拟)" + """{% for user, last, count in rows %}<a class="row" href="/chat/{{ user.openid }}">
<span class="head">{{ user.name[:1] }}</span><span><b>{{ user.name }}</b><br><span class="last">{{ last or '还没有消息' }}</span></span>
</a>{% endfor %}"""
ONE = HEAD % "{{ user.name }}" + """{% for one in messages %}<div class="at">{{ one.when }} {{ one.source }}</div>
<a class="card" href="{{ one.url }}"><b>{{ one.title }}</b>{{ one.text }}<br><span class="go">查看</span></a>{% endfor %}
{% if not messages %}<div class="at">还没有消息</div>{% endif %}<div class="at"><a class="go" href="/chat">返回</a></div>"""


def blueprint(state: State) -> Blueprint:
    """`/chat`: choose a person, read what arrived."""
    blp = Blueprint("chat", __name__)

    def of(user: object) -> list:
        names = {getattr(user, "openid", None), getattr(user, "userid", None)} - {None}
        return [message for message in state.messages if message.user in names]

    @blp.get("/")
    def start() -> Response:
        return redirect("/chat")  # type: ignore[return-value]

    @blp.get("/chat")
    def people() -> str:
        """One row a person, with the newest message."""
        rows = [(user, mine[-1].title if (mine := of(user)) else "", len(of(user))) for user in state.users]
        return render_template_string(LIST, rows=rows)

    @blp.get("/chat/<openid>")
    def conversation(openid: str) -> Response:
        """What this person got; opening a card goes to the product as this person."""
        user = state.follower(openid)
        if user is None:
            return redirect("/chat")  # type: ignore[return-value]
        names = {"wecom": "企业微信通知", "oa": "服务号通知"}
        shown = [{"when": time.strftime("%H:%M", time.gmtime(one.at + 8 * 3600)), "source": names[one.platform],
                  "title": one.title, "text": one.text, "url": one.url} for one in of(user)]  # fmt: skip
        answer = make_response(render_template_string(ONE, user=user, messages=shown))
        answer.set_cookie(COOKIE, openid, httponly=True, samesite="Lax")
        return answer

    return blp
