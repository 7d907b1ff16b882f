"""Cracks as a review carries them. Finding them is the watch's; the ledger only makes room."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Subject:
    """What or whom a crack is about."""

    type: str
    id: str
    name: str


@dataclass(frozen=True)
class Crack:
    """A place where the agreement and what happens part, with evidence and money at stake."""

    id: str
    kind: str
    variant: str
    side: str
    subject: Subject
    says: str
    observed: float | None
    expected: float | None
    low: float | None
    high: float | None
    n: int
    q_value: float | None
    stake: float
    stake_formula: str
    since: dt.date
    next_step: str


@dataclass(frozen=True)
class NotWatched:
    """A kind of crack that these books cannot show, and why."""

    kind: str
    why: str


@dataclass(frozen=True)
class SideStake:
    """What the cracks of one side are worth together."""

    side: str
    cracks: int
    stake: float


@dataclass(frozen=True)
class WatchState:
    """How the books were watched, and what the cracks are worth together.

    Attributes:
        questions: Subjects that were tested, all kinds together.
        false_alarms: The share of what is named that may be chance, as both sides agreed.
        material: Money a quarter below which nothing is named.
        stake: Money a quarter of all cracks; a deal's money counts once.
        sides: The same of each side that has cracks to act on.
    """

    questions: int
    false_alarms: Decimal
    material: Decimal
    stake: float
    sides: tuple[SideStake, ...]
