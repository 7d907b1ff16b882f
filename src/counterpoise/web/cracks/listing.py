"""The page that lists cracks: lines, what they are worth together, and how to narrow them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from counterpoise.agreement import Side
from counterpoise.web.cracks import life, money
from counterpoise.web.cracks.lines import (
    ORDERS,
    SIDES,
    STATES,
    Choice,
    Line,
    Wanted,
    choices,
    lines,
)
from counterpoise.web.cracks.models import Crack, Round
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.rights import visible_to
from counterpoise.web.cracks.wording import kind_words
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import KeptReview


@dataclass(frozen=True)
class Part:
    """Cracks under one heading; without one where all stand together."""

    heading: str
    lines: list[Line]
    stake: float


@dataclass(frozen=True)
class SideSum:
    """What the open cracks of a side are worth together."""

    side: str
    cracks: int
    stake: float
    url: str


@dataclass(frozen=True)
class ListPage:
    """The list as one reader sees it."""

    wanted: Wanted
    parts: list[Part]
    count: int
    stake: float
    """Money a quarter of the cracks listed, each deal's once."""
    sides: list[SideSum]
    states: Sequence[Choice]
    side_choices: Sequence[Choice]
    orders: Sequence[Choice]
    kind: str
    without_kind: str
    last: Round | None
    not_watched: list[tuple[str, str]]


def list_of(user: User, wanted: Wanted, kept: KeptReview | None) -> ListPage:
    """Return the list that an address asks for."""
    naming, parts = Naming(user), money.parts_of(kept)
    visible = visible_to(user)
    found = wanted.among(visible)
    open_ones = list(visible.filter(state__in=life.OPEN))
    return ListPage(
        wanted=wanted,
        parts=_parts(found, wanted, naming, parts),
        count=len(found),
        stake=money.total(found, parts),
        sides=_sides(open_ones, parts, wanted),
        states=choices(wanted, "state", STATES),
        side_choices=choices(wanted, "side", SIDES),
        orders=choices(wanted, "order", ORDERS),
        kind=kind_words(wanted.kind) if wanted.kind else "",
        without_kind=wanted.address(kind=""),
        last=Round.objects.order_by("as_of", "pk").last(),
        not_watched=_not_watched(kept),
    )


def _parts(found: list[Crack], wanted: Wanted, naming: Naming, parts: money.Parts) -> list[Part]:
    if wanted.order != "side":
        return [Part("", lines(found, naming), 0.0)] if found else []
    own = naming.reader.side
    order = [Side.SALES, Side.MARKETING, Side.BOTH]
    order.sort(key=lambda side: side.value != own)
    grouped = []
    for side in order:
        mine = [crack for crack in found if crack.side == side]
        if mine:
            heading = SIDES.get(side, "Both should act")
            grouped.append(Part(heading, lines(mine, naming), money.total(mine, parts)))
    return grouped


def _sides(open_ones: list[Crack], parts: money.Parts, wanted: Wanted) -> list[SideSum]:
    sums = []
    for side in (Side.SALES, Side.MARKETING, Side.BOTH):
        mine = [crack for crack in open_ones if crack.side == side]
        if mine or side is not Side.BOTH:
            url = wanted.address(side="" if side is Side.BOTH else side.value)
            sums.append(SideSum(side.value, len(mine), money.total(mine, parts), url))
    return sums


def _not_watched(kept: KeptReview | None) -> list[tuple[str, str]]:
    if kept is None:
        return []
    return [(kind_words(each["kind"]), each["why"]) for each in kept.object["not_watched"]]
