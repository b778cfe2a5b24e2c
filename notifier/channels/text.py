"""Cutting words to what a platform takes: by bytes or characters, never inside what a reader sees as one character."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

MARK = "…"
_JOINER = "\u200d"


def fit(text: str, most_bytes: int) -> str:
    """The text within `most_bytes` of UTF-8; what was cut ends with 「…」. Raises ValueError when nothing would be left."""
    if len(text.encode()) <= most_bytes:
        return text
    return _cut(text, most_bytes - len(MARK.encode()), lambda piece: len(piece.encode()))


def fit_chars(text: str, most: int) -> str:
    """The text within `most` code points. Raises ValueError when nothing would be left."""
    return text if len(text) <= most else _cut(text, most - 1, len)


def _cut(text: str, room: int, size: Callable[[str], int]) -> str:
    kept = ""
    for piece in _seen_as_one(text):
        if size(kept + piece) > room:
            break
        kept += piece
    if not kept:
        raise ValueError("nothing of the text fits")
    return kept.rstrip() + MARK


def _seen_as_one(text: str) -> list[str]:
    """Pieces that may not be split: combining marks, variation selectors, skin tones, joined emoji, flags."""
    pieces: list[str] = []
    for sign in text:
        if pieces and (_continues(sign) or pieces[-1].endswith(_JOINER) or _second_half_of_flag(pieces[-1], sign)):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def _continues(sign: str) -> bool:
    return sign == _JOINER or unicodedata.category(sign) in ("Mn", "Me", "Mc") or "\U0001f3fb" <= sign <= "\U0001f3ff"


def _second_half_of_flag(before: str, sign: str) -> bool:
    return len(before) == 1 and all("\U0001f1e6" <= one <= "\U0001f1ff" for one in before + sign)
