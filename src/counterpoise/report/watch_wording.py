"""How the watch speaks: what was asked, what may be chance, what the cracks are worth together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from counterpoise.ledger import Crack, Review, WatchState
from counterpoise.report.wording import counted, money, words

SIDES: Mapping[str, str] = MappingProxyType(
    {"sales": "Sales", "marketing": "Marketing", "both": "Both sides"}
)

_SAME = 0.005
"""How far a share may be from one in so many to be called that."""


@dataclass(frozen=True)
class SideCracks:
    """The cracks that one side should act on, most money first, and what they are worth."""

    side: str
    stake: Decimal
    cracks: tuple[Crack, ...]

    @property
    def title(self) -> str:
        """Return the name of the side."""
        return SIDES[self.side]


def by_side(review: Review) -> list[SideCracks]:
    """Return the cracks of each side, the most money first; both sides are always there.

    What both should act on together stands apart, where there is any.
    """
    stakes = {each.side: each.stake for each in review.watch.sides} if review.watch else {}
    found = [
        SideCracks(side, _whole(stakes.get(side, 0.0)), _cracks_of(review, side))
        for side in SIDES
        if side != "both" or side in stakes
    ]
    return sorted(found, key=lambda each: -each.stake)


def together(review: Review, state: WatchState) -> str:
    """Say how many cracks there are and what they are worth together."""
    number = len(review.cracks)
    if not number:
        return ""
    worth = money(_whole(state.stake), review.currency)
    if number == 1:
        return f"One crack, worth {worth} a quarter."
    once = " What several share counts once." if _share_money(review, state) else ""
    return f"{number} cracks, worth {worth} a quarter together.{once}"


def asked(review: Review, state: WatchState) -> str:
    """Say what was asked, and how much of what is named may be chance."""
    questions = counted(state.questions, "question")
    least = money(state.material, review.currency)
    if not review.cracks:
        return (
            f"{questions} asked, and nothing stands out beyond chance that is worth "
            f"{least} a quarter or more."
        )
    return (
        f"{questions} asked. Of what is named, at most {one_in(state.false_alarms)} may be chance; "
        f"what is worth less than {least} a quarter is left out."
    )


def one_in(share: Decimal) -> str:
    """Say a small share as people do.

    >>> one_in(Decimal("0.1")), one_in(Decimal("0.05")), one_in(Decimal("0.07"))
    ('1 in 10', '1 in 20', '7 in 100')
    """
    if share > 0 and abs(1 / share - round(1 / share)) < _SAME:
        return f"1 in {round(1 / share)}"
    return f"{(share * 100).normalize():f} in 100"


def silent(review: Review) -> tuple[str, ...]:
    """Say what was not watched and why, kinds with the same reason together."""
    why: dict[str, list[str]] = {}
    for each in review.not_watched:
        why.setdefault(each.why, []).append(words(each.kind))
    return tuple(_unwatched(reason, kinds, review) for reason, kinds in why.items())


def _unwatched(reason: str, kinds: Sequence[str], review: Review) -> str:
    if review.watch is None:
        return f"Nothing is watched: {reason}."
    *first, last = kinds
    named = f"{', '.join(first)} and {last}" if first else last
    return f"{named[:1].upper()}{named[1:]}: {reason}"


def _cracks_of(review: Review, side: str) -> tuple[Crack, ...]:
    return tuple(each for each in review.cracks if each.side == side)


def _share_money(review: Review, state: WatchState) -> bool:
    return sum(each.stake for each in review.cracks) > state.stake + 1


def _whole(stake: float) -> Decimal:
    return Decimal(repr(stake))
