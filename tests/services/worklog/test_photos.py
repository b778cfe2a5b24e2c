"""Photos: what is read, how small and clean it is stored, what is refused."""

from __future__ import annotations

import io
import struct
import zlib

import pillow_heif
import pytest
from PIL import Image

from services.worklog.photos import (
    LONG_SIDE,
    MAX_STORED_BYTES,
    MAX_UPLOAD_BYTES,
    PhotoTooLarge,
    PhotoUnreadable,
    reencode,
)
from tests.services.worklog.pictures import encoded, picture, with_exif


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_kind_becomes_a_jpeg_of_at_most_1280(kind: str) -> None:
    photo = reencode(encoded(picture(), kind))
    image = opened(photo.data)
    assert image.format == "JPEG"
    assert image.size == (photo.width, photo.height) == (1280, 960)
    assert len(photo.data) <= MAX_STORED_BYTES


def test_heic_is_read() -> None:
    target = io.BytesIO()
    pillow_heif.from_pillow(picture(320, 240)).save(target)
    assert (reencode(target.getvalue()).width, opened(reencode(target.getvalue()).data).format) == (320, "JPEG")


def test_exif_is_gone_and_the_picture_stands_upright() -> None:
    data = with_exif(orientation=6)
    assert b"SecretPhone" in data
    photo = reencode(data)
    image = opened(photo.data)
    assert image.size == (960, 1280)  # turned by 90 degrees
    assert not dict(image.getexif())
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(image.info)
    for secret in (b"SecretPhone", b"Exif", b"patient", b"Zhang"):
        assert secret not in photo.data
    red, green, _ = image.getpixel((480, 20))  # the left edge came to the top
    assert green > red


@pytest.mark.parametrize("size", [(1280, 1280), (3000, 2000)])
def test_the_worst_picture_still_fits(size: tuple[int, int]) -> None:
    photo = reencode(encoded(picture(*size, noisy=True), quality=95))
    assert len(photo.data) <= MAX_STORED_BYTES
    assert max(photo.width, photo.height) <= LONG_SIDE


def test_a_small_picture_is_not_blown_up() -> None:
    assert (reencode(encoded(picture(40, 30))).width, reencode(encoded(picture(1, 1))).height) == (40, 1)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "CMYK"])
def test_every_colour_mode_is_read(mode: str) -> None:
    kind = "JPEG" if mode in ("CMYK", "L") else "PNG"
    assert opened(reencode(encoded(picture(64, 48, mode), kind)).data).mode == "RGB"


def test_transparency_becomes_white() -> None:
    photo = reencode(encoded(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG"))
    assert min(opened(photo.data).getpixel((32, 32))) > 250


@pytest.mark.parametrize("data", [
    b"", b"hello, this is a text file named photo.jpg", b"\xff\xd8\xff\xe0" + bytes(100), b"GIF89a" + bytes(100),
    b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", encoded(picture())[:2000], encoded(picture(), "GIF"),
    encoded(picture(), "BMP"), encoded(picture(), "TIFF"), b"PK\x03\x04" + bytes(64),
])  # fmt: skip
def test_what_is_no_photo_is_unreadable(data: bytes) -> None:
    with pytest.raises(PhotoUnreadable) as refused:
        reencode(data)
    assert (refused.value.status, refused.value.title_text()) == (422, "这不是可以读取的照片")
    assert "JPEG" in refused.value.detail


def bomb(side: int) -> bytes:
    """A PNG of a few kilobytes that says it unfolds to side x side pixels."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(side * (side // 8 + 1)))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [7_100, 10_000, 20_000])
def test_a_decompression_bomb_is_too_large(side: int) -> None:
    data = bomb(side)
    assert len(data) < 100_000
    with pytest.raises(PhotoTooLarge):
        reencode(data)


def test_too_many_bytes_are_too_large() -> None:
    with pytest.raises(PhotoTooLarge) as refused:
        reencode(bytes(MAX_UPLOAD_BYTES + 1))
    assert (refused.value.status, refused.value.title_text()) == (413, "照片太大,请重新选择或压缩后再传")
