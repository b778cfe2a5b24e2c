"""The printed poster: sizes, the code read back from the pixels, long names, both files."""

from __future__ import annotations

import datetime as dt
import io

import pypdfium2
import pytest
import qrcode
from PIL import Image, ImageChops

from checkin.poster import CODE_TOP_MM, MARGIN_MM, Poster, Sheet, draw

URL = "https://zhudian.example.cn/c/G5xXwXlFAuIppSoS2XlvXftrTjVT8581"
MM = 25.4 / 300


def sheet(clinic: str = "内科门诊", organisation: str = "柳岸社区卫生服务中心", url: str = URL, phone: str | None = "0391-6001") -> Sheet:
    return Sheet(clinic, organisation, url, phone, dt.date(2026, 11, 23))


def page(poster: Poster) -> Image.Image:
    return Image.open(io.BytesIO(poster.png)).convert("L")


def dark_rows(image: Image.Image, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Bounding box of everything dark inside a box."""
    part = image.crop(box).point(lambda value: 255 if value < 128 else 0)
    found = part.getbbox()
    assert found is not None
    return found[0] + box[0], found[1] + box[1], found[2] + box[0], found[3] + box[1]


def code_box(image: Image.Image) -> tuple[int, int, int, int]:
    """Where the modules are: from the top finder patterns down to the first 3 mm without any ink."""
    top = dark_rows(image, (0, round(CODE_TOP_MM / MM), image.width, image.height))[1]
    bottom, step = top, round(3 / MM)
    while image.crop((0, bottom, image.width, bottom + step)).getextrema()[0] < 128:
        bottom += 1
    return dark_rows(image, (0, top, image.width, bottom))


def modules(image: Image.Image, box: tuple[int, int, int, int], count: int) -> list[list[bool]]:
    """Sample the middle of every module."""
    left, top, right, bottom = box
    step_x, step_y = (right - left) / count, (bottom - top) / count
    return [[image.getpixel((int(left + (x + 0.5) * step_x), int(top + (y + 0.5) * step_y))) < 128 for x in range(count)]
            for y in range(count)]  # fmt: skip


def wanted(url: str) -> list[list[bool]]:
    """The matrix of the address, made by itself."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=0)
    code.add_data(url)
    code.make(fit=True)
    return [[bool(cell) for cell in row] for row in code.get_matrix()]


def test_the_png_is_a4_at_300_dpi() -> None:
    image = Image.open(io.BytesIO(draw(sheet()).png))
    assert image.format == "PNG"
    assert [round(side * MM) for side in image.size] == [210, 297]
    assert [round(value) for value in image.info["dpi"]] == [300, 300]


@pytest.mark.parametrize("url", [URL, "http://127.0.0.1:8000/c/" + "x" * 32, "https://" + "long." * 20 + "cn/c/" + "y" * 32])
def test_the_code_reads_back_and_measures_at_least_60_mm(url: str) -> None:
    poster = draw(sheet(url=url))
    image, matrix = page(poster), wanted(url)
    box = code_box(image)
    assert modules(image, box, len(matrix)) == matrix
    width, height = ((box[2] - box[0]) * MM, (box[3] - box[1]) * MM)
    assert width >= 60
    assert abs(width - height) < 0.2
    assert abs(width - poster.qr_mm) < 0.2


def test_the_code_has_a_quiet_zone_of_four_modules() -> None:
    image, count = page(draw(sheet())), len(wanted(URL))
    left, top, right, bottom = code_box(image)
    zone = 4 * (right - left) // count - 2
    around = image.crop((left - zone, top - zone, right + zone, bottom + zone))
    inside = Image.new("L", (right - left, bottom - top), 255)
    around.paste(inside, (zone, zone))
    assert around.getextrema()[0] > 200


def test_the_pdf_is_one_a4_page_with_the_same_code() -> None:
    document = pypdfium2.PdfDocument(draw(sheet()).pdf)
    assert len(document) == 1
    width, height = document[0].get_size()
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (210, 297)
    image = document[0].render(scale=300 / 72).to_pil().convert("L")
    matrix = wanted(URL)
    assert modules(image, code_box(image), len(matrix)) == matrix


@pytest.mark.parametrize("name", [
    "内科", "欧阳诊室",
    "河南省焦作市中站区府城街道办事处许衡社区卫生服务中心暨焦作市第二人"
    "民医院医疗集团中站分院附属康复保健门诊部东院区一二三四五六",
])  # fmt: skip
def test_names_of_any_length_stay_inside_the_margins(name: str) -> None:
    image = page(draw(sheet(clinic=name, organisation=name, phone=None)))
    below_the_head = (0, round(31 / MM), image.width, image.height)
    left, _, right, bottom = dark_rows(image, below_the_head)
    assert left * MM >= MARGIN_MM - 0.5
    assert right * MM <= 210 - MARGIN_MM + 0.5
    assert bottom * MM <= 297 - 5
    name_band = dark_rows(image, (0, round(49 / MM), image.width, round(92 / MM)))
    assert (name_band[3] - name_band[1]) * MM > 8  # large type, however long


def test_another_name_makes_another_picture() -> None:
    assert ImageChops.difference(page(draw(sheet("内科"))), page(draw(sheet("外科")))).getbbox() is not None


def test_the_same_poster_of_a_day_has_the_same_bytes() -> None:
    assert draw(sheet()).png == draw(sheet()).png
    assert draw(sheet()).pdf == draw(sheet()).pdf
