"""The signature a page needs to use the camera and the position through WeChat or WeCom (channels.md §3)."""

from __future__ import annotations

import secrets
from typing import Any

from services.identity.usecases.platforms import PLATFORM_OF, PlatformOff, client
from shared import clock
from shared.problems import InvalidBody, Problem
from shared.service import Runtime
from shared.wechat.signature import jssdk
from shared.wechat.tokens import TokenTrouble
from shared.wechat.wecom import WeCom

USED = ("scanQRCode", "getLocation")


class PlatformAway(Problem):
    """No ticket: the platform or the broker does not answer. The page works without."""

    status, slug, title = 503, "platform-away", "微信暂时没有应答,请用微信右上角扫一扫,或输入 8 位码"


def config(rt: Runtime, surroundings: str, url: str) -> dict[str, Any]:
    """What `wx.config` (or `ww.register`) takes for this page. Raises PlatformOff, PlatformAway, InvalidBody for a foreign page."""
    page = url.partition("#")[0]
    if page != rt.settings.public_base_url and not page.startswith(f"{rt.settings.public_base_url}/"):
        raise InvalidBody("url", "not a page of this site")
    platform = PLATFORM_OF.get(surroundings)
    if platform is None:
        raise PlatformOff("neither WeChat nor WeCom")
    made, nonce, stamp = client(rt, platform), secrets.token_hex(8), int(clock.now().timestamp())
    try:
        ticket = made.ticket()
        agent = made.ticket(agent=True) if isinstance(made, WeCom) else None
    except TokenTrouble as trouble:
        raise PlatformAway(f"{trouble.action} {trouble.errcode}", headers={"Retry-After": "60"}) from trouble
    return {
        "platform": platform, "app_id": made.platform.app, "agent_id": made.platform.agent or None,
        "timestamp": stamp, "nonce_str": nonce, "signature": jssdk(ticket, nonce, stamp, page),
        "agent_signature": jssdk(agent, nonce, stamp, page) if agent else None, "js_api_list": list(USED),
        "jssdk_url": made.platform.jssdk_url or None,
    }  # fmt: skip
