"""What can be wrong with seats, agreements and postings. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from services.roster.domain.book import Row
from services.roster.domain.mistakes import Mistake
from services.roster.domain.view import Record, View
from shared.rules.load import Programme

NEEDS_DOCUMENT = ("recipient", "mode", "start", "end")
"""A change of these needs a new 文号 (forms.md §12)."""
FIXED = {"person": "派驻编号已属于另一人,请用新的编号", "programme": "派驻编号已属于另一项目,请用新的编号"}


def check(view: View) -> Iterator[Mistake]:
    """Dates in order and inside the programme, terms that fit together, changes with a document, no double posting."""
    for name in ("seat", "agreement", "posting"):
        for row in view.rows(name):
            yield from _dates(view, row)
    for row in view.rows("seat"):
        modes = {mode for programme in view.known.programmes.values() for mode in programme.modes}
        yield from _mode(row, modes)
    for row in view.rows("posting"):
        yield from _terms(view, row)
        yield from _seat_and_agreement(view, row)
        yield from _change(view, row)
    yield from _overlaps(view)


def programme_of(view: View, row: Row) -> Programme | None:
    """The loaded programme of the row, or None."""
    return view.known.programmes.get(row.values.get("programme") or "")


def _dates(view: View, row: Row) -> Iterator[Mistake]:
    start, end = row.values.get("start"), row.values.get("end")
    if start and end and end < start:
        yield row.mistake("end", "截止早于起始")
    programme = programme_of(view, row)
    if programme is None:
        return
    if start and start < programme.effective_from:
        yield row.mistake("start", f"早于项目的开始日期 {programme.effective_from}")
    for name, day in (("start", start), ("end", end)):
        if day and programme.effective_to and day > programme.effective_to:
            yield row.mistake(name, f"晚于项目的截止日期 {programme.effective_to}")


def _mode(row: Row, modes: set[str]) -> Iterator[Mistake]:
    if row.values.get("mode") and modes and row.values["mode"] not in modes:
        yield row.mistake("mode", f"项目里没有方式「{row.values['mode']}」")


def _terms(view: View, row: Row) -> Iterator[Mistake]:
    programme = programme_of(view, row)
    yield from _mode(row, set(programme.modes) if programme else set())
    person = view.after("person", row.values.get("person"))
    if person and "doctor" not in person.get("roles", ("doctor",)):
        yield row.mistake("person", f"工号「{row.values['person']}」没有派驻医师角色")
    if supporter_of(view, row) is None and person and person.get("organisation"):
        yield row.mistake("person", f"工号「{row.values['person']}」所在机构不是支援医院")
    for code in row.values.get("clinics", ()):
        clinic = view.after("clinic", code)
        if clinic and clinic.get("organisation") != row.values.get("recipient", clinic.get("organisation")):
            yield row.mistake("clinics", f"执业点「{code}」不属于该受援机构")


def supporter_of(view: View, row: Row) -> str | None:
    """Code of the supporter that sends: the physician's own hospital; None when that is no supporter."""
    person = view.after("person", row.values.get("person"))
    code: str | None = person.get("organisation") if person else None
    organisation = view.after("organisation", code)
    return code if organisation and organisation.get("kind") == "supporter" else None


def _seat_and_agreement(view: View, row: Row) -> Iterator[Mistake]:
    mine = {**row.values, "supporter": supporter_of(view, row)}
    seat = view.after("seat", row.values.get("seat"))
    if seat and not _agree(mine, seat, ("supporter", "recipient", "mode")):
        yield row.mistake("seat", "席位的支援机构、受援机构或方式与派驻不同")
    agreement = view.after("agreement", row.values.get("agreement"))
    if agreement and not _agree(mine, agreement, ("programme", "supporter", "recipient")):
        yield row.mistake("agreement", "协议的项目、支援机构或受援机构与派驻不同")


def _agree(one: Record, other: Record, names: tuple[str, ...]) -> bool:
    return all(one.get(name) == other.get(name) for name in names if one.get(name) and other.get(name))


def _change(view: View, row: Row) -> Iterator[Mistake]:
    old = view.before("posting", row.key)
    if old is None:
        return
    for name, reason in FIXED.items():
        if row.values.get(name) and row.values[name] != old[name]:
            yield row.mistake(name, reason)
    changed = [name for name in NEEDS_DOCUMENT if name in row.values and row.values[name] != old[name]]
    if changed and row.values.get("doc_no") in (None, old["doc_no"]):
        titles = "、".join(row.sheet.column(name).title for name in changed)
        yield row.mistake("doc_no", f"修改{titles}需要新的文号")


def _overlaps(view: View) -> Iterator[Mistake]:
    """One physician may hold two postings at a time only with different modes or clinics (continuity.md §2.4)."""
    numbers = {row.key: row for row in view.rows("posting")}
    terms = ("person", "mode", "start", "end")
    whole = [(code, one) for code, one in view.all_after("posting").items() if all(one.get(name) for name in terms)]
    last: dict[tuple[str, str, str], tuple[str, Record]] = {}
    for code, one in sorted(whole, key=lambda item: (item[1]["start"], item[0])):
        for clinic in one.get("clinics", ()):
            place = (one["person"], one["mode"], clinic)
            other, held = last.get(place, (None, one))
            row = numbers.get(code) or numbers.get(other)
            if other and row and one["start"] <= held["end"]:
                partner = other if row.key == code else code
                yield row.mistake("start", f"与派驻 {partner} 的日期重叠,方式和执业点也相同")
            if other is None or one["end"] > held["end"]:
                last[place] = (code, one)
