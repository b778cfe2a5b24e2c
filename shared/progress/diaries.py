"""What was logged for a date: diary, outpatient half-days, rounds and other activities, record numbers. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.calendar import midnight_after
from shared.progress.facts import FactRecord
from shared.progress.reading import Facts, filed_at, names
from shared.rules.load import Programme

ROUNDS = ("ward_round", "teaching_round")


@dataclass(frozen=True)
class Log:
    """The work log and diary of one posting and date; nothing here is attendance."""

    day: dt.date
    outpatients: Mapping[tuple[str, str], Mapping[str, Any]]
    activities: tuple[Mapping[str, Any], ...]
    diary: Mapping[str, Any] | None
    filed: dt.datetime | None
    record_refs: tuple[str, ...]
    evidence: tuple[str, ...]

    def outpatient(self, half: str, clinic: str | None, attended: bool) -> dict[str, Any] | None:
        """The outpatient log of a half-day, the one at its clinic first; `unattended` unless attended there."""
        here = {place: entry for (session, place), entry in self.outpatients.items() if session == half}
        if not here:
            return None
        place = clinic if clinic in here else min(here)
        return {**here[place], "unattended": not (attended and place == clinic)}

    def rounds(self, *kinds: str) -> int:
        """Rounds that count: one per kind on a date, however often and wherever it is logged (rules.md §6)."""
        logged = {entry["kind"] for entry in self.activities if entry["count"] != 0}
        return len(logged & set(kinds or ROUNDS))

    def due(self, programme: Programme, attended: Sequence[str]) -> Log:
        """The log with the diary's `late` judged: after the hours of the programme's diary rule, counted from the end
        of the last attended session; a programme without such a rule calls a diary late after 24:00 of its date.
        """
        if self.diary is None or self.filed is None:
            return self
        limit = midnight_after(self.day)
        hours = diary_hours(programme)
        if hours is not None and attended:
            limit = programme.session_windows.on(attended[-1], self.day)[1] + dt.timedelta(hours=hours)
        return replace(self, diary={**self.diary, "late": self.filed > limit})


def diary_hours(programme: Programme) -> int | None:
    """Hours after the last attended session within which the programme wants the diary; None without such a rule."""
    for rule in programme.rules:
        if rule.kind == "document" and rule.get("due", {}).get("every") == "attended_day":
            return int(rule.get("due")["within_hours"])
    return None


def log_of(programme: Programme, facts: Facts, day: dt.date) -> Log:
    """Everything logged for the date that no later entry supersedes."""
    work = facts.current(("worklog.recorded", "worklog.amended"), day)
    diaries = facts.current(("diary.submitted", "diary.amended"), day)
    newest = diaries[-1] if diaries else None
    others = [fact for fact in facts.of_kind("activity.recorded") if fact.payload.get("date") == day.isoformat()]
    activities = [_logged(fact) for fact in work if fact.payload["type"] != "outpatient"]
    activities += [_activity(item, diary.entry_id) for diary in diaries[-1:] for item in diary.payload["activities"]]
    activities += [_activity(fact.payload, fact.entry_id) for fact in others]
    used = [*work, *others, *((newest,) if newest else ())]
    refs = {ref for fact in used for ref in names(fact.payload.get("record_ref"))}
    return Log(
        day=day,
        outpatients=_outpatients([fact for fact in work if fact.payload["type"] == "outpatient"]),
        activities=tuple(activities),
        diary=_diary(newest) if newest else None,
        filed=filed_at(newest) if newest else None,
        record_refs=tuple(sorted(refs | {ref for item in activities for ref in item["record_ref"]})),
        evidence=tuple(sorted(fact.entry_id for fact in used)),
    )


def _outpatients(logs: Sequence[FactRecord]) -> dict[tuple[str, str], dict[str, Any]]:
    """One entry per session and clinic: the newest of each department, visits added up, None when none is given."""
    newest: dict[tuple[str, str], dict[str | None, FactRecord]] = {}
    for fact in logs:
        key = fact.payload["session"], fact.payload["clinic_id"]
        newest.setdefault(key, {})[fact.payload.get("department")] = fact
    return {key: _outpatient(list(found.values())) for key, found in newest.items()}


def _outpatient(logs: Sequence[FactRecord]) -> dict[str, Any]:
    last = max(logs, key=lambda fact: fact.seq)
    visits = [fact.payload["counts"].get("visits") for fact in logs]
    given = [number for number in visits if number is not None]
    return {
        "visits": sum(given) if given else None, "department": last.payload.get("department"),
        "record_ref": sorted({ref for fact in logs for ref in names(fact.payload.get("record_ref"))}),
        "clinic_id": last.payload["clinic_id"], "entry_id": last.entry_id,
    }  # fmt: skip


def _logged(fact: FactRecord) -> dict[str, Any]:
    counts = fact.payload.get("counts") or {}
    count = next((number for number in counts.values() if number is not None), None)
    return _activity({**fact.payload, "kind": fact.payload["type"], "count": count}, fact.entry_id)


def _activity(item: Mapping[str, Any], entry_id: str) -> dict[str, Any]:
    people = item.get("people", item.get("attendees"))
    return {"kind": item["kind"], "count": item.get("count", 1), "people": people,
            "record_ref": list(names(item.get("record_ref"))), "entry_id": entry_id}  # fmt: skip


def _diary(fact: FactRecord) -> dict[str, Any]:
    filed = filed_at(fact).astimezone(dt.UTC)
    return {
        "entry_id": fact.entry_id,
        "submitted_at": filed.strftime("%Y-%m-%dT%H:%M:%S.") + f"{filed.microsecond // 1000:03d}Z",
        "chars": len("".join(fact.payload["text"].split())),
        "photos": len(fact.payload["photo_sha256"]),
        "late": False,
    }
