"""When two diaries say the same and two photos show the same (evidence.md §8). Pure."""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image

GRAM = 5
LEAST_CHARACTERS = 30
SHARED_PERCENT = 90
BITS, MOST_BITS_APART = 64, 2
_THIRD = 22


def grams(text: str) -> frozenset[str]:
    """The character 5-grams of a diary without its white space; none of one with fewer than 30 characters."""
    bare = "".join(text.split())
    return frozenset(bare[at : at + GRAM] for at in range(len(bare) - GRAM + 1)) if len(bare) >= LEAST_CHARACTERS else frozenset()


def similar(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both share at least 90 % of the grams of the richer one."""
    return bool(one) and len(one & other) * 100 >= SHARED_PERCENT * max(len(one), len(other))


def comparable(count: int) -> tuple[int, int]:
    """Fewest and most grams that a text similar to one with `count` can have."""
    return -(-count * SHARED_PERCENT // 100), count * 100 // SHARED_PERCENT


class Look(NamedTuple):
    """The difference hash of a picture: 16 hex digits, and its three parts. Two within 2 bits share a part."""

    bits: str
    low: int
    middle: int
    high: int


def look_of(picture: Image.Image) -> Look:
    """64 bits: whether each of 8 × 8 grey points is darker than its right neighbour."""
    grey = picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    number = 0
    for row in range(8):
        for column in range(8):
            number = number << 1 | (grey[9 * row + column] < grey[9 * row + column + 1])
    part = (1 << _THIRD) - 1
    return Look(f"{number:016x}", number & part, number >> _THIRD & part, number >> 2 * _THIRD)


def near(one: str, other: str) -> bool:
    """Whether two difference hashes are at most 2 bits apart."""
    return (int(one, 16) ^ int(other, 16)).bit_count() <= MOST_BITS_APART
