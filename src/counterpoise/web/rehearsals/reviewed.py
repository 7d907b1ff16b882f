"""What a new review brings: past deals are laid out for what counts today."""

from __future__ import annotations

from counterpoise.web.rehearsals.replaying import ask_for_standing
from counterpoise.web.results.reading import KeptReview


def take_in(kept: KeptReview) -> None:
    """Have past deals laid out, so that rates can be moved at once."""
    ask_for_standing(kept)
