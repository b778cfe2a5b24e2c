"""E2: each event kind may be appended by the roles evidence.md §2 names and by nobody else."""

import pytest

from shared import ledger
from shared.ledger.kinds import KINDS, STREAMS, Kind, KindError, check
from shared.roles import ROLES

EVERYBODY = (*ROLES, "system")

LISTED = {  # a row per table of evidence.md §2, written down here a second time on purpose
    "attendance.recorded": "doctor",
    "attendance.refused": "system",
    "attendance.countersigned": "witness recipient_admin supporter_admin quality_office county_officer city_officer",
    "flag.decided": "county_officer recipient_admin",
    "objection.decided": "county_officer city_officer",
    "correction.requested": "doctor recipient_admin",
    "correction.decided": "recipient_admin county_officer",
    "leave.requested": "doctor",
    "ordered_work.filed": "supporter_admin recipient_admin county_officer",
    "spotcheck.committed": "system",
    "inspection.drawn": "county_officer city_officer supporter_admin quality_office",
    "posting.opened": "supporter_admin",
    "posting.closed": "supporter_admin recipient_admin",
    "handover.signed": "doctor recipient_admin",
    "roster.published": "recipient_admin supporter_admin",
    "worklog.recorded": "doctor",
    "diary.submitted": "doctor",
    "month.closed": "system",
    "month.signed": "doctor recipient_admin supporter_admin county_officer",
    "month.amended": "county_officer",
    "certificate.issued": "county_officer supporter_admin",
    "credit.decided": "hr_officer",
    "payment.recorded": "finance_officer",
    "application.filed": "doctor hr_officer",
    "application.withdrawn": "hr_officer",
    "change.requested": "supporter_admin recipient_admin",
    "change.decided": "county_officer city_officer province_officer",
    "arrangement.changed": "supporter_admin recipient_admin",
    "clinic.location_set": "recipient_admin county_officer",
    "clinic.code_key_rotated": "security_admin system",
    "kiosk.revoked": "recipient_admin security_admin",
    "device.revoked": "doctor supporter_admin security_admin system",
    "payload.erased": "system",
    "key.added": "security_admin",
    "audit.batch": "system",
}


@pytest.mark.parametrize("kind", LISTED)
def test_only_the_listed_roles_may_append_a_kind(kind):
    stream = sorted(KINDS[kind].streams)[0]
    allowed = {role for role in EVERYBODY if _may(kind, stream, role)}
    assert allowed == set(LISTED[kind].split())


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_declares_known_roles_and_streams(kind: Kind):
    assert kind.roles
    assert kind.roles <= set(EVERYBODY)
    assert kind.streams
    assert kind.streams <= STREAMS
    assert "kiosk" not in kind.roles


def test_the_list_holds_every_kind_of_the_design_once():
    per_table = {"2.1": 9, "2.2": 10, "2.3": 12, "2.4": 20, "2.5": 18, "2.6": 19}
    assert len(KINDS) == sum(per_table.values()) == 88


@pytest.mark.parametrize("stream", ["person", "clinic", "organisation", "system", "team"])
def test_a_kind_stands_in_no_other_stream(stream):
    with pytest.raises(KindError, match="stand"):
        check("attendance.recorded", stream, "doctor")


def test_an_unknown_kind_is_refused():
    with pytest.raises(KindError, match="not an event kind"):
        check("attendance.deleted", "posting", "system")


def test_a_refused_append_leaves_no_entry_and_no_head(any_rt):
    stream = ledger.Stream.posting("p")
    with any_rt.db.transaction() as session, pytest.raises(KindError):
        ledger.append(
            session,
            any_rt.keys,
            kind="attendance.recorded",
            stream=stream,
            payload={},
            actor=ledger.Actor("w", "witness"),
        )
    with any_rt.db.read() as session:
        assert ledger.head(session, any_rt.keys, stream) is None
        assert ledger.verify(session, any_rt.keys) == []


def _may(kind: str, stream: str, role: str) -> bool:
    try:
        check(kind, stream, role)
    except KindError:
        return False
    return True
