"""A batch of deals on its way from quote to outcome, column by column."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from counterpoise.demo.arrays import Flags, Floats, Ints
from counterpoise.demo.pursuit import Pursuit
from counterpoise.demo.worktime import MINUTES_A_DAY
from counterpoise.demo.world import World

OUTCOMES = ("open", "won", "lost", "cancelled")
OPEN, WON, LOST, CANCELLED = range(4)


@dataclass
class Lines:
    """Lines at list, those of a deal side by side; money in cents of the deal's currency."""

    deal: Ints  # position in the batch
    number: Ints
    product: Ints
    quantity: Ints
    list_price: Ints
    cost: Ints
    starts: Ints  # the first line of each deal


@dataclass
class Offers:
    """How each deal was offered: how often, at which first and middle rate, and when."""

    count: Ints
    first_rate: Ints
    middle_rate: Ints
    first: Ints  # minutes
    middle: Ints
    last: Ints


@dataclass
class Deals:
    """A batch of deals by position.

    Rates are whole millionths of list, money is whole cents. Each block below is filled by one
    module, in this order; `notes` keeps what a planted fault did, under its key.
    """

    first: int  # how many deals stand in earlier batches
    created: Ints
    seat: Ints
    owner: Ints
    team: Ints
    account: Ints
    campaign: Ints
    source: Ints
    from_lead: Flags
    before: Ints
    kind: Ints
    notes: dict[str, Floats] = field(default_factory=dict)

    # quotes: when it closes, under which facts, what is offered at list
    closed: Ints = field(init=False)  # minutes; beyond the last day while open
    day: Ints = field(init=False)  # the day by which the deal is judged
    segment: Ints = field(init=False)
    persona: Ints = field(init=False)
    currency: Ints = field(init=False)
    exchange: Ints = field(init=False)
    term_months: Ints = field(init=False)
    payment: Ints = field(init=False)
    competitor: Ints = field(init=False)
    lines: Lines = field(init=False)
    list_home: Ints = field(init=False)  # in workspace currency
    main_family: Ints = field(init=False)
    row: Ints = field(init=False)
    lever: Ints = field(init=False)

    # rates
    hidden: Floats = field(init=False)
    wish: Floats = field(init=False)  # the rate in mind, a fraction
    rate: Ints = field(init=False)

    # asking: -1 where nothing was asked
    own: Ints = field(init=False)  # the owner's own authority
    asked_rate: Ints = field(init=False)
    asked: Ints = field(init=False)  # minutes
    decided: Ints = field(init=False)
    decider: Ints = field(init=False)
    grade: Ints = field(init=False)
    refused: Flags = field(init=False)

    # outcomes
    odds: Floats = field(init=False)  # log-odds of winning without the effect of the rate
    outcome: Ints = field(init=False)
    offers: Offers = field(init=False)
    recorded: Flags = field(init=False)  # whether the offer is on record
    net_price: Ints = field(init=False)  # by line
    net_home: Ints = field(init=False)

    @property
    def size(self) -> int:
        """Return how many deals the batch holds."""
        return len(self.created)

    @property
    def number(self) -> Ints:
        """Return each deal's number in the company, from 1."""
        return self.first + 1 + np.arange(self.size)

    @property
    def created_day(self) -> Ints:
        """Return the day on which each deal was made."""
        return self.created // MINUTES_A_DAY

    def sums(self, by_line: Ints) -> Ints:
        """Add figures of lines up to their deals."""
        return np.asarray(np.add.reduceat(by_line, self.lines.starts), dtype=np.int64)

    def role_days(self, world: World) -> Flags:
        """Tell whose owner is a manager on the day of the deal."""
        return np.asarray(world.people.is_manager_on(self.owner, self.day), dtype=np.bool_)


def batch_of(pursuit: Pursuit, first: int, last: int) -> Deals:
    """Cut the deals from one position up to another out of the whole."""
    cut = slice(first, last)
    return Deals(
        first=first,
        created=pursuit.created[cut],
        seat=pursuit.seat[cut],
        owner=pursuit.owner[cut],
        team=pursuit.team[cut],
        account=pursuit.account[cut],
        campaign=pursuit.campaign[cut],
        source=pursuit.source[cut],
        from_lead=pursuit.from_lead[cut],
        before=pursuit.before[cut],
        kind=pursuit.kind[cut],
    )
