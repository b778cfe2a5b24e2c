"""Validate rule files completely: every problem of every file, gathered and sorted (rules.md §7). Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from shared.rules import schema
from shared.rules.clauses import rule_findings
from shared.rules.schema import APPROVERS, SETTINGS
from shared.rules.values import Finding, Key, allowed, table_findings

TABLES = ("programme", *SETTINGS, "mode", "rule")


@dataclass(frozen=True)
class RuleProblem:
    """One problem: file, rule id or `[table]` or `#n`, dotted key, code of rules.md §7, Chinese message."""

    file: str
    rule: str
    key: str
    code: str
    message: str
    position: int = 0
    warning: bool = False

    def __str__(self) -> str:
        mark = "warning: " if self.warning else ""
        return f"{self.file}: {self.rule}: {self.key}: {self.code}: {mark}{self.message}"

    def to_dict(self) -> dict[str, object]:
        """As a member of `--json` and of an answer; a warning says so."""
        named: dict[str, object] = {
            "file": self.file, "rule": self.rule, "key": self.key, "code": self.code, "message": self.message,
        }  # fmt: skip
        return {**named, "warning": True} if self.warning else named


class RuleFileInvalid(ValueError):
    """A rule file is not loaded because of `problems`; all of them, sorted by file, position and key."""

    def __init__(self, problems: Sequence[RuleProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def parse(text: bytes) -> dict[str, Any]:
    """The TOML document with decimals read exactly; a byte order mark is passed over. Raises ValueError."""
    try:
        return tomllib.loads(text.decode("utf-8-sig"), parse_float=Decimal)
    except RecursionError:
        raise ValueError("nested too deeply (at line 1, column 1)") from None


def _syntax(error: ValueError, text: bytes) -> str:
    """Where and why the file does not parse."""
    if isinstance(error, UnicodeDecodeError):
        before = text[: error.start]
        return f"第 {before.count(10) + 1} 行第 {len(before.rpartition(bytes([10]))[2]) + 1} 个字节起不是 UTF-8"
    place = re.search(r"line (\d+), column (\d+)", str(error))
    lines = text.decode("utf-8-sig").split("\n")
    line, column = (place[1], place[2]) if place else (len(lines), len(lines[-1]) + 1)
    return f"文件不是有效的 TOML,第 {line} 行第 {column} 列:{error}"


def check_files(files: Iterable[tuple[str, bytes]]) -> list[RuleProblem]:
    """Every problem of all (name, bytes), including ids used twice over programmes that are not of one family."""
    problems: list[RuleProblem] = []
    documents: list[tuple[str, dict[str, Any]]] = []
    for name, text in files:
        try:
            document = parse(text)
        except ValueError as error:
            problems.append(RuleProblem(name, "-", "-", "toml_syntax", _syntax(error, text)))
            continue
        documents.append((name, document))
        problems += check_document(document, name)
    problems += _shared_ids(documents)
    return sorted(problems, key=lambda p: (p.file, p.position, p.key))


def check_document(document: Mapping[str, Any], name: str) -> list[RuleProblem]:
    """Every problem of one parsed file, in file order."""
    problems: list[RuleProblem] = []
    place = {table: position for position, table in enumerate(document)}

    def add(rule: str, table: str, findings: Iterable[Finding], within: int = 0) -> None:
        position = place.get(table, len(place)) * 10_000 + within
        problems.extend(RuleProblem(name, rule, *finding, position) for finding in findings)

    if document.get("schema") != schema.SCHEMA:
        add("-", "schema", [("schema", "schema_unknown", f"schema 应为 {schema.SCHEMA}")])
    for table in document:
        if table not in (*TABLES, "schema"):
            add(f"[{table}]", table, [(table, "key_unknown", f"不认识的表{allowed(TABLES, table)}")])
    add("[programme]", "programme", _programme(document.get("programme"), name))
    for table in SETTINGS:
        add(f"[{table}]", table, settings_findings(document.get(table), table))
    add("[mode]", "mode", _modes(document.get("mode")))
    rules = document.get("rule")
    if not isinstance(rules, list) or not rules:
        add("[rule]", "rule", [("rule", "table_missing", "至少要有一条 [[rule]]")])
        rules = []
    modes = {str(mode.get("id")) for mode in _tables(document.get("mode"))}
    for index, rule in enumerate(rules, 1):
        usable = rule.get("id") if isinstance(rule, dict) else None
        label = usable if isinstance(usable, str) and schema.RULE_ID.match(usable) else f"#{index}"
        add(label, "rule", rule_findings(rule, modes), index)
    problems += _repeated_ids(rules, name, place.get("rule", 0))
    return [replace(p, key=p.key or "-") for p in sorted(problems, key=lambda p: (p.position, p.key))]


def _programme(value: object, name: str) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield "programme", "table_missing", "缺少 [programme]"
        return
    yield from table_findings(value, schema.PROGRAMME)
    if isinstance(value.get("id"), str) and value["id"] != name.rpartition("/")[2].removesuffix(".toml"):
        yield "id", "programme_id_file", f"id “{value['id']}”与文件名 {name} 不一致"
    start, end = value.get("effective_from"), value.get("effective_to")
    if type(start) is type(end) is schema.DATE_TYPE and end < start:
        yield "effective_to", "date_order", "结束日期早于开始日期"


def settings_findings(value: object, table: str) -> Iterator[Finding]:
    """Every problem of one settings table."""
    keys: Mapping[str, Key] = SETTINGS[table]
    if not isinstance(value, dict):
        yield table, "table_missing", f"缺少 [{table}]"
        return
    found = list(table_findings(value, {**keys, "basis": schema.BASIS}))
    yield from ((k, "basis_missing" if (k, c) == ("basis", "key_missing") else c, m) for k, c, m in found)
    if not found and table in _ORDER:
        yield from _ORDER[table](value)


def _session_order(value: Mapping[str, Any]) -> Iterator[Finding]:
    am, pm = value["am"], value["pm"]
    for key, (start, end) in (("am", am), ("pm", pm)):
        if start >= end:
            yield key, "date_order", "时段的开始应早于结束"
        elif value["min_minutes"] > _minutes(end) - _minutes(start):
            yield "min_minutes", "limits_order", f"半天的最少分钟数超过 {key} 时段的长度"
    if am[1] > pm[0]:
        yield "pm", "date_order", "上午和下午时段重叠"


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def _ladder(value: Mapping[str, Any]) -> Iterator[Finding]:
    rungs = value["approve"]
    limits = [rung.get("up_to_workdays") for rung in rungs]
    levels = [APPROVERS[rung["by"]] or 0 for rung in rungs]
    open_end = limits[-1] is None and None not in limits[:-1]
    rising = open_end and all(a < b for a, b in pairwise(limits[:-1]))
    if not rising or levels != sorted(levels):
        yield "approve", "approve_ladder", "批准级别应逐级上升,只有最后一级不设天数上限"


def _absence(value: Mapping[str, Any]) -> Iterator[Finding]:
    if value["break_run_workdays"] > value["break_total_workdays"]:
        yield "break_run_workdays", "limits_order", "连续缺勤上限大于累计缺勤上限"


def _lock(value: Mapping[str, Any]) -> Iterator[Finding]:
    if value["sign_workdays"] != sorted(value["sign_workdays"]):
        yield "sign_workdays", "value", "签字期限不能逐级提前"


def _remind(value: Mapping[str, Any]) -> Iterator[Finding]:
    lead = value["lead_workdays"]
    if any(a <= b for a, b in pairwise(lead)):
        yield "lead_workdays", "value", "提前天数应逐次减少"


_ORDER = {"session": _session_order, "leave": _ladder, "absence": _absence, "lock": _lock, "remind": _remind}


def _modes(value: object) -> Iterator[Finding]:
    if not isinstance(value, list) or not value:
        yield "mode", "table_missing", "至少要有一个 [[mode]]"
        return
    seen: set[str] = set()
    for mode in value:
        if not isinstance(mode, dict):
            yield "mode", "type", "应为表"
            continue
        yield from table_findings(mode, schema.MODE)
        if (mode_id := str(mode.get("id"))) in seen and "id" in mode:
            yield "id", "mode_duplicate", f"方式 {mode_id} 重复"
        seen.add(mode_id)


def _tables(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _repeated_ids(rules: Sequence[Any], name: str, place: int) -> Iterator[RuleProblem]:
    first: dict[str, int] = {}
    for index, rule in enumerate(rules, 1):
        rule_id = rule.get("id") if isinstance(rule, dict) else None
        if isinstance(rule_id, str) and first.setdefault(rule_id, index) != index:
            message = f"与第 {first[rule_id]} 条规则的编号相同"
            yield RuleProblem(name, rule_id, "id", "id_duplicate", message, place * 10_000 + index)


def _shared_ids(documents: Sequence[tuple[str, dict[str, Any]]]) -> Iterator[RuleProblem]:
    heads = {name: head for name, document in documents if isinstance(head := document.get("programme"), dict)}
    origin = {str(head.get("id")): str(head.get("derived_from", head.get("id"))) for head in heads.values()}
    programmes: dict[str, str] = {}
    owner: dict[str, tuple[str, str]] = {}
    for name, document in documents:
        programme = str(heads.get(name, {}).get("id", name))
        if programmes.setdefault(programme, name) != name:
            message = f"项目 {programme} 已在 {programmes[programme]} 中定义"
            yield RuleProblem(name, "[programme]", "id", "programme_duplicate", message)
            continue
        family = origin.get(origin.get(programme, programme), origin.get(programme, programme))
        place = list(document).index("rule") if "rule" in document else 0
        for index, rule in enumerate(_tables(document.get("rule")), 1):
            rule_id = str(rule.get("id"))
            where, whose = owner.setdefault(rule_id, (name, family))
            if whose != family:
                message = f"编号已在 {where} 中使用"
                yield RuleProblem(name, rule_id, "id", "id_duplicate", message, place * 10_000 + index)
