"""Pictures a phone might send."""

from __future__ import annotations

import io
import random
from typing import Any

from PIL import Image


def picture(width: int = 1600, height: int = 1200, mode: str = "RGB", *, noisy: bool = False) -> Image.Image:
    """A red picture with a green left edge; noisy: every pixel random, the worst for compression."""
    if noisy:
        return Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3)).convert(mode)
    image = Image.new(mode, (width, height), "red" if mode != "P" else 0)
    image.paste("green" if mode != "P" else 1, (0, 0, width // 4, height))
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def with_exif(orientation: int = 6) -> bytes:
    """A JPEG with camera model, position, a thumbnail-like comment and an orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x0110] = "SecretPhone 12"
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 14.0, 38.0), 3: "E", 4: (113.0, 14.0, 10.0)})
    return encoded(picture(), exif=exif, comment=b"patient Zhang")
