"""The answers of a case as Chinese text: one line for each answer, stretch, part and absence. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from shared.rules import words
from shared.rules.explain.sentences import HALVES, SENTENCES, result
from shared.rules.load import Programme

Answer = Mapping[str, Any]


def text_of(found: Answer, programme: Programme) -> str:
    """Everything that was answered, with the clause it is about, then the warnings and, if asked for, the settings."""
    lines = [line for answer in found["answers"] for line in _lines(answer, programme)]
    lines += [f"提示:{warning['message']}" for warning in found["warnings"]]
    return "\n".join(lines + (_meta(found["meta"]) if "meta" in found else []))


def _lines(answer: Answer, programme: Programme) -> list[str]:
    rule = programme.rule(answer["rule"]) if answer.get("rule") else None
    clause = [f"{rule.id}「{rule.quote}」"] if rule else []
    if answer["ask"] in SENTENCES and rule is not None:
        return clause + SENTENCES[answer["ask"]](answer, rule)
    told = _LINES[answer["ask"]](answer)
    return [*clause, *(f"  {line}" for line in told)] if clause else told


def _meta(meta: Answer) -> list[str]:
    years = meta["calendar_years"]
    span = f"{years[0]} 至 {years[-1]} 年" if years else "没有"
    lines = [f"规则版本 {meta['rules_version']}", f"日历版本 {meta['calendar_version']},已公布放假安排:{span}"]
    tables = dict.fromkeys(name.partition(".")[0] for name in meta["local_settings"])
    return [*lines, f"本地设置:{'、'.join(words.SETTINGS[table] for table in tables)}"] if tables else lines


def _continuity(answer: Answer) -> list[str]:
    met = f",{answer['met_on']} 满 {answer['months']} 个月" if answer["met_on"] else ""
    lines = [f"连续 {answer['months']} 个月({words.SCOPES[answer['scope']]}):{result(answer)}{met}"]
    for one in answer["segments"]:
        counts, length = one["half_days"], one["length"]
        ended = words.ENDED_BY[one["ended_by"]]
        if one["break"]:
            ended = f"{one['break']['from']} 至 {one['break']['to']} {words.BREAKS[one['break']['kind']]},中断"
        lines.append(
            f"  {one['start']} 至 {one['end']}({ended}):已满 {length['months']} 个月 {length['days']} 天;"
            f"应出勤 {counts['duty']} 个半天,在岗 {counts['attended']},请假 {counts['leave']},指令性工作 {counts['ordered']},"
            f"缺勤 {counts['absent']},待定 {counts['pending']};需补足 {counts['debt']} 个半天"
        )
        if one["shortfall_half_days"]:
            lines.append(f"  还差 {one['shortfall_half_days']} 个半天,应满日期 {one['due']}")
        if one["projected_on"]:
            lines.append(f"  此后每个应出勤半天都在岗,最早 {one['projected_on']} 完成")
    lines += [f"  {line_text(line)}" for line in answer["lines"]]
    return lines + [f"  标注:{_flag(flag)}" for flag in answer["flags"]]


def line_text(line: Answer) -> str:
    """One line of half-days that were not attended: when, how many, what and why, and what it does."""
    first, last = (f"{line[day]} {HALVES[line[half]]}" for day, half in (("from", "from_half"), ("to", "to_half")))
    status, why = words.STATUSES[line["status"]], words.REASONS.get(line["reason"], line["reason"] or "")
    what = status if why in ("", status) else f"{status}({why})"
    span = first if first == last else f"{first} 至 {last}"
    return f"{span},{line['half_days']} 个半天:{what},{words.EFFECTS[line['effect']]}"


def _flag(flag: str) -> str:
    name, _, value = flag.partition(":")
    return words.FLAGS[name].format(value)


def _accumulate(answer: Answer) -> list[str]:
    total = answer["total"]
    lines = [f"累计 {total['months']} 个月 {total['days']} 天,应满 {answer['required_months']} 个月:{result(answer)}"]
    for part in answer["parts"]:
        ratio = "" if part["ratio"] == "1" else f",按 {part['ratio']} 折算"
        sources = "、".join(part["sources"])
        lines.append(f"  {part['from']} 至 {part['to']}({sources}{ratio}):{part['months']} 个月 {part['days']} 天")
    return lines


def _coverage(answer: Answer) -> list[str]:
    lines = [
        f"席位 {answer['seat']},{answer['from']} 至 {answer['to']}:应有人 {answer['duty_half_days']} 个半天,"
        f"在岗 {answer['covered_half_days']},空岗 {answer['gap_half_days']},{result(answer)}"
    ]
    lines += [
        f"  空岗 {gap['from']} {HALVES[gap['from_half']]} 至 {gap['to']} {HALVES[gap['to_half']]},{gap['half_days']} 个半天"
        for gap in answer["gaps"]
    ]
    return lines + [f"  替班 {one['doctor']}:{one['half_days']} 个半天" for one in answer["substitutes"]]


def _due(answer: Answer) -> list[str]:
    return [f"自 {answer['start']} 起 {answer['months']} 个月,满于 {answer['due']}"]


def _day(answer: Answer) -> list[str]:
    lines = [f"{answer['date']}({'工作日' if answer['workday'] else '休息日'})"]
    for one in answer["sessions"]:
        minutes = "、".join(f"{clinic} {number} 分钟" for clinic, number in one["minutes"].items())
        place = f"在 {one['clinic']}" if one["clinic"] and not minutes else ""
        marks = "、".join(words.FLAGS[flag] for flag in one["flags"])
        more = "".join(f",{text}" for text in (place, minutes, "迟到" if one["late"] else "", marks) if text)
        lines.append(f"  {HALVES[one['half']]}:{words.STATUSES[one['status']]}{more}")
    return lines


_LINES: Mapping[str, Callable[[Answer], list[str]]] = {
    "continuity": _continuity, "accumulate": _accumulate, "coverage": _coverage, "due": _due, "day": _day,
}  # fmt: skip
