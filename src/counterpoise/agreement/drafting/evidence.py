"""What the books tell about how a company sells: plain results, from which a draft is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

ENOUGH = 30
"""Cases from which on a share or a quantile is worth a clause."""


@dataclass(frozen=True)
class Totals:
    """What all deals come to. Shares are 0-1, None where nothing is known to divide by."""

    deals: int = 0
    won: int = 0
    lost: int = 0
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    priced: int = 0
    realization: Decimal | None = None
    margin_rate: Decimal | None = None
    tenth_margin: Decimal | None = None

    @property
    def win_rate(self) -> Decimal | None:
        """Return won deals as a share of won and lost ones."""
        decided = self.won + self.lost
        return Decimal(self.won) / decided if decided else None


@dataclass(frozen=True)
class RoleFound:
    """A role in the books: how many hold it, what they own, and whose managers they are."""

    name: str
    side: str | None
    people: int
    deals: int = 0
    managed_roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class RatesGiven:
    """The rates of won deals with a discount, over all of them or those with one value.

    `deals` counts won deals whose rate is known, `discounted` those whose rate is above 0, of
    which the quantiles are.
    """

    field: str | None
    value: str | None
    deals: int
    discounted: int
    half: Decimal = Decimal(0)
    four_in_five: Decimal = Decimal(0)
    nineteen_in_twenty: Decimal = Decimal(0)


@dataclass(frozen=True)
class GroupWon:
    """How a group of customers decides: won and lost deals of one industry or segment."""

    field: str
    value: str
    won: int
    lost: int
    least_employees: int | None = None
    most_employees: int | None = None

    @property
    def win_rate(self) -> Decimal:
        """Return won deals as a share of all of the group."""
        return Decimal(self.won) / (self.won + self.lost)


@dataclass(frozen=True)
class LeverFound:
    """Something that customers gave, and the rates of won deals with and without it."""

    name: str
    field: str
    test: str
    deals: int
    half_with: Decimal
    half_without: Decimal

    @property
    def adds(self) -> Decimal:
        """Return how much more deals with it had."""
        return self.half_with - self.half_without


@dataclass(frozen=True)
class Kept:
    """How something that a side could promise is kept today.

    `value` is a share, a number a month, or hours, as the metric has it.
    """

    metric: str
    value: Decimal
    cases: int


@dataclass(frozen=True)
class Spent:
    """What is given away or spent in a quarter: three in four quarters, and the most."""

    of: str
    usual: Decimal
    most: Decimal
    quarters: int


@dataclass(frozen=True)
class KindMade:
    """A kind of customization: how often, and what it costs."""

    kind: str
    made: int
    half: Decimal
    nine_in_ten: Decimal


@dataclass(frozen=True)
class Promoted:
    """How goods were promoted: all together (`family` None) or of one family.

    Depths at quantiles of the promotions that cut the price; `weeks_a_year` that the same goods
    were on deal at an account, in three of four years.
    """

    family: str | None
    count: int
    half: Decimal
    four_in_five: Decimal
    nineteen_in_twenty: Decimal
    weeks_a_year: Decimal


@dataclass(frozen=True)
class Sold:
    """How much of a family's volume was sold on deal in the last year, and in how many weeks."""

    family: str
    weeks: int
    on_deal: Decimal


@dataclass(frozen=True)
class Traded:
    """What weeks of sell-through come to. Shares are those of the last 52 weeks, None if untold.

    `weeks` counts rows, account × product × week, and `promotions` those on record.
    """

    weeks: int
    first: dt.date
    last: dt.date
    promotions: int = 0
    realization: Decimal | None = None
    on_deal: Decimal | None = None
    spend_share: Decimal | None = None
    families: tuple[Sold, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """All that a draft is written from."""

    company: str
    currency: str
    time_zone: str
    as_of: dt.date
    totals: Totals = field(default_factory=Totals)
    roles: tuple[RoleFound, ...] = ()
    rates: RatesGiven = field(default_factory=lambda: RatesGiven(None, None, 0, 0))
    rates_by_segment: tuple[RatesGiven, ...] = ()
    rates_by_family: tuple[RatesGiven, ...] = ()
    groups: tuple[GroupWon, ...] = ()
    levers: tuple[LeverFound, ...] = ()
    kept: tuple[Kept, ...] = ()
    spent: tuple[Spent, ...] = ()
    kinds: tuple[KindMade, ...] = ()
    promoted: tuple[Promoted, ...] = ()
    traded: Traded | None = None
    rejection_reasons: tuple[str, ...] = ()
    qualifying_score: Decimal | None = None

    @property
    def is_trade(self) -> bool:
        """Tell whether the company sells through retailers and records no deals."""
        return not self.totals.deals and (self.traded is not None or bool(self.promoted))
