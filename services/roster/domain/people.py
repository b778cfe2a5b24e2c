"""What can be wrong with a person's row. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from services.roster.domain.book import Row
from services.roster.domain.mistakes import Mistake
from services.roster.domain.view import View
from shared.roles import ADMINISTRATION, ROLES

SCOPE_KIND = {
    "recipient_admin": ("recipient", "受援机构"), "witness": ("recipient", "受援机构"),
    "supporter_admin": ("supporter", "支援医院"), "quality_office": ("supporter", "支援医院"),
    "hr_officer": ("supporter", "支援医院"), "county_officer": ("county", "县级卫健"),
    "city_officer": ("city", "市级卫健"), "province_officer": ("province", "省级卫健"),
}  # fmt: skip
"""Role -> kind of organisation it is held over."""


def check(view: View) -> Iterator[Mistake]:
    """A phone number belongs to one person; roles fit together and fit the organisation they are held over."""
    mine = {row.key for row in view.rows("person")}
    others = {record["phone"] for code, record in view.known.records["person"].items() if code not in mine}
    owners: dict[str, str] = {}
    for row in view.rows("person"):
        phone, code = row.values.get("phone"), row.key or ""
        if phone in others:  # whose it is may be none of the importer's business
            yield row.mistake("phone", "手机号已登记给另一人")
        elif phone and owners.setdefault(phone, code) != code:
            yield row.mistake("phone", f"手机号与工号 {owners[phone]} 相同")
        yield from _roles(view, row)


def _roles(view: View, row: Row) -> Iterator[Mistake]:
    roles = row.values.get("roles", ())
    if len(ADMINISTRATION.intersection(roles)) > 1:
        yield row.mistake("roles", "系统、安全、审计管理员只能任其一")
    scope = row.values.get("scope_organisation") or row.values.get("organisation")
    organisation = view.after("organisation", scope)
    if organisation is None or "kind" not in organisation:
        return
    for role in roles:
        kind, label = SCOPE_KIND.get(role, (None, ""))
        if kind and organisation["kind"] != kind:
            name = "scope_organisation" if row.values.get("scope_organisation") else "organisation"
            yield row.mistake(name, f"{ROLES[role].label}管辖的应是{label},「{scope}」不是")
