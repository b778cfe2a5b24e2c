"""Per policy: which objects its route is tried on, and what a request for it looks like.

A new route needs one line in CASES. Objects are `Target`s of the realm; "-" stands for routes without an object.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

from werkzeug.routing import Map, Rule

from shared.http.policy import Scope
from tests.factories.phone import Phone
from tests.shared.http.realm import (
    CLINICS,
    DOCTORS,
    MALFORMED,
    MISSING,
    OTHER_KIND,
    Caller,
    Target,
    clinic,
    key,
    posting,
    recipient,
)  # fmt: skip

NONE = Target("-", "")
Request = Callable[[Caller, Target], dict[str, Any]]

ENDS_ITS_TOKEN = {"identity.session.close", "identity.logout.form"}
TODAY = "2026-11-17"
REFUSALS = frozenset({"ledger_head", "ledger_entry", "ledger_payload"})
"""A refused scan is a fact too (attendance.refused, evidence.md §2.1)."""
PHONE, PASSWORD = "13900000000", "mountain-spring-7"


def nothing(_caller: Caller, _target: Target) -> dict[str, Any]:
    """A request without body."""
    return {}


@dataclass(frozen=True)
class Case:
    """Objects of a route and how to ask for one: `argument` names the URL argument that holds the object."""

    targets: tuple[Target, ...] = (NONE,)
    argument: str | None = None
    constants: tuple[tuple[str, str], ...] = ()
    request: Request = nothing
    unless: str | None = None
    """Another verdict than `allowed` with which a view answers some of those it admits, and that is meant."""
    rights: Mapping[str, Scope] | None = None
    """Who may do it on every target, where the scope is about the caller's own record and not about the target."""
    records: frozenset[str] = frozenset()
    """Tables in which even a refusal is recorded, on purpose."""

    def path(self, rule: Rule, target: Target, made: Mapping[str, str]) -> str:
        """The address for a target; every argument must be known here. "made:…" = an object made by the set-up."""
        values = {name: _made(value.format(label=target.label), made) for name, value in self.constants}
        if self.argument:
            values[self.argument] = _made(target.value, made)
        missing = rule.arguments - set(values)
        assert not missing, f"{rule.rule}: tests/shared/http/world.py gives no value for {', '.join(sorted(missing))}"
        return Map([rule.empty()]).bind("localhost").build(rule.endpoint, values)


def _made(value: str, made: Mapping[str, str]) -> str:
    return made.get(value, MISSING.value) if value.startswith("made:") else value


def json_of(make: Callable[[Caller, Target], dict[str, Any]]) -> Request:
    """A JSON body."""
    return lambda caller, target: {"json": make(caller, target)}


def query_of(name: str, form: str = "{}") -> Request:
    """The object in the query string."""
    return lambda _caller, target: {"query_string": {name: form.format(target.value)}}


def event_id(*parts: str) -> str:
    """A client_event_id (32 hex digits) for one caller and purpose."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:32]


def tap(caller: Caller, at: str = "") -> dict[str, Any]:
    """One check-in of the caller at a clinic, by default one of the own recipient."""
    site = at or next((name for name, home in CLINICS.items() if home == DOCTORS.get(caller.label)), "clinic-1")
    return {"body": {"client_event_id": event_id("tap", caller.label), "kind": "attendance", "person": key(caller.label),
                     "site_token": f"site-{site}", "direction": "in"}}  # fmt: skip


def tap_form(caller: Caller, target: Target) -> dict[str, Any]:
    """The same without script."""
    return {"data": {"client_event_id": event_id("form", caller.label, target.label), "direction": "out"},
            "headers": {"Accept": "text/html"}}  # fmt: skip


def half_day(caller: Caller, _target: Target) -> dict[str, Any]:
    """An outpatient half-day of today."""
    return {"body": {"client_event_id": event_id("half", caller.label), "person": key(caller.label),
                     "service_date": TODAY, "session": "am", "department": "内科", "visits": 12, "record_ref": ["MZ-20261117-03"]}}  # fmt: skip


def diary(caller: Caller, _target: Target) -> dict[str, Any]:
    """A diary of today."""
    return {"body": {"client_event_id": event_id("diary", caller.label), "person": key(caller.label),
                     "service_date": TODAY, "text": "今天查房并带教。", "activities": [{"kind": "ward_round", "count": 1}]}}  # fmt: skip


def photo(label: str) -> bytes:
    """A small JPEG that is different for each label."""
    from PIL import Image

    stored = io.BytesIO()
    colour = tuple(hashlib.sha256(label.encode()).digest()[:3])
    Image.new("RGB", (64, 48), colour).save(stored, "JPEG")  # type: ignore[arg-type]
    return stored.getvalue()


def photo_hash(label: str) -> str:
    """SHA-256 of the photo."""
    return hashlib.sha256(photo(label)).hexdigest()


def own_photo(_caller: Caller, target: Target) -> dict[str, Any]:
    """The bytes whose hash the address names."""
    return {"data": photo("matrix"), "content_type": "image/jpeg"}


def workbook(_caller: Caller, _target: Target) -> dict[str, Any]:
    """A file that is no workbook: who may import is told what is wrong with it."""
    return {"data": {"file": (io.BytesIO(b"no workbook"), "roster.xlsx")}}


def programme_file(_caller: Caller, _target: Target) -> dict[str, Any]:
    """A valid programme file, one comment longer than the shipped one."""
    return {"data": {"file": (io.BytesIO(programme_text()), "zhongzhan-2021.toml")}}


def programme_text() -> bytes:
    """The bytes of that file."""
    return (resources.files("shared.rules") / "programmes" / "zhongzhan-2021.toml").read_bytes() + "# 试行\n".encode()


def calendar_file(_caller: Caller, _target: Target) -> dict[str, Any]:
    """One rest day of a far year."""
    return {"data": {"file": (io.BytesIO(b'{"days": {"2099-01-01": "rest"}}'), "calendar.json")}}


def consent(_caller: Caller, _target: Target) -> dict[str, Any]:
    """An answer to the screen of locations."""
    return {"screen": "L", "version": "L-2026-11", "language": "zh-CN", "given": True}


def place(_caller: Caller, _target: Target) -> dict[str, Any]:
    """A clinic's place, somewhere."""
    return {"lat_e6": 31_500_000, "lon_e6": 108_500_000, "crs": "gcj02", "how": "map_pick"}


