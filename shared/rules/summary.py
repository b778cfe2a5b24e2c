"""A rule in one row of Chinese words: what is asked, of whom, in which period, by when, on what basis. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from shared.roles import ROLES
from shared.rules import words
from shared.rules.load import Programme, Rule


@dataclass(frozen=True)
class RuleRow:
    """One rule as `zhudian rules list` shows it; `basis` and `due_basis` are 推定, 本地 or empty (text)."""

    id: str
    kind: str
    subject: str
    quote: str
    threshold: str
    period: str
    deadline: str
    basis: str
    due_basis: str
    severity: str
    where: str

    def to_dict(self) -> dict[str, str]:
        """As a member of `--json`."""
        return asdict(self)


def rows(programme: Programme) -> list[RuleRow]:
    """Every rule of a programme, in the order of the file."""
    return [row(rule, programme) for rule in programme.rules]


def row(rule: Rule, programme: Programme) -> RuleRow:
    """One rule in words."""
    due = rule.get("due")
    return RuleRow(
        id=rule.id, kind=words.KINDS[rule.kind], subject=words.SUBJECTS[rule.subject], quote=rule.quote,
        threshold=threshold(rule), period=words.PERIODS.get(rule.get("period", ""), ""),
        deadline=words.due(due) if due else "", basis=words.BASES[rule.basis],
        due_basis=words.BASES[rule.get("due_basis", "text")], severity=words.SEVERITIES[rule.severity],
        where=_where(rule, programme),
    )  # fmt: skip


def threshold(rule: Rule) -> str:
    """What the rule asks, in words with its numbers: 「门诊不少于 3 个半天」."""
    return _SENTENCES[rule.kind](rule)


def settings(programme: Programme) -> list[tuple[str, str]]:
    """The local settings of a programme, dotted name and value as the file writes it, to be shown as 本地设置."""
    return [(name, _plain(value)) for name, value in programme.local_settings().items()]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_plain(one)}" for key, one in value.items()) + "}"
    return "[" + ", ".join(map(_plain, value)) + "]" if isinstance(value, list) else str(value)


def _where(rule: Rule, programme: Programme) -> str:
    return ";".join(f"{_FILTERS[key]}:{_filter(key, value, programme)}" for key, value in rule.where.items())


_FILTERS = {
    "mode": "方式", "specialty": "专业", "title_rank": "职称", "recipient_level": "受援层级", "supporter": "支援医院",
    "channel": "形式",
}  # fmt: skip
_VALUES = {
    "below_basic": "未达标", "basic": "基本标准", "recommended": "推荐标准", "creating": "创建中", "surgery": "外科",
    "online": "线上", "onsite": "现场",
}  # fmt: skip


def _filter(key: str, value: Any, programme: Programme) -> str:
    if isinstance(value, str) and value.startswith(">="):
        return f"不低于{words.slug('requires', value[2:])}"
    labels = {mode.id: mode.label for mode in programme.modes.values()} if key == "mode" else _VALUES
    names: list[str] = value if isinstance(value, list) else [value]
    return "、".join(labels.get(name, name) for name in names)


def _measure(keys: Mapping[str, Any], metric: str = "") -> str:
    unit = words.UNITS[keys["unit"]]
    return f"{metric}{words.OPS[keys['op']]} {keys['value']}{'' if unit == '%' else ' '}{unit}"


def _counted(rule: Rule) -> str:
    text = _measure(rule.keys, words.METRICS[rule.keys["metric"]])
    if each := rule.get("each"):
        name = {"duration": "时长"}.get(each["metric"]) or words.METRICS[each["metric"]]
        text += f"(每项{_measure(each, name)})"
    if per := rule.get("per"):
        text += f",分别计:{_slugs('per', per, rule)}"
    if first := rule.get("window_from"):
        text += f",{words.day_text(first)}至{words.day_text(rule.keys['window_to']).removeprefix('每年')}"
    return text + (f",目标 {rule.get('target')}" if rule.get("target") else "") + (",定人、定点、定时" if rule.get("fixed") else "")


def _slugs(field: str, names: Sequence[str], rule: Rule) -> str:
    return "、".join(words.slug(field, name, rule.id) for name in names)


def _named(names: Mapping[str, str], keys: Sequence[str]) -> str:
    return "、".join(names[key] for key in keys)


def _documented(rule: Rule) -> str:
    asks = [f"不少于 {rule.get(key)} {unit}" for key, unit in (("min_chars", "字"), ("min_photos", "张照片")) if rule.get(key)]
    each = "每个专业一份" if rule.get("per") else ""
    to = f"报{_named(words.ADDRESSEES, rule.keys['to'])}"
    return ",".join(part for part in (words.slug("doc", rule.keys["doc"], rule.id), to, each, *asks) if part)


def _funded(rule: Rule) -> str:
    parts = []
    if amount := rule.get("amount"):
        parts.append(f"{words.slug('per', rule.get('per', ''))} {amount} 元")
    if total := rule.get("total"):
        parts.append(f"合计 {total} 元")
    if uses := rule.get("uses"):
        parts.append(f"只用于{_slugs('uses', uses, rule)}")
    return ",".join(parts)


def _sanctioned(rule: Rule) -> str:
    ban = f",为期 {rule.get('ban_months')} 个月" if rule.get("ban_months") else ""
    trigger, effects = words.slug("trigger", rule.keys["trigger"]), _slugs("effects", rule.keys["effects"], rule)
    return f"{trigger}:{effects}{ban};由{_level(rule)}确认"


def _level(rule: Rule) -> str:
    return words.ADDRESSEES[rule.keys["confirm_by"]]


def _evidenced(rule: Rule) -> str:
    least = f",比例不低于 {rule.keys['min_ratio'] * 100:f}".rstrip("0").rstrip(".") + "%" if rule.get("min_ratio") else ""
    return _slugs("requires", rule.keys["requires"], rule) + least


def _inspected(rule: Rule) -> str:
    return f"{_named(words.METHODS, rule.keys['methods'])},随机抽取不少于 {rule.keys['min_sample']} 人"


def _covered(rule: Rule) -> str:
    return "{slots} 个岗位,各不少于 {min_present} 人在岗,空岗不超过 {max_gap_half_days} 个半天".format_map(rule.keys)


def _credited(rule: Rule) -> str:
    cap = f",最多 {rule.get('cap_months')} 个月" if rule.get("cap_months") else ""
    return f"{_named(words.CREDITS, rule.keys['counts'])}按 {rule.keys['ratio']} 计入累计时间{cap}"


def _gates(rule: Rule) -> str:
    return _named(words.GATES, rule.keys["gate"])


_SENTENCES: Mapping[str, Callable[[Rule], str]] = {
    "quota": _counted, "headcount": _counted, "growth": _counted, "document": _documented, "funding": _funded,
    "sanction": _sanctioned, "evidence": _evidenced, "inspection": _inspected, "coverage": _covered, "credit": _credited,
    "continuity": lambda rule: f"{_measure(rule.keys, '连续')}({words.SCOPES[rule.keys['scope']]})",
    "accumulate": lambda rule: f"{_measure(rule.keys, '累计')},{_gates(rule)}前",
    "eligibility": lambda rule: ";".join(map(words.requirement, rule.keys["requires"])),
    "approval": lambda rule: f"每次派驻前由{ROLES[rule.keys['by']].label}备案",
    "disclosure": lambda rule: f"{_gates(rule)}前公示不少于 {rule.keys['min_workdays']} 个工作日",
    "constraint": lambda rule: f"{words.slug('forbid', rule.keys['forbid'])}须由{_level(rule)}批准",
    "incentive": lambda rule: f"{_gates(rule)}:{_slugs('effects', rule.keys['effects'], rule)}",
    "checklist": lambda rule: _slugs("items", rule.keys["items"], rule),
    "window": lambda rule: f"{words.day_text(rule.keys['start'])}至{words.day_text(rule.keys['end'])}",
    "reference": lambda rule: f"《{rule.keys['ref']}》",
}  # fmt: skip
