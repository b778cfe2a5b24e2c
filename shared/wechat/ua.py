"""Which of our surroundings a browser is: WeCom says both words, so it is asked for first."""

from __future__ import annotations


def surroundings(user_agent: str) -> str:
    """"wecom", "wechat" or "other"."""
    said = user_agent.lower()
    if "wxwork" in said:
        return "wecom"
    return "wechat" if "micromessenger" in said else "other"
