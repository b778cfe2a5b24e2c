"""Where the platforms call us: their signature stands in for a session; whatever is wrong is 403 and nothing else."""

from __future__ import annotations

from flask import Response, request

from notifier.usecases import callbacks
from shared.http.app import runtime
from shared.http.auth import PUBLIC, policy
from shared.http.pages import page_blueprint
from shared.problems import Forbidden
from shared.wechat.errors import OFFICIAL_ACCOUNT, WECOM

pages = page_blueprint("notifier_callbacks")


@pages.get("/api/notifier/callbacks/oa")
@policy("notifier.callback.oa.prove", allow=PUBLIC)
def prove_oa() -> Response:
    """The Official Account asks whether the address is ours."""
    return _proof(OFFICIAL_ACCOUNT, None)


@pages.post("/api/notifier/callbacks/oa")
@policy("notifier.callback.oa", allow=PUBLIC, csrf=False)
def from_oa() -> Response:
    """An event of the Official Account."""
    return _event(OFFICIAL_ACCOUNT, None, "success")


@pages.get("/api/notifier/callbacks/wecom/<agent>")
@policy("notifier.callback.wecom.prove", allow=PUBLIC, values=("agent",))
def prove_wecom(agent: str) -> Response:
    """WeCom asks whether the address is ours."""
    return _proof(WECOM, agent)


@pages.post("/api/notifier/callbacks/wecom/<agent>")
@policy("notifier.callback.wecom", allow=PUBLIC, csrf=False, values=("agent",))
def from_wecom(agent: str) -> Response:
    """An event of WeCom."""
    return _event(WECOM, agent, "")


def _proof(platform: str, agent: str | None) -> Response:
    try:
        return _plain(callbacks.prove(runtime(), platform, agent, request.args.to_dict()), 200)
    except Forbidden:
        return _plain("", 403)


def _event(platform: str, agent: str | None, answer: str) -> Response:
    try:
        callbacks.receive(runtime(), platform, agent, request.args.to_dict(), request.get_data())
    except Forbidden:
        return _plain("", 403)
    return _plain(answer, 200)


def _plain(text: str, status: int) -> Response:
    """No quotes, no newline: the platforms compare bytes."""
    return Response(text, status=status, mimetype="text/plain")
