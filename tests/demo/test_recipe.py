"""The true model of winning answers to the rate as it was told to."""

import datetime as dt

import numpy as np
import pytest

from counterpoise.demo import Dose, DoseShape, Faults, Recipe, RecipeError
from tests.demo.conftest import Ask, Make


def _effect(shape: DoseShape, *rates: float) -> list[float]:
    effect = Dose(shape, strength=0.8).effect(np.array(rates))
    return [round(float(each), 3) for each in effect]


@pytest.mark.parametrize("shape", [DoseShape.STRAIGHT, DoseShape.SATURATING, DoseShape.THRESHOLD])
def test_every_shape_gives_its_strength_at_twenty_points(shape: DoseShape) -> None:
    assert _effect(shape, 0.0, 0.20) == [0.0, 0.8]


def test_a_straight_dose_gives_each_point_the_same() -> None:
    assert _effect(DoseShape.STRAIGHT, 0.05, 0.10, 0.15) == [0.2, 0.4, 0.6]


def test_a_saturating_dose_gives_most_in_the_first_points() -> None:
    first, second = _effect(DoseShape.SATURATING, 0.08, 0.16)
    # (1 - 1/e) and (1 - 1/e²) of what 20 points give, (1 - 1/e^2.5).
    assert first == pytest.approx(0.8 * 0.63212 / 0.91792, abs=0.001)
    assert second == pytest.approx(0.8 * 0.86466 / 0.91792, abs=0.001)


def test_a_threshold_dose_gives_all_around_its_turn() -> None:
    below, at, above = _effect(DoseShape.THRESHOLD, 0.05, 0.08, 0.11)
    assert below < 0.05
    assert at == pytest.approx(0.4, abs=0.01)
    assert above > 0.75


def test_no_dose_gives_nothing() -> None:
    assert _effect(DoseShape.NONE, 0.0, 0.1, 0.3) == [0.0, 0.0, 0.0]


def test_a_price_above_list_costs_as_a_straight_line() -> None:
    assert _effect(DoseShape.SATURATING, -0.05) == [-0.2]


def _wins_by_rate(make: Make, ask: Ask, recipe: Recipe) -> dict[str, float]:
    company = make(20_000, faults=Faults.none(), recipe=recipe)
    return dict(
        ask(
            company,
            """
            select case when rate < 0.05 then 'low' else 'high' end, avg((outcome = 'won')::int)
            from (select 1 - net_amount / list_amount as rate, outcome from deals
                  where kind = 'new' and competitor is null and term_months < 36
                    and outcome in ('won', 'lost')
                    and list_amount is not null)
            group by all
            """,
        )
    )


def test_a_strong_dose_shows_in_who_is_won(make: Make, ask: Ask) -> None:
    strong = _wins_by_rate(make, ask, Recipe(dose=Dose(strength=2.5)))
    none = _wins_by_rate(make, ask, Recipe(dose=Dose(DoseShape.NONE)))
    assert strong["high"] - strong["low"] > none["high"] - none["low"] + 0.1


def test_a_hidden_cause_gives_more_and_wins_less(make: Make, ask: Ask) -> None:
    none = _wins_by_rate(make, ask, Recipe(dose=Dose(DoseShape.NONE)))
    recipe = Recipe(dose=Dose(DoseShape.NONE), hidden_cause=0.03, hidden_harm=0.8)
    hidden = _wins_by_rate(make, ask, recipe)
    assert hidden["high"] - hidden["low"] < none["high"] - none["low"] - 0.05
    truth = make(20_000, faults=Faults.none(), recipe=recipe).truth["hidden_cause"]
    assert truth == {
        "planted": True,
        "rate_per_standard_deviation": 0.03,
        "log_odds_per_standard_deviation": -0.8,
    }


def test_refuses_a_span_in_which_nothing_can_be_seen() -> None:
    with pytest.raises(RecipeError, match="give at least a year"):
        Recipe(first_on=dt.date(2026, 1, 1))


def test_the_window_is_the_last_twelve_months() -> None:
    assert Recipe().window_from == dt.date(2025, 7, 1)
    leap = Recipe(first_on=dt.date(2022, 1, 1), last_on=dt.date(2024, 2, 29))
    assert leap.window_from == dt.date(2023, 3, 1)
