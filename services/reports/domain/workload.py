"""工作量 (forms.md §3 block 5): totals per figure and per posting from outpatient logs and diaries.

What nobody wrote down is 未报, not 0: a figure of a posting is reported once at least one entry of its kind exists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.reports.domain.figures import Figure, not_applicable, not_reported, reported, total
from services.reports.domain.source import HALVES, MonthSource
from shared.progress.fold import DayFact

NOBODY = "本月名册无派驻人员"

# key, words, unit, source mark (L log, D diary, H export of the recipient's HIS, M manual by a named role)
ROWS = (
    ("outpatient_visits", "门诊人次", "人次", "L"), ("outpatient_visits_his", "门诊人次(医院信息系统)", "人次", "H"),
    ("outpatient_half_days", "门诊半天", "半天", "L"), ("ward_rounds", "查房", "次", "D"),
    ("teaching_rounds", "其中教学查房", "次", "D"), ("inpatients_managed", "管理住院病人", "人", "M"),
    ("surgeries_guided", "手术指导", "例", "D"), ("surgeries_joined", "手术参与", "例", "D"),
    ("surgeries_independent", "独立手术", "例", "D"), ("consultations", "会诊", "次", "D"),
    ("remote_consultations", "远程会诊", "次", "D"), ("rescues", "抢救", "例", "D"),
    ("difficult_cases", "疑难病例讨论", "次", "D"), ("death_cases", "死亡病例讨论", "次", "D"),
    ("lectures", "讲座", "次", "D"), ("lecture_attendees", "讲座参加人次", "人次", "D"),
    ("trainings", "培训", "次", "D"), ("training_attendees", "培训参加人次", "人次", "D"),
    ("mentees", "带教", "人", "D"), ("new_techniques", "新技术新项目", "项", "D"),
    ("guidelines_made", "诊疗常规和制度", "项", "M"), ("free_clinics", "义诊", "次", "D"),
    ("free_clinic_days", "义诊天数", "天", "M"), ("free_clinic_patients", "义诊人次", "人次", "D"),
    ("referrals_up", "上转", "例", "D"), ("referrals_down", "下转", "例", "D"),
)  # fmt: skip

COUNTED = {
    "surgeries_guided": "surgery_guided", "surgeries_joined": "surgery_joined",
    "surgeries_independent": "surgery_independent", "consultations": "consultation",
    "remote_consultations": "remote_consultation", "rescues": "rescue", "difficult_cases": "difficult_case",
    "death_cases": "death_case", "lectures": "lecture", "trainings": "training", "new_techniques": "new_technique",
    "free_clinics": "free_clinic", "referrals_up": "referral_up", "referrals_down": "referral_down",
}  # fmt: skip
ATTENDED = {"lecture_attendees": "lecture", "training_attendees": "training", "free_clinic_patients": "free_clinic"}


def workload(source: MonthSource) -> list[dict[str, Any]]:
    """One row per figure: key, label, unit, src, total with its 未报 people, and the figure of every posting."""
    rows = []
    facts = {posting.id: source.facts(posting) for posting in source.postings}
    for key, label, unit, src in ROWS:
        cells = {posting: figure(key, found) for posting, found in facts.items()}
        whole = total(cells.values(), "人") if cells else not_applicable(NOBODY)
        if src in "HM":  # one figure of the institution, not a sum over people
            whole, cells = not_reported(), {}
        rows.append({"key": key, "label": label, "unit": unit, "src": src, "total": whole, "by_posting": cells})
    return rows


def figure(key: str, facts: list[DayFact]) -> Figure:
    """One figure of one posting over these day facts."""
    if key in COUNTED:
        return _sum(_activities(facts, COUNTED[key]), "count")
    if key in ATTENDED:
        return _sum(_activities(facts, ATTENDED[key]), "people")
    return _FIGURES[key](facts) if key in _FIGURES else not_reported()


def _activities(facts: list[DayFact], kind: str) -> list[Any]:
    return [activity for fact in facts for activity in fact.activities if activity["kind"] == kind]


def _sum(items: list[Any], member: str) -> Figure:
    """The sum of the entries that give the number; none does: 未报."""
    given = [item[member] for item in items if item.get(member) is not None]
    return reported(sum(given)) if given else not_reported()


def _outpatient(facts: list[DayFact]) -> list[tuple[str, Mapping[str, Any]]]:
    found = [(fact.halves[half].status, fact.halves[half].outpatient) for fact in facts for half in HALVES]
    return [(status, log) for status, log in found if log is not None]


def _visits(facts: list[DayFact]) -> Figure:
    return _sum([log for _, log in _outpatient(facts)], "visits")


def _outpatient_half_days(facts: list[DayFact]) -> Figure:
    """Half-days with a log entry and attended; an entry without attendance is kept and not counted (rules.md §6)."""
    logs = _outpatient(facts)
    counted = sum(status == "A" and not log.get("unattended") for status, log in logs)
    return reported(counted) if logs else not_reported()


def _ward_rounds(facts: list[DayFact]) -> Figure:
    """Rounds as quotas count them; somebody who wrote down none has reported a true zero."""
    return reported(sum(fact.ward_rounds for fact in facts)) if _told_of_rounds(facts) else not_reported()


def _teaching_rounds(facts: list[DayFact]) -> Figure:
    """Of the ward rounds: a true zero once ward rounds are reported."""
    return reported(sum(fact.teaching_rounds for fact in facts)) if _told_of_rounds(facts) else not_reported()


def _told_of_rounds(facts: list[DayFact]) -> bool:
    logged = _activities(facts, "ward_round") or _activities(facts, "teaching_round")
    return bool(logged) or any(fact.ward_rounds for fact in facts)


def _mentees(facts: list[DayFact]) -> Figure:
    """The highest number of one day: people are not summed over days."""
    given = [item.get("people") or item.get("count") for item in _activities(facts, "mentoring")]
    known = [number for number in given if number is not None]
    return reported(max(known)) if known else not_reported()


_FIGURES: dict[str, Callable[[list[DayFact]], Figure]] = {
    "outpatient_visits": _visits, "outpatient_half_days": _outpatient_half_days, "ward_rounds": _ward_rounds,
    "teaching_rounds": _teaching_rounds, "mentees": _mentees,
}  # fmt: skip
