"""The data object of form `monthly_clinic` (forms.md §3): one plain dict from which every output is drawn.

A pure function of its source (reliability.md A7): same facts, rules, calendar and cut-off give the same bytes.
Blocks 1-6 and 11 are filled; what the product does not collect yet stands as 未报.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from typing import Any

from services.reports.domain import seats as seat_block
from services.reports.domain import words
from services.reports.domain.anomalies import anomalies
from services.reports.domain.diaries import diaries, diaries_total
from services.reports.domain.figures import Figure, not_applicable, not_reported, ratio, reported, total
from services.reports.domain.presence import presence, presence_total
from services.reports.domain.source import MonthSource, attended
from services.reports.domain.spots import spots
from services.reports.domain.weekly import progress, short_people, weekly
from services.reports.domain.workload import NOBODY, workload
from shared.calendar import local, month_days
from shared.ledger.entry import jcs

FORM = "monthly_clinic"
GRADES = ("A", "B", "C", "D")
CHAIN = (("prepared_by", "派驻医师"), ("recipient_admin", "受援医院"), ("supporter_admin", "支援医院"),
         ("county_officer", "县级卫健部门"))  # fmt: skip


def monthly_clinic(source: MonthSource, generated_at: dt.datetime) -> dict[str, Any]:
    """The whole report as JSON values (no floats). `head.generated_at` is the only member outside the hash."""
    blocks: dict[str, Any] = {
        "presence": presence(source), "seats": seat_block.seats(source), "weekly": weekly(source),
        "workload": workload(source), "diaries": diaries(source), "anomalies": anomalies(source), "spots": spots(source),
    }  # fmt: skip
    blocks["presence_total"] = presence_total(blocks["presence"])
    blocks["diaries_total"] = diaries_total(blocks["diaries"])
    if not source.postings:
        for block in ("presence_total", "diaries_total"):
            blocks[block] = {key: not_applicable(NOBODY) for key in blocks[block]}
    report = {
        "form": FORM, "head": _head(source, generated_at), "summary": _summary(blocks), **blocks,
        "evidence": _evidence(source), "strip": _strip(source), "specialty_summaries": not_reported(),
        "registrations": not_reported(), "supervision": not_reported(), "signatures": _signatures(source),
        "gaps": _gaps(source), "chains": [
            {"name": p.name, "posting_no": p.code, "seq": p.head[0], "hash": p.head[1]} for p in source.postings if p.head
        ],
    }  # fmt: skip
    report["head"]["sentence"] = words.sentence(report)
    return dict(nfc(report))


def figures_sha256(report: dict[str, Any]) -> str:
    """SHA-256 (hex) over the canonical bytes (RFC 8785) of the object without `head.generated_at`."""
    head = {key: value for key, value in report["head"].items() if key != "generated_at"}
    return hashlib.sha256(jcs({**report, "head": head})).hexdigest()


def form_no(source: MonthSource) -> str:
    """programme-recipient-YYYYMM-seq; there is one report per programme, recipient and month, so seq is 01."""
    return f"{source.programme.id}-{source.recipient_code}-{source.month.replace('-', '')}-01"


def stamp(instant: dt.datetime) -> str:
    """ISO 8601 with milliseconds on the clock of Asia/Shanghai: 2026-12-01T06:10:00.000+08:00."""
    return local(instant).isoformat(timespec="milliseconds")


def nfc(value: Any) -> Any:
    """The same value with every text in Unicode NFC, as the canonical form wants it."""
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {nfc(key): nfc(item) for key, item in value.items()}
    return [nfc(item) for item in value] if isinstance(value, (list, tuple)) else value


def _head(source: MonthSource, generated_at: dt.datetime) -> dict[str, Any]:
    """The head of every form (forms.md §1) and block 1 of this one."""
    days = month_days(source.month)
    provisional = source.calendar.is_provisional(days[0])
    return {
        "form_no": form_no(source), "version": source.version, "generated_at": stamp(generated_at),
        "data_cutoff": stamp(source.cutoff), "rules_version": source.programme.rules_version,
        "calendar_version": source.calendar.version, "verify_code": None,
        "local_settings": [{"label": s.label, "value": s.value} for s in source.programme.settings],
        "programme_id": source.programme.id, "programme": source.programme.title,
        "recipient_id": source.recipient_id, "recipient": source.recipient, "month": source.month,
        "counted_from": days[0].isoformat(), "counted_to": source.last.isoformat(),
        "workdays": reported(len(source.calendar.workdays(days[0], days[-1])), provisional=provisional),
        "seats_required": reported(seat_block.required(source)), "seats_filled": reported(seat_block.filled(source)),
        "persons_posted": reported(len({posting.person_id for posting in source.postings})),
        "supporters": list(dict.fromkeys(posting.supporter for posting in source.postings)),
        "agreement_no": list(source.agreements), "part_of": source.part_of,
    }  # fmt: skip


def _summary(blocks: dict[str, Any]) -> dict[str, Any]:
    """The figures of the head sentence and the six tiles."""
    rows, work = blocks["weekly"]["rows"], {row["key"]: row["total"] for row in blocks["workload"]}
    present = blocks["presence_total"]
    return {
        "duty_half_days": present["duty_half_days"], "attended": _attended_on_duty(blocks["presence"]),
        "attendance_rate": present["attendance_rate"], "outpatient": progress(rows, "outpatient_half_days"),
        "ward_rounds": work["ward_rounds"], "teaching_rounds": work["teaching_rounds"],
        "diaries_on_time": blocks["diaries_total"]["on_time_rate"],
        "open_anomalies": reported(sum(row["open"] for row in blocks["anomalies"])),
        "outpatient_short": reported(len(short_people(rows, "outpatient_half_days"))),
    }  # fmt: skip


def _attended_on_duty(rows: list[dict[str, Any]]) -> Figure:
    """Attended half-days of those who have a daily roster; people without one would lift 实到 above 应到."""
    cells = [row["attended"] if row["duty_half_days"]["state"] != "not_applicable" else row["duty_half_days"]
             for row in rows]  # fmt: skip
    return total(cells, "人") if cells else not_applicable(NOBODY)


def _evidence(source: MonthSource) -> dict[str, Any]:
    """Attended half-days by evidence grade and the verified share (A + B) / attended; ungraded ones make both 未报."""
    grades = [half.grade for p in source.postings for fact in source.facts(p) for _, half in attended(fact)]
    ungraded = sum(grade is None for grade in grades)
    by_grade = {name: not_reported() if ungraded else reported(grades.count(name)) for name in GRADES}
    good = not_reported() if ungraded else reported(grades.count("A") + grades.count("B"))
    share = ratio(good, reported(len(grades)))
    return {
        "attended": reported(len(grades)),
        "ungraded": reported(ungraded),
        "grades": by_grade,
        "verified_share": share,
    }


def _strip(source: MonthSource) -> list[dict[str, Any]]:
    """Chart 2: per posting and counted date the two symbols 上午下午, a blank for rest or nothing owed."""
    rows = []
    for posting in source.postings:
        cells = dict.fromkeys(month_days(source.month), "  ")
        for fact in source.facts(posting):
            cells[fact.date] = "".join(_symbol(source, fact, half) for half in ("am", "pm"))
        rows.append({"name": posting.name, "am": "".join(c[0] for c in cells.values()),
                     "pm": "".join(c[1] for c in cells.values())})  # fmt: skip
    return rows


def _symbol(source: MonthSource, fact: Any, half: str) -> str:
    """● 到, ▲ 到(离线补传), △ 到(补签), ◆ 抽调, – 请假, × 未到, ? 待定, blank 休."""
    state = fact.halves[half]
    if state.status == "A":
        return "△" if state.corrected else "▲" if {"late_sync", "offline"} & set(state.flags) else "●"
    if not source.on_duty(fact, half):
        return " "
    return {"O": "◆", "L": "–", "X": "×"}.get(state.status, "?")


def _signatures(source: MonthSource) -> list[dict[str, Any]]:
    """The sign-off chain with the last workday of each; nobody has signed a draft."""
    supporters = "、".join(dict.fromkeys(posting.supporter for posting in source.postings))
    units = {"prepared_by": supporters, "recipient_admin": source.recipient, "supporter_admin": supporters,
             "county_officer": source.county}  # fmt: skip
    end = month_days(source.month)[-1]
    return [
        {"role": role, "label": label, "unit": units[role], "name": None, "at": None, "opinion": None,
         "due": source.calendar.add_workdays(end, workdays).isoformat()}
        for (role, label), workdays in zip(CHAIN, source.programme.sign_workdays, strict=False)
    ]  # fmt: skip


def _gaps(source: MonthSource) -> list[dict[str, Any]]:
    """Postings with dates nobody has folded yet: their figures are incomplete and say so."""
    missing = [(p, len(source.dates(p)) - len(source.facts(p))) for p in source.postings]
    return [{"name": posting.name, "days": days} for posting, days in missing if days]
