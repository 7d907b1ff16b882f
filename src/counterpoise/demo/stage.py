"""When a fault acts: the moments in the making of a company, and who acts at each."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Protocol


class Stage(StrEnum):
    """What has just been made when a fault may change it."""

    WORLD = "world"  # people, accounts, products, campaigns, tools
    PURSUED = "pursued"  # who goes for which kind of account, from which campaign
    FOUND = "found"  # the very accounts
    QUOTED = "quoted"  # dates, terms, competitor and lines at list
    RATED = "rated"  # the rate that a rep has in mind
    ROUNDED = "rounded"  # the rate in round figures
    ASKED = "asked"  # who asked for approval, and when it came
    CHANCED = "chanced"  # the log-odds of winning
    SETTLED = "settled"  # outcome and net prices
    OFFERED = "offered"  # first offers
    CUSTOMIZED = "customized"
    USED = "used"  # tools
    LED = "led"  # leads
    TRADED = "traded"  # promotions
    AGREED = "agreed"  # the figures of the agreement


class Planting(Protocol):
    """Whoever lets the planted faults act."""

    def run(self, stage: Stage, world: Any, made: Any) -> None:
        """Let every planted fault change what was just made."""


class NoFaults:
    """A planting without faults."""

    plants: Sequence[Any] = ()

    def run(self, stage: Stage, world: Any, made: Any) -> None:
        """Change nothing."""
