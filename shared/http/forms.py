"""Plain forms of the desk: the fields a template draws, what came back of them, and one page for all of them.

What came back is checked by the schema of the API, so that a page takes exactly what a script may send.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import marshmallow as ma
from flask import Response, redirect, request

from shared import clock
from shared.http.pages import render
from shared.problems import InvalidBody, Problem

Values = dict[str, Any]
CHOSEN = frozenset({"choice", "choices", "flag"})


@dataclass(frozen=True)
class Field:
    """One field: its name in the body, Chinese label, type (text, long, number,
    degrees, date, instant, choice, choices, flag)."""

    name: str
    label: str
    type: str = "text"
    required: bool = True
    hint: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    max_length: int = 100


@dataclass(frozen=True)
class Form:
    """A form of its own page: title, what it is for, its fields, the words of its button."""

    title: str
    button: str
    fields: tuple[Field, ...]
    lead: str = ""

    def offering(self, **options: Mapping[str, str]) -> Form:
        """The form with the choices of this request."""
        fields = tuple(dataclasses.replace(one, options=options[one.name]) if one.name in options else one for one in self.fields)
        return dataclasses.replace(self, fields=fields)


def filled(form: Form) -> Values:
    """What came back, in the types of the API; a field that was left empty and may be is left out."""
    found: Values = {}
    for one in form.fields:
        value = _value(one, request.form.getlist(one.name))
        if one.required or value not in ("", [], None):
            found[one.name] = value
    return found


def _value(one: Field, sent: list[str]) -> Any:
    text = sent[0].strip() if sent else ""
    if one.type == "choices":
        return sent
    if one.type == "flag":
        return {"yes": True, "no": False}.get(text)
    if one.type == "number":
        digits = text.removeprefix("-")
        return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 10 else text
    if one.type == "degrees":
        return _millionths(text)
    return _instant(text) if one.type == "instant" else text


def _millionths(text: str) -> int | str:
    """Decimal degrees as whole millionths; anything else as it came."""
    try:
        return int((Decimal(text) * 1_000_000).to_integral_value()) if len(text) < 20 else text
    except (ArithmeticError, ValueError):
        return text


def _instant(text: str) -> str:
    """Shanghai wall-clock time as an instant; anything else as it came, for the schema to refuse."""
    try:
        return clock.iso(dt.datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=clock.SHANGHAI))
    except ValueError:
        return text


def event_id() -> str:
    """The id the form carries: sent twice it is one gesture, as from the phone."""
    return request.form.get("client_event_id") or secrets.token_hex(16)


def checked(schema: type[ma.Schema], body: Values, form: Form) -> Values:
    """The body as the API takes it. Raises InvalidBody with a Chinese reason for each field that is wrong."""
    try:
        return dict(schema().load(body))
    except ma.ValidationError as error:
        wrong = error.messages if isinstance(error.messages, dict) else {"body": error.messages}
        named = {one.name: one for one in form.fields}
        errors = {str(name): _reason(named.get(str(name)), body.get(str(name))) for name in wrong}
        first = next(iter(errors))
        raise InvalidBody(first, "the form does not match", hint=errors[first], errors=errors) from error


def _reason(one: Field | None, value: Any) -> str:
    if one is None:
        return "填写的内容不完整,请检查后再提交"
    if value in ("", [], None):
        return "请选择" if one.type in CHOSEN else "请填写"
    return "请从列表中选择" if one.type in CHOSEN else "填写不对,请检查"


def page(form: Form, back: str, values: Values, refused: Problem | None = None, **context: Any) -> Response:
    """The form with what was filled in and what is wrong with it; `back` is the address of the page it belongs to."""
    errors = errors_of(form, refused)
    headline = None if refused is None else f"有 {len(errors)} 处需要修改,还没有保存" if errors else words(refused)
    context = {"facts": [], "note": "", **context}
    response = render("desk_form.html", form=form, back=back, event_id=event_id(), error=headline, fields=drawn(form, values, errors),
                      **context)  # fmt: skip
    response.status_code = refused.status if refused else 200
    return response


def drawn(form: Form, values: Values, errors: Mapping[str, str]) -> list[Values]:
    """The fields as `record_fields.html` draws them."""
    return [{"field": one, "value": _text(one, values.get(one.name)), "values": values.get(one.name) or [],
             "error": errors.get(one.name)} for one in form.fields]  # fmt: skip


def _text(one: Field, value: Any) -> str:
    if value is None or isinstance(value, list):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if one.type == "degrees" and isinstance(value, int):
        return f"{value / 1e6:.6f}"
    if one.type == "instant" and str(value).endswith("Z"):
        return f"{clock.local(clock.parse_iso(value)):%Y-%m-%dT%H:%M}"
    return str(value)


def errors_of(form: Form, refused: Problem | None) -> dict[str, str]:
    """Field → what is wrong with it, of a refusal that names fields of this form."""
    if refused is None:
        return {}
    said = refused.extra.get("errors")
    found = dict(said) if isinstance(said, Mapping) else {str(refused.extra.get("field")): words(refused)}
    return {name: str(why) for name, why in found.items() if name in {one.name for one in form.fields}}


def words(refused: Problem) -> str:
    """What a page says of a refusal: its hint, else its sentence."""
    return str(refused.extra.get("hint") or refused.title_text())


def done(address: str, what: str) -> Response:
    """Back to a page after something was stored, which it then says."""
    return redirect(f"{address}{'&' if '?' in address else '?'}done={what}", 303)  # type: ignore[return-value]


def answered(form: Form, back: str, schema: type[ma.Schema], told: Values, store: Callable[[Values], Any],
             about: Callable[[Values], Values] | None = None, to: str = "", **context: Any) -> Response:  # fmt: skip
    """Store what the form says and go back; a refusal is told on the form, with everything still filled in.

    `told`: members of the body that are not filled in; `about` makes the body of the API out of the fields.
    """
    values = filled(form)
    once = {"client_event_id": event_id()} if "client_event_id" in schema().fields else {}
    try:
        store(checked(schema, {**once, **told, **(about(values) if about else values)}, form))
    except Problem as refused:
        return page(form, back, values, refused, **context)
    return done(to or back, "stored")
