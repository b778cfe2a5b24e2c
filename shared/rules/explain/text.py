"""The answers of a case as Chinese text: one sentence for each answer, one line for each stretch and absence. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from shared.rules import words

Answer = Mapping[str, Any]
_HALF = {"am": "上午", "pm": "下午"}


def text_of(found: Mapping[str, Any]) -> str:
    """Everything that was answered, and the warnings."""
    lines = [line for answer in found["answers"] for line in _LINES.get(answer["ask"], _plain)(answer)]
    return "\n".join([*lines, *(f"提示:{warning['message']}" for warning in found["warnings"])])


def _result(answer: Answer) -> str:
    text = words.RESULTS[answer["result"]]
    if "best" in answer and answer["best"]["result"] != answer["worst"]["result"]:
        return f"{text}(最好{words.RESULTS[answer['best']['result']]},最差{words.RESULTS[answer['worst']['result']]})"
    return text


def _continuity(answer: Answer) -> list[str]:
    met = f",{answer['met_on']} 满 {answer['months']} 个月" if answer["met_on"] else ""
    lines = [f"连续 {answer['months']} 个月({words.SCOPES[answer['scope']]}):{_result(answer)}{met}"]
    for one in answer["segments"]:
        counts, length = one["half_days"], one["length"]
        ended = words.ENDED_BY[one["ended_by"]]
        if one["break"]:
            ended = f"{one['break']['from']} 至 {one['break']['to']} {words.BREAKS[one['break']['kind']]},中断"
        lines.append(
            f"  {one['start']} 至 {one['end']}({ended}):已满 {length['months']} 个月 {length['days']} 天;"
            f"应出勤 {counts['duty']} 个半天,在岗 {counts['attended']},请假 {counts['leave']},指令性工作 {counts['ordered']},"
            f"缺勤 {counts['absent']},待定 {counts['pending']};欠 {counts['debt']} 个半天"
        )
        if one["shortfall_half_days"]:
            lines.append(f"  还差 {one['shortfall_half_days']} 个半天,应满日期 {one['due']}")
        if one["projected_on"]:
            lines.append(f"  此后每个应出勤半天都在岗,最早 {one['projected_on']} 完成")
    lines += [f"  {line_text(line)}" for line in answer["lines"]]
    return lines + [f"  标注:{_flag(flag)}" for flag in answer["flags"]]


def line_text(line: Answer) -> str:
    """One line of half-days that were not attended: when, how many, what and why, and what it does."""
    first, last = (f"{line[day]} {_HALF[line[half]]}" for day, half in (("from", "from_half"), ("to", "to_half")))
    why = words.REASONS.get(line["reason"], line["reason"] or "")
    span = first if first == last else f"{first} 至 {last}"
    return f"{span},{line['half_days']} 个半天:{words.STATUSES[line['status']]}({why}),{words.EFFECTS[line['effect']]}"


def _flag(flag: str) -> str:
    name, _, value = flag.partition(":")
    return words.FLAGS[name].format(value)


def _accumulate(answer: Answer) -> list[str]:
    total = answer["total"]
    lines = [f"累计 {total['months']} 个月 {total['days']} 天,应满 {answer['required_months']} 个月:{_result(answer)}"]
    for part in answer["parts"]:
        ratio = "" if part["ratio"] == "1" else f",按 {part['ratio']} 折算"
        sources = "、".join(part["sources"])
        lines.append(f"  {part['from']} 至 {part['to']}({sources}{ratio}):{part['months']} 个月 {part['days']} 天")
    return lines


def _coverage(answer: Answer) -> list[str]:
    lines = [
        f"席位 {answer['seat']},{answer['from']} 至 {answer['to']}:应有人 {answer['duty_half_days']} 个半天,"
        f"在岗 {answer['covered_half_days']},空岗 {answer['gap_half_days']},{_result(answer)}"
    ]
    lines += [
        f"  空岗 {gap['from']} {_HALF[gap['from_half']]} 至 {gap['to']} {_HALF[gap['to_half']]},{gap['half_days']} 个半天"
        for gap in answer["gaps"]
    ]
    return lines + [f"  替班 {one['doctor']}:{one['half_days']} 个半天" for one in answer["substitutes"]]


def _due(answer: Answer) -> list[str]:
    return [f"自 {answer['start']} 起 {answer['months']} 个月,满于 {answer['due']}"]


def _day(answer: Answer) -> list[str]:
    head = f"{answer['date']}({'工作日' if answer['workday'] else '休息日'})"
    lines = [head]
    for one in answer["sessions"]:
        minutes = "、".join(f"{clinic} {number} 分钟" for clinic, number in one["minutes"].items())
        marks = "、".join(words.FLAGS.get(flag, flag) for flag in one["flags"])
        more = "".join(f",{text}" for text in (minutes, "迟到" if one["late"] else "", marks) if text)
        lines.append(f"  {_HALF[one['half']]}:{words.STATUSES[one['status']]}{more}")
    return lines


def _plain(answer: Answer) -> list[str]:
    return [f"{words.ASKS[answer['ask']]}:{_result(answer)}"] if "result" in answer else []


_LINES: Mapping[str, Callable[[Answer], list[str]]] = {
    "continuity": _continuity, "accumulate": _accumulate, "coverage": _coverage, "due": _due, "day": _day,
}  # fmt: skip
