"""The Official Account's calls that we make (channels.md §2-§5)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from shared.settings.channels import Channels, Platform
from shared.wechat.errors import OFFICIAL_ACCOUNT
from shared.wechat.platform import Calls, Said, fetched
from shared.wechat.tokens import Fetched, Tokens


class OfficialAccount:
    """One account. `/cgi-bin/token` is never called: each fetch there ends the token before it."""

    def __init__(self, platform: Platform, channels: Channels, tokens: Tokens) -> None:
        self.platform, self.calls = platform, Calls(OFFICIAL_ACCOUNT, platform, channels, tokens)

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        """Where a sign-in begins; the order of the parameters is the documented one."""
        return (f"{self.platform.open_base}/connect/oauth2/authorize?appid={quote(self.platform.app)}"
                f"&redirect_uri={quote(redirect_uri, safe='')}&response_type=code&scope=snsapi_base&state={state}"
                "#wechat_redirect")  # fmt: skip

    def exchange(self, code: str) -> Said:
        """Who came back with this code: `openid`, and `is_snapshotuser` on a page without a real person."""
        query = {"appid": self.platform.app, "secret": self.platform.secret, "code": code, "grant_type": "authorization_code"}
        return self.calls.once("GET", "/sns/oauth2/access_token", query)

    def send_template(self, body: Mapping[str, object]) -> Said:
        """One template message to one follower."""
        return self.calls.with_token(self._token, "POST", "/cgi-bin/message/template/send", {}, body)

    def send_subscribe(self, body: Mapping[str, object]) -> Said:
        """One 订阅通知 to one person who asked for it."""
        return self.calls.with_token(self._token, "POST", "/cgi-bin/message/subscribe/bizsend", {}, body)

    def ticket(self) -> str:
        """The JS-SDK ticket. Raises TokenTrouble."""
        return self.calls.tokens.get(self.calls.key("jsapi"), self._ticket)

    def _ticket(self) -> Fetched:
        return fetched(self.calls.with_token(self._token, "GET", "/cgi-bin/ticket/getticket", {"type": "jsapi"}), "ticket")

    def _token(self) -> Fetched:
        body = {"grant_type": "client_credential", "appid": self.platform.app, "secret": self.platform.secret, "force_refresh": False}
        return fetched(self.calls.once("POST", "/cgi-bin/stable_token", {}, body), "access_token")
