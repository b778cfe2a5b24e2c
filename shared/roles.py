"""The closed list of roles, their levels for approvals, and who is asking. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """One role: its identifier, Chinese label and approval level (None = approves nothing)."""

    id: str
    label: str
    level: int | None = None


ROLES: Mapping[str, Role] = {
    role.id: role
    for role in (
        Role("doctor", "派驻医师"),
        Role("team_leader", "组长"),
        Role("recipient_admin", "受援医院医务科", 1),
        Role("supporter_admin", "支援医院医务科", 2),
        Role("county_officer", "县级卫健部门", 3),
        Role("city_officer", "市级卫健部门", 4),
        Role("province_officer", "省级卫健部门", 5),
        Role("quality_office", "支援医院质控办"),
        Role("hr_officer", "支援医院人事科"),
        Role("finance_officer", "财务"),
        Role("witness", "见证人"),
        Role("auditor", "审计查阅"),
        Role("kiosk", "门诊屏幕"),
        Role("system_admin", "系统管理员"),
        Role("security_admin", "安全管理员"),
        Role("audit_admin", "审计管理员"),
    )
}

ADMINISTRATION = frozenset({"system_admin", "security_admin", "audit_admin"})
"""One person holds at most one of these (S-07)."""


@dataclass(frozen=True)
class Grant:
    """A role held over one organisation (its id); scope None = no organisation, e.g. administration."""

    role: str
    scope: str | None


@dataclass(frozen=True)
class Principal:
    """Who is asking: an account, the person behind it, and what it may do."""

    account_id: str
    person_id: str | None
    grants: tuple[Grant, ...]
    via: str = "session"
    session_id: str | None = None

    @property
    def roles(self) -> frozenset[str]:
        """Ids of every role held."""
        return frozenset(grant.role for grant in self.grants)

    def has(self, *roles: str) -> bool:
        """Whether any of the roles is held."""
        return not self.roles.isdisjoint(roles)

    def scopes(self, *roles: str) -> frozenset[str]:
        """Organisation ids over which any of the roles is held."""
        return frozenset(g.scope for g in self.grants if g.role in roles and g.scope is not None)
