"""How every chart looks: colours by name, which the page gives for light, dark and print."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

HELD, GIVEN, LEAKED, COST = "var(--held)", "var(--given)", "var(--leaked)", "var(--cost)"
INK, MUTED = "var(--ink)", "var(--muted)"

_AXIS = MappingProxyType(
    {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "gridColor": "var(--line)",
        "domainColor": "var(--line-strong)",
        "tickColor": "var(--line-strong)",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": 500,
        "labelPadding": 6,
    }
)
_LOOKS: Mapping[str, Any] = MappingProxyType(
    {
        "background": "transparent",
        "font": "var(--face)",
        "padding": {"left": 0, "right": 2, "top": 4, "bottom": 6},
        "view": {"stroke": None},
        "axis": dict(_AXIS),
        "axisX": {"grid": False, "labelAngle": 0},
        "axisY": {"domain": False, "ticks": False},
        "legend": {
            "labelColor": MUTED,
            "titleColor": MUTED,
            "labelFontSize": 12,
            "orient": "top",
            "title": None,
            "symbolType": "square",
        },
        "line": {"strokeWidth": 2},
        "range": {"category": [HELD, GIVEN, LEAKED, COST]},
    }
)


def finished(chart: alt.TopLevelMixin | Mapping[str, Any], height: int = 220) -> dict[str, Any]:
    """Return the spec of a chart as wide as its place on the page, in the room's looks.

    Args:
        chart: A chart of Altair, or a Vega-Lite spec where one is as easily written.
        height: In pixels, without the axis.
    """
    spec: dict[str, Any] = dict(chart) if isinstance(chart, Mapping) else chart.to_dict()
    spec["config"] = dict(_LOOKS)
    spec.setdefault("width", "container")
    spec.setdefault("height", height)
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return spec
