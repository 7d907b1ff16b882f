"""The watch looks both ways: every kind has a counterpart, and a fault that raises it."""

from collections import defaultdict

import pytest

from counterpoise.agreement.document import Side
from counterpoise.demo import Faults, Order, Recipe, all_faults
from counterpoise.demo.consumer import CONSUMER_FAULTS
from counterpoise.demo.planting import Planting
from counterpoise.demo.world import make_world
from counterpoise.watch import all_kinds
from counterpoise.watch.registry import LATER

KINDS = all_kinds()
OF_THE_ROOM = {"silence", "tool_unanswered", "trust_gap"}
"""Kinds about what the room alone knows; a made-up company is a company without its room."""


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_names_a_counterpart_that_is_there_or_comes_later(name: str) -> None:
    kind = KINDS[name]
    assert kind.counterpart in {*KINDS, *LATER}
    assert kind.counterpart != name or kind.side is Side.BOTH


@pytest.mark.parametrize("name", [name for name in KINDS if KINDS[name].counterpart in KINDS])
def test_a_counterpart_names_the_kind_back(name: str) -> None:
    assert KINDS[KINDS[name].counterpart].counterpart == name


@pytest.mark.parametrize("name", [name for name in KINDS if KINDS[name].counterpart in KINDS])
def test_a_counterpart_watches_the_other_side_or_both(name: str) -> None:
    kind = KINDS[name]
    assert kind.side is Side.BOTH or KINDS[kind.counterpart].side is not kind.side


def test_nothing_comes_later() -> None:
    assert set(LATER) == set()


def test_every_kind_has_a_fault_that_mirrors_it_and_every_fault_a_kind() -> None:
    assert set(KINDS) - OF_THE_ROOM == {*all_faults(), *CONSUMER_FAULTS}


def test_faults_befall_what_their_kind_watches() -> None:
    world = make_world(Recipe(), 1, 900)
    orders = tuple(
        Order(kind, variant) for kind, fault in all_faults().items() for variant in fault.variants
    )
    befallen = defaultdict(set)
    for plant in Planting(world, Faults(orders)).plants:
        befallen[plant.fault.kind].add(plant.subject.type)
    watched = {name: set(kind.variants.values()) for name, kind in KINDS.items()}
    assert {name: types - watched[name] for name, types in befallen.items()} == {
        name: set() for name in all_faults()
    }
