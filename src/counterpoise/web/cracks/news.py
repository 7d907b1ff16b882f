"""What the last review changed: new cracks, healed ones, reopened ones, and those that grew."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from counterpoise.web.cracks.life import Deed
from counterpoise.web.cracks.lines import Line, lines
from counterpoise.web.cracks.models import Act, Crack, Round, Sighting
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.rights import visible_to
from counterpoise.web.people.models import User

GROWN = 1.1
"""A crack has grown if its stake is larger by a tenth."""


@dataclass(frozen=True)
class News:
    """What is different since the review before the last."""

    last: Round | None
    before: Round | None
    parts: list[tuple[str, str, list[Line]]]
    """A heading, what it means, and the cracks."""

    @property
    def count(self) -> int:
        """Return how many cracks changed."""
        return sum(len(found) for _, _, found in self.parts)


def news_of(user: User) -> News:
    """Return what the last review changed among the cracks that a person sees."""
    rounds = list(Round.objects.order_by("-as_of", "-pk")[:2])
    if not rounds:
        return News(None, None, [])
    last, before = rounds[0], rounds[1] if len(rounds) > 1 else None
    naming, visible = Naming(user), visible_to(user)
    told = [
        ("New", "Found for the first time.", _done(visible, last, Deed.FOUND)),
        ("Reopened", "Closed before, and measured again.", _done(visible, last, Deed.REOPENED)),
        ("Grown", "At least a tenth more at stake.", _grown(visible, last)),
        ("Healed", "The review no longer found them.", _done(visible, last, Deed.CLOSED)),
    ]
    parts = [(name, says, lines(found, naming)) for name, says, found in told if found]
    return News(last, before, parts)


def _done(visible: QuerySet[Crack], last: Round, deed: Deed) -> list[Crack]:
    acts = Act.objects.filter(round=last, deed=deed)
    return list(visible.filter(pk__in=acts.values("crack_id")))


def _grown(visible: QuerySet[Crack], last: Round) -> list[Crack]:
    seen = list(visible.filter(seen__round=last))
    former: dict[int, Sighting] = {}
    found = Sighting.objects.filter(crack__in=seen, is_found=True).exclude(round=last)
    for sighting in found.order_by("round__as_of", "pk"):
        former[sighting.crack_id] = sighting
    return [
        crack
        for crack in seen
        if crack.pk in former and float(crack.stake) >= GROWN * float(former[crack.pk].stake) > 0
    ]
