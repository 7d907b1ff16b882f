"""What is true of the company, for those who want to know whether they found it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from counterpoise.demo import outcomes
from counterpoise.demo.accounts import SEGMENTS
from counterpoise.demo.campaigns import SOURCES
from counterpoise.demo.dirt import Dirt
from counterpoise.demo.planting.fault import Plant
from counterpoise.demo.pursuit import KINDS
from counterpoise.demo.tally import Tally
from counterpoise.demo.world import CURRENCY, TIME_ZONE, World

SCHEMA = "counterpoise/demo-truth/v1"


def tell(
    world: World, seed: int, plants: Sequence[Plant], tally: Tally, dirt: Sequence[Dirt]
) -> dict[str, object]:
    """Return the truth as plain values."""
    recipe = world.recipe
    window_days = world.last - world.window + 1
    return {
        "schema": SCHEMA,
        "seed": seed,
        "deals": world.deals,
        "first_on": recipe.first_on.isoformat(),
        "last_on": recipe.last_on.isoformat(),
        "currency": CURRENCY,
        "time_zone": TIME_ZONE,
        "faults": [plant.as_truth(window_days) for plant in plants],
        "blameless_standard_deviations": asdict(recipe.styles),
        "win_model": _win_model(world),
        "effect_of_one_more_point": {
            "deals": tally.closed,
            "more_deals_won": round(tally.point_effect, 4),
            "chance_per_deal": round(tally.point_effect / max(tally.closed, 1), 6),
        },
        "hidden_cause": _hidden(world),
        "totals": _totals(tally),
        "dirty_rows": [asdict(each) for each in dirt],
    }


def write_truth(path: Path, truth: dict[str, object]) -> None:
    """Write the truth as JSON."""
    path.write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _win_model(world: World) -> dict[str, object]:
    dose = world.recipe.dose
    at = np.array([0.0, 0.02, 0.05, 0.08, 0.10, 0.15, 0.20, 0.25, 0.30])
    effect = dose.effect(at)
    return {
        "form": "log-odds of winning, a sum of these",
        "base": outcomes.BASE,
        "in_a_persona": outcomes.PERSONA,
        "with_a_competitor": outcomes.CONTESTED,
        "kind": dict(zip(KINDS, outcomes.BY_KIND, strict=True)),
        "segment": dict(zip(SEGMENTS, outcomes.BY_SEGMENT, strict=True)),
        "source": {SOURCES[at]: effect for at, effect in outcomes.BY_SOURCE.items()},
        "rate": {
            "shape": str(dose.shape),
            "log_odds_at_20_points": dose.strength,
            "turn": dose.turn,
            "log_odds_at": {f"{a:g}": round(float(e), 6) for a, e in zip(at, effect, strict=True)},
        },
        "standard_deviations": {
            "rep": world.recipe.styles.rep_skill,
            "account": world.recipe.styles.account_win,
            "quarter": outcomes.QUARTER,
        },
    }


def _hidden(world: World) -> dict[str, object]:
    recipe = world.recipe
    return {
        "planted": bool(recipe.hidden_cause),
        "rate_per_standard_deviation": recipe.hidden_cause,
        "log_odds_per_standard_deviation": -recipe.hidden_harm if recipe.hidden_cause else 0.0,
    }


def _totals(tally: Tally) -> dict[str, float]:
    won, lost = tally.won.sum(), tally.lost.sum()
    return {
        "deals_won": int(won),
        "deals_lost": int(lost),
        "win_rate": round(float(won / max(won + lost, 1)), 6),
        "list_revenue": round(float(tally.listed.sum()) / 100, 2),
        "net_revenue": round(float(tally.net.sum()) / 100, 2),
        "conceded": round(float(tally.conceded.sum()) / 100, 2),
        "leakage": round(float(tally.leaked.sum()) / 100, 2),
        "price_realization": round(float(tally.net.sum() / max(tally.listed.sum(), 1)), 6),
    }
