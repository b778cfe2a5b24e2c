"""到岗情况, one line per posting (forms.md §3 block 2): half-days by status, rate, late, corrections, record numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.reports.domain.figures import Figure, not_applicable, not_reported, ratio, reported, total
from services.reports.domain.source import HALVES, MonthSource, PostingLine, attended
from shared.progress.fold import DayFact

COUNTS = ("duty_half_days", "attended", "ordered", "leave_within_cap", "leave_over_cap", "absent", "pending")
DETAILS = ("late_count", "corrections", "scan_only_days")
NO_ROSTER = "方案规定该方式不排每日班"


def presence(source: MonthSource) -> list[dict[str, Any]]:
    """One row per posting, in the order of the source."""
    return [_row(source, posting) for posting in source.postings]


def presence_total(rows: list[dict[str, Any]]) -> dict[str, Figure]:
    """The totals row: sums of the reported cells and the rates over the same rows."""
    sums = {key: total((row[key] for row in rows), "人") for key in COUNTS + DETAILS}
    rated = [row["attendance_rate"] for row in rows]
    return {**sums, "attendance_rate": pooled(rated), "record_ref_ratio": pooled(r["record_ref_ratio"] for r in rows)}


def pooled(rates: Iterable[Figure]) -> Figure:
    """One rate over several: sum of the numerators / sum of the denominators of those that are rates."""
    rates = list(rates)
    known = [rate for rate in rates if rate["state"] == "reported"]
    if not known:
        return total(rates, "人")
    doubtful = any(rate.get("provisional") for rate in known)
    figure = ratio(reported(sum(r["num"] for r in known)), reported(sum(r["den"] for r in known)), provisional=doubtful)
    missing = sum(rate["state"] == "not_reported" for rate in rates)
    return {**figure, "missing": missing, "missing_unit": "人"} if missing else figure


def _row(source: MonthSource, posting: PostingLine) -> dict[str, Any]:
    facts, dates = source.facts(posting), source.dates(posting)
    head: dict[str, Any] = {
        "posting_id": posting.id, "posting_no": posting.code, "name": posting.name, "supporter": posting.supporter,
        "department": posting.department, "mode": posting.mode,
        "mode_label": source.programme.modes[posting.mode].label,
    }  # fmt: skip
    if not facts:
        return {**head, **{key: not_reported() for key in (*COUNTS, *DETAILS, "attendance_rate", "record_ref_ratio")}}
    doubtful = len(facts) < len(dates) or any(fact.provisional for fact in facts)
    counts = _counts(source, posting, facts)
    figures = {key: reported(counts[key], provisional=doubtful and key == "duty_half_days") for key in COUNTS}
    required = counts["duty_half_days"] - counts["ordered"] - counts["leave_within_cap"]
    rate = ratio(figures["attended"], reported(required), provisional=doubtful or counts["pending"] > 0)
    if source.duty(posting) == "none":
        on_site = sum(len(attended(fact)) for fact in facts)
        figures = {key: not_applicable(NO_ROSTER) for key in COUNTS} | {"attended": reported(on_site)}
        rate = not_applicable(NO_ROSTER)
    return {**head, **figures, "attendance_rate": rate, **_details(facts)}


def _counts(source: MonthSource, posting: PostingLine, facts: list[DayFact]) -> dict[str, int]:
    """Duty half-days by status. Leave counts as within the cap until the posting's cap is used up (continuity §1)."""
    counts = dict.fromkeys(COUNTS, 0)
    allowance = max(0, source.programme.leave_cap_workdays * 2 - posting.leave_before)
    for fact in facts:
        for half in HALVES:
            if not source.on_duty(fact, half):
                continue
            counts["duty_half_days"] += 1
            status = fact.halves[half].status
            if status == "L":
                within = counts["leave_within_cap"] < allowance
                counts["leave_within_cap" if within else "leave_over_cap"] += 1
            else:
                counts[{"A": "attended", "O": "ordered", "X": "absent"}.get(status, "pending")] += 1
    return counts


def _details(facts: list[DayFact]) -> dict[str, Figure]:
    """Late check-ins, corrections, and how many attended days carry a record number (SX-28)."""
    here = [fact for fact in facts if attended(fact)]
    with_record = sum(bool(fact.record_refs) for fact in here)
    return {
        "late_count": reported(sum(half.late for fact in facts for _, half in attended(fact))),
        "corrections": reported(sum(fact.corrections for fact in facts)),
        "scan_only_days": reported(len(here) - with_record),
        "record_ref_ratio": ratio(reported(with_record), reported(len(here))),
    }
