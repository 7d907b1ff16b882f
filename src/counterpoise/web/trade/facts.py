"""Figures of a page in words: label, value and what they are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterpoise.web.ledger.whiskers import Scale, Whisker
from counterpoise.web.shell.templatetags import figures

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Fact:
    """A figure that can be quoted."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Step:
    """A step of a waterfall, signed; `kind` colours its bar."""

    label: str
    amount: float
    of_whole: float | None
    kind: str = "held"

    @property
    def size(self) -> float:
        """Return how long its bar is."""
        return abs(self.amount)


@dataclass(frozen=True)
class EstimateLine:
    """An estimate with its interval, drawn and in words."""

    label: str
    value: str
    between: str
    whisker: Whisker
    is_small: bool


def sold_on_deal(told: Told) -> str:
    """Write the share of volume sold on deal, with its bounds where weeks are unknown."""
    units, unknown = told["units"], told["units_unknown"] or 0.0
    if not units or unknown == units:
        return figures.percent(None)
    least = (told["units_on_deal"] or 0.0) / units
    if not unknown:
        return figures.percent(least)
    return f"{figures.percent(least)} to {figures.percent(least + unknown / units)}"


def realization(told: Told) -> float | None:
    """Return net over base price; None without a base price."""
    base = float(told["base_sales"] or 0)
    return float(told["net_sales"] or 0) / base if base else None


def between(estimate: Told) -> str:
    """Write an interval of money or units, short."""
    return f"{figures.short_money(estimate['low'])} to {figures.short_money(estimate['high'])}"


def facts_of(told: Told) -> list[Fact]:
    """Return what matters about a brand, an account or all of the trade."""
    spent = told["trade_spend"]
    found = [
        Fact(
            "Net sales",
            figures.short_money(told["net_sales"]),
            f"{figures.short_money(told['units'])} units",
        ),
        Fact("Price realization", figures.percent(realization(told)), "net over base price"),
        Fact("Sold on deal", sold_on_deal(told), "of the volume"),
        Fact("Price cuts", figures.short_money(told["depth"]), "below base price"),
        Fact("Trade spend", figures.short_money(spent), "besides price cuts"),
    ]
    if "base" in told["volume"]:
        net = told["volume"]["net"]
        found.append(
            Fact("Incremental volume", figures.short_money(net["value"]), f"95%: {between(net)}")
        )
    if "estimate" in told["earned"]:
        earned = told["earned"]["estimate"]
        found.append(
            Fact(
                "Promotions earned",
                figures.short_money(earned["value"]),
                f"after their cost; 95%: {between(earned)}",
            )
        )
    return found


def steps_of(told: Told) -> list[Step]:
    """Return the waterfall from base price to what is left after trade spend."""
    base = float(told["base_sales"] or 0)
    if not base:
        return []
    net, spent = float(told["net_sales"] or 0), told["trade_spend"]
    steps = [
        ("Value at base price", base, "held"),
        ("Price promotions", -float(told["depth"] or 0), "given"),
        ("Sold above base", float(told["above_base"] or 0), "held"),
        ("Net", net, "held"),
    ]
    if spent is not None:
        steps += [("Trade spend", -float(spent), "given"), ("Pocket", net - float(spent), "held")]
    return [Step(label, amount, amount / base, kind) for label, amount, kind in steps]


_VOLUME = {
    "base": "Base volume",
    "gained": "Gained on deal",
    "dipped": "Lost in the two weeks after",
    "taken": "Taken from neighbours",
    "net": "Incremental volume",
}


def volume_lines(volume: Told) -> list[EstimateLine]:
    """Return base and incremental volume with their parts; nothing where refused."""
    if "base" not in volume:
        return []
    told = {name: volume[name] for name in ("gained", "dipped", "taken", "net")}
    scale = Scale.of(told.values())
    return [
        EstimateLine(
            _VOLUME[name],
            figures.money(each["value"]),
            f"{figures.money(each['low'])} to {figures.money(each['high'])}",
            scale.whisker(each),
            each["is_small"],
        )
        for name, each in told.items()
    ]


_MONEY = {
    "more_sold": "Margin on units gained",
    "price_given": "Price given on what would have sold anyway",
    "after": "Lost in the two weeks after",
    "neighbours": "Taken from neighbours",
}


def earned_steps(told: Told, spent: float, total: float) -> list[Step]:
    """Return what promotions earned, part by part; they add up."""
    steps = [
        Step(label, told[name] or 0.0, None, "held" if (told[name] or 0.0) >= 0 else "given")
        for name, label in _MONEY.items()
    ]
    kind = "held" if total >= 0 else "given"
    return [*steps, Step("Trade spend", -spent, None, "given"), Step("Earned", total, None, kind)]


def most_of(steps: Sequence[Step]) -> float:
    """Return the largest amount, to which bars are drawn."""
    return max((abs(step.amount) for step in steps), default=0.0)
