"""Fit, contra-effects and power as a review left them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from counterpoise.web.results.reading import KeptReview

FIT, TOGETHER, POWER = "fit", "together", "power"
TOGETHER_ROWS, POWER_ROWS = "together_rows", "power_rows"
"""The tables of rows behind them, each with the `deal_id` of a row."""


def kept_fit(kept: KeptReview) -> dict[str, Any] | None:
    """Return fit as the review left it; None where an earlier program kept none."""
    return cast("dict[str, Any] | None", kept.measure(FIT))


def kept_together(kept: KeptReview) -> list[dict[str, Any]] | None:
    """Return contra-effects as the review left them; None where none were kept."""
    return cast("list[dict[str, Any]] | None", kept.measure(TOGETHER))


def kept_power(kept: KeptReview) -> dict[str, Any] | None:
    """Return power as the review left it; None where none was kept."""
    return cast("dict[str, Any] | None", kept.measure(POWER))
