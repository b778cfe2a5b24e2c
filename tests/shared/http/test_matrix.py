"""Every route x method x caller x object of the whole product, one real request each (security.md §3.3)."""

from __future__ import annotations

import contextlib
import difflib
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from notifier.models import InboxItem
from services.identity.usecases import accounts, invitations
from services.roster.usecases import versions
from services.suite import composition
from shared import clock
from shared.access.models import Account, AuditRow
from shared.http import operations
from shared.http.app import create_web
from tests.factories.phone import Phone
from tests.fixtures.postgres import REPO
from tests.fixtures.runtime import import_all_models, make_runtime
from tests.shared.http import realm as realms
from tests.shared.http.crawl import refused_inline
from tests.shared.http.matrix import browser, cells, counted, is_write, send, table, undeclared, verdict, visit
from tests.shared.http.realm import CALLERS, DOCTORS, MALFORMED, MISSING, NOON, key
from tests.shared.http.record_cases import CASES, RECORDS_ELSEWHERE, file_records
from tests.shared.http.request_cases import REQUESTS_ELSEWHERE, file_requests, handing_over
from tests.shared.http.spot_cases import issue_checks
from tests.shared.http.world import PASSWORD, PHONE, PLATFORMS_ELSEWHERE, photo, photo_hash, programme_text, tap

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).with_name("matrix_golden.csv")
WRITTEN = REPO / "var" / "matrix.csv"


