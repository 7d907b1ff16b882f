"""Weeks drawn: what was sold beside what would have been sold without promotion."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterpoise.web.shell.charts import COST, GIVEN, HELD, INK, finished
from counterpoise.web.shell.templatetags import figures

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_SURE = 1.959964
"""Standard errors on either side of a 95 % interval."""
_HEIGHT = 232
_PLAIN, _OWN, _OTHER = "without promotion", "this promotion", "another on deal"
_MANY_WEEKS = 40
"""Beyond this weeks are drawn as an area, not as bars."""


@dataclass(frozen=True)
class Drawing:
    """A chart with its words and the table that says the same."""

    spec: Mapping[str, Any]
    caption: str
    rows: list[dict[str, str]]


def around_promotion(weeks: Sequence[Mapping[str, Any]]) -> Drawing | None:
    """Draw the weeks before, during and after a promotion; None where there are none."""
    if not weeks:
        return None
    values = [
        {
            "week": each["week"].isoformat(),
            "part": _part(each),
            "units": each["units"],
            "base": each["base_units"],
            **_band(each),
        }
        for each in weeks
    ]
    has_base = any(value["base"] is not None for value in values)
    caption = "Units sold week by week, before, during and after the promotion"
    caption += (
        "; the line is what would have been sold without any, the band how far a week strays from "
        "it by chance (95%)."
        if has_base
        else "."
    )
    rows = [
        {
            "Week of": figures.day(value["week"]),
            "Promotion": value["part"],
            "Sold": figures.count(round(value["units"])),
            "Baseline": _count(value["base"]),
            "95% of weeks": _between(value["low"], value["high"]),
        }
        for value in values
    ]
    return Drawing(finished(_layers(values, _by_part()), _HEIGHT), caption, rows)


def week_by_week(weeks: Sequence[Mapping[str, Any]]) -> Drawing | None:
    """Draw the weeks of a brand or account; None where there are none."""
    if not weeks:
        return None
    values = [
        {
            "week": each["week"].isoformat(),
            "units": each["units"],
            "base": each["base_units"],
            "low": None,
            "high": None,
        }
        for each in weeks
    ]
    has_base = any(value["base"] is not None for value in values)
    caption = "Units sold week by week"
    caption += (
        "; the line is the baseline, what would have sold without promotions." if has_base else "."
    )
    rows = [
        {
            "Week of": figures.day(each["week"]),
            "Sold": figures.count(round(each["units"])),
            "Baseline": _count(each["base_units"]),
            "On deal": figures.percent(_share(each["units_on_deal"], each["units"])),
            "At base price": figures.money(each["base_sales"]),
            "Price cuts": figures.money(each["depth"]),
            "Net": figures.money(each["net_sales"]),
            "Trade spend": figures.money(each["trade_spend"]),
        }
        for each in reversed(weeks)
    ]
    return Drawing(finished(_layers(values, {"value": HELD}), _HEIGHT), caption, rows)


def _share(part: float | None, whole: float | None) -> float | None:
    return (part or 0.0) / whole if whole else None


def _count(number: float | None) -> str:
    return figures.count(None if number is None else round(number))


def _between(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{_count(low)} to {_count(high)}"


def _band(week: Mapping[str, Any]) -> dict[str, float | None]:
    """Return what 95 % of weeks without promotion lie between."""
    base, error = week["base_units"], week["base_error"]
    if base is None or error is None:
        return {"low": None, "high": None}
    stray = math.exp(_SURE * error)
    return {"low": base / stray, "high": base * stray}


def _part(week: Mapping[str, Any]) -> str:
    if week["part"] == "during":
        return _OWN
    return _OTHER if week["on_deal"] else _PLAIN


def _by_part() -> dict[str, Any]:
    return {
        "field": "part",
        "type": "nominal",
        "scale": {"domain": [_PLAIN, _OWN, _OTHER], "range": [HELD, GIVEN, COST]},
        "legend": {"orient": "top", "title": None, "columns": 2},
    }


def _layers(values: list[dict[str, Any]], colour: Mapping[str, Any]) -> dict[str, Any]:
    """Lay bars, band and line over each other."""
    x = {
        "field": "week",
        "type": "temporal",
        "axis": {
            "title": None,
            "tickCount": 6,
            "labelOverlap": True,
            "labelSeparation": 12,
            "format": "%b %Y" if len(values) > _MANY_WEEKS else "%-d %b",
        },
    }
    y = {
        "field": "units",
        "type": "quantitative",
        "axis": {"title": None, "tickCount": 5, "format": "~s"},
    }
    tips = [
        {"field": "week", "type": "temporal", "title": "Week of"},
        {"field": "units", "type": "quantitative", "title": "Sold", "format": ",.0f"},
        {"field": "base", "type": "quantitative", "title": "Baseline", "format": ",.0f"},
    ]
    bars = {
        "mark": {"type": "bar", "size": 12, "opacity": 0.85},
        "encoding": {"x": x, "y": y, "color": dict(colour), "tooltip": tips},
    }
    if len(values) > _MANY_WEEKS:
        bars["mark"] = {"type": "area", "opacity": 0.45, "interpolate": "step-after"}
    layers: list[dict[str, Any]] = [bars]
    if any(value["low"] is not None for value in values):
        layers.append(
            {
                "mark": {"type": "area", "opacity": 0.18, "color": INK},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            }
        )
    if any(value["base"] is not None for value in values):
        layers.append(
            {
                "mark": {"type": "line", "color": INK, "strokeWidth": 1.75},
                "encoding": {"x": x, "y": {**y, "field": "base"}},
            }
        )
    return {"$schema": _SCHEMA, "data": {"values": values}, "layer": layers}
