"""Uploaded photos made small and clean: decoded within limits, turned upright, re-encoded as JPEG without EXIF."""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageOps

from services.worklog.domain.likeness import Look, look_of
from shared.problems import Problem

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
MAX_STORED_BYTES = 300_000
MAX_PIXELS = 50_000_000
LONG_SIDE = 1280
QUALITIES = (85, 75, 65, 55, 45, 35)
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")


class PhotoTooLarge(Problem):
    """More bytes than are accepted, or a picture that would unfold to more than MAX_PIXELS pixels."""

    status, slug, title = 413, "photo-too-large", "照片太大,请重新选择或压缩后再传"


class PhotoUnreadable(Problem):
    """Not a JPEG, PNG, WebP or HEIC picture, or a damaged one."""

    status, slug, title = 422, "photo-unreadable", "这不是可以读取的照片"


@dataclass(frozen=True)
class Photo:
    """A re-encoded JPEG: at most MAX_STORED_BYTES, long side at most LONG_SIDE pixels, no metadata; and its look."""

    data: bytes
    width: int
    height: int
    look: Look


def reencode(data: bytes) -> Photo:
    """The clean JPEG of an uploaded photo. Raises PhotoTooLarge or PhotoUnreadable; nothing is written."""
    if len(data) > MAX_UPLOAD_BYTES:
        raise PhotoTooLarge(f"{len(data)} bytes; at most {MAX_UPLOAD_BYTES} are accepted")
    try:
        picture = _decode(data)
    except Problem:
        raise
    except Image.DecompressionBombError as error:
        raise PhotoTooLarge("the picture says it unfolds beyond every limit") from error
    except Exception as error:  # Pillow raises whatever the bytes provoke: OSError, SyntaxError, struct.error …
        raise PhotoUnreadable(f"not a readable {', '.join(FORMATS)} picture ({type(error).__name__})") from error
    return _encode(picture)


def _decode(data: bytes) -> Image.Image:
    """The upright RGB picture, already scaled down; transparency becomes white."""
    _know_heif()
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise PhotoTooLarge(f"{opened.width} x {opened.height} pixels; at most {MAX_PIXELS} are accepted")
        opened.draft("RGB", (LONG_SIDE, LONG_SIDE))  # JPEG decodes straight to a smaller scale
        upright = ImageOps.exif_transpose(opened)
        if "A" in upright.getbands() or "transparency" in upright.info:
            layer = upright.convert("RGBA")
            upright = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
        picture = upright.convert("RGB")
    picture.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    return picture


def _encode(picture: Image.Image) -> Photo:
    """The best JPEG that fits: lower quality first, then fewer pixels."""
    look = look_of(picture)
    while True:
        for quality in QUALITIES:
            target = io.BytesIO()
            # a new image carries no EXIF, comment or colour profile of the old one
            Image.frombytes("RGB", picture.size, picture.tobytes()).save(target, "JPEG", quality=quality, optimize=True)
            if target.tell() <= MAX_STORED_BYTES:
                return Photo(target.getvalue(), *picture.size, look)
        picture = picture.resize((max(1, picture.width * 3 // 4), max(1, picture.height * 3 // 4)))


@functools.cache
def _know_heif() -> None:
    pillow_heif.register_heif_opener()
