"""Can the books tell what discounts do to winning? If not: why, and what to record from now on.

An estimate compares offers that were won with offers that were lost. It means nothing where lost
offers are not on record, or where whether an offer is recorded depends on how the deal ended.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import ibis.expr.types as ir

from counterpoise.books.books import Books

NORMAL_95 = 1.959964
MATERIAL_DIFFERENCE = 0.05
"""Shares that differ by more, with the interval clear of 0, are recorded differently."""
HARDLY_ANY = 0.05
"""Below this share of lost deals with an offer, lost offers count as not recorded."""
FEWEST = 50
"""Recorded deals needed on each side."""
LEAST_SPREAD = 0.005
"""Standard deviation of rates, below which they hardly vary."""
NEAR_LIST = 0.20
"""Rates up to here tell what deals at exactly list should be like."""

RECORD = (
    "From now on record the last price put to the customer on every deal, lost ones too, "
    "as the deal's net amount or as an offer."
)


class EffectStatus(StrEnum):
    """Whether the effect of discounts on winning can be estimated from these books."""

    IDENTIFIABLE = "identifiable"
    REFUSED = "refused"


@dataclass(frozen=True)
class DiscountEffect:
    """Whether the effect can be told, and why or why not."""

    status: EffectStatus
    why: str


@dataclass(frozen=True)
class Recorded:
    """Deals that ended one way: how many, how many of them with which rates, and their sums."""

    deals: int = 0
    known: int = 0
    at_list: int = 0
    rate_sum: float = 0.0
    square_sum: float = 0.0
    near: int = 0
    near_rate_sum: float = 0.0
    near_square_sum: float = 0.0

    @property
    def share(self) -> float:
        """Return the share of deals whose rate is known."""
        return self.known / self.deals if self.deals else 0.0


@dataclass(frozen=True)
class _Sides:
    won: Recorded
    lost: Recorded


def recorded(deals: ir.Table) -> ir.Table:
    """Count what is on record of offered rates. Grain: the outcome, won or lost."""
    closed = deals.filter(deals.outcome.isin(["won", "lost"]))
    known = closed.net_amount.notnull() & (closed.list_amount > 0)
    listed = closed.list_amount.cast("float64").nullif(0)
    gap = closed.list_amount - closed.net_amount
    rate = gap.cast("float64") / listed
    near = known & (gap > 0) & (rate <= NEAR_LIST)
    return closed.group_by("outcome").aggregate(
        deals=closed.count(),
        known=known.sum(),
        at_list=(known & (gap == 0)).sum(),
        rate_sum=rate.sum(where=known),
        square_sum=(rate * rate).sum(where=known),
        near=near.sum(),
        near_rate_sum=rate.sum(where=near),
        near_square_sum=(rate * rate).sum(where=near),
    )


def discount_effect(books: Books, deals: ir.Table) -> DiscountEffect:
    """Tell whether the effect of discounts on winning is identifiable.

    Args:
        books: Where the query runs.
        deals: One row a deal, with outcome, list_amount and net_amount.
    """
    rows = {row["outcome"]: row for row in books.run(recorded(deals)).to_pylist()}
    return judge_recording(_read(rows.get("won", {})), _read(rows.get("lost", {})))


def judge_recording(won: Recorded, lost: Recorded) -> DiscountEffect:
    """Judge what is on record of won and of lost deals; the first objection decides."""
    sides = _Sides(won, lost)
    for objection in _OBJECTIONS:
        if why := objection(sides):
            return DiscountEffect(EffectStatus.REFUSED, why)
    return DiscountEffect(
        EffectStatus.IDENTIFIABLE,
        f"Rates are on record for {won.share:.0%} of {won.deals:,} won and {lost.share:.0%} of "
        f"{lost.deals:,} lost deals, alike on both sides, and they vary. Nothing on record "
        "stands against an estimate; a cause that nobody recorded still might.",
    )


def _no_lost_deals(sides: _Sides) -> str | None:
    if sides.won.deals and sides.lost.deals:
        return None
    ended = "lost" if sides.won.deals else "won"
    return (
        f"The books hold no {ended} deals to compare with. "
        f"Import all deals, however they ended. {RECORD}"
    )


def _lost_offers_missing(sides: _Sides) -> str | None:
    lost = sides.lost
    if lost.share >= HARDLY_ANY:
        return None
    return (
        f"Lost offers are not recorded: {lost.known:,} of {lost.deals:,} lost deals say what "
        f"price was offered, against {sides.won.known:,} of {sides.won.deals:,} won ones. {RECORD}"
    )


def _recorded_differently(sides: _Sides) -> str | None:
    difference, low, high = _difference(
        (sides.won.known, sides.won.deals), (sides.lost.known, sides.lost.deals)
    )
    if abs(difference) <= MATERIAL_DIFFERENCE or low <= 0 <= high:
        return None
    return (
        f"Whether a rate is on record depends on how the deal ended: on {sides.won.share:.1%} of "
        f"won and {sides.lost.share:.1%} of lost deals, a difference of {difference * 100:+.1f} "
        f"points (95% interval {low * 100:+.1f} to {high * 100:+.1f}). {RECORD}"
    )


def _too_few(sides: _Sides) -> str | None:
    fewest = min(sides.won.known, sides.lost.known)
    if fewest >= FEWEST:
        return None
    return (
        f"Too few deals: {sides.won.known:,} won and {sides.lost.known:,} lost ones with a known "
        f"rate, and fewer than {FEWEST} on a side tell nothing. {RECORD}"
    )


def _no_variation(sides: _Sides) -> str | None:
    spread = _spread(sides.won, sides.lost)
    if spread >= LEAST_SPREAD:
        return None
    return (
        f"Rates hardly vary (standard deviation {spread * 100:.2f} points), so wins at different "
        "rates cannot be compared. Keep recording every offer, the first one too."
    )


def _zeros_stand_for_unknown(sides: _Sides) -> str | None:
    """Object where deals at exactly list win unlike the deals near it would have them.

    The win rates of deals with a discount up to `NEAR_LIST` are drawn out to a rate of 0 along a
    straight line (least squares, binomial error), so that what a discount does to winning is not
    taken for a fault of the books. The whole interval has to lie beyond `MATERIAL_DIFFERENCE`:
    who is never given a discount differs otherwise, too.
    """
    won, lost = sides.won, sides.lost
    at_list, near = won.at_list + lost.at_list, won.near + lost.near
    if min(at_list, near) < FEWEST:
        return None
    expected, variance = _drawn_to_list(won, lost)
    share = (won.at_list + 1) / (at_list + 2)
    difference = won.at_list / at_list - expected
    margin = NORMAL_95 * math.sqrt(variance + share * (1 - share) / (at_list + 2))
    if abs(difference) - margin <= MATERIAL_DIFFERENCE:
        return None
    return (
        f'A rate of exactly 0 seems to stand for "not recorded": {won.at_list / at_list:.1%} of '
        f"deals at list are won, where those with a discount up to {NEAR_LIST:.0%} would have "
        f"{expected:.1%} of them won (95% interval of the difference "
        f"{(difference - margin) * 100:+.1f} to {(difference + margin) * 100:+.1f} points). "
        f"{RECORD} Leave it empty where nobody knows it."
    )


def _drawn_to_list(won: Recorded, lost: Recorded) -> tuple[float, float]:
    """Return the win rate at a rate of 0 to which deals near list point, and its variance."""
    size = won.near + lost.near
    mean = (won.near_rate_sum + lost.near_rate_sum) / size
    spread = (won.near_square_sum + lost.near_square_sum) / size - mean * mean
    share = won.near / size
    noise = share * (1 - share) / size
    if spread <= LEAST_SPREAD**2:
        return share, noise
    slope = (won.near_rate_sum / size - share * mean) / spread
    return min(max(share - slope * mean, 0.0), 1.0), noise * (1 + mean * mean / spread)


_OBJECTIONS: tuple[Callable[[_Sides], str | None], ...] = (
    _no_lost_deals,
    _lost_offers_missing,
    _recorded_differently,
    _too_few,
    _no_variation,
    _zeros_stand_for_unknown,
)


def plain_objection(won: Recorded, lost: Recorded) -> str | None:
    """Return what stands against any comparison, whatever the mix: too little is on record."""
    sides = _Sides(won, lost)
    for objection in (_no_lost_deals, _lost_offers_missing, _too_few, _no_variation):
        if why := objection(sides):
            return why
    return None


def _difference(left: tuple[int, int], right: tuple[int, int]) -> tuple[float, float, float]:
    """Return the difference of two shares with its 95 % interval (Agresti & Caffo 2000).

    One success and one failure are added to each sample, so that shares of 0 and 1 have an
    interval too; the difference itself is the plain one.
    """
    plain = left[0] / left[1] - right[0] / right[1]
    shares = [((part + 1) / (whole + 2), whole + 2) for part, whole in (left, right)]
    error = math.sqrt(sum(share * (1 - share) / size for share, size in shares))
    middle = shares[0][0] - shares[1][0]
    return plain, middle - NORMAL_95 * error, middle + NORMAL_95 * error


def _spread(won: Recorded, lost: Recorded) -> float:
    """Return the standard deviation of all known rates."""
    known = won.known + lost.known
    mean = (won.rate_sum + lost.rate_sum) / known
    return math.sqrt(max((won.square_sum + lost.square_sum) / known - mean * mean, 0.0))


def _read(row: dict[str, Any]) -> Recorded:
    names = (field.name for field in fields(Recorded))
    return Recorded(**{name: row[name] for name in names if row.get(name) is not None})
