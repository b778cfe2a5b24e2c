"""Messages of the Official Account: template messages to followers, and 订阅通知 paid by a credit."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence

from notifier.channels.limits import Limit, Limits
from notifier.channels.port import Answer, Message
from notifier.channels.text import fit_chars
from shared import clock
from shared.settings.channels import Template
from shared.wechat.official import OfficialAccount

LENGTHS = {"thing": 20, "character_string": 32, "phrase": 5, "const": 20}
"""Most characters of a field by the name it begins with; a time field takes our own form."""
PER_PERSON = ((1, dt.timedelta(minutes=1)), (10, dt.timedelta(days=1)))
PER_DAY = (95_000, dt.timedelta(days=1))
_STATE = {43004: "unfollowed", 43019: "unfollowed", 42007: "unknown"}


class OfficialChannel:
    """The second choice (template), or the third (subscribe). Accepted is not delivered: an event says so later."""

    batch = 1

    def __init__(
        self, client: OfficialAccount, limits: Limits, base_url: str, templates: Mapping[str, Template], *, subscribe: bool
    ) -> None:
        self.client, self.limits, self.base_url, self.templates = client, limits, base_url, templates
        self.subscribe = subscribe
        self.name = "oa_subscribe" if subscribe else "oa_template"
        self.window = dt.timedelta(0) if subscribe else dt.timedelta(hours=4)

    def render(self, message: Message, call_id: str) -> str:
        """The template's fields, each within its length; `client_msg_id` lets the platform know a repeat."""
        template = self.templates.get(message.type) or self.templates["*"]
        words = {"title": message.title, "text": message.text, "due": f"{clock.local(message.due_at):%Y-%m-%d %H:%M}"}
        data = {name: {"value": _fitted(name, words[part])} for name, part in template.fields.items()}
        page = f"{self.base_url}/app/inbox?m={call_id}"
        where = {"page": page} if self.subscribe else {"url": page, "client_msg_id": call_id.replace("-", "")}
        return json.dumps({"template_id": template.id, "data": data, **where}, ensure_ascii=False, sort_keys=True)

    def send(self, body: str, recipients: Sequence[str], call_id: str) -> Answer:
        """One call for one person."""
        call = self.client.send_subscribe if self.subscribe else self.client.send_template
        said = call({"touser": recipients[0], **json.loads(body)})
        msgid = said.data.get("msgid")
        return Answer(said.action, said.status, said.errcode, str(msgid) if msgid else None,
                      address=_STATE.get(said.errcode or 0, "blocked"))  # fmt: skip

    def wait(self, recipient: str, now: dt.datetime) -> dt.datetime | None:
        """A person's share, and the account's day."""
        return self.limits.take([*(Limit(f"person:{recipient}", *each) for each in PER_PERSON), Limit("day", *PER_DAY)], now)


def _fitted(field: str, words: str) -> str:
    most = LENGTHS.get(field.rstrip("0123456789"))
    return fit_chars(words, most) if most else words
