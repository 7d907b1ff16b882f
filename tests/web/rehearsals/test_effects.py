"""An effect as a page lays it out."""

from __future__ import annotations

from typing import Any

from counterpoise.web.rehearsals.effects import Unit, effect_shown
from counterpoise.web.rehearsals.plots import plot_of


def _effect(**changed: Any) -> dict[str, Any]:
    estimate = {"estimate": -30.0, "low": -50.0, "high": -10.0}
    told = {
        "status": "estimated",
        "why": "Estimated from 900 deals.",
        "cut": 40,
        "deals_won": estimate,
        "net_revenue": {"estimate": 5.0, "low": -20.0, "high": 30.0},
        "margin": None,
        "outcome_model_only": {"deals_won": estimate, "net_revenue": None, "margin": None},
        "band_check": None,
        "robustness": {"value": 0.05, "strongest_recorded": 0.02, "fragile": False},
        "numbers": {},
    }
    return told | changed


def test_says_which_way_the_evidence_points() -> None:
    shown = effect_shown(_effect())
    assert [(each.label, each.direction) for each in shown.figures] == [
        ("Deals won", "evidence of less"),
        ("Net revenue", "no evidence either way"),
    ]
    assert [each.label for each in shown.checks] == ["The outcome model alone"]
    assert not shown.is_fragile


def test_lays_out_the_numbers_behind_a_refusal() -> None:
    numbers = {"recorded_of_lost": 0.1, "difference": -0.4, "something_else": None}
    shown = effect_shown(_effect(status="refused", numbers=numbers, deals_won=None))
    assert not shown.is_estimated
    assert [(each.label, each.unit) for each in shown.numbers] == [
        ("Lost deals whose rate is on record", Unit.SHARE),
        ("Difference among deals of the same mix", Unit.POINTS),
    ]


def test_draws_intervals_on_one_scale_with_its_zero() -> None:
    first, second = plot_of([(-10.0, -5.0, 0.0), (0.0, 5.0, 10.0)])
    assert (first.low, first.zero, first.high) == ("4.00", "50.00", "50.00")
    assert (second.low, second.middle, second.high) == ("50.00", "73.00", "96.00")
    nothing = plot_of([(0.0, 0.0, 0.0)])[0]
    assert float(nothing.length) > 0
