"""A list anybody can draw again."""

from __future__ import annotations

from services.records.domain import draw

POPULATION = [f"posting-{n}" for n in range(40)]


def test_the_seed_gives_the_same_list_in_whatever_order_the_population_comes():
    assert draw.sample("ab" * 16, POPULATION, 5) == draw.sample("ab" * 16, list(reversed(POPULATION)), 5)


def test_another_seed_gives_another_list():
    assert draw.sample("ab" * 16, POPULATION, 5) != draw.sample("cd" * 16, POPULATION, 5)


def test_a_small_population_is_drawn_whole():
    assert sorted(draw.sample("ab" * 16, ["b", "a"], 9)) == ["a", "b"]


def test_every_member_comes_up_sooner_or_later():
    seen = {one for n in range(300) for one in draw.sample(f"{n:032x}", POPULATION, 2)}
    assert seen == set(POPULATION)


def test_a_draw_records_seed_and_hash_of_the_population():
    found = draw.drawn("ab" * 16, POPULATION, 3)
    assert found["population_sha256"] == draw.population_hash(reversed(POPULATION))
    assert found["sample"] == draw.sample(found["seed"], POPULATION, 3)
    assert len(draw.new_seed()) == 32
    assert draw.new_seed() != draw.new_seed()
