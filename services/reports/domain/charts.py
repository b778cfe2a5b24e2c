"""Charts 1 and 2 as static SVG (experience.md §8): titles that state the message, printed values, readable in grey.

A chart is cut into pieces of whole rows, so that a page never splits one. Text comes out of the data object and is
escaped here. The regular weight is written 300: the PDF's SVG engine sets 400 of this variable font as a hairline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from services.reports.domain import words

WIDTH = 468  # units of 1/3 mm: the text block of 156 mm
SIZE = 9
PAGE = (4, 14)
"""Small pieces fill the pages of the PDF; chart 2 carries its legend in each."""
FONT = "Noto Sans CJK SC,PingFang SC,Microsoft YaHei,sans-serif"
HATCH = (
    '<defs><pattern id="h" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0h4v4h-4z" fill="#fff"/><path d="M0 0h1.6v4h-1.6z" fill="#333"/></pattern></defs>'
)


def charts(report: dict[str, Any], rows: tuple[int, int] | None = PAGE) -> list[dict[str, Any]]:
    """[{"title", "pieces": [{"svg", "alt"}], "columns", "rows"}]: pictures and the data table behind each.

    `rows`: lines of chart 1 and people of chart 2 in one piece; None = each chart in one piece, for a page without end.
    """
    if not report["presence"]:
        return []
    bars, people = rows or (None, None)
    return [obligations(report, bars), attendance(report, people)]


# ---- chart 1: obligations per physician


def obligations(report: dict[str, Any], size: int | None = None) -> dict[str, Any]:
    """Bullet bars done / required over the weeks of the month, a tick at the target, short bars hatched."""
    rows = [row for row in report["weekly"]["rows"] if row["required"]["state"] == "reported"]
    title = _obligations_title(rows)
    scale = max((row["required"]["value"] for row in rows), default=1)
    pieces = [
        {"svg": _svg(title, _bars(chunk, scale), 17 * len(chunk), HATCH), "alt": title}
        for chunk in _chunks(rows, size or len(rows))
    ]
    table = [[row["name"], _label(row), words.of(row["done"], row["required"])] for row in rows]
    return {"title": title, "pieces": pieces, "columns": ["姓名", "项目", "完成/应"], "rows": table}


def _obligations_title(rows: Sequence[dict[str, Any]]) -> str:
    people = dict.fromkeys(row["subject"] for row in rows)
    short = dict.fromkeys(row["subject"] for row in rows if _short(row))
    if not people:
        return "图1 本月没有按周评价的义务"
    if not short:
        return f"图1 {len(people)} 人各项义务均无未达标周"
    if len(short) == len(people):
        return f"图1 {len(people)} 人都有未达标周"
    return f"图1 {len(people)} 人中 {len(short)} 人有未达标周,{len(people) - len(short)} 人没有"


def _bars(rows: Sequence[dict[str, Any]], scale: int) -> Iterator[str]:
    """Bars of one kind share a path: grey = required, solid or hatched = done, a stroke at the target."""
    left, room = 168, WIDTH - 168 - 52
    need: list[str] = []
    full: list[str] = []
    short: list[str] = []
    ticks: list[str] = []
    for n, row in enumerate(rows):
        y, target = 17 * n, room * row["required"]["value"] // scale
        bar = room * row["done"]["value"] // scale
        need.append(f"M{left} {y + 4}h{target}v9h-{target}z")
        (short if _short(row) else full).append(f"M{left} {y + 5}h{bar}v7h-{bar}z")
        ticks.append(f"M{left + target} {y + 1}v15")
    yield f'<path d="{"".join(need)}" fill="#e4e4e4"/><path d="{"".join(full)}" fill="#555"/>'
    yield f'<path d="{"".join(short)}" fill="url(#h)" stroke="#333" stroke-width=".6"/>'
    yield f'<path d="{"".join(ticks)}" stroke="#000" stroke-width="1.6"/>'
    shown = None
    for n, row in enumerate(rows):
        y = 17 * n + 12
        if row["subject"] != shown:
            yield _text(0, y, row["name"], room=62)
        shown = row["subject"]
        yield _text(left - 6, y, _label(row), anchor="end", room=100)
        yield _text(left + room + 10, y, words.of(row["done"], row["required"]))


def _label(row: dict[str, Any]) -> str:
    return f"{row['clinic']} {row['label']}" if row["clinic"] else str(row["label"])


def _short(row: dict[str, Any]) -> bool:
    return any(cell["result"] == "not_met" for cell in row["cells"])


# ---- chart 2: attendance strip


def attendance(report: dict[str, Any], size: int | None = None) -> dict[str, Any]:
    """People x dates, 上午 above 下午, a symbol for each half-day; the legend stands under every piece."""
    strip = report["strip"]
    days = len(strip[0]["am"])
    title = _attendance_title(report)
    pieces = [
        {"svg": _svg(title, _strip(chunk, days), 24 * len(chunk) + 32), "alt": title}
        for chunk in _chunks(strip, size or len(strip))
    ]
    head = ["姓名", *(f"{word}(半天)" for _, word in words.STRIP_LEGEND), "未到和待定的时间"]
    return {"title": title, "pieces": pieces, "columns": head, "rows": [_counted(row) for row in strip]}


def _attendance_title(report: dict[str, Any]) -> str:
    summary, total = report["summary"], report["presence_total"]
    absent = total["absent"]["value"] if total["absent"]["state"] == "reported" else 0
    told = f"图2 应到 {words.days(summary['duty_half_days'])} 人天,实到 {words.days(summary['attended'])}"
    return told + (f";{absent} 个半天未到" if absent else ";没有未到的半天")


def _counted(row: dict[str, str]) -> list[str]:
    """A person's strip as a listener can follow it: half-days of each kind, then when something is missing."""
    when = [
        f"{day}日{half}"
        for day, marks in enumerate(zip(row["am"], row["pm"], strict=True), start=1)
        for half, mark in zip(("上午", "下午"), marks, strict=True)
        if mark in "×?"
    ]
    both = row["am"] + row["pm"]
    return [row["name"], *(str(both.count(mark)) for mark, _ in words.STRIP_LEGEND), "、".join(when) or "无"]


