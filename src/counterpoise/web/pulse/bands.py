"""The four bands of a relationship between sales and marketing.

After Kotler, Rackham & Krishnaswamy, Ending the War Between Sales and Marketing, Harvard Business
Review 84 (2006): twenty items rated 1 to 5 and summed, with borders at 40, 60 and 80. A mean times
20 has the same borders, whatever the number of items.
"""

from __future__ import annotations

from enum import StrEnum

LOWEST_SCORE, HIGHEST_SCORE = 20, 100


class Band(StrEnum):
    """How far a relationship has come."""

    UNDEFINED = "undefined"
    DEFINED = "defined"
    ALIGNED = "aligned"
    INTEGRATED = "integrated"

    @property
    def says(self) -> str:
        """Return what it means, in one sentence."""
        return _SAYS[self]


_SAYS = {
    Band.UNDEFINED: "Each side goes its own way; talk is mostly about conflicts.",
    Band.DEFINED: "Who does what is settled, and each keeps to its own part.",
    Band.ALIGNED: "Borders are clear and can be crossed: the sides plan and ask each other.",
    Band.INTEGRATED: "Both share aims, figures and what they earn; borders matter little.",
}
_FLOORS = ((80, Band.INTEGRATED), (60, Band.ALIGNED), (40, Band.DEFINED))


def band_of(score: float) -> Band:
    """Return the band of a score.

    >>> [band_of(score).value for score in (20, 39.9, 40, 60, 79.9, 80, 100)]
    ['undefined', 'undefined', 'defined', 'aligned', 'aligned', 'integrated', 'integrated']
    """
    return next((band for floor, band in _FLOORS if score >= floor), Band.UNDEFINED)
