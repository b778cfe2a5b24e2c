"""What sign-in takes and gives."""

from __future__ import annotations

import marshmallow as ma

from shared.http.api import Body
from shared.http.item import instant, text


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


class Jwk(Body):
    """A public P-256 key; members a browser adds are taken and dropped."""

    class Meta:
        """Whatever else the browser exports is left out."""

        unknown = ma.EXCLUDE

    kty = ma.fields.String(required=True, validate=ma.validate.Equal("EC"))
    crv = ma.fields.String(required=True, validate=ma.validate.Equal("P-256"))
    x = ma.fields.String(required=True, validate=ma.validate.Length(max=64))
    y = ma.fields.String(required=True, validate=ma.validate.Length(max=64))
    d = ma.fields.String(validate=ma.validate.Length(max=0, error="a private key is never sent"))


class Enrolment(Body):
    """The phone's public key and the class of its web view."""

    jwk = ma.fields.Nested(Jwk, required=True)
    platform = text(32)


class Confirmation(Body):
    """Signature of another confirmed key over {"confirm": thumbprint}; left out by an office that sees the person."""

    thumbprint = text(64)
    signature = text(128)


class Revocation(Body):
    """Why a key is revoked."""

    reason_code = ma.fields.String(
        required=True, validate=ma.validate.OneOf(("lost", "replaced", "shared", "left", "suspected", "other"))
    )


class Device(ma.Schema):
    """One key of a phone; age: ok or young. `name`: of its owner, in lists."""

    id = ma.fields.String(required=True)
    person = ma.fields.String(required=True)
    name = ma.fields.String()
    thumbprint = ma.fields.String(required=True)
    platform = ma.fields.String(required=True, allow_none=True)
    how = ma.fields.String(required=True)
    age = ma.fields.String(required=True)
    enrolled_at = ma.fields.String(required=True)
    confirmed_at = ma.fields.String(required=True, allow_none=True)
    revoked_at = ma.fields.String(required=True, allow_none=True)


class Devices(ma.Schema):
    """Keys, newest first."""

    items = ma.fields.List(ma.fields.Nested(Device), required=True)


class PageAddress(ma.Schema):
    """The page to be signed, as the browser names it."""

    url = ma.fields.String(required=True, validate=ma.validate.Length(1, 500))


class JsConfig(ma.Schema):
    """What `wx.config` and `ww.register` take; `jssdk_url`: where their script is, null when it is not to be loaded."""

    platform = ma.fields.String(required=True)
    app_id = ma.fields.String(required=True)
    agent_id = ma.fields.Integer(required=True, allow_none=True)
    timestamp = ma.fields.Integer(required=True)
    nonce_str = ma.fields.String(required=True)
    signature = ma.fields.String(required=True)
    agent_signature = ma.fields.String(required=True, allow_none=True)
    js_api_list = ma.fields.List(ma.fields.String(), required=True)
    jssdk_url = ma.fields.String(required=True, allow_none=True)


class ConsentAnswer(Body):
    """An answer to a consent screen, with the version and language of its text."""

    screen = ma.fields.String(required=True, validate=ma.validate.OneOf(("L", "P", "D", "M", "N", "T")))
    version = ma.fields.String(required=True, validate=ma.validate.Length(1, 32))
    language = ma.fields.String(required=True, validate=ma.validate.Length(1, 16))
    given = ma.fields.Boolean(required=True, truthy={True}, falsy={False})
    decided_at = instant()


class Consent(ma.Schema):
    """The answer that stands."""

    screen = ma.fields.String(required=True)
    purpose = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
    language = ma.fields.String(required=True)
    given = ma.fields.Boolean(required=True)
    at = ma.fields.String(required=True)


class Consents(ma.Schema):
    """The newest answer to each screen."""

    items = ma.fields.List(ma.fields.Nested(Consent), required=True)
