"""Plant the faults that were asked for, each on a subject drawn by the seed."""

from __future__ import annotations

from typing import Any

from counterpoise.demo.planting.fault import Act, Casting, Order, Plant
from counterpoise.demo.planting.orders import Faults
from counterpoise.demo.planting.registry import fault_named
from counterpoise.demo.stage import Stage
from counterpoise.demo.worktime import day_number
from counterpoise.demo.world import World


class Planting:
    """The planted faults; each acts at its moments with a random stream of its own."""

    def __init__(self, world: World, faults: Faults) -> None:
        """Draw a subject for every fault, no subject twice."""
        self.plants: list[Plant] = []
        for order in faults.orders:
            for _ in range(order.count):
                self.plants.append(self._plant(world, order))

    def run(self, stage: Stage, world: World, made: Any) -> None:
        """Let every planted fault change what was just made."""
        for plant in self.plants:
            hook = plant.fault.hooks.get(stage)
            if hook is not None:
                piece = getattr(made, "first", 0)
                rng = world.streams.of("fault", plant.key, stage, piece)
                hook(Act(plant, world, rng), made)

    def _plant(self, world: World, order: Order) -> Plant:
        fault, variant = fault_named(order.kind, order.variant)
        number = sum(plant.fault.kind == order.kind for plant in self.plants)
        taken = frozenset((plant.subject.type, plant.subject.id) for plant in self.plants)
        rng = world.streams.of("cast", order.kind, number)
        subject = fault.cast(Casting(world, variant, rng, taken))
        strength = (fault.strength if order.strength is None else order.strength) * order.scale
        since = world.first if fault.lasts is None else max(world.first, world.last - fault.lasts)
        if order.since is not None:
            since = day_number(order.since)
        return Plant(fault, number, variant, subject, strength, since, world.last)
