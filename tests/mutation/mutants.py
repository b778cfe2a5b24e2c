"""The small faults of one file: what is changed, where, and the code that the changed file compiles to."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

Place = tuple[str, int]
"""A function: its file and the line where it begins, decorators included."""
COMPARED = {ast.Eq: ast.NotEq, ast.Is: ast.IsNot, ast.In: ast.NotIn, ast.Lt: ast.GtE, ast.Gt: ast.LtE}
BOUNDARY = {ast.Lt: ast.LtE, ast.Gt: ast.GtE}
ARITHMETIC = {ast.Add: ast.Sub, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.Mod: ast.FloorDiv, ast.BitOr: ast.BitAnd}
BOOLEAN = {ast.And: ast.Or}
WORDING = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")
DEAF = {"annotation", "returns", "type_params", "format_spec"}
"""Fields of a syntax tree that are never mutated."""


@dataclass(frozen=True, eq=False)
class Mutant:
    """One change: a field of a node (or an element of it) gets another value."""

    tree: ast.Module
    path: Path
    line: int
    kind: str
    before: str
    after: str
    node: ast.AST
    field: str
    index: int | None
    new: object
    inside: frozenset[Place]
    """The outermost function around it and all functions in that one; empty: it runs while the module is imported."""
    owner: Place | None

    def code(self) -> CodeType:
        """The changed module, compiled. The tree stays changed: for a process that ends with this mutant."""
        if self.index is None:
            setattr(self.node, self.field, self.new)
        else:
            getattr(self.node, self.field)[self.index] = self.new
        return compile(ast.fix_missing_locations(self.tree), str(self.path), "exec", dont_inherit=True)


def mutants_of(path: Path) -> list[Mutant]:
    """Every mutant of a file, in the order of its text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return list(_visit(tree, tree, path, None, frozenset()))


def _visit(
    node: ast.AST, tree: ast.Module, path: Path, owner: Place | None, inside: frozenset[Place]
) -> Iterator[Mutant]:
    for field, value in ast.iter_fields(node):
        if field in DEAF or _set_apart(node):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _untouched(node, child):
                continue
            for kind, new in _changes(field, child):
                yield Mutant(
                    tree, path, child.lineno, kind, _text(child), _text(new), node, field, index, new, inside, owner
                )  # type: ignore[attr-defined]
            if owner is None and isinstance(child, ast.FunctionDef) and field == "body":
                found = frozenset((str(path), _start(one)) for one in ast.walk(child) if hasattr(one, "lineno"))
                for part in ("args", "decorator_list"):
                    shell = copy.copy(child)
                    shell._fields = (part,)  # type: ignore[misc]
                    yield from _visit(shell, tree, path, None, frozenset())
                shell = copy.copy(child)
                shell._fields = ("body",)  # type: ignore[misc]
                yield from _visit(shell, tree, path, (str(path), _start(child)), found)
            else:
                yield from _visit(child, tree, path, owner, inside)


def _start(node: ast.AST) -> int:
    """The line a code object begins with."""
    return min(one.lineno for one in (node, *getattr(node, "decorator_list", ())))  # type: ignore[attr-defined]


def _text(node: object) -> str:
    text = ast.unparse(node) if isinstance(node, ast.AST) else str(node)
    return " ".join(text.split())[:160]


def _set_apart(node: ast.AST) -> bool:
    """Imports for type checkers only, and the list of a package's names."""
    name = getattr(node, "test", None) if isinstance(node, ast.If) else next(iter(getattr(node, "targets", ())), None)
    return isinstance(name, ast.Name) and name.id in ("TYPE_CHECKING", "__all__")


def _untouched(parent: ast.AST, child: ast.AST) -> bool:
    """Docstrings, pieces of sentences, imports, and `strict=`, which guards against a fault inside."""
    if isinstance(child, ast.Import | ast.ImportFrom) or (isinstance(child, ast.keyword) and child.arg == "strict"):
        return True
    if isinstance(child, ast.Constant) and isinstance(child.value, str):
        return isinstance(parent, ast.Expr | ast.JoinedStr) or bool(WORDING.search(child.value))
    return isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)


def _changes(field: str, node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The faults that can be put in the place of one node."""
    if isinstance(node, ast.expr):
        if field in ("defaults", "kw_defaults"):
            if not isinstance(node, ast.Constant) or node.value is None:
                yield "default", ast.Constant(0)
        elif field == "ifs" or (
            field == "test" and isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr)
        ):
            yield "boolean", ast.Constant(True) if field == "ifs" else ast.UnaryOp(ast.Not(), node)
        yield from _of_expression(node)
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return-None", ast.copy_location(ast.Return(ast.Constant(None)), node)
    elif _deletable(node):
        yield "deleted", ast.copy_location(ast.Pass(), node)
    elif isinstance(node, ast.AugAssign):
        for new in _swapped(node.op, ARITHMETIC):
            yield "arithmetic", ast.copy_location(ast.AugAssign(node.target, new, node.value), node)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _deletable(node: ast.AST) -> bool:
    """Statements a function can be short of: calls, guards, raises, and what changes something elsewhere."""
    if isinstance(node, ast.If):
        return not node.orelse
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets)
    return isinstance(node, ast.Expr | ast.Raise | ast.Delete | ast.Continue | ast.Break)


def _of_expression(node: ast.expr) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Compare):
        for number, operator in enumerate(node.ops):
            for kind, table in (("comparison", COMPARED), ("boundary", BOUNDARY)):
                for new in _swapped(operator, table):
                    operators = [*node.ops[:number], new, *node.ops[number + 1 :]]
                    yield kind, ast.Compare(node.left, operators, node.comparators)
    elif isinstance(node, ast.BoolOp):
        for new in _swapped(node.op, BOOLEAN):
            yield "boolean", ast.BoolOp(new, node.values)
    elif isinstance(node, ast.BinOp):
        for new in _swapped(node.op, ARITHMETIC):
            yield "arithmetic", ast.BinOp(node.left, new, node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield "boolean" if isinstance(node.op, ast.Not) else "arithmetic", node.operand
    elif isinstance(node, ast.IfExp):
        yield "boolean", ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool):
            yield "constant", ast.Constant(not value)
        elif isinstance(value, int | float):
            yield "constant", ast.Constant(value + 1)
        elif isinstance(value, str):
            yield "constant", ast.Constant(value + "x")


def _swapped(operator: ast.AST, table: dict[type, type]) -> list[ast.AST]:
    """What a table puts in the place of an operator, in either direction."""
    both = {**{new: old for old, new in table.items()}, **table}
    return [both[type(operator)]()] if type(operator) in both else []
