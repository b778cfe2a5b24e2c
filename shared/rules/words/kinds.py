"""One Chinese sentence for each result of each kind: facts, without blame. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from shared.rules.words.names import OPS, RESULTS, SHORT_UNITS, UNITS

if TYPE_CHECKING:
    from shared.rules.accumulate import Accumulation
    from shared.rules.continuity import Continuity

_FEW = 4
_LIMITS = {**OPS, "==": "应为"}
_AT_MOST = frozenset({"<=", "<"})


def period(kind: str, name: str) -> str:
    """A period as a sentence begins with it: 2026年第4季度, 2026年上半年, 11月, or nothing where it has no name of its own."""
    if kind == "quarter":
        return f"{name[:4]}年第{name[-1]}季度"
    if kind == "half_year":
        return f"{name[:4]}年{'上' if name[-1] == '1' else '下'}半年"
    if kind == "month":
        return f"{name[:4]}年{int(name[5:])}月"
    if kind == "week":
        return f"{name[:4]}年第{int(name[6:])}周"
    if kind == "two_weeks":
        return f"{_day(dt.date.fromisoformat(name[:10]))}起两周"
    return {"year": f"{name}年", "posting": "派驻期间", "posting_start": "到岗时", "programme": "项目期间"}.get(kind, "")


def not_applicable(rule_id: str) -> str:
    """The clause does not concern this subject."""
    return f"{rule_id} 不适用于这里"


def waived_by(value: str, reason: str) -> str:
    """Somebody decided that the duty is waived or not applicable."""
    return f"{RESULTS[value]}:{reason}"


def partial(title: str) -> str:
    """Too little of a period lies inside postings and programme: 「2026年第4季度免计:大部分不在派驻或项目期内」."""
    return f"{title}免计:大部分不在派驻或项目期内"


def left_out(sentence: str, named: Mapping[str, str]) -> str:
    """A judgement without the groups that do not apply, each with its reason."""
    return f"{sentence};不适用:{'、'.join(f'{group}({reason})' for group, reason in named.items())}"


def not_reported(title: str) -> str:
    """There is no figure; it is never taken as 0."""
    return f"{title}未报"


def counted(title: str, metric: str, unit: str, numbers: Mapping[str, int], threshold: int, op: str, value: str) -> str:
    """A number in a period against what is asked, group by group: 「2026年第4季度培训 1/1 次,已达标」."""
    parts = []
    for group, number in numbers.items():
        missing = threshold - number
        tail = ""
        if op not in _AT_MOST and missing > 0:
            tail = f",{'差' if value == 'not_met' else '还差'} {missing} {SHORT_UNITS[unit]}"
        parts.append(f"{group}{metric} {number}/{threshold} {UNITS[unit]}{tail}")
    shown = parts if len(parts) <= _FEW else [*parts[:_FEW], f"等 {len(parts)} 组"]
    return f"{title}{';'.join(shown)},{'已' if value == 'met' else ''}{RESULTS[value]}"


def headcount(
    metric: str, unit: str, number: int | None, threshold: int, op: str, short: Sequence[tuple[dt.date, dt.date]], moved: int,
    value: str,
) -> str:  # fmt: skip
    """How many there were at the fewest, and on which dates it was not enough."""
    if number is None:
        return f"{metric}{RESULTS[value]}"
    text = f"{metric}{_LIMITS[op]} {threshold} {UNITS[unit]},{('最多时 ' if op in _AT_MOST else '最少时 ') if short else ''}{number} {UNITS[unit]}"
    dates = "、".join(_span(*one) for one in short[:_FEW]) + ("等" if len(short) > _FEW else "")
    text += f";{dates}不符" if short else ""
    text += f";有 {moved} 处人员、地点或时间变动没有补充协议" if moved else ""
    return f"{text},{'已' if value == 'met' else ''}{RESULTS[value]}"


def continuous(found: Continuity) -> str:
    """「连续 4个月11天/6个月,最早 2026年11月25日满,欠 4 个半天」."""
    one = found.decisive
    if one is None:
        return f"还没有在岗记录,应连续 {found.months} 个月"
    text = f"连续 {one.length.months}个月{one.length.days}天/{found.months}个月"
    if one.met_on:
        text += f",{_date(one.met_on)}已满"
    elif one.projected_on:
        text += f",最早 {_date(one.projected_on)}满"
    elif one.shortfall:
        text += f",差 {one.shortfall} 个半天"
    if one.half_days["debt"]:
        text += f",需补足 {one.half_days['debt']} 个半天"
    if one.broken:
        text += f";{_span(one.broken.first, one.broken.last)}中断"
    return text + (";其中有待定的半天或未公布的放假安排" if found.provisional else "")


def accumulated(found: Accumulation) -> str:
    """「累计 11个月0天/12个月,还差 1 个月」."""
    total = found.total
    return f"累计 {total.months}个月{total.days}天/{found.required_months}个月,{RESULTS[found.result]}"


def no_credit() -> str:
    """Nothing was filed."""
    return "没有申报可折算的时间"


def credited(number: int, lacking: int, ratio: str) -> str:
    """Credits with their documents."""
    return f"申报 {number} 段,按 {ratio} 折算" + (f",{lacking} 段还缺证明文件" if lacking else ",证明文件齐全")


def no_seat(slots: int) -> str:
    """Nobody registered a seat."""
    return f"没有登记席位,应有 {slots} 个"


def covered(seats: int, slots: int, gap: int, value: str) -> str:
    """Seats and the half-days nobody filled."""
    few = f",应有 {slots} 个席位" if seats < slots else ""
    return f"{seats} 个席位{few},空岗 {gap} 个半天,{RESULTS[value]}"


def base_zero(title: str) -> str:
    """Growth from nothing has no percentage."""
    return f"{title}:上年为 0,无法计算"


def grown(title: str, percent: str, threshold: int, value: str) -> str:
    """「门急诊人次增长 5.000%/5%,达标」."""
    return f"{title} {percent}%/{threshold}%,{RESULTS[value]}"


def eligible(named: Sequence[str], value: str) -> str:
    """Which conditions do not hold, or are not recorded."""
    if value == "met":
        return "派驻条件全部符合"
    return f"{'不符合' if value == 'not_met' else '未登记'}:{'、'.join(named)}"


def recorded(told: int, attended: int, needed: int) -> str:
    """Attended days with a medical record behind them."""
    return f"{attended} 个在岗日中 {told} 天有病历记录,应不少于 {needed} 天"


def funded(paid: int, owed: int | None, wrong: int, value: str) -> str:
    """Money paid, what the postings come to, and payments outside the listed uses."""
    text = f"已支付 {paid} 元" + (f",按派驻时间应付 {owed} 元" if owed is not None else "")
    return text + (f",{wrong} 笔不在规定用途内" if wrong else "") + f",{RESULTS[value]}"


def approved(done: int, total: int, late: int) -> str:
    """Registrations acknowledged before the first check-in."""
    return f"{total} 次派驻中 {done} 次已在到岗前备案" + (f",{late} 次到岗时未备案" if late else "")


def inspected(title: str, counted_: int, least: int, unseeded: int) -> str:
    """Visits and calls from a list drawn at random."""
    return f"{title}随机抽查 {counted_}/{least} 次" + (f",另有 {unseeded} 次没有随机抽取记录" if unseeded else "")


def no_finding() -> str:
    """Nobody reported anything."""
    return "没有相关认定"


def banned(first: dt.date, until: dt.date | None) -> str:
    """A confirmed finding and how long it lasts."""
    return f"{_date(first)}认定属实" + (f",处理期至 {_date(until)}" if until else "")


def findings(waiting: int, *, ended: bool) -> str:
    """Findings that are looked into, or were found not to hold."""
    return f"{waiting} 项正在核查" if waiting else "处理期已结束" if ended else "经核查不属实"


def disclosed(longest: int, least: int, *, applied: bool, value: str) -> str:
    """A public notice in workdays."""
    state = {"met": ",早于申报", "not_met": ",未早于申报"}.get(value, "") if applied else ""
    return f"公示 {longest}/{least} 个工作日{state}"


def constrained(what: str, waiting: int, wrong: int) -> str:
    """A change that waits for approval, or was made without."""
    return f"{what}:{wrong} 项未经批准" if wrong else f"{what}:{waiting} 项等待批准" if waiting else f"没有{what}"


def no_application() -> str:
    """Nobody applied yet."""
    return "没有相关申报"


def incentive(effects: Sequence[str]) -> str:
    """What is to be considered."""
    return f"同等条件下可考虑:{'、'.join(effects)}"


def ticked(done: int, total: int, named: Sequence[str], value: str) -> str:
    """Items ticked, and those that are not."""
    if value == "met":
        return f"{total} 项全部完成"
    word = "未完成" if value == "not_met" else "未填报"
    shown = "、".join(named[:_FEW]) + ("等" if len(named) > _FEW else "")
    return f"{total} 项中完成 {done} 项,{word}:{shown}"


def windowed(first: dt.date, last: dt.date, outside: int) -> str:
    """Postings inside the dates of the clause."""
    return f"应在 {_date(first)}至{_date(last)}之间" + (f",{outside} 段派驻超出" if outside else "")


def reference(ref: str) -> str:
    """Where to read on."""
    return f"另见《{ref}》"


def no_deadline() -> str:
    """The document is not owed for this period."""
    return "这段时间没有要报送的期限"


def not_ended(name: str) -> str:
    """A document that is owed once the posting has ended."""
    return f"{name}在派驻结束后报送,派驻还没有结束"


def no_attended_day() -> str:
    """Nothing is owed without an attended day."""
    return "还没有在岗日"


def filed(name: str, due: dt.date, late: int, value: str, *, waiting: bool) -> str:
    """A document and its date: 「对口支援工作考核统计表 7月10日前,已报送」."""
    if value == "met":
        return f"{name}应于 {_date(due)}前报送,已报送" + (f",晚 {late} 天" if late else "")
    state = "已提交,等待确认" if waiting else "未报送" if value == "not_met" else "还没有报送"
    return f"{name}应于 {_date(due)}前报送,{state}"


def diaries(have: int, total: int, late: int) -> str:
    """Diaries of attended days."""
    return f"{total} 个在岗日有日志 {have} 篇" + (f",其中 {late} 篇晚交" if late else "")


def before_gate(name: str, value: str) -> str:
    """A document that must exist before an application."""
    return f"{name}应在申报前完成,{ {'met': '已完成', 'not_met': '申报时还没有', 'open': '还没有'}[value] }"


def _day(day: dt.date) -> str:
    return f"{day.month}月{day.day}日"


def _date(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _span(first: dt.date, last: dt.date) -> str:
    return _date(first) if first == last else f"{_date(first)}至{_date(last) if first.year != last.year else _day(last)}"
