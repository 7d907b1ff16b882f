"""Charts of a review, drawn as SVG so that a page needs no script."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counterpoise.ledger import Review

if TYPE_CHECKING:
    import altair as alt

# The same two colours everywhere: what is held, and what is given. They read on light and dark
# paper alike, and apart for every kind of colour vision.
HELD = "#2a9d8f"
GIVEN = "#e08a1e"
_INK = "#7b8794"
_WIDTH = 380
_HEIGHT = 200


@dataclass(frozen=True)
class Chart:
    """A drawn chart: what it shows in words, and its picture as a data address."""

    says: str
    source: str


def balance_over_time(review: Review) -> Chart | None:
    """Draw value held and value given by fiscal quarter; None without two quarters to compare."""
    rows = review.ledger.value_over_time.quarters
    if len(rows) < 2:
        return None
    values: list[dict[str, Any]] = []
    for row in rows:
        for part, amount in (("held", row.totals.value_held), ("given", row.totals.value_given)):
            values.append({"quarter": row.label, "part": part, "amount": float(amount)})
    import altair as alt

    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(size=max(6, min(40, _WIDTH // (2 * len(rows)))))
        .encode(
            x=alt.X("quarter:O", title=None, sort=[row.label for row in rows], axis=sparse(rows)),
            y=alt.Y("sum(amount):Q", title=None, axis=alt.Axis(format="~s")),
            color=alt.Color(
                "part:N",
                title=None,
                sort=["held", "given"],
                scale=alt.Scale(domain=["held", "given"], range=[HELD, GIVEN]),
            ),
            order=alt.Order("part:N", sort="descending"),
        )
    )
    return drawn(chart, f"Value held and value given by fiscal quarter, in {review.currency}")


def realization_over_time(review: Review) -> Chart | None:
    """Draw price realization by month, with the goal where there is one."""
    rows = [
        row
        for row in review.ledger.value_over_time.months
        if row.totals.price_realization is not None
    ]
    if len(rows) < 2:
        return None
    import altair as alt

    values = [
        {"month": row.label, "realization": float(row.totals.price_realization or 0)}
        for row in rows
    ]
    line = (
        alt.Chart(alt.InlineData(values=values))
        .mark_line(color=HELD, point=alt.OverlayMarkDef(color=HELD, size=18))
        .encode(
            x=alt.X("month:O", title=None, axis=sparse(rows)),
            y=alt.Y(
                "realization:Q",
                title=None,
                scale=alt.Scale(zero=False, nice=True),
                axis=alt.Axis(format=".0%"),
            ),
        )
    )
    goals = [goal for goal in review.goals if goal.metric == "price_realization"]
    layers: list[alt.Chart] = [line]
    for goal in goals:
        rule = alt.Chart(alt.InlineData(values=[{"goal": float(goal.target)}]))
        layers.append(rule.mark_rule(color=GIVEN, strokeDash=[5, 4]).encode(y="goal:Q"))
    says = "Price realization by month"
    return drawn(alt.layer(*layers), says + (", the goal dashed" if goals else ""))


def sparse(rows: Sequence[object]) -> alt.Axis:
    """Label about five of many, so that labels stay apart."""
    import altair as alt

    every = max(1, -(-len(rows) // 5))
    shown = f"indexof(domain('x'), datum.value) % {every} == 0 ? datum.label : ''"
    return alt.Axis(labelAngle=0, labelExpr=shown, ticks=False, labelPadding=6)


def drawn(chart: alt.TopLevelMixin, says: str) -> Chart:
    """Draw a chart in the house's style."""
    import vl_convert

    # Browsers may have wider letters than whoever measured the labels.
    padding = {"left": 16, "right": 8, "top": 5, "bottom": 5}
    styled = chart.properties(
        width=_WIDTH, height=_HEIGHT, background="transparent", padding=padding
    ).configure(
        font="system-ui, sans-serif",
        axis={
            "labelColor": _INK,
            "titleColor": _INK,
            "gridColor": _INK,
            "gridOpacity": 0.18,
            "domainColor": _INK,
            "tickColor": _INK,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "tickCount": 5,
        },
        legend={"labelColor": _INK, "labelFontSize": 12, "orient": "top"},
        view={"stroke": None},
    )
    svg = vl_convert.vegalite_to_svg(styled.to_json(), allowed_base_urls=[])
    return Chart(says, "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode())
