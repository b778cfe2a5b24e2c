"""quota: a number of things in a period, in each group (rules.md §3, §5). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shared.attendance.session import HALVES
from shared.rules import metrics, periods, quota, states, words
from shared.rules.inquiry import Inquiry
from shared.rules.kinds import wording
from shared.rules.quota import Reading
from shared.rules.result import MET, NOT_APPLICABLE, NOT_REPORTED, PROVISIONAL, WAIVED, Result

_SCANNED = ("session.am", "session.pm", "session.min_minutes")
_ATTENDED = frozenset({"on_site_half_days", "on_site_days", "outpatient_half_days"})
_COVER = {"L": ("leave.approve", "leave.late_filing_workdays"), "O": ("ordered.min_issuer",)}
_CORRECTED = ("correction.window_workdays", "correction.max_per_month")


def evaluate(inquiry: Inquiry) -> Result:
    """Met when every group meets `op value`, or any of them where the rule is read so; a week is prorated. Groups that do
    not apply (「surgery」 of a centre without an operating room) are left out and named with their reason."""
    left_out = {one.group: one for one in inquiry.facts.waivers if one.group and inquiry.concerns(one)}
    if inquiry.rule.get("metric") not in metrics.COUNTED:
        return _amount(inquiry)
    groups = metrics.groups(inquiry)
    kept = [group for group in groups if group not in left_out]
    gone = [one for group, one in left_out.items() if group in groups]
    if gone and not kept:
        value = NOT_APPLICABLE if all(one.kind == NOT_APPLICABLE for one in gone) else WAIVED
        reason = None if value == NOT_APPLICABLE else "approved"
        return Result(value, words.kinds.waived_by(value, gone[0].reason), waived_reason=reason,
                      evidence=tuple(e for one in gone for e in one.evidence))  # fmt: skip
    if not kept:
        return waived(inquiry, "partial_window")
    found = _counted(inquiry, kept)
    if not gone:
        return found
    named = {words.slug("per", one.group or "", inquiry.rule.id): one.reason for one in gone}
    return replace(
        found, explanation=words.kinds.left_out(found.explanation, named),
        evidence=tuple(sorted({*found.evidence, *(e for one in gone for e in one.evidence)})),
        detail={**found.detail, "not_applicable": {one.group: one.reason for one in gone}},
    )  # fmt: skip


def _counted(inquiry: Inquiry, groups: Sequence[str]) -> Result:
    found = metrics.items(inquiry)
    n = workdays(inquiry) if prorates(inquiry) else None
    sure = _reading(inquiry, quota.tally(found, groups, hoped=False), n)
    if sure.value == WAIVED:
        return waived(inquiry, "n = 0", 0)
    others = [_reading(inquiry, quota.tally(found, groups, hoped=True), n)]
    judged = quota.verdict(sure, others, unpublished=_unpublished(inquiry, n))
    evidence = tuple(sorted({entry for item in found if item.sure for entry in item.evidence}))
    sentence = wording.counted(inquiry, found, judged)
    told = _result(inquiry, judged.sure, judged.value, evidence, sentence, n)
    doubt = judged.value == PROVISIONAL
    warnings = ("where_unknown",) if metrics.unknown_channels(inquiry) else ()
    return replace(told, best=judged.best if doubt else None, worst=judged.worst if doubt else None, warnings=warnings)


def _amount(inquiry: Inquiry) -> Result:
    number, evidence = states.amount(inquiry)
    rule = inquiry.rule
    if number is None:
        return Result(NOT_REPORTED, words.kinds.not_reported(words.METRICS[rule.get("metric")]), threshold=rule.get("value"),
                      unit=rule.get("unit"), metric=rule.get("metric"), evidence=evidence)  # fmt: skip
    n = workdays(inquiry) if prorates(inquiry) else None
    reading = _reading(inquiry, {"": number}, n)
    if reading.value == WAIVED:
        return waived(inquiry, "n = 0", 0)
    return _result(inquiry, reading, reading.value, evidence, wording.plain(inquiry, reading, reading.value), n)


def _reading(inquiry: Inquiry, numbers: Mapping[str, int], n: int | None) -> Reading:
    threshold, free = int(inquiry.rule.get("value")), False
    if n is not None:
        threshold, free = periods.prorated(threshold, n), n == 0
    return quota.reading(inquiry.rule, numbers, threshold, over=inquiry.over(), waived=free)


def prorates(inquiry: Inquiry) -> bool:
    """Whether the threshold follows the workdays of a doctor's week."""
    ceil = inquiry.programme.setting("week.prorate") == "ceil"
    return inquiry.period_kind == "week" and inquiry.subject.kind == "doctor" and ceil


def workdays(inquiry: Inquiry) -> int:
    """n of the week: workdays inside the matching postings less those wholly covered by leave or ordered work and not
    attended (rules.md §5.1). What is covered is not pending, so every reading has the same n."""
    letters = {{"leave": "L", "ordered": "O"}[name] for name in inquiry.programme.setting("week.subtract")}
    covers = {posting.id for posting in inquiry.postings}
    found = 0
    for day in inquiry.counting():
        if not inquiry.calendar.is_workday(day):
            continue
        here = {half.half: half.status for half in inquiry.by_date.get(day, ()) if half.posting_id in covers}
        found += not all(here.get(half) in letters for half in HALVES)
    return found


def _unpublished(inquiry: Inquiry, n: int | None) -> bool:
    """Whether what is owed hangs on workdays that nobody published: those of a week, or of a period partly outside."""
    asked = n is not None or (inquiry.period_kind not in periods.UNDATED and len(inquiry.counting()) < len(inquiry.days()))
    return asked and any(inquiry.calendar.is_provisional(day) for day in inquiry.counting())


def waived(inquiry: Inquiry, reason: str, n: int | None = None) -> Result:
    """Nothing is owed in this period; `reason` is a key of words.WAIVED."""
    rule = inquiry.rule
    title = words.kinds.period(inquiry.period_kind, inquiry.period)
    return Result(
        WAIVED, words.waived_sentence(title, rule.get("metric"), reason), None, rule.get("value"),
        0 if n == 0 else rule.get("value"), rule.get("unit"), rule.get("metric"), waived_reason=reason, n_workdays=n,
        local_settings=("partial_window",) if n is None else _local(inquiry),
    )  # fmt: skip


def _result(
    inquiry: Inquiry, sure: Reading, value: str, evidence: tuple[str, ...], sentence: str, n: int | None
) -> Result:
    rule = inquiry.rule
    number = (max if rule.get("interpretation") == "any" else min)(sure.numbers.values(), default=0)
    return Result(
        value, sentence, number, rule.get("value"), sure.threshold, rule.get("unit"), rule.get("metric"),
        groups=sure.numbers if list(sure.numbers) != [""] else {}, evidence=evidence, n_workdays=n,
        detail={"target": rule.get("target")} if rule.get("target") and value == MET else {}, local_settings=_local(inquiry),
    )  # fmt: skip


def _local(inquiry: Inquiry) -> tuple[str, ...]:
    """The local settings this figure rests on, to be printed as 本地设置."""
    scanned, weekly = inquiry.rule.get("metric") in _ATTENDED, prorates(inquiry)
    used = set(_SCANNED if scanned else ())
    used |= {"week.prorate", "week.subtract"} if weekly else set()
    for half in (half for here in inquiry.by_date.values() for half in here):
        used |= set(_COVER.get(half.status, ())) if weekly else set()
        used |= set(_CORRECTED) if scanned and (half.corrected or half.status == "P") else set()
    return tuple(sorted(used & set(inquiry.programme.local_settings())))
