"""A small review, as far as the home page reads one."""

import copy
from typing import Any

_NOTHING = {
    "deals_won": 0,
    "deals_lost": 0,
    "list_revenue": 0.0,
    "net_revenue": 0.0,
    "above_list": 0.0,
    "price_realization": None,
    "value_held": 0.0,
    "value_given": 0.0,
    "leakage_low": 0.0,
    "leakage_high": 0.0,
}


def month(label: str, held: float, given: float, **more: float) -> dict[str, Any]:
    """Return a month in which so much was held and given."""
    return {
        **_NOTHING,
        "label": label,
        "list_revenue": held + given,
        "value_held": held,
        "value_given": given,
        "price_realization": held / (held + given),
        **more,
    }


def review(*months: dict[str, Any], goal: float | None = None, **more: Any) -> dict[str, Any]:
    """Return a review as of the end of June 2026."""
    made: dict[str, Any] = copy.deepcopy(_REVIEW)
    made["ledger"]["value_over_time"]["months"] = list(months)
    if goal is not None:
        made["goals"] = [realization(goal, 0.9)]
    return made | more


def realization(target: float, actual: float) -> dict[str, Any]:
    """Return a goal of price realization."""
    return {
        "id": "realization",
        "metric": "price_realization",
        "target": target,
        "actual": actual,
        "status": "behind" if actual < target else "met",
        "at_least": True,
        "why": "",
    }


_REVIEW: dict[str, Any] = {
    "as_of": "2026-06-30",
    "currency": "USD",
    "books": {"snapshot": "s", "tables": {}, "problems": []},
    "agreement": {"title": "Half", "fingerprint": "f", "status": "ratified", "in_force": True},
    "ledger": {
        "value_over_time": {"months": [], "quarters": []},
        "fit": {"share_of_won": 0.6, "share_of_net": 0.7},
        "concessions": {"leakage_low": 0.0},
    },
    "handoff": {
        "handed_over": 10,
        "accepted": 6,
        "rejected": 2,
        "within_sla": 0.9,
        "median_response_hours": 2.0,
    },
    "goals": [],
    "promises": [],
    "budgets": [],
    "cracks": [],
    "not_watched": [],
}
