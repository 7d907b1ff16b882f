"""An effect as a page shows it: estimated with its interval, or why nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.web.rehearsals.plots import Plot, plot_of

FIGURES: Mapping[str, str] = {
    "deals_won": "Deals won",
    "net_revenue": "Net revenue",
    "margin": "Margin",
}
"""What is estimated, and what people call it."""

_MONEY = {"net_revenue", "margin"}


@dataclass(frozen=True)
class Figure:
    """One estimate: a total over the period, candidate − actual, with its interval drawn."""

    name: str
    label: str
    estimate: float
    low: float
    high: float
    plot: Plot

    @property
    def is_money(self) -> bool:
        """Tell whether it is an amount of money."""
        return self.name in _MONEY

    @property
    def has_evidence(self) -> bool:
        """Tell whether the interval leaves out 0."""
        return not self.low <= 0 <= self.high

    @property
    def direction(self) -> str:
        """Say which way the evidence points."""
        if not self.has_evidence:
            return "no evidence either way"
        return "evidence of more" if self.estimate > 0 else "evidence of less"


@dataclass(frozen=True)
class Check:
    """The same figures by another road, or for a part of the deals."""

    label: str
    says: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Number:
    """A number behind a refusal or an estimate."""

    label: str
    value: float
    is_share: bool


@dataclass(frozen=True)
class EffectShown:
    """An effect of `counterpoise/rehearsal/v1`, laid out."""

    effect: Mapping[str, Any]
    figures: tuple[Figure, ...]
    checks: tuple[Check, ...]
    numbers: tuple[Number, ...]

    @property
    def is_estimated(self) -> bool:
        """Tell whether it is estimated, or refused."""
        return bool(self.effect["status"] == "estimated")

    @property
    def is_fragile(self) -> bool:
        """Tell whether a cause as strong as the strongest recorded one would undo it."""
        return bool((self.effect.get("robustness") or {}).get("fragile"))


def effect_shown(effect: Mapping[str, Any]) -> EffectShown:
    """Lay out the effect of a rehearsal as the command writes it."""
    return EffectShown(
        effect,
        tuple(_figures(effect)),
        tuple(_checks(effect)),
        tuple(_numbers(effect.get("numbers") or {})),
    )


def _figures(totals: Mapping[str, Any]) -> Iterator[Figure]:
    for name, label in FIGURES.items():
        found = totals.get(name)
        if found:
            low, high = float(found["low"]), float(found["high"])
            middle = float(found["estimate"])
            yield Figure(name, label, middle, low, high, plot_of([(low, middle, high)])[0])


def _checks(effect: Mapping[str, Any]) -> Iterator[Check]:
    for name, label, says in (
        (
            "outcome_model_only",
            "The outcome model alone",
            "without the weights that correct it",
        ),
        (
            "band_check",
            "Cuts of at most two points",
            "another estimator, over those deals alone",
        ),
    ):
        figures = tuple(_figures(effect.get(name) or {}))
        if figures:
            yield Check(label, says, figures)


def _numbers(numbers: Mapping[str, float]) -> Iterator[Number]:
    for name, value in numbers.items():
        share = name.endswith(("share", "rate", "low", "high", "gap")) and abs(value) <= 1
        yield Number(name.replace("_", " "), value, share)