def _strip(rows: Sequence[dict[str, str]], days: int) -> Iterator[str]:
    left, step = 62, (WIDTH - 62) / days
    middles = [round(left + step * (n + 0.5)) for n in range(days)]
    numbers = "".join(f'<text x="{x}" y="9">{n}</text>' for n, x in enumerate(middles, start=1))
    yield f'<g font-size="7" text-anchor="middle">{numbers}</g>'
    bottom = 14 + 24 * len(rows)
    bands = "".join(f"M0 {14 + 24 * n}h{WIDTH}v24h-{WIDTH}z" for n in range(0, len(rows), 2))
    grid = "".join(f"M{round(left + step * n)} 0V{bottom}" for n in range(days + 1))
    yield f'<path d="{bands}" fill="#f2f2f2"/><path d="{grid}" stroke="#bbb" stroke-width=".4"/>'
    for n, row in enumerate(rows):
        y = 14 + 24 * n
        yield _text(2, y + 15, row["name"], room=left - 4)
        marks = _marks(middles, y + 10, row["am"]) + _marks(middles, y + 21, row["pm"])
        yield f'<g font-weight="700">{marks}</g>'
    legend = "　".join(f"{mark} {word}" for mark, word in words.STRIP_LEGEND)
    yield f'<text y="{bottom + 13}" font-size="8">{legend}　空白 休　(上格上午,下格下午)</text>'


def _marks(middles: Sequence[int], y: int, marks: str) -> str:
    """One line of symbols, centred on their columns. They share one element: sixty people must stay small."""
    shown = [(x, mark) for x, mark in zip(middles, marks, strict=True) if mark != " "]
    places = " ".join(f"{x - _half(mark):.0f}" for x, mark in shown)
    return f'<text y="{y}" x="{places}">{"".join(mark for _, mark in shown)}</text>' if shown else ""


def _half(mark: str) -> float:
    """Half the width of a symbol: ● ▲ △ ◆ × fill an em of the Chinese font, – and ? about half of one."""
    return SIZE * (0.25 if mark in "–?" else 0.5)


# ---- both


def _text(x: int, y: int, text: str, *, anchor: str = "start", room: int = WIDTH) -> str:
    """A text, set smaller where it would leave its room; what is still too long ends in … (the table has it whole)."""
    size = max(6, min(SIZE, room // max(1, len(text))))
    shown = text if len(text) * size <= room else text[: room // size - 1] + "…"
    how = ("" if size == SIZE else f' font-size="{size}"') + ("" if anchor == "start" else f' text-anchor="{anchor}"')
    return f'<text x="{x}" y="{y}"{how}>{escape(shown)}</text>'


def _svg(title: str, parts: Iterable[str], height: int, defs: str = "") -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label={quoteattr(title)} font-family="{FONT}" font-size="{SIZE}" font-weight="300">'
        f"{defs}{''.join(parts)}</svg>"
    )


def _chunks(rows: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """Pieces of at most `size` rows, as even as can be."""
    if not rows:
        return []
    count = -(-len(rows) // size)
    return [rows[n * len(rows) // count : (n + 1) * len(rows) // count] for n in range(count)]
