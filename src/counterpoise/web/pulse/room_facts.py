"""What pulses told, as rows of the table `pulses`: what the page shows of whole sides, no more."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from counterpoise.web.pulse.models import Figure

Row = Mapping[str, object]


def rows() -> dict[str, list[Row]]:
    """Return the rows by table: `pulses`."""
    found = Figure.objects.filter(team="").select_related("pulse").order_by("pulse_id", "side")
    return {
        "pulses": [
            {
                "pulse_id": f"{each.pulse.first_on.isoformat()}-{each.side}",
                "first_on": each.pulse.first_on,
                "closed_on": each.pulse.closed_on,
                "side": each.side,
                "answers": each.n,
                "score": _number(each.mean),
                "spread": _number(each.spread),
            }
            for each in found
        ]
    }


def _number(value: float) -> Decimal:
    return Decimal(f"{value:.4f}")
