"""WeCom's calls that we make (channels.md §2-§5)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from shared.settings.channels import Channels, Platform
from shared.wechat.errors import WECOM
from shared.wechat.platform import Calls, Said, fetched
from shared.wechat.tokens import Fetched, Tokens

MOST_RECIPIENTS = 1000


class WeCom:
    """One self-built application of one corporation."""

    def __init__(self, platform: Platform, channels: Channels, tokens: Tokens) -> None:
        self.platform, self.calls = platform, Calls(WECOM, platform, channels, tokens)

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        """Where a sign-in begins."""
        return (f"{self.platform.open_base}/connect/oauth2/authorize?appid={quote(self.platform.app)}"
                f"&redirect_uri={quote(redirect_uri, safe='')}&response_type=code&scope=snsapi_base&state={state}"
                f"&agentid={self.platform.agent}#wechat_redirect")  # fmt: skip

    def exchange(self, code: str) -> Said:
        """Who came back with this code: `userid` of a member; an outsider has only an `openid`."""
        return self.calls.with_token(self._token, "GET", "/cgi-bin/auth/getuserinfo", {"code": code})

    def send(self, body: Mapping[str, object]) -> Said:
        """One application message. Errcode 0 can be a partial failure: see `left_out`."""
        return self.calls.with_token(self._token, "POST", "/cgi-bin/message/send", {}, body)

    def ticket(self, *, agent: bool = False) -> str:
        """The corporation's JS-SDK ticket, or that of the application. Raises TokenTrouble."""
        path, query = ("/cgi-bin/ticket/get", {"type": "agent_config"}) if agent else ("/cgi-bin/get_jsapi_ticket", {})

        def fetch() -> Fetched:
            return fetched(self.calls.with_token(self._token, "GET", path, query), "ticket")

        return self.calls.tokens.get(self.calls.key("agent-ticket" if agent else "corp-ticket"), fetch)

    def _token(self) -> Fetched:
        query = {"corpid": self.platform.app, "corpsecret": self.platform.secret}
        return fetched(self.calls.once("GET", "/cgi-bin/gettoken", query), "access_token")


def left_out(said: Said) -> dict[str, str]:
    """{userid in lower case: what its address becomes} of the recipients the platform took out of a call."""
    found = {}
    for name, state in (("invaliduser", "blocked"), ("unlicenseduser", "unlicensed")):
        listed = said.data.get(name) or ""
        found.update({one.lower(): state for one in str(listed).split("|") if one})
    return found