def outage(_caller: Caller, _target: Target) -> dict[str, Any]:
    """A morning without network."""
    return {"kind": "network", "from_at": "2026-11-17T00:00:00Z", "to_at": "2026-11-17T02:00:00Z"}


def credentials(_caller: Caller, _target: Target) -> dict[str, Any]:
    """The right phone number and password of somebody."""
    return {"json": {"phone": PHONE, "password": PASSWORD}}


def page(_caller: Caller, _target: Target) -> dict[str, Any]:
    """A browser asks."""
    return {"headers": {"Accept": "text/html"}}


def made(kind: str, *labels: Target) -> tuple[Target, ...]:
    """Objects the set-up makes, one for each of these, then a missing and a malformed one."""
    return (*(replace(target, value=f"made:{kind}/{target.label}") for target in labels), MISSING, MALFORMED)


POSTINGS = (
    posting("own pair", "doctor-1"), posting("same supporter", "doctor-3"), posting("other county", "doctor-5"),
    posting("ended", "doctor-ended"), MISSING, MALFORMED, OTHER_KIND,
)  # fmt: skip
SITES = (clinic("clinic-1", "site-clinic-1"), clinic("clinic-3", "site-clinic-3"), MISSING, MALFORMED)
SCREENS = (clinic("clinic-1", "screen-clinic-1"), MISSING, MALFORMED)
CLINIC_IDS = (clinic("clinic-1"), clinic("clinic-2"), clinic("clinic-3"), MISSING, MALFORMED, OTHER_KIND)
TAPPED = (posting("doctor-1", "doctor-1"), posting("doctor-5", "doctor-5"))
RECIPIENT_IDS = (
    recipient("recipient-1"),
    recipient("recipient-2"),
    recipient("recipient-3"),
    MISSING,
    MALFORMED,
    OTHER_KIND,
)
PROGRAMMES = made("programme", Target("stored", ""))
INVITED = made("invitation", Target("open", ""))

DEVICES = made("device", *TAPPED)

PLATFORMS_ELSEWHERE = frozenset({
    "identity.platform.start", "identity.platform.callback", "identity.bind.page", "identity.bind.form", "identity.wechat.config",
    "notifier.callback.oa", "notifier.callback.oa.prove", "notifier.callback.wecom", "notifier.callback.wecom.prove",
})  # fmt: skip
"""They work only beside WeChat or WeCom: tests/services/identity/routes and tests/notifier/channels have an emulator."""

