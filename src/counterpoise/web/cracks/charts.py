"""Pictures of a crack: the evidence as the watch drew it, and what reviews measured over time.

A single person is drawn among colleagues who have no names: nobody is ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterpoise.web.cracks.models import PERSON, Crack, Sighting
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.wording import measured_words
from counterpoise.web.live import live
from counterpoise.web.shell.charts import GIVEN, HELD, INK, MUTED, finished
from counterpoise.web.shell.templatetags import figures

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_FORMATS = {"points": ".1%", "money": ",.0f", "days": ",.1f", "count": ",.1f"}
_AXES = {"points": ".0%", "money": ",.3~s", "days": ",.1~f", "count": ",.4~g"}
_ROW_HEIGHT, _SLIM = 22, 9
_MOST_NAMED = 14
"""Above so many subjects the picture has no labels at its side."""

_FEWEST_OVER_TIME = 2


@dataclass(frozen=True)
class Drawing:
    """A chart with its words and the table that says the same."""

    spec: Mapping[str, Any]
    caption: str
    rows: list[dict[str, str]]


def picture_of(crack: Crack, naming: Naming) -> Drawing | None:
    """Draw the evidence of the last review that found a crack."""
    told = crack.seen.told if crack.seen else {}
    picture = told.get("picture") or {}
    marks = [mark for mark in picture.get("marks", []) if mark["value"] is not None]
    if not marks:
        return None
    unit = told.get("unit", "count")
    draw = {"peers": _peers, "time": _time}.get(picture["axis"], _bins)
    return draw(crack, naming, {**picture, "marks": marks}, unit)


def history_of(sightings: Sequence[Sighting], unit: str) -> Drawing | None:
    """Draw what reviews measured; None before the second."""
    found = _last_of_each_day(sightings)
    if len(found) < _FEWEST_OVER_TIME:
        return None
    values = [
        {
            "day": each.round.as_of.isoformat(),
            "observed": each.observed,
            "expected": each.expected,
            "stake": float(each.stake),
        }
        for each in found
        if each.observed is not None
    ]
    closed = [{"day": each.round.as_of.isoformat()} for each in found if not each.is_found]
    day = {"field": "day", "type": "temporal", "axis": {"title": None, "tickCount": 6}}
    layers = [
        _line(values, day, "expected", _dashed(MUTED), unit),
        _line(values, day, "observed", {"color": GIVEN, "point": {"color": GIVEN}}, unit),
    ]
    if closed:
        mark = {"type": "rule", "color": HELD, "strokeWidth": 2}
        layers.append({"data": {"values": closed}, "mark": mark, "encoding": {"x": day}})
    caption = "What each review measured; dashed is what was expected."
    if closed:
        caption += " An upright line is a review that no longer found it."
    rows = [
        {
            "Review of": figures.day(each.round.as_of),
            "Measured": _measured(each, unit),
            "Expected": measured_words(each.expected, unit),
            "Stake a quarter": figures.money(each.stake) if each.is_found else "–",
        }
        for each in reversed(found)
    ]
    return Drawing(finished({"$schema": _SCHEMA, "layer": layers}, 130), caption, rows)


def _measured(sighting: Sighting, unit: str) -> str:
    if sighting.is_found:
        return measured_words(sighting.observed, unit)
    if sighting.observed is None:
        return "not found"
    return f"{measured_words(sighting.observed, unit)}, not found"


def _last_of_each_day(sightings: Sequence[Sighting]) -> list[Sighting]:
    return list({each.round.as_of: each for each in sightings}.values())


def _line(
    values: Sequence[Mapping[str, Any]],
    day: Mapping[str, Any],
    field: str,
    looks: Mapping[str, Any],
    unit: str,
) -> dict[str, Any]:
    return {
        "data": {"values": list(values)},
        "mark": {"type": "line", **looks},
        "encoding": {
            "x": day,
            "y": _axis(field, unit),
            "tooltip": [
                {"field": "day", "type": "temporal", "title": "Review of"},
                _tip("observed", "Measured", unit),
                _tip("expected", "Expected", unit),
                {"field": "stake", "type": "quantitative", "title": "Stake", "format": ",.0f"},
            ],
        },
    }


def _peers(crack: Crack, naming: Naming, picture: Mapping[str, Any], unit: str) -> Drawing:
    marks = sorted(picture["marks"], key=lambda mark: -mark["value"])
    values = [
        {**_bounds(mark), "who": _who(mark, crack, naming), "place": place, "n": mark["n"]}
        for place, mark in enumerate(marks)
    ]
    is_named = len(marks) <= _MOST_NAMED and crack.subject_type != PERSON
    y: dict[str, Any] = {"field": "place", "type": "ordinal", "axis": None}
    if is_named:
        names = [value["who"] for value in values]
        y = {
            "field": "who",
            "type": "nominal",
            "sort": names,
            "axis": {"title": None, "labelLimit": 200},
        }
    x = {**_axis("value", unit), "title": None}
    tips = [{"field": "who", "type": "nominal", "title": "Who"}, _tip("value", "Value", unit)]
    tips.append({"field": "n", "type": "quantitative", "title": "Rows"})
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeWidth": 1.5, "opacity": 0.5},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 55, "opacity": 1},
            "encoding": {"x": x, "tooltip": tips},
        },
    ]
    shared = {"y": y, "color": _subject_colour()}
    layers = _over(values, layers, shared) + _expected(picture, "x")
    height = max(90, len(marks) * (_ROW_HEIGHT if is_named else _SLIM))
    spec = {"$schema": _SCHEMA, "layer": layers}
    return Drawing(
        finished(spec, height), _caption(picture, unit), _peer_rows(values, picture, unit)
    )


def _peer_rows(
    values: Sequence[Mapping[str, Any]], picture: Mapping[str, Any], unit: str
) -> list[dict[str, str]]:
    """Return the subject, what is expected, and the others without an order among them."""
    order = [each for each in values if each["is_subject"]]
    order += sorted((each for each in values if not each["is_subject"]), key=_by_who)
    rows = [
        {
            "Who": str(each["who"]),
            "Value": measured_words(each["value"], unit),
            "Interval": _interval(each, unit),
            "Rows": figures.count(each["n"]),
        }
        for each in order
    ]
    expected = measured_words(picture["expected"], unit)
    rows.insert(1, {"Who": "Expected", "Value": expected, "Interval": "–", "Rows": "–"})
    return rows


def _by_who(value: Mapping[str, Any]) -> tuple[str, float]:
    return str(value["who"]), float(value["n"])


def _time(crack: Crack, naming: Naming, picture: Mapping[str, Any], unit: str) -> Drawing:  # noqa: ARG001
    values = [{**_bounds(mark), "day": mark["label"], "n": mark["n"]} for mark in picture["marks"]]
    x = {"field": "day", "type": "temporal", "axis": {"title": None, "tickCount": 8}}
    tips = [{"field": "day", "type": "temporal", "title": "From"}, _tip("value", "Value", unit)]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeWidth": 1.5, "opacity": 0.5},
            "encoding": {"y": _axis("low", unit), "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {"y": _axis("value", unit), "tooltip": tips},
        },
    ]
    shared = {"x": x, "color": _subject_colour()}
    layers = _over(values, layers, shared) + _expected(picture, "y")
    spec = {"$schema": _SCHEMA, "layer": layers}
    rows = [
        {
            "From": figures.day(str(each["day"])),
            "Value": measured_words(each["value"], unit),
            "Interval": _interval(each, unit),
            "Rows": figures.count(each["n"]),
        }
        for each in reversed(values)
    ]
    return Drawing(finished(spec, 210), _caption(picture, unit), rows)


def _bins(crack: Crack, naming: Naming, picture: Mapping[str, Any], unit: str) -> Drawing:  # noqa: ARG001
    marks = picture["marks"]
    name = _bin_name(marks)
    values = [{**_bounds(mark), "bin": name(mark["label"]), "n": mark["n"]} for mark in marks]
    every = max(1, len(values) // 12)
    shown = [value["bin"] for value in values[::every]]
    x = {
        "field": "bin",
        "type": "ordinal",
        "sort": [value["bin"] for value in values],
        "axis": {"title": None, "values": shown},
    }
    bars = {
        "mark": {"type": "bar"},
        "encoding": {
            "x": x,
            "y": {**_axis("value", unit), "scale": {"zero": True}},
            "color": _subject_colour(),
            "tooltip": [
                {"field": "bin", "type": "nominal", "title": "From"},
                _tip("value", "Value", unit),
            ],
        },
    }
    spec = {"$schema": _SCHEMA, "data": {"values": values}, "layer": [bars]}
    rows = [
        {
            "From": str(each["bin"]),
            "Value": measured_words(each["value"], unit),
            "Meant": _meant(each),
        }
        for each in values
    ]
    return Drawing(finished(spec, 210), _caption(picture, "bins"), rows)


def _bin_name(marks: Sequence[Mapping[str, Any]]) -> Callable[[str], str]:
    """Return how bins are called by their lower ends: rates as rates, all else as it stands."""
    try:
        ends = [float(mark["label"]) for mark in marks]
    except ValueError:
        return str
    is_rates = len(ends) > 1 and max(map(abs, ends)) <= 1
    return (
        (lambda label: f"{float(label):.1%}") if is_rates else (lambda label: f"{float(label):g}")
    )


def _over(
    values: list[dict[str, Any]], layers: list[dict[str, Any]], shared: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Lay intervals and points over the same values; intervals only where there are any."""
    rules, points = layers
    bounded = [value for value in values if value["low"] is not None and value["high"] is not None]
    drawn = [({"values": bounded}, rules)] if bounded else []
    drawn.append(({"values": values}, points))
    return [
        {**layer, "data": data, "encoding": {**layer["encoding"], **shared}}
        for data, layer in drawn
    ]


