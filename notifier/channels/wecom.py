"""WeCom application messages: one text card to up to a thousand members, duplicates of equal bytes suppressed for four hours."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

from notifier.channels.limits import Limit, Limits
from notifier.channels.port import Answer, Message
from notifier.channels.text import fit
from shared.wechat.errors import Action
from shared.wechat.wecom import MOST_RECIPIENTS, WeCom, left_out

SUPPRESSED_SECONDS = 14_400
TITLE_BYTES, TEXT_BYTES = 128, 512
PER_MEMBER = ((20, dt.timedelta(minutes=1)), (600, dt.timedelta(hours=1)))
"""Below the platform's 30 and 1,000: what is above those vanishes without an error."""
PER_CORP = (8_000, dt.timedelta(minutes=1))
_STATE = {60111: "blocked", 43004: "unfollowed"}


class WeComChannel:
    """The first choice."""

    name, batch, window = "wecom", MOST_RECIPIENTS, dt.timedelta(seconds=SUPPRESSED_SECONDS)

    def __init__(self, client: WeCom, limits: Limits, base_url: str) -> None:
        self.client, self.limits, self.base_url = client, limits, base_url

    def render(self, message: Message, call_id: str) -> str:
        """The card; its address names the call, so that two true messages never look like one."""
        card = {"title": fit(message.title, TITLE_BYTES), "description": fit(message.text, TEXT_BYTES),
                "url": f"{self.base_url}/app/inbox?m={call_id}", "btntxt": "查看"}  # fmt: skip
        return json.dumps({
            "msgtype": "textcard", "agentid": self.client.platform.agent, "textcard": card, "enable_duplicate_check": 1,
            "duplicate_check_interval": SUPPRESSED_SECONDS,
        }, ensure_ascii=False, sort_keys=True)  # fmt: skip

    def send(self, body: str, recipients: Sequence[str], call_id: str) -> Answer:
        """One call; members the platform left out are told apart from those it took."""
        said = self.client.send({"touser": "|".join(recipients), **json.loads(body)})
        refused = left_out(said) if said.action is Action.ACCEPTED else {}
        msgid = said.data.get("msgid")
        return Answer(said.action, said.status, said.errcode, str(msgid) if msgid else None, refused,
                      _STATE.get(said.errcode or 0, "blocked"))  # fmt: skip

    def wait(self, recipient: str, now: dt.datetime) -> dt.datetime | None:
        """A member's share, and the corporation's."""
        mine = [Limit(f"member:{recipient.lower()}", most, span) for most, span in PER_MEMBER]
        return self.limits.take([*mine, Limit("corp", *PER_CORP)], now)
