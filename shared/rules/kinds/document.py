"""document: filed, and acknowledged by every addressee, on or before its effective date (rules.md §3). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shared.calendar import at as instant_at
from shared.rules import deadlines, metrics, words
from shared.rules.facts import Document
from shared.rules.inquiry import Inquiry
from shared.rules.result import MET, NOT_APPLICABLE, NOT_MET, OPEN, PROVISIONAL, WAIVED, Result


def evaluate(inquiry: Inquiry) -> Result:
    """Late is met, and the days are shown; an effective date still to come leaves it open."""
    due = inquiry.rule.get("due")
    if due.get("every") == "attended_day":
        return _diaries(inquiry)
    if "before" in due:
        return _before(inquiry)
    found = _deadline(inquiry)
    if found is not None:
        return _filed(inquiry, found)
    if "after" in due and any(posting.end is None for posting in inquiry.named):
        return Result(OPEN, words.kinds.not_ended(words.slug("doc", inquiry.rule.get("doc"), inquiry.rule.id)))
    return Result(NOT_APPLICABLE, words.kinds.no_deadline())


def _deadline(inquiry: Inquiry) -> deadlines.Deadline | None:
    """The deadline of the period (or of the posting whose id it is)."""
    programme, calendar, rule = inquiry.programme, inquiry.calendar, inquiry.rule
    if "after" in rule.get("due"):
        each = [one for p in inquiry.named for one in deadlines.of_posting(programme, calendar, rule, p.id, p.end)]
        return max(each, key=lambda one: one.effective, default=None)
    year = int(inquiry.period[:4])
    near = [one for y in (year - 1, year, year + 1) for one in deadlines.of_year(programme, calendar, rule, y)]
    return next((one for one in near if one.period == inquiry.period), None)


def _filed(inquiry: Inquiry, due: deadlines.Deadline) -> Result:
    wanted = metrics.groups(inquiry)
    if not wanted:
        sentence = words.kinds.partial(words.kinds.period(inquiry.period_kind, inquiry.period))
        return Result(WAIVED, sentence, waived_reason="partial_window", local_settings=("partial_window",))
    mine = [d for d in inquiry.facts.documents if d.rule_id == inquiry.rule.id and _about(d, due)]
    done = {group: _completed(inquiry, [d for d in mine if group in ("", d.group)]) for group in wanted}
    missing = [group for group, day in done.items() if day is None]
    evidence = tuple(e for one in mine for e in one.evidence)
    late = 0 if missing else max(0, (max(filter(None, done.values())) - due.effective).days)
    over = inquiry.today is None or inquiry.today > due.effective
    value = MET if not missing else PROVISIONAL if due.provisional and over else NOT_MET if over else OPEN
    name = words.slug("doc", inquiry.rule.get("doc"), inquiry.rule.id)
    doubt = value == PROVISIONAL
    return Result(
        value, words.kinds.filed(name, due.effective, late, value, waiting=bool(mine) and bool(missing)),
        len(wanted) - len(missing), len(wanted), len(wanted), "item", "document", evidence=evidence,
        best=OPEN if doubt else None, worst=NOT_MET if doubt else None,
        detail={"nominal": due.nominal.isoformat(), "effective": due.effective.isoformat(), "late_days": late,
                "missing": [group for group in missing if group], "due_basis": due.due_basis,
                "cutoff": due.cutoff.isoformat() if due.cutoff else None},
    )  # fmt: skip


def _about(document: Document, due: deadlines.Deadline) -> bool:
    return document.posting_id == due.posting if due.posting else document.period == due.period


def _completed(inquiry: Inquiry, documents: Sequence[Document]) -> dt.date | None:
    """The date on which a complete document was acknowledged by the last addressee; None while one is missing. One made
    before the window of the clause opens (004 §五: 每年度第四季度) is none of this period."""
    rule = inquiry.rule
    days = []
    for one in documents:
        if _too_early(inquiry, one):
            continue
        whole = set(rule.get("seals") or ()) <= set(one.seals) and set(rule.get("copies") or ()) <= set(one.copies)
        long_enough = one.photos >= rule.get("min_photos", 0) and one.chars >= rule.get("min_chars", 0)
        if whole and long_enough and all(name in one.acknowledged for name in rule.get("to")):
            days.append(max([one.filed, *(one.acknowledged[name] for name in rule.get("to"))]))
    return min(days, default=None)


def _too_early(inquiry: Inquiry, document: Document) -> bool:
    opens = inquiry.rule.get("window_from")
    return opens is not None and f"{document.filed.year}" == inquiry.period[:4] and f"--{document.filed:%m-%d}" < opens


def _diaries(inquiry: Inquiry) -> Result:
    """One for each attended day, within so many hours after the end of its last attended session."""
    rule, windows = inquiry.rule, inquiry.programme.session_windows
    days = {half.date: half.half for half in sorted(inquiry.halves, key=lambda h: h.at) if half.status == "A"}
    known = {d.date: d for d in inquiry.facts.documents if d.rule_id == rule.id and d.date}
    hours = dt.timedelta(hours=rule.get("due")["within_hours"])
    due = {day: windows.on(half, day)[1] + hours for day, half in days.items()}
    short = rule.get("min_chars", 0)
    have = {day for day in days if day in known and known[day].chars >= short}
    late = [day for day in have if (known[day].filed_at or instant_at(known[day].filed, dt.time())) > due[day]]
    missing = [day for day in days if day not in have and (inquiry.as_of is None or inquiry.as_of > due[day])]
    value = NOT_MET if missing else OPEN if len(have) < len(days) else MET
    if not days:
        return Result(OPEN if inquiry.as_of else NOT_APPLICABLE, words.kinds.no_attended_day())
    return Result(
        value, words.kinds.diaries(len(have), len(days), len(late)), len(have), len(days), len(days), "day", "document",
        evidence=tuple(e for day in have for e in known[day].evidence),
        detail={"late": [d.isoformat() for d in sorted(late)], "missing": [d.isoformat() for d in sorted(missing)]},
    )  # fmt: skip


def _before(inquiry: Inquiry) -> Result:
    """The document exists before the first application that was made; before any it is open."""
    mine = [d for d in inquiry.facts.documents if d.rule_id == inquiry.rule.id]
    done = _completed(inquiry, mine)
    asked = min((one.date for one in inquiry.facts.applications if inquiry.applied(one)), default=None)
    value = OPEN if done is None and asked is None else MET if done and (asked is None or done <= asked) else NOT_MET
    return Result(value, words.kinds.before_gate(words.slug("doc", inquiry.rule.get("doc"), inquiry.rule.id), value), int(bool(done)), 1, 1, "item",
                  "document", evidence=tuple(e for one in mine for e in one.evidence))  # fmt: skip
