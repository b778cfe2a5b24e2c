"""Settings of the channels (channels.md §1): every address is one; a channel whose settings are missing is off."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

PARTS = frozenset({"title", "text", "due"})
"""What a template's field may be filled with: the reminder's words, and when it was due."""
TLS = ("starttls", "tls", "none")
SMS_VENDORS = ("console",)


@dataclass(frozen=True)
class Template:
    """A template of the Official Account: its id, and which of PARTS fills which field (thing1 -> title)."""

    id: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Platform:
    """What both platforms share. `aes_keys`: the present EncodingAESKey, and the one before for seven days after a change."""

    app: str
    secret: str = field(repr=False)
    api_base: str = ""
    open_base: str = ""
    jssdk_url: str = ""
    agent: int = 0
    token: str = field(default="", repr=False)
    aes_keys: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Smtp:
    """The mail relay; `sender` is the From address."""

    host: str
    port: int
    tls: str
    sender: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Channels:
    """Settings of every channel; None = off. Timeouts in seconds."""

    oa: Platform | None = None
    wecom: Platform | None = None
    smtp: Smtp | None = None
    sms_vendor: str | None = None
    templates: Mapping[str, Template] = field(default_factory=dict)
    subscribe: Mapping[str, Template] = field(default_factory=dict)
    connect_timeout: float = 3.0
    read_timeout: float = 7.0


def read_channels(text: Callable[[str, str], str], mistakes: list[str]) -> Channels:
    """The channels' settings from `text(NAME, default)`; what is wrong is added to `mistakes`."""
    return Channels(
        oa=_platform(text, mistakes, "OA", "OA_APPID", "https://api.weixin.qq.com"),
        wecom=_platform(text, mistakes, "WECOM", "WECOM_CORPID", "https://qyapi.weixin.qq.com"),
        smtp=_smtp(text, mistakes), sms_vendor=_one(text, mistakes, "SMS_VENDOR", "", ("", *SMS_VENDORS)) or None,
        templates=_templates(text, mistakes, "OA_TEMPLATES"), subscribe=_templates(text, mistakes, "OA_SUBSCRIBE_TEMPLATES"),
        connect_timeout=_seconds(text, mistakes, "HTTP_CONNECT_TIMEOUT", "3"),
        read_timeout=_seconds(text, mistakes, "HTTP_READ_TIMEOUT", "7"),
    )  # fmt: skip


def _platform(text: Callable[[str, str], str], mistakes: list[str], prefix: str, name: str, api: str) -> Platform | None:
    app = text(name, "")
    if not app:
        return None
    secret, agent = text(f"{prefix}_SECRET", ""), text("WECOM_AGENTID", "") if prefix == "WECOM" else "0"
    if not secret:
        mistakes.append(f"{prefix}_SECRET is missing, and {name} is set")
    if not agent.isdigit():
        mistakes.append(f"WECOM_AGENTID is {agent!r}; wanted: the number of the application")
    keys = tuple(key for key in (text(f"{prefix}_AES_KEY", ""), text(f"{prefix}_AES_KEY_OLD", "")) if key)
    if any(not re.fullmatch(r"[0-9A-Za-z]{43}", key) for key in keys):
        mistakes.append(f"{prefix}_AES_KEY and {prefix}_AES_KEY_OLD have 43 letters and digits")
    return Platform(
        app, secret, api_base=text(f"{prefix}_API_BASE", api).rstrip("/"),
        open_base=text(f"{prefix}_OPEN_BASE", "https://open.weixin.qq.com").rstrip("/"),
        jssdk_url=text("WX_JSSDK_URL" if prefix == "OA" else "WECOM_JSSDK_URL", ""),
        agent=int(agent) if agent.isdigit() else 0, token=text(f"{prefix}_TOKEN", ""), aes_keys=keys,
    )  # fmt: skip


def _smtp(text: Callable[[str, str], str], mistakes: list[str]) -> Smtp | None:
    host = text("SMTP_HOST", "")
    if not host:
        return None
    port, sender = text("SMTP_PORT", "587"), text("SMTP_SENDER", "")
    if not port.isdigit() or not 0 < int(port) < 65536:
        mistakes.append(f"SMTP_PORT is {port!r}; wanted: a port")
    if "@" not in sender:
        mistakes.append("SMTP_SENDER is the address mail comes from; SMTP_HOST is set and it is missing")
    tls = _one(text, mistakes, "SMTP_TLS", "starttls", TLS)
    return Smtp(host, int(port) if port.isdigit() else 0, tls, sender, text("SMTP_USER", ""), text("SMTP_PASSWORD", ""))


def _templates(text: Callable[[str, str], str], mistakes: list[str], name: str) -> dict[str, Template]:
    """{reminder type or "*": {"id": …, "fields": {"thing1": "title"}}} as JSON."""
    try:
        found = {kind: Template(str(one["id"]), dict(one["fields"])) for kind, one in json.loads(text(name, "{}")).items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        mistakes.append(f'{name} wanted: {{"D01": {{"id": "…", "fields": {{"thing1": "title"}}}}}} as JSON')
        return {}
    if found and "*" not in found:
        mistakes.append(f'{name}: "*" names the template of every type without one of its own')
    if unknown := sorted({part for one in found.values() for part in one.fields.values()} - PARTS):
        mistakes.append(f"{name}: {', '.join(unknown)} fills no field; there are {', '.join(sorted(PARTS))}")
    return found


def _one(text: Callable[[str, str], str], mistakes: list[str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        mistakes.append(f"{name} is {value!r}; wanted: {' / '.join(one for one in allowed if one)}")
    return value


def _seconds(text: Callable[[str, str], str], mistakes: list[str], name: str, default: str) -> float:
    try:
        value = float(text(name, default))
    except ValueError:
        value = 0.0
    if not 0 < value <= 10:
        mistakes.append(f"{name}: more than 0, at most 10 seconds")
    return value
