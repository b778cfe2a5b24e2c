"""Everything that can be wrong between the rows of a workbook and the directory: all of it, at once. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from services.roster.domain import people, postings, rosters, scope
from services.roster.domain.book import Row
from services.roster.domain.mistakes import Mistake, ordered
from services.roster.domain.scope import Scope
from services.roster.domain.sheets import ROSTER, SHEETS
from services.roster.domain.view import View

ORGANISATION_OF = {
    "county": ("county", "县级卫健"), "city": ("city", "市级卫健"), "province": ("province", "省级卫健"),
    "supporter": ("supporter", "支援医院"), "recipient": ("recipient", "受援机构"),
}  # fmt: skip
"""Field -> kind of organisation it must name."""


def check(view: View, who: Scope) -> list[Mistake]:
    """Every mistake of the workbook, in the order of its cells; empty when it may be imported."""
    found = list(view.book.mistakes)
    for part in (duplicates, references, places, people.check, postings.check, rosters.check):
        found += part(view)
    return ordered([*found, *scope.check(view, who)])


def duplicates(view: View) -> Iterator[Mistake]:
    """A key stands once on its sheet."""
    for sheet in SHEETS:
        if sheet is ROSTER:
            continue
        rows = view.rows(sheet.name)
        count = Counter(row.key for row in rows)
        first: dict[str, int] = {}
        for row in rows:
            if row.key is None or count[row.key] == 1:
                continue
            if row.key in first:
                yield row.mistake(sheet.columns[0].field, f"「{row.key}」在第 {first[row.key]} 行已经出现")
            first.setdefault(row.key, row.number)


def references(view: View) -> Iterator[Mistake]:
    """A code that names another object names one that exists, in the workbook or the directory."""
    for sheet in SHEETS:
        for row in view.rows(sheet.name):
            yield from _references(view, row)


def _references(view: View, row: Row) -> Iterator[Mistake]:
    for column in row.sheet.columns:
        value = row.values.get(column.field)
        if not column.refers or not value:
            continue
        title = next(sheet.title for sheet in SHEETS if sheet.name == column.refers)
        for code in value if isinstance(value, tuple) else (value,):
            target = view.after(column.refers, code)
            if target is None:
                yield row.mistake(column.field, f"「{code}」在{title}里没有")
            elif column.field in ORGANISATION_OF:
                kind, label = ORGANISATION_OF[column.field]
                if "kind" in target and target["kind"] != kind:
                    yield row.mistake(column.field, f"「{code}」不是{label}")
    programme = row.values.get("programme")
    if programme and programme not in view.known.programmes:
        yield row.mistake("programme", f"没有项目「{programme}」")


def places(view: View) -> Iterator[Mistake]:
    """A coordinate is whole: latitude, longitude and system; a level belongs to a recipient."""
    for row in view.rows("clinic"):
        given = [name for name in ("lat_e6", "lon_e6", "crs") if row.values.get(name) is not None]
        if given and len(given) < 3:
            yield row.mistake(given[0], "纬度、经度、坐标系要一起填写")
        if row.values.get("lat_e6") == 0 and row.values.get("lon_e6") == 0:
            yield row.mistake("lat_e6", "纬度和经度不能都为 0")
    for row in view.rows("organisation"):
        if row.values.get("recipient_level") and row.values.get("kind", "recipient") != "recipient":
            yield row.mistake("recipient_level", "只有受援机构有受援层级")
