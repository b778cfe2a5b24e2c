"""The only source of ids: UUIDv7 text (RFC 9562 §5.7), time-ordered, 36 characters. An id is never a secret."""

from __future__ import annotations

import os
import threading

from shared import clock

DRIFT_MILLISECONDS = 1000
"""How far ids may run ahead of the clock when more than 4,096 are made in a millisecond."""

_lock = threading.Lock()
_last = (0, 0)


def new_id() -> str:
    """A new UUIDv7; ids made by one process rise (12-bit counter, RFC 9562 §6.2), unless its clock is set back by more
    than a second."""
    global _last
    milliseconds = int(clock.now().timestamp() * 1000)
    with _lock:
        if 0 <= _last[0] - milliseconds <= DRIFT_MILLISECONDS:
            milliseconds, counter = _last[0], _last[1] + 1
        else:
            counter = int.from_bytes(os.urandom(2)) & 0x3FF
        if counter > 0xFFF:
            milliseconds, counter = milliseconds + 1, 0
        _last = (milliseconds, counter)
    value = milliseconds << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | int.from_bytes(os.urandom(8)) >> 2
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
