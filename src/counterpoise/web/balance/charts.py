"""Realization over time: each quarter as a step, each month as a dot, beside the goal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from counterpoise.ledger.fiscal import month_number, quarter_label
from counterpoise.web.balance.weighing import Review, goal_of
from counterpoise.web.shell.charts import HELD, INK, MUTED, finished
from counterpoise.web.shell.templatetags import figures

_LOWEST_STEP = 0.05
_HEIGHT = 232


@dataclass(frozen=True)
class Drawing:
    """A chart with its words and the table that says the same."""

    spec: Mapping[str, Any]
    caption: str
    rows: list[dict[str, str]]


def realization_over_time(review: Review, starts: int) -> Drawing | None:
    """Draw price realization over time; None where no deal has a day, a list and a net.

    Args:
        review: The review that is shown.
        starts: The month in which the fiscal year starts.
    """
    months = [
        month
        for month in review["ledger"]["value_over_time"]["months"]
        if month["price_realization"] is not None
    ]
    if not months:
        return None
    quarters = _quarters(months, starts)
    goal = goal_of(review)
    return Drawing(
        spec=finished(_spec(months, quarters, goal), _HEIGHT),
        caption=_caption(quarters, goal),
        rows=[_row(quarter) for quarter in reversed(quarters)],
    )


@dataclass(frozen=True)
class _Quarter:
    label: str
    first: str
    last: str
    list_value: float
    held: float
    given: float
    won: int

    @property
    def realization(self) -> float:
        return self.held / self.list_value


def _quarters(months: Iterable[Mapping[str, Any]], starts: int) -> list[_Quarter]:
    found = []
    for label, grouped in groupby(months, key=lambda month: _quarter_of(month["label"], starts)):
        own = list(grouped)
        found.append(
            _Quarter(
                label=label,
                first=f"{own[0]['label']}-01",
                last=_last_day(own[-1]["label"]),
                list_value=sum(month["list_revenue"] for month in own),
                held=sum(month["value_held"] for month in own),
                given=sum(month["value_given"] for month in own),
                won=sum(month["deals_won"] for month in own),
            )
        )
    return found


def _spec(
    months: Iterable[Mapping[str, Any]], quarters: Iterable[_Quarter], goal: float | None
) -> dict[str, Any]:
    """Return the drawing in Vega-Lite."""
    dots = [
        {
            "month": f"{month['label']}-15",
            "realization": month["price_realization"],
            "list": month["list_revenue"],
            "won": month["deals_won"],
        }
        for month in months
    ]
    steps = [
        {
            "quarter": each.label,
            "first": each.first,
            "last": each.last,
            "realization": round(each.realization, 6),
            "given": each.given,
            "won": each.won,
        }
        for each in quarters
    ]
    lowest = min(
        *(dot["realization"] for dot in dots), *(step["realization"] for step in steps), goal or 1
    )
    floor = max(0.0, int(lowest / _LOWEST_STEP) * _LOWEST_STEP)
    high = max(1.0, *(dot["realization"] for dot in dots))
    y = {
        "field": "realization",
        "type": "quantitative",
        "scale": {"domain": [floor, high], "nice": False},
        "axis": {"format": ".0%", "title": None, "tickCount": 5},
    }
    layers: list[dict[str, Any]] = [_dots(dots, y), _steps(steps, y)]
    if goal is not None:
        layers.append(_goal(goal))
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "layer": layers,
    }


def _dots(dots: list[dict[str, Any]], y: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": dots},
        "mark": {"type": "point", "filled": True, "color": MUTED, "opacity": 0.38},
        "encoding": {
            "x": _time("month"),
            "y": y,
            "size": {
                "field": "list",
                "type": "quantitative",
                "legend": None,
                "scale": {"range": [8, 110]},
            },
            "tooltip": [
                {"field": "month", "type": "temporal", "title": "Month", "format": "%b %Y"},
                _tip("realization", "Realization", ".1%"),
                _tip("list", "List value sold", ",.0f"),
                _tip("won", "Deals won", ",.0f"),
            ],
        },
    }


def _steps(steps: list[dict[str, Any]], y: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": steps},
        "mark": {"type": "rule", "strokeWidth": 4, "strokeCap": "round", "color": HELD},
        "encoding": {
            "x": _time("first"),
            "x2": {"field": "last"},
            "y": y,
            "tooltip": [
                {"field": "quarter", "type": "nominal", "title": "Quarter"},
                _tip("realization", "Realization", ".1%"),
                _tip("given", "Value given", ",.0f"),
                _tip("won", "Deals won", ",.0f"),
            ],
        },
    }


def _goal(goal: float) -> dict[str, Any]:
    return {
        "data": {"values": [{"goal": goal}]},
        "mark": {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 1.5, "color": INK},
        "encoding": {
            "y": {"field": "goal", "type": "quantitative"},
            "tooltip": [_tip("goal", "Goal", ".1%")],
        },
    }


def _time(name: str) -> dict[str, Any]:
    return {"field": name, "type": "temporal", "axis": {"title": None, "tickCount": 8}}


def _tip(name: str, title: str, written: str) -> dict[str, str]:
    return {"field": name, "type": "quantitative", "title": title, "format": written}


def _caption(quarters: list[_Quarter], goal: float | None) -> str:
    last = quarters[-1]
    said = f"Price realization by quarter and month: {figures.percent(last.realization)} in "
    said += last.label
    if goal is not None:
        said += f"; the dashed line is the goal, {figures.percent(goal)}"
    return f"{said}. A dot is a month, as large as its list value."


def _row(quarter: _Quarter) -> dict[str, str]:
    return {
        "Quarter": quarter.label,
        "Realization": figures.percent(quarter.realization),
        "Held": figures.money(quarter.held),
        "Given": figures.money(quarter.given),
        "Won": figures.count(quarter.won),
    }


def _quarter_of(label: str, starts: int) -> str:
    return quarter_label(month_number(dt.date.fromisoformat(f"{label}-01")), starts)


def _last_day(label: str) -> str:
    year, month = (int(part) for part in label.split("-"))
    after = dt.date(year + month // 12, month % 12 + 1, 1)
    return (after - dt.timedelta(days=1)).isoformat()
