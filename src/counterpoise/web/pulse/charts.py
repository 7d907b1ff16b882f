"""The pulse over time: each side's score with its interval, above the bands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterpoise.web.pulse.bands import band_of
from counterpoise.web.pulse.models import Figure, Pulse
from counterpoise.web.pulse.page import Column, gap_of
from counterpoise.web.shell.charts import GIVEN, HELD, finished
from counterpoise.web.shell.templatetags import figures

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_COLOURS = {"sales": HELD, "marketing": GIVEN}
_FEWEST = 2


@dataclass(frozen=True)
class Drawing:
    """A chart with its words and the table that says the same."""

    spec: Mapping[str, Any]
    caption: str
    rows: list[dict[str, str]]


def over_time(pulses: Sequence[Pulse]) -> Drawing | None:
    """Draw the sides' scores over these pulses; None before the second that shows something."""
    found = Figure.objects.filter(pulse__in=pulses, team="").select_related("pulse")
    shown = sorted(found, key=lambda each: (each.pulse.first_on, each.side))
    days = sorted({each.pulse.first_on for each in shown})
    if len(days) < _FEWEST:
        return None
    values = [
        {
            "day": each.pulse.first_on.isoformat(),
            "side": each.side,
            "score": round(each.mean, 1),
            "low": round(each.low, 1),
            "high": round(each.high, 1),
            "n": each.n,
        }
        for each in shown
    ]
    caption = (
        "Score of each side from pulse to pulse, with its 95% interval. The lines at 40, 60 and "
        "80 part undefined, defined, aligned and integrated."
    )
    return Drawing(finished(_spec(values), 200), caption, _rows(shown))


def _spec(values: list[dict[str, Any]]) -> dict[str, Any]:
    days = sorted({dt.date.fromisoformat(value["day"]) for value in values})
    marks = [{"year": day.year, "month": day.month, "date": day.day} for day in days]
    axis_of_days = {"title": None, "values": marks, "format": "%-d %b %Y", "labelOverlap": True}
    x = {"field": "day", "type": "temporal", "axis": axis_of_days}
    scale = {"domain": [20, 100], "nice": False}
    axis = {"title": None, "values": [20, 40, 60, 80, 100]}
    y = {"field": "score", "type": "quantitative", "scale": scale, "axis": axis}
    sides = [side for side in _COLOURS if any(value["side"] == side for value in values)]
    colour = {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": sides, "range": [_COLOURS[side] for side in sides]},
        "legend": {"symbolOpacity": 1},
    }
    tips = [
        {"field": "side", "type": "nominal", "title": "Side"},
        {"field": "score", "type": "quantitative", "title": "Score"},
        {"field": "low", "type": "quantitative", "title": "From"},
        {"field": "high", "type": "quantitative", "title": "To"},
        {"field": "n", "type": "quantitative", "title": "Answers"},
    ]
    reach = {
        "x": x,
        "y": {**y, "field": "low"},
        "y2": {"field": "high"},
        "color": colour,
    }
    return {
        "$schema": _SCHEMA,
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "area", "opacity": 0.16}, "encoding": reach},
            {
                "mark": {"type": "line", "point": True},
                "encoding": {"x": x, "y": y, "color": colour, "tooltip": tips},
            },
        ],
    }


def _rows(shown: Sequence[Figure]) -> list[dict[str, str]]:
    by_day: dict[Any, dict[str, Figure]] = {}
    for each in shown:
        by_day.setdefault(each.pulse.first_on, {})[each.side] = each
    return [_row(day, sides) for day, sides in sorted(by_day.items(), reverse=True)]


def _row(day: Any, sides: Mapping[str, Figure]) -> dict[str, str]:
    row = {"Pulse of": figures.day(day)}
    for side in _COLOURS:
        row[side.capitalize()] = _told(sides[side]) if side in sides else "too few"
    columns = [Column(side, side, sides[side]) for side in _COLOURS if side in sides]
    if len(columns) == len(_COLOURS):
        gap = gap_of(columns)
        row["Gap"] = f"{gap.value:+.0f} ({gap.low:+.0f} to {gap.high:+.0f})"
    else:
        row["Gap"] = "–"
    return row


def _told(figure: Figure) -> str:
    reach = f"{figure.low:.0f} to {figure.high:.0f}"
    return f"{figure.mean:.0f}, {band_of(figure.mean)} ({reach})"
