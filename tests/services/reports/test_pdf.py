"""The PDF as a document: fonts, glyphs, page feet, table heads, nothing outside the text block, nothing on top of it."""

import re
import time
from pathlib import Path

import pypdfium2
import pytest
import typst

from services.reports import fonts, pdf
from services.reports.domain.charts import charts
from services.reports.domain.layout import view
from services.reports.domain.monthly import figures_sha256, monthly_clinic
from tests.services.reports.drawn import CASES, MADE, draw, drawn, report
from tests.services.reports.monthly_world import world
from tests.services.reports.reading import missing_glyphs, pdf_fonts, pdf_pages, squeezed

SHOTS = Path(__file__).resolve().parents[3] / "var" / "shots"
MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, (210 - 26) * MM, (297 - 37) * MM, 35 * MM
HEADS = {
    "presence": "姓名科室方式应到实到",
    "weekly": "姓名项目第45周",
    "diaries": "姓名科室应交按时",
    "anomalies": "日期人员类型说明状态",
}
NASTY = ('#include "x"', "$x$", "*强调*", "#panic()", "_下_", "@ref", "<label>", "\\ / `raw`", "{{ 7*7 }}", "[x]")


@pytest.mark.parametrize("case", CASES)
def test_every_character_has_a_glyph_of_the_embedded_font(case):
    assert missing_glyphs(drawn(case, "pdf")) == 0


def test_the_glyph_check_sees_a_fallback_box():
    compiler = typst.Compiler(font_paths=[str(fonts.FOLDER)], ignore_system_fonts=True)
    assert (
        missing_glyphs(compiler.compile('#set text(font: "Noto Sans CJK SC", fallback: false)\n王\U0001f600'.encode()))
        == 1
    )


def test_a_long_life_does_not_grow():
    """Reports of other recipients leave nothing behind in the process that drew them."""
    for n in range(3):
        draw(monthly_clinic(world(8, recipient=f"第{n}中心"), MADE), "pdf")
    before = resident_mb()
    for n in range(12):
        draw(monthly_clinic(world(8, recipient=f"第{n}医院", supporter=f"第{n}总院"), MADE), "pdf")
    assert resident_mb() - before < 40


def resident_mb():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6


@pytest.mark.parametrize("case", CASES)
def test_only_the_chinese_font_is_used_embedded_and_subset(case):
    found = pdf_fonts(drawn(case, "pdf"))
    assert found
    for name, descriptor in found.items():
        assert re.fullmatch(r"/[A-Z]{6}\+NotoSansCJK.*", name)
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)


@pytest.mark.parametrize("case", CASES)
def test_every_page_has_its_foot(case):
    pages = pdf_pages(drawn(case, "pdf"))
    number = squeezed(report(case)["head"]["form_no"])
    for n, page in enumerate(pages, start=1):
        assert f"{number}·草稿·第{n}页共{len(pages)}页" in page


def test_table_heads_stand_on_each_page_of_a_long_table():
    pages, data = pdf_pages(drawn("sixty", "pdf")), report("sixty")
    first_columns = {
        "presence": [f"{row['name']}{row['department']}{row['mode_label']}" for row in data["presence"]],
        "weekly": [f"{row['name']}{row['label']}{row['cells'][0]['number']}/" for row in data["weekly"]["rows"]],
        "anomalies": [f"{row['date'][5:]}{row['half']}{row['name']}{row['kind']}" for row in data["anomalies"]],
    }
    for key, rows in first_columns.items():
        held = [page for page in pages if any(row in page for row in rows)]
        assert len(held) > 1, key
        assert all(HEADS[key] in page for page in held), key


def test_a_hospital_stands_on_the_page_of_its_first_row():
    for case in ("eight", "sixty", "thirty-one"):
        name = squeezed(f"支援医院:{report(case)['presence'][0]['supporter']}")
        first = report(case)["presence"][0]
        row = f"{first['name']}{first['department']}{first['mode_label']}"
        assert any(name in page and row in page for page in pdf_pages(drawn(case, "pdf")))


