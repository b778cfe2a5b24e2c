"""Which characters the bundled font can draw. What it cannot becomes 〓, the printer's mark for a missing type."""

from __future__ import annotations

import functools
import struct
from pathlib import Path
from typing import Any

import manimgx_fonts_cjk

FOLDER = Path(manimgx_fonts_cjk.__file__).parent
FILE = FOLDER / "NotoSansCJK-VF.otf.ttc"
MISSING = "〓"


@functools.cache
def characters() -> frozenset[int]:
    """Code points with a glyph: the format 12 subtable of the first face's `cmap` (OpenType 1.9, cmap)."""
    with FILE.open("rb") as file:
        file.seek(struct.unpack(">I", file.read(16)[12:])[0] + 4)
        (count,) = struct.unpack(">H6x", file.read(8))
        tables = [struct.unpack(">4s4xII", file.read(16)) for _ in range(count)]
        offset, length = next((start, size) for tag, start, size in tables if tag == b"cmap")
        file.seek(offset)
        cmap = file.read(length)
    (count,) = struct.unpack_from(">2xH", cmap)
    starts = [struct.unpack_from(">4xI", cmap, 4 + 8 * n)[0] for n in range(count)]
    start = next(start for start in starts if struct.unpack_from(">H", cmap, start)[0] == 12)
    (groups,) = struct.unpack_from(">12xI", cmap, start)
    found = struct.unpack_from(f">{3 * groups}I", cmap, start + 16)
    return frozenset(code for n in range(groups) for code in range(found[3 * n], found[3 * n + 1] + 1))


def drawable(value: Any) -> Any:
    """The same JSON value with every character the font lacks replaced by 〓, control characters by a space."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else "".join(map(_drawable, value))
    if isinstance(value, dict):
        return {key: drawable(item) for key, item in value.items()}
    return [drawable(item) for item in value] if isinstance(value, (list, tuple)) else value


def _drawable(character: str) -> str:
    if character < " " or character == "\x7f":
        return " "
    return character if ord(character) in characters() else MISSING
