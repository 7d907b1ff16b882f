"""An effect as a page shows it: estimated with its interval, or why nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
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


class Unit(StrEnum):
    """How a number behind a refusal is written."""

    SHARE = "share"
    POINTS = "points"
    DEALS = "deals"
    PLAIN = "plain"


@dataclass(frozen=True)
class Number:
    """A number behind a refusal or an estimate."""

    label: str
    value: float
    unit: Unit


_NUMBERS: Mapping[str, tuple[str, Unit]] = {
    "recorded_of_won": ("Won deals whose rate is on record", Unit.SHARE),
    "recorded_of_lost": ("Lost deals whose rate is on record", Unit.SHARE),
    "won_at_list": ("Deals at list that were won", Unit.SHARE),
    "foretold": ("As the others foretell", Unit.SHARE),
    "difference": ("Difference among deals of the same mix", Unit.POINTS),
    "low": ("Difference, at least", Unit.POINTS),
    "high": ("Difference, at most", Unit.POINTS),
    "slope_per_point": ("Log-odds of winning for a point more", Unit.PLAIN),
    "z": ("The same in standard errors", Unit.PLAIN),
    "overlap": ("Deals to cut that have their like at the new rate", Unit.SHARE),
    "deals_won_at_worst": ("Deals won, at worst and with nothing assumed", Unit.DEALS),
    "deals_won_at_best": ("Deals won, at best and with nothing assumed", Unit.DEALS),
}


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
    def is_about_recording(self) -> bool:
        """Tell whether it is refused over which rates are on record, which a word may settle."""
        is_so = "difference" in (self.effect.get("numbers") or {})
        return is_so and not self.is_estimated and not self.effect.get("attested")

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


def _numbers(numbers: Mapping[str, float | None]) -> Iterator[Number]:
    for name, value in numbers.items():
        if value is not None:
            label, unit = _NUMBERS.get(name, (name.replace("_", " ").capitalize(), Unit.PLAIN))
            yield Number(label, value, unit)
