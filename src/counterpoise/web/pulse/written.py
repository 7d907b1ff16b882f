"""Counted pulses as plain values, for programs: what the page shows of whole sides."""

from __future__ import annotations

from typing import Any

from counterpoise.web.pulse.models import Pulse
from counterpoise.web.pulse.page import Column, counted, page_of


def pulses_object() -> list[dict[str, Any]]:
    """Return the counted pulses, the latest first."""
    return [_pulse(each) for each in counted()]


def _pulse(pulse: Pulse) -> dict[str, Any]:
    page = page_of(pulse)
    return {
        "first_on": pulse.first_on.isoformat(),
        "closed_on": pulse.closed_on.isoformat() if pulse.closed_on else None,
        "smallest_group": pulse.smallest,
        "sides": [_side(column) for column in page.columns],
        "gap": vars(page.gap) if page.gap else None,
    }


def _side(column: Column) -> dict[str, Any]:
    figure = column.figure
    return {
        "side": figure.side,
        "answers": figure.n,
        "score": figure.mean,
        "low": figure.low,
        "high": figure.high,
        "band": column.band.value,
        "ratings": figure.ratings,
    }
