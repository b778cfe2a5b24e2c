"""Reads a QR code from a clean picture (ISO/IEC 18004, byte mode): what a camera would find on the clinic's screen.

The places of the function patterns and the sizes of the blocks come from the qrcode package; nothing is corrected, since
a picture of a screen has no dirt. A picture it cannot read raises AssertionError.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import qrcode
from PIL import Image
from qrcode.base import rs_blocks
from qrcode.util import mask_func

Matrix = list[list[bool]]
FORMAT_MASK, FINDER = 0x5412, 7
FORMAT_PLACES = [*((8, n) for n in (0, 1, 2, 3, 4, 5, 7, 8)), (7, 8), *((n, 8) for n in (5, 4, 3, 2, 1, 0))]


def read(png: bytes) -> str:
    """The text in the code of a picture that holds nothing else dark."""
    matrix = _matrix(Image.open(io.BytesIO(png)).convert("L"))
    bits = 0
    for row, column in FORMAT_PLACES:
        bits = bits << 1 | matrix[row][column]
    level, mask = (bits ^ FORMAT_MASK) >> 13, (bits ^ FORMAT_MASK) >> 10 & 7
    version = (len(matrix) - 17) // 4
    data = _data(bytes(_codewords(matrix, version, level, mask)), version, level)
    stream = "".join(f"{byte:08b}" for byte in data)
    assert stream[:4] == "0100", "not in byte mode"
    width = 8 if version < 10 else 16
    length = int(stream[4 : 4 + width], 2)
    first = 4 + width
    return bytes(int(stream[first + 8 * n : first + 8 * n + 8], 2) for n in range(length)).decode()


def _matrix(image: Image.Image) -> Matrix:
    """Sample the middle of every module; the top of a finder pattern is seven modules wide."""
    box = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert box is not None, "nothing dark in the picture"
    left, top, right, bottom = box
    finder = next(n for n in range(right - left) if image.getpixel((left + n, top + 1)) >= 128)
    count = round((right - left) / (finder / FINDER))
    count = 17 + 4 * round((count - 17) / 4)
    step_x, step_y = (right - left) / count, (bottom - top) / count
    return [[image.getpixel((int(left + (x + 0.5) * step_x), int(top + (y + 0.5) * step_y))) < 128 for x in range(count)]
            for y in range(count)]  # fmt: skip


def _codewords(matrix: Matrix, version: int, level: int, mask: int) -> Iterator[int]:
    """The bytes along the zigzag, unmasked."""
    plan, flip, size = _plan(version, level, mask), mask_func(mask), len(matrix)
    byte, filled = 0, 0
    upwards = True
    for right in range(size - 1, 0, -2):
        column = right if right > 6 else right - 1
        for row in range(size - 1, -1, -1) if upwards else range(size):
            for place in (column, column - 1):
                if plan[row][place] is None:
                    byte, filled = byte << 1 | (matrix[row][place] ^ flip(row, place)), filled + 1
                    if filled % 8 == 0:
                        yield byte & 255
        upwards = not upwards


def _plan(version: int, level: int, mask: int) -> list[list[bool | None]]:
    """The function patterns of this version; None where data stands."""
    code = qrcode.QRCode(version=version, error_correction=level)
    size = code.modules_count = 17 + 4 * version
    code.modules = [[None] * size for _ in range(size)]
    for row, column in ((0, 0), (size - 7, 0), (0, size - 7)):
        code.setup_position_probe_pattern(row, column)
    code.setup_position_adjust_pattern()
    code.setup_timing_pattern()
    code.setup_type_info(True, mask)
    if version >= 7:
        code.setup_type_number(True)
    return code.modules


def _data(codewords: bytes, version: int, level: int) -> bytes:
    """The data bytes of the interleaved blocks, block by block."""
    blocks = rs_blocks(version, level)
    parts: list[bytearray] = [bytearray() for _ in blocks]
    rest = iter(codewords)
    for n in range(max(block.data_count for block in blocks)):
        for part, block in zip(parts, blocks, strict=True):
            if n < block.data_count:
                part.append(next(rest))
    return b"".join(bytes(part) for part in parts)
