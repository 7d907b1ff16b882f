"""The page on contra-effects as plain values: what one side's work goes with on the other's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterpoise.web.ledger.behind import behind_url
from counterpoise.web.ledger.whiskers import Scale, Whisker

_PER = {"next_rate": 0.1}
"""What an estimate is told per, where that is not one: the next rate per ten points."""
_FIRST = {"next_rate": "Each customer held against itself"}
"""What the estimate itself is called, where not by the mix alone."""
_ROWS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "touched_wins": {"touched": {"touched": "yes"}, "untouched": {"touched": "no"}},
    "touched_rate": {
        "touched": {"touched": "yes", "rate": "known"},
        "untouched": {"touched": "no", "rate": "known"},
    },
    "next_rate": {"repeat deals": {"rate_before": "known"}},
}


@dataclass(frozen=True)
class Shown:
    """One estimate in points, with its line."""

    says: str
    estimate: Mapping[str, float]
    whisker: Whisker


@dataclass(frozen=True)
class Effect:
    """One question with its answer, what stands beside it, and where its deals open."""

    told: Mapping[str, Any]
    shown: list[Shown]
    sides: list[tuple[str, int, str]]

    @property
    def tone(self) -> str:
        """Return how the answer is marked: known, or not to be told."""
        return "notice-wait" if self.told["status"] == "refused" else ""


def effects_of(told: Sequence[Mapping[str, Any]]) -> list[Effect]:
    """Lay out contra-effects as the review left them."""
    return [_effect(each) for each in told]


def _effect(told: Mapping[str, Any]) -> Effect:
    name = told["question"]
    per = _PER.get(name, 1.0)
    pairs = [(_FIRST.get(name, "At the same mix"), told["estimate"])] if told["estimate"] else []
    pairs += [(each["says"].capitalize(), each["estimate"]) for each in told["beside"]]
    scaled = [(says, _scaled(estimate, per)) for says, estimate in pairs]
    scale = Scale.of(estimate for _, estimate in scaled)
    rows = _ROWS[name]
    return Effect(
        told=told,
        shown=[Shown(says, each, scale.whisker(each)) for says, each in scaled],
        sides=[
            (side, count, behind_url("together", **rows[side]) if side in rows else "")
            for side, count in told["sides"].items()
        ],
    )


def _scaled(estimate: Mapping[str, Any], per: float) -> dict[str, Any]:
    return {**estimate, **{name: estimate[name] * per for name in ("value", "low", "high")}}
