"""Every endpoint of the API document is fuzzed as somebody who may do nearly everything (S-22)."""

from __future__ import annotations

from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from services.suite import composition
from shared import clock
from shared.access import store
from shared.db import Base
from shared.http.app import create_web
from shared.roles import ADMINISTRATION, ROLES, Grant
from tests.fixtures.runtime import import_all_models, make_runtime
from tests.shared.http import realm as realms
from tests.shared.http.realm import key

pytestmark = pytest.mark.slow

CASES_EACH = 8
TRIED: Counter[str] = Counter()
CHECKS = (not_a_server_error, content_type_conformance, response_schema_conformance)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    """The whole application in the world of the matrix."""
    import_all_models()
    rt = make_runtime(tmp_path_factory.mktemp("fuzz") / "var")
    rt.settings.var.mkdir(parents=True, exist_ok=True)
    Base.metadata.create_all(rt.db.engine)
    with clock.at(realms.NOON):
        realms.build(rt)
    yield create_web(rt, composition.services())
    rt.db.dispose()


@pytest.fixture(scope="module")
def bearer(fuzzed):
    """Somebody with a posting, every role over everything near it, and one administration."""
    scopes = {"recipient_admin": "recipient-1", "supporter_admin": "supporter-1", "county_officer": "county-a"}
    grants = [
        Grant(role, key(scopes.get(role, "city"))) for role in ROLES if role not in ADMINISTRATION - {"system_admin"}
    ]
    with fuzzed.extensions["zhudian"].db.transaction() as session:
        account = realms.lookup.account_by_person(session, key("doctor-1"))
        store.set_grants(session, account.id, grants)
        token, _ = store.open_token(session, account.id)
    return {"Authorization": f"Bearer {token}"}


def broken_by(operation, headers, mode) -> str | None:
    """What an input did to an endpoint, or None: the smallest found by hypothesis."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=CASES_EACH, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def attempt(case) -> None:
        TRIED[operation.label] += 1
        case.call_and_validate(headers=headers, checks=CHECKS)

    try:
        attempt()
    except (Exception, BaseExceptionGroup) as failure:
        return str(failure)
    return None


def test_no_input_breaks_an_endpoint(fuzzed, bearer):
    document = schemathesis.openapi.from_wsgi("/api/openapi.json", fuzzed)
    operations = [found.ok() for found in document.get_all_operations()]
    failures = {}
    for operation in operations:
        if operation.label == "DELETE /api/identity/sessions/current":
            continue  # it would end the token of all others
        for mode in GenerationMode:
            failure = broken_by(operation, bearer, mode)
            if failure:
                failures[f"{operation.label} ({mode.value} input)"] = failure
    assert not failures, "\n\n".join(f"{label}\n{failure}" for label, failure in failures.items())
    assert len(TRIED) > 25
    assert sum(TRIED.values()) > 100
