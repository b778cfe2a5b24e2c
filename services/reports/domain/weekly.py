"""每周达标 (forms.md §3 block 4): obligation states of the ISO weeks of the month, per posting, rule and clinic.

A week belongs to the month of its Thursday; a two-week window to the month of its last day. Nothing is judged here:
the states are those of shared/progress, the report only lays them out and counts weeks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.reports.domain.figures import Figure, not_applicable, reported
from services.reports.domain.source import MonthSource, PostingLine, RuleLine, week_title, window_title
from shared.progress.judge import State

EVALUATED = ("met", "not_met")
COUNTED = (*EVALUATED, "open", "provisional")
NO_WEEK = "本月没有需要评价的周"
METRIC_WORDS = {
    "outpatient_half_days": "门诊半天", "ward_rounds": "查房次数", "on_site_half_days": "在岗半天",
    "on_site_days": "现场天数",
}  # fmt: skip

Row = dict[str, Any]
Index = dict[tuple[str, str, str], State]


def weekly(source: MonthSource) -> dict[str, Any]:
    """{"weeks", "rows", "windows", "team_rows", "weeks_met", "weeks_evaluated", "deficits"}."""
    index: Index = {(state.rule_id, state.subject, state.period): state for state in source.states}
    rows = [row for posting in source.postings for row in _posting_rows(source, posting, index)]
    teams = [row for team in _teams(source) for row in _team_rows(source, team, index)]
    used = [name for name in source.windows() if any(_cell(row, name)["result"] for row in teams)]
    for row in teams:
        row["cells"] = [cell for cell in row["cells"] if cell["period"] in used]
    everything = rows + teams
    return {
        "weeks": source.weeks(),
        "windows": used,
        "rows": rows,
        "team_rows": teams,
        "weeks_met": reported(sum(row["weeks_met"]["value"] for row in everything)),
        "weeks_evaluated": reported(sum(row["weeks_evaluated"]["value"] for row in everything)),
        "deficits": [gap for row in everything for gap in _deficits(row)],
    }


def progress(rows: Iterable[Row], metric: str) -> dict[str, Figure]:
    """{"done", "required"} over the judged weeks of these rows; a week's surplus never fills another week's gap."""
    found = [row for row in rows if row["metric"] == metric and row["required"]["state"] == "reported"]
    if not found:
        return {"done": not_applicable(NO_WEEK), "required": not_applicable(NO_WEEK)}
    return {key: reported(sum(row[key]["value"] for row in found)) for key in ("done", "required")}


def short_people(rows: Iterable[Row], metric: str) -> list[str]:
    """Ids of postings with at least one week not met for the metric."""
    short = [row["subject"] for row in rows if row["metric"] == metric and _weeks(row, "not_met")]
    return list(dict.fromkeys(short))


def _posting_rows(source: MonthSource, posting: PostingLine, index: Index) -> list[Row]:
    rows = []
    for rule in source.programme.rules:
        if rule.period != "week" or posting.mode not in rule.modes:
            continue
        clinics = _groups(rule, posting, index, source.weeks())
        for clinic in clinics:
            place = source.clinic_names.get(clinic or "", clinic) if len(clinics) > 1 else None
            row = _head(rule, f"posting:{posting.id}", posting.name, place)
            rows.append(_finish(row, [_judged(row, index, week, clinic) for week in source.weeks()]))
    return rows


def _team_rows(source: MonthSource, team: tuple[str, str], index: Index) -> list[Row]:
    rows = []
    for rule in source.programme.rules:
        if rule.period == "two_weeks" and team[0].rpartition("/")[2] in rule.modes:
            row = _head(rule, f"team:{team[0]}", team[1], None)
            rows.append(_finish(row, [_judged(row, index, name, None) for name in source.windows()]))
    return rows


def _teams(source: MonthSource) -> list[tuple[str, str]]:
    """(team id, words) of every team that stands in the report."""
    found = {}
    for posting in source.postings:
        if posting.team:
            found[posting.team] = f"{posting.supporter}{source.programme.modes[posting.mode].label}"
    return sorted(found.items())


def _groups(rule: RuleLine, posting: PostingLine, index: Index, weeks: list[str]) -> list[str | None]:
    """The clinics a rule counts apart (per = clinic), those of the posting first; [None] when it does not."""
    if not rule.per_clinic:
        return [None]
    states = [index.get((rule.id, f"posting:{posting.id}", week)) for week in weeks]
    seen = [clinic for state in states if state for clinic in sorted(state.groups)]
    return list(dict.fromkeys((*posting.clinics, *seen)))


def _head(rule: RuleLine, subject: str, name: str, clinic: str | None) -> Row:
    label = METRIC_WORDS.get(rule.metric, rule.metric)
    return {"subject": subject, "name": name, "rule_id": rule.id, "metric": rule.metric, "label": label,
            "clinic": clinic, "basis": rule.basis}  # fmt: skip


def _judged(row: Row, index: Index, period: str, clinic: str | None) -> dict[str, Any]:
    """One cell: result of rules.md §4 (None = no such week), number and effective threshold, reason of a waiver."""
    state = index.get((row["rule_id"], row["subject"], period))
    if state is None:
        return {"period": period, "result": None, "number": None, "required": None, "reason": None}
    number, result = state.number, state.value
    if clinic is not None:
        number = state.groups.get(clinic, 0)
        if result in EVALUATED and state.effective_threshold is not None:
            result = "met" if number >= state.effective_threshold else "not_met"
    return {"period": period, "result": result, "number": number, "required": state.effective_threshold,
            "reason": state.waived_reason if result == "waived" else None}  # fmt: skip


def _finish(row: Row, cells: list[dict[str, Any]]) -> Row:
    counted = [c for c in cells if c["result"] in COUNTED and c["number"] is not None and c["required"]]
    row |= {"cells": cells, "done": not_applicable(NO_WEEK), "required": not_applicable(NO_WEEK)}
    if counted:
        row["done"] = reported(sum(min(cell["number"], cell["required"]) for cell in counted))
        row["required"] = reported(sum(cell["required"] for cell in counted))
    row["weeks_met"] = reported(len(_weeks(row, "met")))
    row["weeks_evaluated"] = reported(len(_weeks(row, *EVALUATED)))
    return row


def _weeks(row: Row, *results: str) -> list[dict[str, Any]]:
    return [cell for cell in row["cells"] if cell["result"] in results]


def _cell(row: Row, period: str) -> dict[str, Any]:
    return next(cell for cell in row["cells"] if cell["period"] == period)


def _deficits(row: Row) -> list[dict[str, Any]]:
    """The periods not met, each with what was missing."""
    title = window_title if row["subject"].startswith("team:") else week_title
    return [
        {"name": row["name"], "label": row["label"], "clinic": row["clinic"], "period": cell["period"],
         "title": title(cell["period"]), "number": cell["number"], "required": cell["required"]}
        for cell in _weeks(row, "not_met")
    ]  # fmt: skip
