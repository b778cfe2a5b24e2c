"""The application does not start when a view lacks its declaration (security.md §3.2, step 1)."""

import logging
from dataclasses import replace

import pytest
from flask import Blueprint as Plain
from flask_smorest import Blueprint as Smorest

from shared.http.app import PolicyError, create_web
from shared.http.auth import PUBLIC, SELF, policy
from shared.http.pages import page_blueprint
from shared.http.policy import Policy
from shared.service import Service
from tests.shared.http.sample import sample_service, someone


def refused(rt, blueprint) -> str:
    with pytest.raises(PolicyError) as raised:
        create_web(rt, [Service("broken", (blueprint,))])
    return str(raised.value)


def test_a_view_without_policy_stops_the_start(rt):
    pages = Plain("bare", "bare")
    pages.get("/bare")(lambda: "open to everybody by mistake")
    assert "/bare (bare.<lambda>): no policy" in refused(rt, pages)


def test_one_policy_id_on_two_views_stops_the_start(rt):
    pages = page_blueprint("twice")
    pages.get("/one", endpoint="one")(policy("twice.read", SELF)(lambda: ""))
    pages.get("/two", endpoint="two")(policy("twice.read", SELF)(lambda: ""))
    assert "policy id twice.read is used twice" in refused(rt, pages)


def test_one_view_may_have_two_addresses(rt):
    pages, view = page_blueprint("double"), policy("double.read", SELF)(lambda: "")
    pages.get("/one", endpoint="one")(view)
    pages.get("/two", endpoint="two")(view)
    app = create_web(rt, [Service("double", (pages,))])
    assert app.view_functions["double_pages.one"] is app.view_functions["double_pages.two"]


def test_a_cookie_write_without_csrf_stops_the_start(rt):
    pages = page_blueprint("forged")
    pages.post("/forged")(policy("forged.write", SELF, csrf=False)(lambda: ""))
    assert "a write by cookie needs csrf=True (forged.write)" in refused(rt, pages)


def test_an_object_route_without_loader_stops_the_start(rt):
    pages = page_blueprint("thing")
    pages.get("/things/<name>")(policy("thing.read", SELF)(lambda name: name))
    assert "/things/<name>: name needs an object loader" in refused(rt, pages)


def test_an_argument_declared_a_value_needs_no_loader(rt):
    pages = page_blueprint("week")
    pages.get("/weeks/<week>")(policy("week.read", PUBLIC, values=("week",))(lambda week: week))
    assert create_web(rt, [Service("week", (pages,))]).test_client().get("/weeks/2026-W47").text == "2026-W47"


def test_every_mistake_is_said_at_once(rt):
    pages = page_blueprint("many")
    pages.get("/first", endpoint="first")(lambda: "")
    pages.post("/second/<name>", endpoint="second")(policy("many.write", SELF, csrf=False)(lambda name: ""))
    assert len(refused(rt, pages).splitlines()) == 3


def test_a_view_takes_no_second_policy():
    with pytest.raises(PolicyError, match=r"b\.two: the view carries a policy already"):
        policy("b.two", SELF)(policy("b.one", SELF)(lambda: ""))


def test_a_plain_smorest_blueprint_is_refused(rt):
    assert "must be a shared.http.api.Blueprint" in refused(rt, Smorest("loose", "loose"))


@pytest.mark.parametrize("wrong", [{"audit": "sometimes"}, {"factors": 3}, {"limit": "often"}])
def test_a_wrong_declaration_is_refused_where_it_stands(wrong):
    with pytest.raises(PolicyError):
        replace(Policy("x", SELF), **wrong)


def test_only_named_services_are_served(rt):
    app = create_web(rt, [sample_service()], only=("other",))
    assert app.test_client().get("/api/sample/things").status_code == 404


def test_two_factors_are_announced_at_start_and_met_by_one_outside_production(rt, caplog):
    with caplog.at_level(logging.WARNING, "zhudian.http"):
        app = create_web(rt, [sample_service()])
    assert "met by one factor: sample.careful" in caplog.text
    answer = app.test_client().post("/api/sample/careful", headers=someone(rt).bearer)
    assert answer.json == {"done": True}


def test_two_factors_are_refused_in_production(rt):
    production = replace(rt, settings=replace(rt.settings, env="production"))
    app = create_web(production, [sample_service()])
    answer = app.test_client().post("/api/sample/careful", headers=someone(rt).bearer)
    assert (answer.status_code, answer.json["slug"]) == (403, "second-factor-required")
