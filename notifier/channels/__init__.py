"""The channels that the settings of an installation turn on. A channel nobody configured does not exist."""

from __future__ import annotations

from notifier.channels.console import Console
from notifier.channels.limits import Limits
from notifier.channels.mail import Mail
from notifier.channels.official import OfficialChannel
from notifier.channels.port import Channel
from notifier.channels.wecom import WeComChannel
from shared.service import Runtime
from shared.wechat.official import OfficialAccount
from shared.wechat.tokens import Tokens, connect
from shared.wechat.wecom import WeCom


def turned_on(rt: Runtime) -> dict[str, Channel]:
    """The channels by name; the platforms need the broker too, the console is only there outside production."""
    found: list[Channel] = [*_platforms(rt)]
    if rt.settings.channels.smtp:
        found.append(Mail(rt.settings.channels.smtp, rt.settings.public_base_url, rt.settings.channels.read_timeout))
    if not rt.settings.production:
        found.append(Console())
    return {channel.name: channel for channel in found}


def _platforms(rt: Runtime) -> list[Channel]:
    named, base = rt.settings.channels, rt.settings.public_base_url
    if rt.settings.redis_url is None:
        return []
    found: list[Channel] = []
    client = connect(rt.settings.redis_url)
    tokens = Tokens(client, rt.keys)
    if named.wecom:
        found.append(WeComChannel(WeCom(named.wecom, named, tokens), Limits(client, "wecom"), base))
    if named.oa:
        account, limits = OfficialAccount(named.oa, named, tokens), Limits(client, "oa")
        for templates, subscribe in ((named.templates, False), (named.subscribe, True)):
            if "*" in templates:
                found.append(OfficialChannel(account, limits, base, templates, subscribe=subscribe))
    return found
