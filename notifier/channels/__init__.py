"""The channels that the settings of an installation turn on. A channel nobody configured does not exist."""

from __future__ import annotations

from notifier.channels.console import Console
from notifier.channels.port import Channel
from shared.settings import Settings


def turned_on(settings: Settings) -> dict[str, Channel]:
    """The channels by name; the console only outside production."""
    found: list[Channel] = []
    if not settings.production:
        found.append(Console())
    return {channel.name: channel for channel in found}
