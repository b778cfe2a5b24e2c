"""Who is asking and whether they may: authenticate, role, second factor, object through the scope, forbid, limit, view.

A cookie is believed only together with a CSRF value on writes; a bearer token needs none. Denials are audited (S-28).
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, cast

from flask import Response, g, request

from shared import clock
from shared.access import lookup, store
from shared.db import Database
from shared.http import audit, limits
from shared.http.context import reading, runtime
from shared.http.policy import AUDITED_WHEN_DONE, WRITES, Policy, PolicyError, Scope
from shared.problems import Forbidden, NotSignedIn, Problem
from shared.roles import Principal

__all__ = [
    "ANY", "OWN_AREA", "OWN_CLINIC", "OWN_COUNTY", "OWN_ORG", "OWN_PAIR", "OWN_TEAM", "PUBLIC", "SELF", "FormExpired",
    "Policy", "SecondFactorRequired", "along", "csrf_token", "forget_session", "policy", "principal", "remember_session",
    "remember_visit", "require_csrf", "visitor",
]  # fmt: skip

SELF, OWN_TEAM, OWN_CLINIC, OWN_ORG = Scope.SELF, Scope.OWN_TEAM, Scope.OWN_CLINIC, Scope.OWN_ORG
OWN_PAIR, OWN_COUNTY, OWN_AREA, ANY, PUBLIC = Scope.OWN_PAIR, Scope.OWN_COUNTY, Scope.OWN_AREA, Scope.ANY, Scope.PUBLIC

SESSION_COOKIE = "zd_session"
VISIT_COOKIE = "zd_visit"
TOUCH_EVERY = dt.timedelta(minutes=5)

View = TypeVar("View", bound=Callable[..., Any])


class FormExpired(Problem):
    """A write by cookie without the CSRF value of its session."""

    status, slug, title = 403, "form-expired", "页面已过期,请刷新后再试"


class SecondFactorRequired(Problem):
    """The view wants two factors and the session has one."""

    status, slug, title = 403, "second-factor-required", "请再输入动态验证码"


def policy(policy_id: str, allow: Any, **declared: Any) -> Callable[[View], View]:
    """Declare and enforce who may call the view: `@policy("room.thing.verb", allow={"doctor": SELF}, ...)`.

    Stands directly under the route decorators, above arguments and response. Raises PolicyError for a second policy.
    """
    stated = Policy(policy_id, allow, **{**declared, "forbid": tuple(declared.get("forbid", ()))})

    def decorate(view: View) -> View:
        if hasattr(view, "policy"):
            raise PolicyError(f"{policy_id}: the view carries a policy already")

        @functools.wraps(view)
        def guarded(*args: Any, **view_args: Any) -> Any:
            try:
                _admit(stated, view_args)
            except Problem as denial:
                _record_denial(stated, denial)
                raise
            return _run(stated, view, args, view_args)

        guarded.policy = stated  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def principal() -> Principal:
    """Who is asking, with the grants the view's policy admits. Raises NotSignedIn (on public views)."""
    who = visitor()
    if who is None:
        raise NotSignedIn("no session or token")
    return who


def visitor() -> Principal | None:
    """Who is asking, or None on a public view."""
    return cast("Principal | None", g.get("principal"))


def along() -> tuple[Any, ...] | None:
    """What the view's policy had read along with who asks; None where it asked for nothing."""
    return cast("tuple[Any, ...] | None", g.get("along"))


def become(who: Principal) -> None:
    """From here on this request is signed in as `who`: a sign-in just succeeded."""
    g.principal = who


def csrf_token() -> str:
    """The value a form or `X-CSRF-Token` sends back: HMAC of the session, or of this visit before sign-in."""
    who = visitor()
    if who is not None and who.session_id is not None:
        return _mac(f"session:{who.session_id}")
    visit = g.get("visit") or request.cookies.get(VISIT_COOKIE)
    if not visit:
        visit = g.visit = secrets.token_urlsafe(16)
    return _mac(f"visit:{visit}")


def require_csrf() -> None:
    """The request carries `csrf_token()` as X-CSRF-Token or as form field; a bearer token needs none. Raises FormExpired."""
    who = visitor()
    if who is not None and who.via == "token":
        return
    sent = request.headers.get("X-CSRF-Token")
    if sent is None and request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        sent = request.form.get("csrf_token")
    if not hmac.compare_digest((sent or "").encode(), csrf_token().encode()):
        raise FormExpired("missing or wrong CSRF value")


