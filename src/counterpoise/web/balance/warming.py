"""What the home page asks of every review, worked out before anybody opens it."""

from __future__ import annotations

from counterpoise.web.balance import at_risk
from counterpoise.web.results.reading import KeptReview


def warm(kept: KeptReview) -> None:
    """Find the deals at risk."""
    at_risk.warm(kept)
