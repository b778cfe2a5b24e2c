"""Cross-checks of a month as questions to the officer, never as accusations: where two records of one day do not fit.

Pure, over day facts alone. Each question names its dates and the evidence ids behind it; nothing is counted from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from services.reports.domain.source import HALF_WORDS, MonthSource, PostingLine, attended
from shared.progress.fold import DayFact

KINDS = {
    "log_without_attendance": "有门诊登记,没有到岗记录",
    "attendance_without_log": "有到岗,没有门诊登记和其他工作记录",
    "diary_without_attendance": "有工作日志,没有到岗记录",
    "record_ref_low": "病历编号比例明显低于同一机构",
    "photos_missing": "工作日志没有照片",
    "diary_similar": "工作日志与近期另一篇内容接近",
    "photo_reused": "工作日志的照片以前用过",
}  # fmt: skip
MIN_DAYS = 5
"""Fewer attended days, own or of the others, say nothing about a ratio."""
FAR_BELOW = Fraction(1, 2)
"""A ratio below half of the others' is far below."""
MIN_DIARIES = 3


@dataclass(frozen=True)
class Question:
    """One question: `dates` as "11-04上午" or "11-04", `evidence` ids of the entries it rests on."""

    posting_id: str
    name: str
    kind: str
    text: str
    dates: tuple[str, ...]
    evidence: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """What the page shows."""
        return {"posting_id": self.posting_id, "name": self.name, "kind": self.kind, "title": KINDS[self.kind],
                "text": self.text, "dates": list(self.dates), "evidence": list(self.evidence)}  # fmt: skip


def questions(source: MonthSource) -> list[Question]:
    """Every question of the month, by posting in the order of the source, then by kind."""
    facts = {posting.id: source.facts(posting) for posting in source.postings}
    return [asked for posting in source.postings for ask in ASKED if (asked := ask(source, posting, facts))]


Facts = Mapping[str, Sequence[DayFact]]


def _log_without_attendance(source: MonthSource, posting: PostingLine, facts: Facts) -> Question | None:
    """Outpatient half-days logged where nobody checked in; one whose correction is still open is not asked about."""
    found = [(fact, half, state) for fact in facts[posting.id] for half, state in fact.halves.items()
             if state.outpatient is not None and state.status not in ("A", "P")]  # fmt: skip
    return _ask(
        posting, "log_without_attendance", f"{len(found)} 个半天有门诊登记而没有到岗记录。是漏签、日期填错,还是在其他地点出诊?",
        [_half(fact, half) for fact, half, _ in found], [str((state.outpatient or {}).get("entry_id", "")) for _, _, state in found],
    )  # fmt: skip


def _attendance_without_log(source: MonthSource, posting: PostingLine, facts: Facts) -> Question | None:
    """Attended days whose work left no trace: no outpatient log, no round, no activity."""
    found = [fact for fact in facts[posting.id] if attended(fact) and not fact.ward_rounds and not fact.activities
             and not any(half.outpatient for half in fact.halves.values())]  # fmt: skip
    return _ask(
        posting, "attendance_without_log", f"{len(found)} 天有到岗记录,没有门诊登记、查房或其他活动。当天做了哪些工作,是否漏填?",
        [_day(fact) for fact in found], [entry for fact in found for _, half in attended(fact) for entry in half.evidence],
    )  # fmt: skip


def _diary_without_attendance(source: MonthSource, posting: PostingLine, facts: Facts) -> Question | None:
    """Diaries of days on which nobody checked in and no ordered work explains it."""
    found = [fact for fact in facts[posting.id] if fact.diary and not any(
        half.status in ("A", "O", "P") or half.cover == "O" for half in fact.halves.values())]  # fmt: skip
    return _ask(
        posting, "diary_without_attendance", f"{len(found)} 天有工作日志而没有到岗记录。是漏签,还是日志日期填错?",
        [_day(fact) for fact in found], [str(fact.diary["entry_id"]) for fact in found if fact.diary],
    )  # fmt: skip


def _record_ref_low(source: MonthSource, posting: PostingLine, facts: Facts) -> Question | None:
    """A share of days with record numbers below half of that of everybody else at the recipient."""
    own = [fact for fact in facts[posting.id] if attended(fact)]
    others = [fact for key, seen in facts.items() if key != posting.id for fact in seen if attended(fact)]
    if min(len(own), len(others)) < MIN_DAYS:
        return None
    here, there = _ratio(own), _ratio(others)
    if here >= there * FAR_BELOW:
        return None
    without = [fact for fact in own if not fact.record_refs]
    return _ask(
        posting, "record_ref_low",
        f"到岗日有病历编号的占 {_percent(here)},同一机构其他人为 {_percent(there)}。是岗位不写病历,还是编号漏填?",
        [_day(fact) for fact in without], [entry for fact in without for _, half in attended(fact) for entry in half.evidence],
    )  # fmt: skip


def _photos_missing(source: MonthSource, posting: PostingLine, facts: Facts) -> Question | None:
    """Diaries without a photo, where most of the month's have none."""
    written = [fact for fact in facts[posting.id] if fact.diary]
    bare = [fact for fact in written if fact.diary and not fact.diary["photos"]]
    if len(written) < MIN_DIARIES or 2 * len(bare) <= len(written):
        return None
    return _ask(
        posting, "photos_missing", f"{len(written)} 篇工作日志中 {len(bare)} 篇没有照片。是不便拍摄,还是没有上传成功?",
        [_day(fact) for fact in bare], [str(fact.diary["entry_id"]) for fact in bare if fact.diary],
    )  # fmt: skip


def _diary_similar(source: MonthSource, posting: PostingLine, facts: Facts) -> Question | None:
    """Diaries that repeat another of the last 60 days at the recipient."""
    return _flagged(posting, facts, "diary_similar", "{n} 篇工作日志与近 60 天本机构另一篇日志的文字九成以上相同。是工作内容固定,还是套用了模板?")


def _photo_reused(source: MonthSource, posting: PostingLine, facts: Facts) -> Question | None:
    """Diaries with a photo that an earlier one had."""
    return _flagged(posting, facts, "photo_reused", "{n} 篇工作日志的照片与以前的照片相同。是同一场活动,还是选错了照片?")


def _flagged(posting: PostingLine, facts: Facts, flag: str, text: str) -> Question | None:
    found = [fact for fact in facts[posting.id] if flag in fact.flags]
    entries = [str(fact.diary["entry_id"]) for fact in found if fact.diary]
    return _ask(posting, flag, text.format(n=len(found)), [_day(fact) for fact in found], entries)


ASKED: tuple[Callable[[MonthSource, PostingLine, Facts], Question | None], ...] = (
    _log_without_attendance, _attendance_without_log, _diary_without_attendance, _record_ref_low, _photos_missing,
    _diary_similar, _photo_reused,
)  # fmt: skip


def _ask(posting: PostingLine, kind: str, text: str, dates: list[str], evidence: Iterable[str]) -> Question | None:
    if not dates:
        return None
    return Question(posting.id, posting.name, kind, text, tuple(dates), tuple(sorted({entry for entry in evidence if entry})))


def _ratio(facts: list[DayFact]) -> Fraction:
    return Fraction(sum(bool(fact.record_refs) for fact in facts), len(facts))


def _percent(share: Fraction) -> str:
    return f"{round(share * 100)}%"


def _day(fact: DayFact) -> str:
    return f"{fact.date:%m-%d}"


def _half(fact: DayFact, half: str) -> str:
    return f"{fact.date:%m-%d}{HALF_WORDS[half]}"
