"""Small drawn pictures for demo diaries: a desk, a board, a window; nobody is on them."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw


def photo(seed: int) -> bytes:
    """A JPEG of 640 x 480 pixels; the same bytes for the same seed."""
    rng = Random(seed)
    image = Image.new("RGB", (640, 480), _colour(rng, 200, 235))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, rng.randint(300, 380), 640, 480), fill=_colour(rng, 120, 170))
    for _ in range(rng.randint(4, 9)):
        left, top = rng.randint(20, 540), rng.randint(40, 300)
        draw.rectangle((left, top, left + rng.randint(40, 140), top + rng.randint(30, 120)), fill=_colour(rng, 60, 220))
    data = io.BytesIO()
    image.save(data, "JPEG", quality=80)
    return data.getvalue()


def _colour(rng: Random, low: int, high: int) -> tuple[int, int, int]:
    return rng.randint(low, high), rng.randint(low, high), rng.randint(low, high)