@pytest.fixture(scope="module")
def realm(tmp_path_factory):
    """The world, built once; requests of the matrix change it and none depends on that."""
    from shared.db import Base

    import_all_models()
    rt = make_runtime(tmp_path_factory.mktemp("matrix") / "var")
    rt.settings.var.mkdir(parents=True, exist_ok=True)
    sa.event.listen(rt.db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    Base.metadata.create_all(rt.db.engine)
    with clock.at(NOON):
        yield realms.build(rt)
    rt.db.dispose()


@pytest.fixture(scope="module")
def app(realm):
    """The whole application, with the objects that come into being through it."""
    app = create_web(realm.rt, composition.services())
    with clock.at(NOON):
        _make_objects(app.test_client(), realm)
    return app


def _make_objects(client, realm) -> None:
    for label, site in (("doctor-1", "clinic-1"), ("doctor-5", "clinic-3")):
        bearer = {"Authorization": f"Bearer {realm.tokens[label]}"}
        caller = next(caller for caller in CALLERS if caller.label == label)
        tapped = client.post("/api/checkin/events", json=tap(caller, site), headers=bearer)
        assert tapped.status_code == 201, tapped.text
        realm.made[f"made:event/{label}"] = tapped.json["attendance"]["id"]
        stored = client.put(f"/api/worklog/photos/{photo_hash(label)}", data=photo(label), headers=bearer)
        assert stored.status_code == 201, stored.text
        realm.made[f"made:photo/{label}"] = photo_hash(label)
        realm.made[f"made:device/{label}"] = Phone(f"set-up {label}").enrolled(realm.rt, key(label), NOON, "sign_in").id
    for label, site in (("recip-1", "clinic-1"), ("recip-3", "clinic-3")):
        bearer = {"Authorization": f"Bearer {realm.tokens[label]}"}
        issued = client.post(f"/api/checkin/clinics/{key(site)}/posters", headers=bearer)
        assert issued.status_code == 201, issued.text
        realm.made[f"made:poster/{site}"] = issued.json["id"]
    issue_checks(client, realm)
    version, _ = versions.upload(realm.rt, "zhongzhan-2021.toml", programme_text())
    realm.made["made:programme/stored"] = version.id
    file_records(client, realm)
    file_requests(client, realm)
    with realm.rt.db.transaction() as session:
        session.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        for head in operations._heads():
            session.execute(sa.text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
        for label in ("doctor-1", "doctor-5"):
            told = InboxItem(
                id=key(f"inbox-{label}"), person_id=key(label), title="题", text="文", why="因", created_at=NOON
            )
            session.add(told)
            realm.made[f"made:inbox/{label}"] = told.id
        for label, phone in (("doctor-7", PHONE), ("doctor-8", "13900000008")):
            accounts.sync(session, {key(label)})
            session.query(Account).filter_by(person_id=key(label)).update({"phone": phone})
    accounts.set_password_by_phone(realm.rt, PHONE, PASSWORD)
    realm.made["made:invitation/open"] = invitations.invite(realm.rt, "13900000008").rpartition("/")[2]


@pytest.fixture(scope="module")
def answers(app, realm):
    """Every cell with its answer, what it stored, and the audit rows it left."""
    found, client, rows = [], app.test_client(), counted(realm.rt)
    watcher = sqlite3.connect(sa.make_url(realm.rt.settings.database_url).database)
    version = watcher.execute("PRAGMA data_version").fetchone()
    with contextlib.closing(watcher), clock.at(NOON):
        for cell in cells(app):
            answer, stored = send(client, realm, cell), set()
            if (now := watcher.execute("PRAGMA data_version").fetchone()) != version:  # somebody committed
                version, before, rows = now, rows, counted(realm.rt)
                stored = {name for name in rows if rows[name] != before[name]}
            found.append((cell, answer, stored))
    return found


def name(cell) -> str:
    return f"{cell.method} {cell.rule.rule} as {cell.caller.label} on {cell.target.label}"


def test_every_cell_is_as_declared(answers):
    wrong = {
        name(cell): f"{verdict(cell, answer)} ({answer.status_code}), declared: {cell.expected}"
        for cell, answer, _ in answers
        if verdict(cell, answer) not in (cell.expected, cell.case.unless if cell.expected == "allowed" else None)
    }
    assert not wrong, "\n" + "\n".join(f"{cell}: {said}" for cell, said in wrong.items())


def test_every_right_works_for_somebody(answers):
    tried = {cell.policy.id for cell, _, _ in answers}
    worked = {cell.policy.id for cell, answer, _ in answers if answer.status_code < 400}
    tested_where_they_live = {"web.asset.read", "roster.import", "roster.import.form", "roster.clinic.place.approve", "identity.invitation.form"}
    assert tried - worked - tested_where_they_live - {*RECORDS_ELSEWHERE, *REQUESTS_ELSEWHERE, *PLATFORMS_ELSEWHERE} == set()


def test_a_denial_stores_nothing(answers):
    stored = {
        name(cell): tables - cell.case.records
        for cell, _, tables in answers
        if cell.expected != "allowed" and tables - cell.case.records
    }
    assert stored == {}


def test_reading_stores_nothing(answers):
    stored = {name(cell): tables for cell, _, tables in answers if not is_write(cell) and tables}
    assert stored == {}


def test_every_denied_write_is_audited(answers, realm):
    denied = Counter(
        cell.policy.id for cell, _, _ in answers if is_write(cell) and cell.expected in ("sign-in", "forbidden")
    )
    with realm.rt.db.read() as session:
        rows = session.query(AuditRow.policy).filter(AuditRow.result == "denied", AuditRow.status.in_((401, 403))).all()
    audited = Counter(row[0] for row in rows)
    assert {policy: number for policy, number in denied.items() if audited[policy] < number} == {}
    assert sum(denied.values()) > 100


def test_foreign_and_missing_objects_answer_with_the_same_body(answers):
    bodies: dict[tuple[str, ...], dict[str, object]] = {}
    for cell, answer, _ in answers:
        if (
            cell.expected == "absent"
            and answer.status_code == 404
            and cell.target.label != MALFORMED.label
            and answer.is_json
        ):
            said = {member: value for member, value in answer.json.items() if member != "instance"}
            bodies.setdefault((cell.policy.id, cell.method, cell.caller.label), {})[cell.target.label] = said
    compared = {line: found for line, found in bodies.items() if len(found) > 1 and MISSING.label in found}
    assert len(compared) > 20
    assert {
        line: found for line, found in compared.items() if any(said != found[MISSING.label] for said in found.values())
    } == {}


def sees(caller, doctor: str) -> bool:
    """Whether a caller may learn that this doctor exists: own, team, hospital, supporter, authority, operation."""
    target = realms.posting("", doctor)
    held = {scope for role, scope in caller.grants if role not in ("doctor", "team_leader")}
    leads = any(role == "team_leader" for role, _ in caller.grants) and target.team_of(caller.label)
    above = held & {target.recipient, target.supporter, *target.areas}
    return caller.label == doctor or leads or bool(above) or caller.label == "system"


def test_no_answer_names_a_doctor_outside_the_scope(answers):
    leaked = set()
    for cell, answer, _ in answers:
        if answer.status_code == 200 and not cell.policy.public and answer.mimetype in ("application/json", "text/html"):
            text = answer.get_data(as_text=True)
            leaked |= {(name(cell), doctor) for doctor in DOCTORS
                       if not (sees(cell.caller, doctor) or handing_over(cell.policy.id, cell.caller, doctor))
                       and (key(doctor) in text or f"姓名 {doctor}\"" in text)}  # fmt: skip
    assert leaked == set()


def test_methods_not_declared_are_405_and_name_those_that_are(app):
    client, tried = app.test_client(), 0
    for address, method, declared in undeclared(app):
        answer = client.open(address, method=method)
        assert answer.status_code == 405, f"{method} {address}"
        assert set(answer.headers["Allow"].split(", ")) == declared, f"{method} {address}"
        tried += 1
    assert tried > 100


def test_every_write_by_cookie_needs_its_csrf_value(app, realm):
    client, tried = app.test_client(), []
    writer = next(caller for caller in CALLERS if caller.label == "dual")
    with clock.at(NOON), realm.rt.db.transaction() as session:
        account = realms.lookup.account_by_person(session, key(writer.label))
        client.set_cookie("zd_session", realms.store.open_session(session, account.id))
    before = counted(realm.rt)
    with clock.at(NOON):
        for cell in cells(app):
            if cell.caller is not writer or not is_write(cell) or not cell.policy.csrf:
                continue
            asked = cell.case.request(cell.caller, cell.target)
            answer = client.open(cell.case.path(cell.rule, cell.target, realm.made), method=cell.method, **asked)
            assert answer.status_code == 403, name(cell)
            assert "页面已过期,请刷新后再试" in answer.get_data(as_text=True), name(cell)
            tried.append(name(cell))
    assert len(tried) > 10
    assert counted(realm.rt) == before


def test_the_matrix_is_the_one_that_was_agreed(answers):
    text = table(answers)
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(text, encoding="utf-8")
    allowed = sum(cell.expected == "allowed" for cell, _, _ in answers)
    routes = len({(cell.rule.rule, cell.method) for cell, _, _ in answers})
    print(
        f"matrix: {routes} routes, {len(CALLERS)} callers, {len(answers)} cells, {allowed} allowed, {len(answers) - allowed} denied"
    )
    assert len(answers) == sum(len(line.split(",")) - 4 for line in text.splitlines()[1:])
    agreed = GOLDEN.read_text(encoding="utf-8") if GOLDEN.exists() else ""
    changed = list(difflib.unified_diff(agreed.splitlines(), text.splitlines(), "agreed", "now", lineterm="", n=0))
    assert changed == [], (
        "a right changed; if it was meant, copy var/matrix.csv over tests/shared/http/matrix_golden.csv"
    )


def test_the_table_names_no_policy_that_is_gone(answers):
    assert set(CASES) - {cell.policy.id for cell, _, _ in answers} == set()


def test_the_visit_header_is_that_of_the_application(app, realm):
    """The generator makes CSRF values itself: were they wrong, every form before sign-in would be refused alike."""
    headers = visit(realm)
    answer = browser(app).post("/login", data={"phone": PHONE, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 303


def test_who_only_reads_writes_nothing(answers):
    """The auditor and audit_admin read (security.md §1, S-30); their own session and inbox are theirs like anybody's."""
    own = {"identity.session.close", "identity.logout.form", "identity.consent.answer", "notifier.inbox.read"}
    written = {
        name(cell)
        for cell, answer, _ in answers
        if cell.caller.label in ("auditor", "audit") and is_write(cell) and not cell.policy.public
        and cell.policy.id not in own and verdict(cell, answer) == "allowed"
    }  # fmt: skip
    assert written == set()


def test_every_answer_carries_the_security_headers(answers):
    wrong = set()
    for cell, answer, _ in answers:
        headers, personal = answer.headers, answer.mimetype == "text/html" or cell.rule.rule.startswith("/api/")
        policy = headers.get("Content-Security-Policy", "unsafe")
        if (
            "unsafe" in policy or "frame-ancestors 'none'" not in policy or headers.get("X-Content-Type-Options") != "nosniff"
            or headers.get("Referrer-Policy") != "no-referrer" or (personal and headers.get("Cache-Control") != "no-store")
        ):  # fmt: skip
            wrong.add(f"{answer.status_code} {name(cell)}: {headers.get('Cache-Control')}")
    assert wrong == set()


def test_no_page_holds_what_its_own_policy_refuses(app, realm, answers):
    pages = {cell.rule.rule: answer for cell, answer, _ in answers if answer.mimetype == "text/html"}
    bearer = {"Authorization": f"Bearer {realm.tokens['recip-1']}"}
    report = f"/api/reports/monthly/{key('recipient-1')}/2026-11.html"
    with clock.at(NOON):
        pages[report] = app.test_client().get(report, headers=bearer)
    assert pages[report].mimetype == "text/html"
    assert len(pages) > 8
    refused = {
        rule: found
        for rule, answer in pages.items()
        if (found := refused_inline(answer.get_data(as_text=True), answer.headers["Content-Security-Policy"]))
    }
    assert refused == {}