def _meant(value: Mapping[str, Any]) -> str:
    return "yes" if value["is_subject"] else "–"


def _bounds(mark: Mapping[str, Any]) -> dict[str, Any]:
    return {name: mark[name] for name in ("value", "low", "high", "is_subject")}


def _who(mark: Mapping[str, Any], crack: Crack, naming: Naming) -> str:
    if mark["is_subject"]:
        return naming.subject(crack)
    if crack.subject_type == PERSON:
        return "A colleague"
    if crack.subject_type == "campaign":
        found = live().campaign(mark["label"])
        return str((found and found["name"]) or mark["label"])
    return str(mark["label"])


def _subject_colour() -> dict[str, Any]:
    return {
        "condition": {"test": "datum.is_subject", "value": GIVEN},
        "value": MUTED,
    }


def _expected(picture: Mapping[str, Any], axis: str) -> list[dict[str, Any]]:
    if picture["expected"] is None:
        return []
    values = [{"expected": picture["expected"]}]
    at = {"field": "expected", "type": "quantitative"}
    mark = {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 1.5, "color": INK}
    return [{"data": {"values": values}, "mark": mark, "encoding": {axis: at}}]


def _dashed(colour: str) -> dict[str, Any]:
    return {"color": colour, "strokeDash": [5, 4]}


def _axis(field: str, unit: str) -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"zero": False},
        "axis": {"format": _AXES.get(unit, ",.4~g"), "title": None, "tickCount": 6},
    }


def _tip(field: str, title: str, unit: str) -> dict[str, str]:
    written = _FORMATS.get(unit, ",.4~g")
    return {"field": field, "type": "quantitative", "title": title, "format": written}


def _interval(value: Mapping[str, Any], unit: str) -> str:
    if value["low"] is None or value["high"] is None:
        return "–"
    return f"{measured_words(value['low'], unit)} to {measured_words(value['high'], unit)}"


def _caption(picture: Mapping[str, Any], unit: str) -> str:
    said = str(picture["measure"] or "what was measured").strip()
    said = said[:1].upper() + said[1:]
    if picture["expected"] is not None and unit != "bins":
        said += (
            f"; the dashed line is what is expected, {measured_words(picture['expected'], unit)}"
        )
    lines = " Lines are 95% intervals." if picture["marks"][0]["low"] is not None else ""
    return f"{said}.{lines}"
