"""The cracks that matter, for the home page: one's own side's first, then by stake."""

from __future__ import annotations

from dataclasses import dataclass

from counterpoise.agreement import Side
from counterpoise.web.cracks import life, money
from counterpoise.web.cracks.lines import Line, lines
from counterpoise.web.cracks.models import Round
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.rights import visible_to
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import KeptReview

_SHOWN = 4


@dataclass(frozen=True)
class Mattering:
    """The first open cracks, and what all of them are worth together."""

    lines: list[Line]
    count: int
    stake: float
    is_watched: bool
    """Whether a review has watched at all."""


def matter_to(user: User, viewer: Side, kept: KeptReview) -> Mattering:
    """Return the cracks that matter to a person, seen from a side; accepted ones are left out."""
    found = list(visible_to(user).filter(state__in=life.URGENT))
    if viewer is not Side.BOTH:
        found.sort(key=lambda crack: crack.side not in {viewer.value, Side.BOTH.value})
    return Mattering(
        lines=lines(found[:_SHOWN], Naming(user)),
        count=len(found),
        stake=money.total(found, money.parts_of(kept)),
        is_watched=bool(found) or Round.objects.exists(),
    )
