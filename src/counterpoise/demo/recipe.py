"""What the company is made to be: its size, its span, its people's styles, its truth."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from counterpoise.demo.arrays import Floats
from counterpoise.demo.export import Form
from counterpoise.errors import CounterpoiseError


class RecipeError(CounterpoiseError, ValueError):
    """A company is asked for that cannot be made."""

    def __init__(self, what: str, found: object, expected: str) -> None:
        """Say which part of the recipe is off and what it may be."""
        super().__init__(f"{what} is {found}; give {expected}")


class DoseShape(StrEnum):
    """How the chance of winning answers to the rate."""

    STRAIGHT = "straight"
    SATURATING = "saturating"
    THRESHOLD = "threshold"
    NONE = "none"


@dataclass(frozen=True)
class Dose:
    """The true effect of the rate on the log-odds of winning.

    `strength` is the log-odds that a rate of 20 % adds to a rate of 0. *Straight* grows evenly;
    *saturating* gives most of it in the first points; *threshold* gives it around `turn`.
    """

    shape: DoseShape = DoseShape.STRAIGHT
    strength: float = 0.7
    turn: float = 0.08

    def effect(self, rate: Floats) -> Floats:
        """Return the log-odds added at each rate; a rate below 0 adds as a straight line.

        >>> import numpy as np
        >>> Dose(DoseShape.STRAIGHT, 0.8).effect(np.array([0.0, 0.10, 0.20])).round(3).tolist()
        [0.0, 0.4, 0.8]
        """
        if self.shape is DoseShape.NONE:
            return np.zeros_like(rate)
        above = np.maximum(rate, 0.0)
        share = self._share(above) / self._share(np.array([0.20]))
        return self.strength * (share + np.minimum(rate, 0.0) / 0.20)

    def _share(self, rate: Floats) -> Floats:
        if self.shape is DoseShape.STRAIGHT:
            return rate
        if self.shape is DoseShape.SATURATING:
            return np.asarray(1.0 - np.exp(-rate / self.turn))
        steep = 0.01
        start = 1.0 / (1.0 + np.exp(self.turn / steep))
        return np.asarray(1.0 / (1.0 + np.exp(-(rate - self.turn) / steep)) - start)


def half_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of the half-year of a day.

    >>> [each.isoformat() for each in half_of(dt.date(2026, 9, 4))]
    ['2026-07-01', '2026-12-31']
    """
    if day.month <= 6:
        return day.replace(month=1, day=1), day.replace(month=6, day=30)
    return day.replace(month=7, day=1), day.replace(month=12, day=31)


@dataclass(frozen=True)
class Styles:
    """How much blameless people, places and programmes differ: standard deviations."""

    rep_rate: float = 0.012
    rep_persona_share: float = 0.03
    rep_skill: float = 0.15
    campaign_acceptance: float = 0.03
    territory_rate: float = 0.005
    account_rate: float = 0.010
    account_win: float = 0.25
    deal_rate: float = 0.035
    round_share: float = 0.65  # of rates that are put on a whole point or a multiple of five


@dataclass(frozen=True)
class Recipe:
    """Everything about a company that is neither its size, its seed nor its faults.

    `hidden_cause` is how strongly something that nobody records moves both the rate (points at
    one standard deviation, as a fraction) and, the other way, the log-odds of winning.
    `dirty` adds a handful of rows that an import must set aside or flag. `deal_truth` writes each
    deal's true log-odds beside the books. `is_under_way` says that the last half-year is not over:
    its agreement asks for what the half-year before brought.
    """

    first_on: dt.date = dt.date(2024, 1, 1)
    last_on: dt.date = dt.date(2026, 6, 30)
    reps: int | None = None
    dose: Dose = Dose()
    styles: Styles = Styles()
    hidden_cause: float = 0.0
    hidden_harm: float = 0.5
    form: Form = Form.CSV
    dirty: bool = False
    deal_truth: bool = False
    is_under_way: bool = False
    chunk: int = 50_000

    def __post_init__(self) -> None:
        """Refuse a span in which nothing can be seen."""
        if (self.last_on - self.first_on).days < 365:
            span = f"{self.first_on} to {self.last_on}"
            raise RecipeError("the span of the company", span, "at least a year")
        if self.reps is not None and self.reps < 2:
            raise RecipeError("the number of reps", self.reps, "2 or more")

    @classmethod
    def until(cls, last_on: dt.date) -> Recipe:
        """Return the recipe of a company whose books end that day, in their fifth half-year.

        >>> Recipe.until(dt.date(2026, 6, 30)) == Recipe()
        True
        >>> recipe = Recipe.until(dt.date(2026, 9, 4))
        >>> recipe.first_on.isoformat(), recipe.is_under_way
        ('2024-07-01', True)
        """
        first, last = half_of(last_on)
        return cls(
            first_on=first.replace(year=first.year - 2),
            last_on=last_on,
            is_under_way=last_on < last,
        )

    @property
    def window_from(self) -> dt.date:
        """Return the first of the last twelve months."""
        end = self.last_on
        day = 28 if (end.month, end.day) == (2, 29) else end.day
        return dt.date(end.year - 1, end.month, day) + dt.timedelta(days=1)

    def seats(self, deals: int) -> int:
        """Return how many reps sell so many deals.

        >>> Recipe().seats(12_000), Recipe().seats(900)
        (40, 12)
        """
        return self.reps or max(12, round(deals / 300))
