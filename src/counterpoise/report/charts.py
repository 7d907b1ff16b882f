"""Charts of a review, drawn as SVG so that a page needs no script."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counterpoise.ledger import Review
from counterpoise.ledger.waterfall import StepName
from counterpoise.report.wording import STEPS

if TYPE_CHECKING:
    import altair as alt

# The same two colours everywhere: what is held, and what is given. They read on light and dark
# paper alike, and apart for every kind of colour vision.
HELD = "#2a9d8f"
GIVEN = "#e08a1e"
_INK = "#7b8794"
_LEAKED = "#c8553d"
_WIDTH = 460
_STANDS = (StepName.LIST, StepName.NET, StepName.MARGIN)
_GIVES = (StepName.WITHIN_AUTHORITY, StepName.APPROVED, StepName.UNJUDGED)


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
            x=alt.X("quarter:O", title=None, sort=[row.label for row in rows], axis=_sparse(rows)),
            y=alt.Y("sum(amount):Q", title=review.currency, axis=alt.Axis(format="~s")),
            color=alt.Color(
                "part:N",
                title=None,
                sort=["held", "given"],
                scale=alt.Scale(domain=["held", "given"], range=[HELD, GIVEN]),
            ),
            order=alt.Order("part:N", sort="descending"),
        )
    )
    return _drawn(chart, 220, "Value held and value given by fiscal quarter")


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
            x=alt.X("month:O", title=None, axis=_sparse(rows)),
            y=alt.Y(
                "realization:Q",
                title="price realization",
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
    return _drawn(alt.layer(*layers), 200, says + (", the goal dashed" if goals else ""))


def waterfall(review: Review) -> Chart | None:
    """Draw the way from list value to margin; None where nothing was sold at a known list."""
    if not review.ledger.totals.list_revenue:
        return None
    import altair as alt

    level = 0.0
    names = [STEPS[step.step] for step in review.ledger.waterfall]
    values: list[dict[str, Any]] = []
    for step in review.ledger.waterfall:
        amount = float(step.amount)
        stands = step.step in _STANDS
        low, high = (0.0, amount) if stands else (level, level + amount)
        level = amount if stands else level + amount
        values.append(
            {"step": STEPS[step.step], "low": low, "high": high, "kind": _kind(step.step)}
        )
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(height=14)
        .encode(
            y=alt.Y("step:N", sort=names, title=None),
            x=alt.X("low:Q", title=review.currency, axis=alt.Axis(format="~s")),
            x2="high:Q",
            color=alt.Color(
                "kind:N",
                legend=None,
                scale=alt.Scale(
                    domain=["held", "given", "leaked", "cost"],
                    range=[HELD, GIVEN, _LEAKED, _INK],
                ),
            ),
        )
    )
    return _drawn(chart, 250, "From list value to margin")


def _kind(step: StepName) -> str:
    if step is StepName.LEAKAGE:
        return "leaked"
    if step in _GIVES:
        return "given"
    return "held" if step in (*_STANDS, StepName.ABOVE_LIST) else "cost"


def _sparse(rows: Sequence[object]) -> alt.Axis:
    """Label some of many: all up to twelve, then about every eighth part."""
    import altair as alt

    every = max(1, len(rows) // 8) if len(rows) > 12 else 1
    return alt.Axis(
        labelAngle=0, labelExpr=f"indexof(domain('x'), datum.value) % {every} ? '' : datum.label"
    )


def _drawn(chart: alt.TopLevelMixin, height: int, says: str) -> Chart:
    import vl_convert

    styled = chart.properties(width=_WIDTH, height=height, background="transparent").configure(
        font="system-ui, sans-serif",
        axis={
            "labelColor": _INK,
            "titleColor": _INK,
            "gridColor": _INK,
            "gridOpacity": 0.18,
            "domainColor": _INK,
            "tickColor": _INK,
            "labelLimit": 200,
        },
        legend={"labelColor": _INK, "orient": "top"},
        view={"stroke": None},
    )
    svg = vl_convert.vegalite_to_svg(styled.to_json(), allowed_base_urls=[])
    return Chart(says, "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode())
