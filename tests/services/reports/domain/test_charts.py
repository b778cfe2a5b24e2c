"""Charts 1 and 2: the message in the title, the numbers in print, nothing that only colour says."""

import datetime as dt
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from services.reports.domain.charts import attendance, charts, obligations
from services.reports.domain.monthly import monthly_clinic
from tests.services.reports.monthly_world import posting, state, world

MADE = dt.datetime(2026, 12, 9, tzinfo=dt.UTC)
SVG = "{http://www.w3.org/2000/svg}"
SYMBOLS = "●▲△◆–×?"


def texts(chart):
    return [
        "".join(node.itertext()) for piece in chart["pieces"] for node in ET.fromstring(piece["svg"]).iter(f"{SVG}text")
    ]


def one_week(*states):
    lines = tuple({item.subject_id: posting(int(item.subject_id[1:])) for item in states}.values())
    return monthly_clinic(world(1, postings=lines, days={}, seats=(), states=states), MADE)


@pytest.mark.parametrize("people", [1, 8, 60])
def test_symbol_census_of_the_strip(people):
    report = monthly_clinic(world(people), MADE)
    drawn = Counter("".join(line for line in texts(attendance(report, 14)) if set(line) <= set(SYMBOLS)))
    expected = Counter(mark for row in report["strip"] for mark in row["am"] + row["pm"] if mark != " ")
    assert drawn == expected
    assert sum(drawn.values()) > 30 * people


def test_the_legend_stands_under_every_piece():
    chart = attendance(monthly_clinic(world(60), MADE), 14)
    assert len(chart["pieces"]) == 5
    assert sum("空白 休" in text for text in texts(chart)) == 5


def test_every_symbol_stands_on_its_own_date():
    report = monthly_clinic(world(1), MADE)
    root = ET.fromstring(attendance(report)["pieces"][0]["svg"])
    columns = {
        int(node.text or 0): float(node.get("x", 0)) for node in root.iter(f"{SVG}text") if (node.text or "").isdigit()
    }
    morning = next(node for node in root.iter(f"{SVG}text") if set(node.text or " ") <= set(SYMBOLS))
    days = [day for day, mark in enumerate(report["strip"][0]["am"], start=1) if mark != " "]
    places = [float(x) for x in (morning.get("x") or "").split()]
    assert len(places) == len(morning.text) == len(days)
    assert all(abs(x + 4.5 - columns[day]) <= 3 for x, day in zip(places, days, strict=True))


def test_bars_print_done_and_required_and_short_ones_are_hatched():
    report = one_week(
        state("ZZ-13", "posting:p00", "2026-W45", "not_met", 1, 3),
        state("ZZ-13", "posting:p01", "2026-W45", "met", 4, 3),
    )
    chart = obligations(report)
    assert chart["title"] == "图1 2 人中 1 人有未达标周,1 人没有"
    assert {"1/3", "3/3"} <= set(texts(chart))
    paths = {node.get("fill"): node.get("d") for node in ET.fromstring(chart["pieces"][0]["svg"]).iter(f"{SVG}path")}
    assert paths["url(#h)"].count("M") == 1
    assert paths["#555"].count("M") == 1


@pytest.mark.parametrize(
    ("values", "title"),
    [(("met", "met"), "图1 2 人各项义务均无未达标周"), (("not_met", "not_met"), "图1 2 人都有未达标周"), ((), "图1 本月没有按周评价的义务")],
)  # fmt: skip
def test_titles_state_the_message(values, title):
    states = [
        state("ZZ-13", f"posting:p0{n}", "2026-W45", value, 3 if value == "met" else 0, 3)
        for n, value in enumerate(values)
    ]
    assert obligations(one_week(*states) if states else monthly_clinic(world(1, states=()), MADE))["title"] == title


def test_the_strips_title_counts_what_is_missing():
    report = monthly_clinic(world(8), MADE)
    absent = report["presence_total"]["absent"]["value"]
    assert attendance(report)["title"].endswith(f"{absent} 个半天未到")


def test_names_are_escaped_and_long_ones_stay_in_their_room():
    names = ("<b>&\"'", "阿卜杜热合曼·买买提江艾合买提")
    report = monthly_clinic(world(2, names=names), MADE)
    for chart in charts(report):
        assert "<b>" not in chart["pieces"][0]["svg"]
        shown = texts(chart)
        assert names[0] in shown
        assert any(text.endswith("…") and names[1].startswith(text[:-1]) for text in shown)


def test_a_listener_gets_counts_and_dates_instead_of_symbols():
    report = monthly_clinic(world(1), MADE)
    chart = attendance(report)
    marks = report["strip"][0]["am"] + report["strip"][0]["pm"]
    assert chart["rows"][0][1:8] == [str(marks.count(mark)) for mark in SYMBOLS]
    assert all(
        f"{day}日" in chart["rows"][0][8] for day, mark in enumerate(report["strip"][0]["am"], start=1) if mark in "×?"
    )


def test_an_empty_month_has_no_charts():
    assert charts(monthly_clinic(world(0), MADE)) == []
