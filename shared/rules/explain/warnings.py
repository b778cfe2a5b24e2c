"""Warnings beside the answers of a case: nothing is wrong, but somebody should look (continuity.md §6.7). Pure."""

from __future__ import annotations

from typing import Any

from shared.attendance.session import HALVES
from shared.calendar import days_between
from shared.rules import periods
from shared.rules.case.halves import history_of
from shared.rules.case.model import Case, Event, Question
from shared.rules.load import Rule
from shared.rules.terms import PostingTerms


class Warnings:
    """What was noticed while answering; the same thing is told once."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.found: dict[tuple[str, str], str] = {}

    def add(self, path: str, code: str, message: str) -> None:
        """Note one warning."""
        self.found.setdefault((path, code), message)

    def unknown(self, question: Question, rule: Rule, posting: PostingTerms) -> None:
        """A filter of the rule asks for an attribute the posting does not say."""
        names = "、".join(name for name in rule.where if name != "channel")
        place = next(one.place for one in self.case.postings if one.terms.id == posting.id)
        self.add(f"postings[{place}]", "where_unknown", f"{rule.id} 的适用条件({names})有未知项,按不适用处理")

    def to_list(self, answers: list[dict[str, Any]]) -> list[dict[str, str]]:
        """Every warning in the order of the file: postings, events, then answers."""
        self._effective()
        self._events()
        for place, answer in enumerate(answers):
            if answer.get("provisional") and self._unpublished(answer):
                self.add(f"questions[{place}]", "calendar_year", "涉及的年份放假安排尚未公布,按周一至周五推算")
        ordered = sorted(self.found.items(), key=lambda item: ("peq".index(item[0][0][0]), _number(item[0][0])))
        return [{"path": path, "code": code, "message": message} for (path, code), message in ordered]

    def _effective(self) -> None:
        first, last = self.case.programme.effective_from, self.case.programme.effective_to
        span = f"{first} 至 {last or '今'}"
        for one in self.case.postings:
            start, end = one.terms.start, one.terms.end
            if start < first or (last is not None and (end is None or end > last)):
                text = f"派驻期 {start} 至 {end or '今'} 超出项目有效期 {span},仍按规则计算"
                self.add(f"postings[{one.place}]", "outside_effective_period", text)
        for question in self.case.questions if not self.case.postings else ():
            name, rule = question.keys.get("period"), question.keys.get("rule")
            kind = self.case.programme.rule(rule).get("period") if rule else None
            if not name or kind is None or kind in periods.UNDATED:
                continue
            days = periods.period("month" if question.ask == "month" else kind, name).days
            if days[0] < first or (last is not None and days[-1] > last):
                self.add(f"questions[{question.place}]", "outside_effective_period", f"{name} 超出项目有效期 {span},仍按规则计算")

    def _events(self) -> None:
        for place, event in enumerate(self.case.events):
            if event.kind in ("figure", "finding", "stay", "item", "substitute"):
                continue
            postings = self.case.postings_of(event.doctor)
            if not any(p.start <= event.last[0] and (p.end is None or event.first[0] <= p.end) for p in postings):
                self.add(f"events[{place}]", "event_outside_posting", "事件不在该医师的派驻期内")
            elif event.kind == "leave" and self._present(event):
                self.add(f"events[{place}]", "present_and_leave", "请假期间另有在岗记录,以在岗为准")

    def _present(self, leave: Event) -> bool:
        told = [e for e in self.case.events if e.kind in ("present", "scan", "correction") and e.doctor == leave.doctor]
        if not any(event.first[0] <= leave.last[0] and leave.first[0] <= event.last[0] for event in told):
            return False
        days = days_between(leave.first[0], leave.last[0])
        covered = {(day, half) for day in days for half in HALVES if leave.covers((day, half))}
        halves = history_of(self.case, leave.doctor).halves
        return any(half.status == "A" and half.at in covered for half in halves)

    def _unpublished(self, answer: dict[str, Any]) -> bool:
        dates = {text for segment in answer.get("segments", []) for text in (segment["start"], segment["due"], segment["end"])}
        dates |= {answer[name] for name in ("from", "to") if name in answer}
        dates |= {part[name] for part in answer.get("parts", []) for name in ("from", "to")}
        dates |= {one["nominal"] for one in answer.get("deadlines", [])}
        return any(int(text[:4]) not in self.case.calendar.complete_years for text in dates)


def _number(path: str) -> int:
    return int(path[path.index("[") + 1 : path.index("]")])
