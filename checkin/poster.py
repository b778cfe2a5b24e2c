"""The A4 poster of a clinic: one QR code large enough for a shaky phone, its name, and how to use it. PNG and PDF, 300 dpi."""

from __future__ import annotations

import datetime as dt
import functools
import io
from dataclasses import dataclass
from pathlib import Path

import manimgx_fonts_cjk
import qrcode
from PIL import Image, ImageDraw, ImageFont

DPI = 300
PAGE_MM = (210, 297)
MARGIN_MM = 18
CODE_TOP_MM = 93
QR_MM = 104
"""Side wanted for the modules without the quiet zone; at least 60 mm are asked for."""
SIMPLIFIED = 2
"""Face of the simplified Chinese forms in the font collection."""

INK, PAPER, GREEN, GREY = "#000000", "#FFFFFF", "#018942", "#444444"

HEAD = "派驻医师 签到 · 签退"
STEPS = ("① 微信扫一扫上面的码", "② 点绿色按钮签到或签退", "③ 看到“已收到”和回执号才算完成")
OFFLINE = "没有网络时,请先打开“驻点通”页面并保持打开,再签到;或事后申请补签。"
WEAKER = "这是固定海报码。门诊有签到屏幕时请扫屏幕上的码,证据更充分。"


@dataclass(frozen=True)
class Sheet:
    """What a poster says. `url` is the address in the code; phone None = the line names the organisation alone."""

    clinic_name: str
    organisation_name: str
    url: str
    phone: str | None
    issued: dt.date


@dataclass(frozen=True)
class Poster:
    """One poster in both forms; `qr_mm` is the side of the printed modules without the quiet zone."""

    png: bytes
    pdf: bytes
    qr_mm: float


def draw(sheet: Sheet) -> Poster:
    """The poster of a clinic; long names wrap and shrink, nothing is cut off."""
    page = Image.new("RGB", (_px(PAGE_MM[0]), _px(PAGE_MM[1])), PAPER)
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, page.width, _px(28)), fill=GREEN)
    _centred(pen, HEAD, top=5, height=18, size=16, colour=PAPER, weight="Bold")
    _centred(pen, sheet.organisation_name, top=33, height=16, size=8, colour=GREY, weight="Medium")
    _centred(pen, sheet.clinic_name, top=49, height=44, size=23, colour=INK, weight="Bold")
    code = _code(sheet.url)
    page.paste(code.image, ((page.width - code.image.width) // 2, _px(CODE_TOP_MM)))
    top = CODE_TOP_MM + _mm(code.image.height)
    for step in STEPS:
        _centred(pen, step, top=top, height=9.5, size=7.5, colour=INK, weight="Medium")
        top += 10
    _centred(pen, OFFLINE, top=top + 3, height=7, size=4.4, colour=GREY, weight="Regular")
    _centred(pen, WEAKER, top=top + 10, height=7, size=4.4, colour=GREY, weight="Regular")
    call = f"请致电 {sheet.phone}" if sheet.phone else f"请联系{sheet.organisation_name}"
    foot = f"此码损坏、丢失或被冒用时,{call} 停用并补发 · {sheet.issued:%Y-%m-%d} 打印"
    _centred(pen, foot, top=PAGE_MM[1] - 16, height=9, size=4.2, colour=GREY, weight="Regular")
    return Poster(_png(page), _pdf(page, sheet), _mm(code.side))


@dataclass(frozen=True)
class _Code:
    image: Image.Image
    side: int


def _code(url: str) -> _Code:
    """The QR code (level Q: a quarter may be stained) with its quiet zone of four modules, every module whole pixels."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=4)
    code.add_data(url)
    code.make(fit=True)
    code.box_size = _px(QR_MM) // code.modules_count
    image = code.make_image(fill_color=INK, back_color=PAPER).get_image().convert("RGB")
    return _Code(image, code.box_size * code.modules_count)


def _centred(
    pen: ImageDraw.ImageDraw, text: str, *, top: float, height: float, size: float, colour: str, weight: str
) -> None:  # fmt: skip
    """Text centred in a band of the page (millimetres); it wraps and shrinks until it fits."""
    width, room = _px(PAGE_MM[0] - 2 * MARGIN_MM), _px(height)
    pixels = _px(size)
    while True:
        font = _font(pixels, weight)
        lines = _wrap(text, font, width)
        step = int(pixels * 1.25)
        if step * len(lines) <= room or pixels <= _px(3):
            break
        pixels = int(pixels * 0.94)
    y = _px(top) + (room - step * len(lines)) // 2
    for line in lines:
        pen.text((_px(PAGE_MM[0]) / 2, y + step / 2), line, font=font, fill=colour, anchor="mm")
        y += step


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines of about equal length that fit the width; Chinese may break between any two characters."""
    count = max(1, -(-int(font.getlength(text)) // width))
    while True:
        size = -(-len(text) // count)
        lines = [text[start : start + size] for start in range(0, len(text), size)]
        if all(font.getlength(line) <= width for line in lines) or size == 1:
            return lines
        count += 1


@functools.lru_cache(maxsize=64)
def _font(pixels: int, weight: str) -> ImageFont.FreeTypeFont:
    path = next(Path(manimgx_fonts_cjk.__path__[0]).glob("*.ttc"))
    font = ImageFont.truetype(str(path), pixels, index=SIMPLIFIED)
    font.set_variation_by_name(weight)
    return font


def _px(mm: float) -> int:
    return round(mm / 25.4 * DPI)


def _mm(pixels: int) -> float:
    return pixels * 25.4 / DPI


def _png(page: Image.Image) -> bytes:
    """Few colours make a small file; 64 keep the edges of letters smooth."""
    target = io.BytesIO()
    page.quantize(64).save(target, "PNG", dpi=(DPI, DPI), optimize=True)
    return target.getvalue()


def _pdf(page: Image.Image, sheet: Sheet) -> bytes:
    """One A4 page; the printed date, not the moment, so that the same poster has the same bytes."""
    target, day = io.BytesIO(), sheet.issued.timetuple()
    page.save(
        target, "PDF", resolution=DPI, quality=90, subsampling=0, title=sheet.clinic_name, creationDate=day, modDate=day
    )
    return target.getvalue()
