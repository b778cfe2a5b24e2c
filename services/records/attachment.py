"""Uploaded attachments: PDF as it is, JPEG and PNG re-encoded without metadata; every other type is refused."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from shared.problems import Problem

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
QUALITY = 88
SUFFIX = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


class AttachmentTooLarge(Problem):
    """More bytes, or more pixels, than are accepted."""

    status, slug, title = 413, "attachment-too-large", "附件太大,最多 10 MB"


class AttachmentRefused(Problem):
    """Not a PDF, JPEG or PNG, whatever its name says, or a damaged one."""

    status, slug, title = 422, "attachment-refused", "附件只能是 PDF、JPG 或 PNG 文件,这个文件不是或已损坏"


@dataclass(frozen=True)
class Attachment:
    """Bytes to keep, their media type, and width and height of a picture."""

    data: bytes
    media_type: str
    pixels: tuple[int, int] | None = None


def accepted(data: bytes) -> Attachment:
    """The attachment as it is kept; its bytes decide the type, never its name. Raises AttachmentTooLarge or -Refused."""
    if len(data) > MAX_BYTES:
        raise AttachmentTooLarge(f"{len(data)} bytes; at most {MAX_BYTES} are accepted")
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return Attachment(data, "application/pdf")
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _picture(data)
    raise AttachmentRefused("neither PDF nor JPEG nor PNG")


def _picture(data: bytes) -> Attachment:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise AttachmentTooLarge(f"{opened.width} x {opened.height} pixels")
            png = opened.format == "PNG"
            upright = ImageOps.exif_transpose(opened).convert("RGBA" if png else "RGB")
    except Problem:
        raise
    except Image.DecompressionBombError as error:
        raise AttachmentTooLarge("the picture says it unfolds beyond every limit") from error
    except Exception as error:  # Pillow raises whatever the bytes provoke
        raise AttachmentRefused(f"not a readable picture ({type(error).__name__})") from error
    target = io.BytesIO()
    # a new image carries no EXIF, comment or profile of the old one
    clean = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    clean.save(target, "PNG") if png else clean.save(target, "JPEG", quality=QUALITY)
    return Attachment(target.getvalue(), "image/png" if png else "image/jpeg", upright.size)