CASES: dict[str, Case] = {
    "http.health": Case(), "http.ready": Case(), "http.metrics": Case(), "http.openapi": Case(), "http.docs": Case(request=page),
    "identity.token.open": Case(request=credentials), "identity.session.open": Case(request=credentials),
    "identity.session.close": Case(), "identity.me": Case(),
    "identity.login.page": Case(request=page), "identity.login.form": Case(request=lambda *_: {"data": {"phone": PHONE, "password": PASSWORD}}),
    "identity.logout.form": Case(request=page),
    "identity.invitation.page": Case(INVITED, "invitation", request=page),
    "identity.invitation.form": Case(INVITED, "invitation", request=page),
    "identity.device.enrol": Case(request=json_of(lambda caller, _: {"jwk": Phone(caller.label).jwk})),
    "identity.device.list": Case(),
    "identity.device.confirm": Case(DEVICES, "device_id", request=json_of(lambda *_: {})),
    "identity.device.revoke": Case(DEVICES, "device_id", request=json_of(lambda *_: {"reason_code": "lost"})),
    "identity.platform.start": Case(constants=(("platform", "oa"),), request=page),
    "identity.platform.callback": Case(constants=(("platform", "oa"),), request=page),
    "identity.bind.page": Case(request=page), "identity.bind.form": Case(request=page),
    "identity.wechat.config": Case(request=lambda *_: {"query_string": {"url": "http://localhost/app/scan"}}),
    "identity.consent.answer": Case(request=json_of(consent)), "identity.consent.list": Case(),
    "roster.import": Case(request=workbook), "roster.organisation.list": Case(), "roster.clinic.list": Case(),
    "roster.person.list": Case(), "roster.posting.list": Case(),
    "roster.clinic.place": Case(CLINIC_IDS, "clinic_id", request=json_of(place)),
    "roster.clinic.place.approve": Case(CLINIC_IDS, "clinic_id", request=json_of(lambda *_: {"proposal": "none"})),
    "roster.clinic.outage": Case(CLINIC_IDS, "clinic_id", request=json_of(outage)),
    "roster.clinic.rota": Case(CLINIC_IDS, "clinic_id", request=json_of(lambda *_: {"witnesses": []})),
    "roster.programme.list": Case(), "roster.programme.upload": Case(request=programme_file),
    "roster.programme.activate": Case(PROGRAMMES, "version_id", request=json_of(lambda *_: {"first_month": "2027-01"})),
    "roster.programme.page": Case(request=page), "roster.programme.upload_form": Case(request=programme_file),
    "roster.programme.activate_form": Case(
        PROGRAMMES, "version_id", request=lambda *_: {"data": {"first_month": "2027-01"}, "headers": {"Accept": "text/html"}},
    ),
    "roster.calendar.read": Case(), "roster.calendar.load": Case(request=calendar_file),
    "roster.calendar.page": Case(request=page), "roster.calendar.load_form": Case(request=calendar_file),
    "progress.today.read": Case(),
    "progress.week.read": Case(POSTINGS, constants=(("name", "2026-W47"),), request=query_of("posting")),
    "progress.month.read": Case(POSTINGS, constants=(("name", "2026-11"),), request=query_of("posting")),
    "progress.obligations.read": Case(POSTINGS, request=query_of("subject", "posting:{}")),
    "web.home": Case(request=page, unless="forbidden"), "web.physician.open": Case(constants=(("screen", "today"),), request=page),
    "web.physician.day": Case(constants=(("day", "2026-11-23"),), request=page),
    "web.physician.spot": Case(constants=(("check_id", MISSING.value),), request=page),
    "web.shell.read": Case(request=page), "web.worker.read": Case(),
    "web.reports.list": Case(request=page), "web.asset.read": Case((MISSING, MALFORMED), "name"),
    "checkin.event.record": Case(request=json_of(lambda caller, _: tap(caller))),
    "checkin.event.batch": Case(request=json_of(lambda caller, _: {"items": [tap(caller)]})),
    "checkin.event.list": Case(), "checkin.event.read": Case(made("event", *TAPPED), "event_id"),
    "checkin.contact": Case(request=json_of(lambda *_: {"unsent": {"count": 0}})),
    "checkin.scan.page": Case(SITES, "site_token", request=page),
    "checkin.scan.form": Case(
        SITES, "site_token", request=tap_form, rights={"doctor": Scope.ANY}, records=REFUSALS,
    ),
    "checkin.code.display": Case(SCREENS, "screen_token", request=page),
    "checkin.code.current": Case(SCREENS, "screen_token"),
    "checkin.poster.issue": Case(CLINIC_IDS, "clinic_id"),
    "checkin.poster.read": Case(
        (clinic("clinic-1"), clinic("clinic-3"), MISSING, MALFORMED), "clinic_id",
        (("poster_id", "made:poster/{label}"), ("suffix", "pdf")),
    ),
    "worklog.half_day.write": Case(request=json_of(half_day)), "worklog.half_day.list": Case(),
    "worklog.diary.write": Case(request=json_of(diary)), "worklog.diary.list": Case(),
    "worklog.photo.write": Case(constants=(("sha256", photo_hash("matrix")),), request=own_photo),
    "worklog.photo.read": Case(made("photo", *TAPPED), "sha256"),
    "reports.month.list": Case(),
    "reports.month.read": Case(RECIPIENT_IDS, "recipient", (("month", "2026-11"),)),
    "reports.month.draft": Case(RECIPIENT_IDS, "recipient", (("month", "2026-11"),)),
    "notifier.callback.oa.prove": Case(request=page, unless="403 "),
    "notifier.callback.oa": Case(request=page, unless="403 "),
    "notifier.callback.wecom.prove": Case(constants=(("agent", "1"),), request=page, unless="403 "),
    "notifier.callback.wecom": Case(constants=(("agent", "1"),), request=page, unless="403 "),
    "notifier.inbox.list": Case(),
    "notifier.inbox.read": Case(made("inbox", *TAPPED), "item_id")
}  # fmt: skip