def remember_session(response: Response, secret: str) -> None:
    """Set the session cookie: HttpOnly, SameSite=Lax, Secure in production; the server decides when it ends."""
    _set_cookie(response, SESSION_COOKIE, secret, int(store.LIFETIMES[True][1].total_seconds()))


def forget_session(response: Response) -> None:
    """Delete the session cookie."""
    _set_cookie(response, SESSION_COOKIE, "", 0)


def remember_visit(response: Response) -> Response:
    """After a page with a form before sign-in: keep what its CSRF value was made of."""
    if g.get("visit"):
        _set_cookie(response, VISIT_COOKIE, g.visit, None)
    return response


def _set_cookie(response: Response, name: str, value: str, max_age: int | None) -> None:
    secure = runtime().settings.production
    response.set_cookie(name, value, max_age=max_age, httponly=True, samesite="Lax", secure=secure)


def _mac(text: str) -> str:
    return hmac.new(runtime().keys.csrf, text.encode(), hashlib.sha256).hexdigest()


def _admit(stated: Policy, view_args: dict[str, Any]) -> None:
    """Everything before the view, in the order of security.md §3.2. Raises the Problem that denies it."""
    rt = runtime()
    found = _authenticate(rt.db, stated)
    g.along = found.along if found else None
    who = g.principal = found.principal if found else None
    if who is None and not stated.public:
        raise NotSignedIn("no valid session or token")
    _check_csrf(stated)
    if who is not None and not stated.admits(who.roles):
        raise Forbidden(f"{stated.id} is not open to {', '.join(sorted(who.roles)) or 'an account without role'}")
    who = g.principal = _narrowed(stated, who)
    if stated.factors == 2 and rt.settings.production:
        raise SecondFactorRequired(f"{stated.id} needs two factors")
    if stated.object is not None:
        with reading(rt) as session:
            target = stated.object(session, who, **view_args)
            for forbidden in stated.forbid:
                forbidden(session, who, target)
    limits.take(stated, who.account_id if who else audit.address() or "")
    if found and found.last_seen_at and clock.now() - found.last_seen_at > TOUCH_EVERY:
        with rt.db.transaction() as session:
            store.touch(session, found.principal.session_id or "")


def _narrowed(stated: Policy, who: Principal | None) -> Principal | None:
    """The principal with the grants this view admits: what another role may see does not leak into it."""
    if who is None or isinstance(stated.allow, Scope):
        return who
    grants = tuple(grant for grant in who.grants if grant.role in stated.allow)
    return who if grants == who.grants else replace(who, grants=grants)


def _authenticate(db: Database, stated: Policy) -> lookup.SignedIn | None:
    """Bearer token first; a cookie never counts on a write that asks for no CSRF value."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and secret:
        return lookup.signed_in(db, secret.strip(), "token", stated.along() if stated.along else None)
    cookie = request.cookies.get(SESSION_COOKIE)
    if not cookie or (request.method in WRITES and not stated.csrf):
        return None
    return lookup.signed_in(db, cookie, "session", stated.along() if stated.along else None)


def _check_csrf(stated: Policy) -> None:
    """A write by cookie, or by a form before sign-in, carries the value made for it."""
    if request.method in WRITES and stated.csrf:
        require_csrf()


def _record_denial(stated: Policy, denial: Problem) -> None:
    """Denials leave an audit row; an unknown reader sent to sign-in is not one."""
    if isinstance(denial, NotSignedIn) and request.method not in WRITES:
        return
    audit.record(stated, "denied", denial.status, denial.slug, visitor())


def _run(stated: Policy, view: Callable[..., Any], args: tuple[Any, ...], view_args: dict[str, Any]) -> Any:
    """The view; decisions, exports, key changes and audited reads leave a row whatever came of them."""
    if stated.audit not in AUDITED_WHEN_DONE:
        return view(*args, **view_args)
    try:
        answer = view(*args, **view_args)
    except Problem as refusal:
        audit.record(stated, "refused", refusal.status, refusal.slug, visitor())
        raise
    status = answer.status_code if isinstance(answer, Response) else 200
    audit.record(stated, "done" if status < 400 else "refused", status, None, visitor())
    return answer
