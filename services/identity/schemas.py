"""What sign-in takes and gives."""

from __future__ import annotations

import marshmallow as ma

from shared.http.api import Body


class Credentials(Body):
    """Phone number and password."""

    phone = ma.fields.String(required=True, validate=ma.validate.Length(1, 32))
    password = ma.fields.String(required=True, validate=ma.validate.Length(1, 500))


class Scope(ma.Schema):
    """An organisation."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class HeldRole(ma.Schema):
    """A role and over which organisation it is held."""

    role = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    scope = ma.fields.Nested(Scope, required=True, allow_none=True)


class Me(ma.Schema):
    """The person; null for an account without one."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    organisation = ma.fields.String(required=True)


class Account(ma.Schema):
    """Who is signed in, and the value to send as X-CSRF-Token."""

    person = ma.fields.Nested(Me, required=True, allow_none=True)
    roles = ma.fields.List(ma.fields.Nested(HeldRole), required=True)
    csrf_token = ma.fields.String(required=True)


class OpenedToken(ma.Schema):
    """A bearer token; it is shown once."""

    token = ma.fields.String(required=True)
    expires_at = ma.fields.String(required=True)
    person = ma.fields.Nested(Me, required=True, allow_none=True)
    roles = ma.fields.List(ma.fields.Nested(HeldRole), required=True)
