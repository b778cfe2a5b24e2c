"""A schema compiled to one plain check, for routes where marshmallow's own pass is too dear (performance.md 4).

The check only says yes or no. What it takes is exactly what the schema takes, unchanged; what it does not take goes
through the schema itself, which alone says what is wrong. Not every schema can be compiled: see `compiled`.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable
from typing import Any

import marshmallow as ma
from flask import g, request

from shared.http.api import Blueprint
from shared.http.item import Flag

Check = Callable[[Any], bool]


LARGE = 65_536
"""Bytes; a larger body is the schema's business, and nobody's before it is known who sends it."""


def checked(blueprint: Blueprint, schema: type[ma.Schema]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`blueprint.arguments(schema)` for a hot route: the same document, the same refusals, the same body for the view."""
    _check(schema)

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        by_schema: Callable[..., Any] = blueprint.arguments(schema)(view)

        @functools.wraps(by_schema)
        def fast(*args: Any, **kwargs: Any) -> Any:
            found = body(schema)
            return by_schema(*args, **kwargs) if found is None else view(*args, found, **kwargs)

        return fast

    return decorate


def body(schema: type[ma.Schema]) -> dict[str, Any] | None:
    """The JSON body of this request when the schema's check takes it; None when the schema is to have its say. Read once."""
    read: tuple[dict[str, Any] | None] | None = g.get("body")
    if read is None:
        read = g.body = (_body(_check(schema)),)
    return read[0]


def _body(check: Check) -> dict[str, Any] | None:
    if not request.is_json or not 0 < (request.content_length or 0) <= LARGE:
        return None
    try:
        value: dict[str, Any] = json.loads(request.get_data().decode())
    except (ValueError, RecursionError):
        return None
    return value if check(value) else None


@functools.cache
def _check(schema: type[ma.Schema]) -> Check:
    return compiled(schema())


def compiled(schema: ma.Schema) -> Check:
    """The check of a schema whose values are taken as they come: strings, whole numbers, flags, lists and nested schemas.

    Raises TypeError for anything else: other fields, converting hooks, defaults, names that differ from the keys.
    """
    if schema.unknown != ma.RAISE or schema.many or schema.partial:
        raise TypeError(f"{type(schema).__name__}: unknown fields must be refused")
    fields = {name: _field(field) for name, field in schema.fields.items()}
    required = frozenset(name for name, field in schema.fields.items() if field.required)
    whole = _schema_validators(schema)

    def check(value: Any) -> bool:
        if type(value) is not dict or not required <= value.keys():
            return False
        for name, item in value.items():
            taken = fields.get(name)
            if taken is None or not taken(item):
                return False
        return all(_passes(validate, value) for validate in whole)

    return check


def _schema_validators(schema: ma.Schema) -> list[Callable[[Any], Any]]:
    """The bound `validates_schema` methods; any other hook changes values or belongs to one field."""
    found: list[Callable[[Any], Any]] = []
    for kind, hooks in schema._hooks.items():
        for name, many, options in hooks:
            if kind != "validates_schema" or many or options.get("pass_original"):
                raise TypeError(f"{type(schema).__name__}.{name}: a {kind} hook")
            found.append(getattr(schema, name))
    return found


def _field(field: ma.fields.Field[Any]) -> Check:
    if field.load_default is not ma.missing or field.data_key is not None or field.dump_only:
        raise TypeError(f"{field.name}: taken as it comes, or not at all")
    inner = _value(field)
    null, validators = field.allow_none, [_plain(validate) for validate in field.validators]
    holds = validators[0] if len(validators) == 1 else lambda value: all(one(value) for one in validators)
    if not validators:
        return lambda value: null if value is None else inner(value)
    return lambda value: null if value is None else inner(value) and holds(value)


def _plain(validate: Callable[[Any], Any]) -> Check:
    """A validator as a check; marshmallow's own say no without making an error of it."""
    if type(validate) is ma.validate.Length and validate.equal is None:
        low, high = validate.min or 0, math.inf if validate.max is None else validate.max
        return lambda value: low <= len(value) <= high
    if type(validate) is ma.validate.Regexp:
        return lambda value: validate.regex.match(value) is not None
    if type(validate) is ma.validate.OneOf:
        return lambda value: value in validate.choices
    return lambda value: _passes(validate, value)


def _value(field: ma.fields.Field[Any]) -> Check:
    """Whether a value that is not null is of the field's type."""
    if type(field) is ma.fields.String:
        return lambda value: type(value) is str
    if type(field) is ma.fields.Integer and field.strict and not field.as_string:
        return lambda value: type(value) is int
    if type(field) is Flag:
        return lambda value: type(value) is bool
    if type(field) is ma.fields.Nested and not field.many:
        return compiled(field.schema)
    if type(field) is ma.fields.List:
        return _list(_field(field.inner))
    raise TypeError(f"{field.name}: {type(field).__name__} cannot be compiled")


def _list(inner: Check) -> Check:
    return lambda value: type(value) is list and all(map(inner, value))


def _passes(validate: Callable[[Any], Any], value: Any) -> bool:
    try:
        validate(value)
    except ma.ValidationError:
        return False
    return True
