"""What a fault is: its kind and side, whom it may befall, and what it changes at which moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from counterpoise.demo.stage import Stage
from counterpoise.demo.worktime import day_of
from counterpoise.demo.world import World


class Side(StrEnum):
    """Who should act on a fault."""

    SALES = "sales"
    MARKETING = "marketing"
    BOTH = "both"


@dataclass(frozen=True)
class Subject:
    """Whom a fault befalls, as the books name them; `at` is the position in the company."""

    type: str
    id: str
    name: str
    at: int = -1


@dataclass
class Plant:
    """A fault planted on a subject from one day up to another.

    `affected` counts rows, and `money` adds up what was at stake in the last twelve months in
    cents, or stays None where money is not the point.
    """

    fault: Fault
    number: int
    variant: str
    subject: Subject
    strength: float
    since: int
    until: int
    affected: int = 0
    money: float | None = None
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return a name that no other plant of the company has."""
        return f"{self.fault.kind}-{self.number}"

    def count(self, rows: int, cents: float | None = None) -> None:
        """Note how much the fault did."""
        self.affected += rows
        if cents is not None:
            self.money = (self.money or 0.0) + cents

    def as_truth(self, window_days: int) -> dict[str, object]:
        """Return what was planted, as plain values."""
        money = None if self.money is None else round(self.money / 100, 2)
        quarter = None if money is None else round(money * 91.3125 / window_days, 2)
        subject = {"type": self.subject.type, "id": self.subject.id, "name": self.subject.name}
        return {
            "kind": self.fault.kind,
            "variant": self.variant,
            "side": str(self.fault.side_of(self.variant)),
            "subject": subject,
            "strength": self.strength,
            "strength_is": self.fault.strength_is,
            "since": day_of(self.since).isoformat(),
            "until": day_of(self.until).isoformat(),
            "rows_changed": self.affected,
            "money_last_12_months": money,
            "money_a_quarter": quarter,
        }


@dataclass(frozen=True)
class Casting:
    """What a fault draws its subject from; `taken` are types and ids that others have."""

    world: World
    variant: str
    rng: np.random.Generator
    taken: frozenset[tuple[str, str]]

    def taken_ids(self, type_: str) -> frozenset[str]:
        """Return the subjects of that type that other faults have."""
        return frozenset(id_ for taken, id_ in self.taken if taken == type_)


@dataclass(frozen=True)
class Act:
    """A planted fault about to act, with a random stream of its own."""

    plant: Plant
    world: World
    rng: np.random.Generator


# What was made differs from moment to moment: see `Stage`.
Hook = Callable[[Act, Any], None]


@dataclass(frozen=True)
class Fault:
    """A kind of fault. `lasts` is for how many days before the end, or None for all along."""

    kind: str
    side: Side
    variants: tuple[str, ...]
    says: str
    strength: float
    strength_is: str
    cast: Callable[[Casting], Subject]
    hooks: Mapping[Stage, Hook]
    lasts: int | None = 400
    sides: Mapping[str, Side] = field(default_factory=dict)

    def side_of(self, variant: str) -> Side:
        """Return the side that should act on a variant."""
        return self.sides.get(variant, self.side)


@dataclass(frozen=True)
class Order:
    """A fault asked for; what is left out is as the kind has it.

    `scale` multiplies the strength; `count` plants it on so many subjects; `since` is its first
    day.
    """

    kind: str
    variant: str | None = None
    strength: float | None = None
    scale: float = 1.0
    since: dt.date | None = None
    count: int = 1
