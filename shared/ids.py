"""The only source of ids: UUIDv7 text (RFC 9562 §5.7), time-ordered, 36 characters. An id is never a secret."""

from __future__ import annotations

import os
import threading
import uuid

from shared import clock

_lock = threading.Lock()
_last = (0, 0)


def new_id() -> str:
    """A new UUIDv7; ids made in one process at one millisecond of the clock rise (12-bit counter, RFC 9562 §6.2)."""
    global _last
    milliseconds = int(clock.now().timestamp() * 1000)
    with _lock:
        counter = _last[1] + 1 if _last[0] == milliseconds else int.from_bytes(os.urandom(2)) & 0x3FF
        if counter > 0xFFF:
            milliseconds, counter = milliseconds + 1, 0
        _last = (milliseconds, counter)
    value = milliseconds << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | int.from_bytes(os.urandom(8)) >> 2
    return str(uuid.UUID(int=value))
