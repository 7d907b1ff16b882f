"""Made-up closed deals whose answer to the rate is known, for tests that need no company."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from counterpoise.rehearse.causes import usable_mix
from counterpoise.rehearse.dose import Dose
from counterpoise.rehearse.estimating import Shift, Surface
from counterpoise.rehearse.exact import Flags
from counterpoise.rehearse.logistic import expit
from counterpoise.rehearse.offers import Floats, Offers
from counterpoise.rehearse.overlap import supported

Answer = Callable[[Floats], Floats]
"""The log-odds that a rate adds to the chance of winning."""

_SEGMENTS = np.array(["Small", "Middle", "Large"], dtype=object)
_SOURCES = np.array(["web", "fair", "partner", None], dtype=object)


def straight(rate: Floats) -> Floats:
    """Add one log-odd for every ten points."""
    return 10.0 * rate


def saturating(rate: Floats) -> Floats:
    """Wear off: nearly all of it by fifteen points."""
    return np.asarray(1.5 * (1.0 - np.exp(-rate / 0.06)))


def threshold(rate: Floats) -> Floats:
    """Do nothing up to twelve points."""
    return 20.0 * np.maximum(rate - 0.12, 0.0)


def nothing(rate: Floats) -> Floats:
    """Do nothing."""
    return np.zeros_like(rate)


@dataclass(frozen=True)
class World:
    """How deals come about.

    Attributes:
        deals: How many.
        accounts: Of how many customers.
        answer: How winning answers to the rate.
        limit: Up to where the candidate lets an offer through.
        hidden: How strongly something that nobody recorded raises the rate and lowers winning.
        of_owner: How strongly who sells moves both the rate and winning.
        recorded: The share of won and of lost deals whose rate is on record.
    """

    deals: int = 1_500
    accounts: int = 150
    answer: Answer = straight
    limit: float = 0.1
    hidden: float = 0.0
    of_owner: float = 0.0
    recorded: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True)
class Made:
    """Closed deals, and what is true of each: the log-odds at list and the rate."""

    offers: Offers
    odds: Floats
    rate: Floats
    world: World

    @property
    def truth(self) -> float:
        """Return by how many wins the candidate changes what these deals came to on average."""
        after, before = (
            expit(self.odds + self.world.answer(each))
            for each in (np.minimum(self.rate, self.world.limit), self.rate)
        )
        return float((after - before).sum())

    @property
    def surface(self) -> Surface:
        """Return the fitted surface over deals whose rates are all on record."""
        mix, _ = usable_mix(self.offers)
        new_rate, _ = supported(self.offers)
        return Surface(self.offers, mix, Dose.of(self.offers.rate, mix.groups), new_rate)


def made(seed: int, world: World | None = None) -> Made:
    """Make closed deals; what is recorded of them moves both rate and winning."""
    of = world or World()
    rng = np.random.default_rng(seed)
    account, owner = rng.integers(0, of.accounts, of.deals), rng.integers(0, 12, of.deals)
    segment, source = rng.integers(0, 3, of.deals), rng.integers(0, 4, of.deals)
    hidden, style = rng.standard_normal(of.deals), np.linspace(-1.0, 1.0, 12)[owner]
    rate = 0.09 + 0.02 * segment - 0.01 * (source == 0) + 0.04 * of.hidden * hidden
    rate = rate + 0.04 * of.of_owner * style + 0.06 * rng.standard_normal(of.deals)
    rate = np.clip(rate, 0.0, 0.5).round(4)
    odds = -1.2 - 0.3 * segment + 0.3 * (source == 1) - of.hidden * hidden - of.of_owner * style
    odds = odds + 0.4 * rng.standard_normal(of.accounts)[account]
    won = rng.random(of.deals) < expit(odds + of.answer(rate))
    known = rng.random(of.deals) < np.where(won, *of.recorded)
    created = np.sort(rng.integers(19_000, 19_730, of.deals))
    size = 9.0 + 0.3 * segment + 0.6 * rng.standard_normal(of.deals)
    listed: Floats = np.exp(size).round(2)
    offers = Offers(
        deal_id=np.array([f"D{at}" for at in range(of.deals)], dtype=object),
        account=account,
        owner=owner,
        won=won,
        listed=listed,
        cost=0.6 * listed,
        rate=np.where(known, rate, np.nan),
        new_rate=np.where(known, np.minimum(rate, of.limit), np.nan),
        limit=np.full(of.deals, of.limit),
        former_limit=np.full(of.deals, 0.25),
        row=np.minimum(segment, 1),
        created=created,
        closed=created + rng.integers(5, 60, of.deals),
        causes={
            "account.segment": _SEGMENTS[segment],
            "deal.source": _SOURCES[source],
            "account.employees": np.exp(3.0 + segment + rng.standard_normal(of.deals)),
        },
    )
    return Made(offers, odds, rate, of)


def with_rates(offers: Offers, rate: Floats) -> Offers:
    """Return the same deals at other rates, cut to their limits."""
    return dataclasses.replace(offers, rate=rate, new_rate=np.fmin(rate, offers.limit))


def with_cause(offers: Offers, name: str, values: npt.NDArray[Any]) -> Offers:
    """Return the same deals with a further field."""
    return dataclasses.replace(offers, causes={**offers.causes, name: values})


def one_each(offers: Offers) -> Shift:
    """Return what counts deals won."""
    one = np.ones(len(offers))
    return Shift(one, one)


def named_where(named: Flags, name: str) -> npt.NDArray[Any]:
    """Return a field that some deals have."""
    return np.array([name if each else None for each in named], dtype=object)