@pytest.mark.parametrize("case", ["one", "eight", "sixty"])
def test_no_heading_is_left_alone_at_the_end_of_a_page(case):
    for page in pdf_pages(drawn(case, "pdf")):
        body = page[: page.index("·第") - len(squeezed(report(case)["head"]["form_no"])) - 3]
        assert not re.search(r"(?:[一二三四五六七]、\S{2,8}|本地设置|存证链|附录口径)$", body), body[-30:]


@pytest.mark.parametrize("case", CASES)
def test_nothing_leaves_the_text_block_and_nothing_overlaps(case):
    document = pypdfium2.PdfDocument(drawn(case, "pdf"))
    for page in document:
        text = page.get_textpage()
        boxes = []
        for n in range(text.count_chars()):
            if text.get_text_range(n, 1).strip():
                left, bottom, right, top = text.get_charbox(n)
                foot = top < BOTTOM
                assert foot or (left >= LEFT - 1 and right <= RIGHT + 1 and top <= TOP + 3), text.get_text_range(n, 12)
                boxes.append((left, bottom, right, top))
        assert overlapping(boxes) == 0
    document.close()


def overlapping(boxes):
    """Pairs of characters that cover each other by more than a fifth of the smaller one."""
    found, lines = 0, {}
    for box in boxes:
        lines.setdefault(round(box[1] / 4), []).append(box)
    for key, line in lines.items():
        near = sorted(line + lines.get(key + 1, []))
        for n, one in enumerate(near):
            for other in near[n + 1 : n + 6]:
                width, height = (
                    min(one[2], other[2]) - max(one[0], other[0]),
                    min(one[3], other[3]) - max(one[1], other[1]),
                )
                area = min((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other))
                found += width > 0 and height > 0 and width * height > area / 5
    return found


def test_pages_grow_with_people():
    assert [len(pdf_pages(drawn(case, "pdf"))) for case in ("nobody", "one", "eight", "sixty")] == sorted(
        len(pdf_pages(drawn(case, "pdf"))) for case in ("nobody", "one", "eight", "sixty")
    )
    assert len(pdf_pages(drawn("eight", "pdf"))) <= 10
    assert len(drawn("sixty", "pdf")) <= 3 * 1024 * 1024


def test_text_of_users_is_never_markup():
    data = monthly_clinic(
        world(len(NASTY), names=NASTY, recipient="#set page() $a$ *b*", supporter='=#read("x")'), MADE
    )
    pages = pdf_pages(draw(data, "pdf"))
    for name in NASTY:
        assert any(squeezed(name) in page for page in pages), name
    assert squeezed("#set page() $a$ *b*") in pages[0]
    assert any(squeezed('支援医院:=#read("x")') in page for page in pages)


def test_a_character_without_glyph_becomes_a_visible_mark():
    data = monthly_clinic(world(1, names=("王\U0001f600\x07伟",)), MADE)
    pages = pdf_pages(draw(data, "pdf"))
    assert any("王〓伟内科" in page for page in pages)
    assert missing_glyphs(draw(data, "pdf")) == 0


def test_rare_name_characters_are_kept():
    assert fonts.drawable("㛃𬭎𠮷") == "㛃𬭎𠮷"


def test_the_same_object_gives_the_same_bytes():
    shown = view(report("one"), figures_sha256(report("one")))
    first = pdf.monthly_pdf(shown, charts(report("one")))
    time.sleep(1.1)  # a creation date would have changed
    assert pdf.monthly_pdf(shown, charts(report("one"))) == first


@pytest.mark.parametrize("case", ["eight", "thirty-one"])
def test_pages_are_drawn_for_people_to_look_at(case):
    """var/shots/monthly-<case>-<page>.png: every page has ink, most of it is paper."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    document = pypdfium2.PdfDocument(drawn(case, "pdf"))
    for n, page in enumerate(document, start=1):
        image = page.render(scale=1.5).to_pil().convert("L")
        image.save(SHOTS / f"monthly-{case}-{n}.png")
        dark = sum(image.histogram()[:128]) / (image.width * image.height)
        assert 0.002 < dark < 0.25
    document.close()


def test_grey_scale_keeps_the_symbols_of_chart_2():
    text = "".join(pdf_pages(drawn("eight", "pdf")))
    for mark in "●△◆–×?":
        assert text.count(mark) >= sum(
            row[half].count(mark) for row in report("eight")["strip"] for half in ("am", "pm")
        )
