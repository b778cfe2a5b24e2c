"""Rate classes of policies: calls per account (or address, before sign-in) in a fixed window, counted in this process.

Several web processes each count their own share; the count shared between them comes with S-20.
"""

from __future__ import annotations

import threading
import time

from flask import current_app

from shared.http.policy import Policy
from shared.problems import RateLimited


class Windows:
    """The running windows of one application: {(policy, caller): (window number, calls)}."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[tuple[str, str], tuple[int, int]] = {}

    def take(self, key: tuple[str, str], calls: int, seconds: int) -> int:
        """Count one call; 0 when within the rate, otherwise the seconds until the next window."""
        window, elapsed = divmod(int(time.monotonic()), seconds)
        with self._lock:
            if len(self._calls) > 10_000:
                self._calls.clear()
            started, used = self._calls.get(key, (window, 0))
            used = used + 1 if started == window else 1
            self._calls[key] = (window, used)
        return seconds - elapsed if used > calls else 0


def take(stated: Policy, caller: str) -> None:
    """Count this call against the policy's limit. Raises RateLimited."""
    if stated.rate is None:
        return
    windows: Windows = current_app.extensions["zhudian.limits"]
    if wait := windows.take((stated.id, caller), *stated.rate):
        raise RateLimited(f"more than {stated.limit}", n=wait, headers={"Retry-After": str(wait)})
