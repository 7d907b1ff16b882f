"""Figures of a set of deals as plain rows: from the kept review for all, from a cut for some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from counterpoise.ledger.totals import Totals
from counterpoise.ledger.waterfall import Step, StepName, waterfall

NO_GROUP = "(none)"

Figures = Mapping[str, Any]
"""What a set of deals adds up to, by name."""


@dataclass(frozen=True)
class GroupRow:
    """A group with its figures; a key of None is the group of what has none."""

    key: str | None
    name: str
    figures: Figures

    @property
    def held(self) -> Any:
        """Return the value held."""
        return self.figures["value_held"]

    @property
    def given(self) -> Any:
        """Return the value given."""
        return self.figures["value_given"]


def figures_of(totals: Totals) -> dict[str, Any]:
    """Return totals as the figures that pages and files show."""
    return {
        "deals_won": totals.deals_won,
        "deals_lost": totals.deals_lost,
        "deals_cancelled": totals.deals_cancelled,
        "deals_open": totals.deals_open,
        "win_rate": totals.win_rate,
        "list_revenue": totals.list_revenue,
        "net_revenue": totals.net_revenue,
        "conceded": totals.conceded,
        "above_list": totals.above_list,
        "price_realization": totals.price_realization,
        "value_held": totals.value_held,
        "value_given": totals.value_given,
        "leakage_low": totals.leakage,
        "leakage_high": totals.leakage_high,
    }


def group_of_review(row: Mapping[str, Any]) -> GroupRow:
    """Read a group of a kept review, which does not say what was held."""
    held = row["list_revenue"] - row["conceded"] + row["above_list"]
    told = {name: value for name, value in row.items() if name not in {"key", "name"}}
    weighed = {"value_held": held, "value_given": row["conceded"]}
    return GroupRow(row["key"], row["name"], {**weighed, **told})


def groups_of_totals(
    found: Mapping[str | None, Totals], names: Mapping[str, str]
) -> list[GroupRow]:
    """Name groups and sort them by net, then by key; what only open deals have is left out."""
    rows = [
        GroupRow(key, _name(key, names), figures_of(totals))
        for key, totals in found.items()
        if totals.deals_closed or totals.deals_won
    ]
    return sorted(rows, key=lambda row: (-row.figures["net_revenue"], row.key is None, row.name))


def steps_of_review(ledger: Mapping[str, Any]) -> list[Step]:
    """Read the waterfall of a kept review."""
    return [
        Step(StepName(step["step"]), Decimal(str(step["amount"]))) for step in ledger["waterfall"]
    ]


def steps_of_totals(totals: Totals) -> list[Step]:
    """Return the waterfall of totals."""
    return list(waterfall(totals))


def in_time(rows: Iterable[GroupRow]) -> list[GroupRow]:
    """Sort quarters by their label; what has no day comes last."""
    return sorted(rows, key=lambda row: (row.key is None, row.key or ""))


def _name(key: str | None, names: Mapping[str, str]) -> str:
    return NO_GROUP if key is None else names.get(key) or key
