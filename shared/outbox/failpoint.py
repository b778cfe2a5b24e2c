"""Named places where a fault test stops a process (reliability.md §6.1). In every build; settings refuse it in production."""

from __future__ import annotations

import os
import signal
import time

from shared import logs
from shared.settings import Settings

HANG_SECONDS = 600

log = logs.get("failpoint")


class FailpointRaised(Exception):
    """The fault a test asked for."""


def reach(settings: Settings, name: str) -> None:
    """Do what ZHUDIAN_FAILPOINT=name:action asks for at this place: kill (SIGKILL to oneself), hang, raise."""
    wanted, _, action = (settings.failpoint or "").partition(":")
    if wanted != name:
        return
    log.warning("failpoint.reached", failpoint=name, action=action, pid=os.getpid())
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "hang":
        time.sleep(HANG_SECONDS)
    raise FailpointRaised(f"{name}:{action}")
