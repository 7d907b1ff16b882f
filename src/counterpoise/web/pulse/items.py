"""What a pulse asks: four matters known to decide how two departments work together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LOWEST, HIGHEST = 1, 5
"""The ratings: not true at all, wholly true."""


class Matter(StrEnum):
    """What an item is about."""

    RULES = "rules"
    TALK = "talk"
    TRUST = "trust"
    EFFORT = "effort"

    @property
    def heading(self) -> str:
        """Return what pages call it."""
        return _TITLES[self]


_TITLES = {
    Matter.RULES: "Clarity of the rules",
    Matter.TALK: "Talk both ways",
    Matter.TRUST: "Trust, of head and heart",
    Matter.EFFORT: "Seeing the other's effort",
}


@dataclass(frozen=True)
class Item:
    """A sentence that is rated. Its id stays when its words are mended."""

    id: str
    matter: Matter
    says: str


ITEMS = (
    Item("decide", Matter.RULES, "I know what I may decide alone, and whom to ask beyond that."),
    Item("refused", Matter.RULES, "When the other side says no, I learn by which rule."),
    Item("duties", Matter.RULES, "Before work begins it is clear who does what until when."),
    Item("answers", Matter.TALK, "My questions to the other side get answers that I can use."),
    Item("asked", Matter.TALK, "The other side asks what I see in the market, and uses it."),
    Item("told", Matter.TALK, "We hear of each other's changes in time to act on them."),
    Item("able", Matter.TRUST, "The other side is good at its job."),
    Item("word", Matter.TRUST, "What the other side promises, it does."),
    Item("mistakes", Matter.TRUST, "I can admit a mistake to the other side and not pay for it."),
    Item("did", Matter.EFFORT, "I know what the other side did for our customers lately."),
    Item("cost", Matter.EFFORT, "The other side sees what my part of the work takes."),
    Item("credit", Matter.EFFORT, "When something goes well, both sides get their share of it."),
)
"""Every item, in the order in which it is asked."""
