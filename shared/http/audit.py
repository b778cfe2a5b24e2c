"""The audit row of one request: who, when, from where, what, result. Never a token, code or query (S-25, S-28)."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from flask import request

from shared import clock
from shared.access.models import AuditRow
from shared.http.context import runtime
from shared.http.policy import Policy
from shared.ids import new_id
from shared.roles import Principal

_SECRET = re.compile(r"token|invitation|code|secret")


def address() -> str | None:
    """The caller's network address: behind a local proxy the last hop it names, otherwise the peer."""
    peer = request.remote_addr
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        if peer and forwarded and ipaddress.ip_address(peer).is_private:
            return str(ipaddress.ip_address(forwarded))
    except ValueError:
        pass
    return peer


def record(stated: Policy, result: str, status: int, slug: str | None, who: Principal | None) -> None:
    """Write one row in its own short transaction; result = done, refused, denied."""
    with runtime().db.transaction() as session:
        session.add(
            AuditRow(
                id=new_id(),
                at=clock.now(),
                policy=stated.id,
                kind=stated.audit,
                account_id=who.account_id if who else None,
                person_id=who.person_id if who else None,
                via=who.via if who else "none",
                address=address(),
                method=request.method,
                rule=request.url_rule.rule if request.url_rule else "",
                target=_target(),
                result=result,
                status=status,
                slug=slug,
            )
        )


def _target() -> dict[str, Any]:
    """The route's arguments, without those that are credentials."""
    return {name: str(value)[:100] for name, value in (request.view_args or {}).items() if not _SECRET.search(name)}
