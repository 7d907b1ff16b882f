"""A discount and the next one: does a customer that got more off get more off at its next deal?

Customers differ for good: whoever always gets much off shows a deep rate before and after, and a
plain slope takes that for a consequence. Within customers the slope is biased too, the other way,
for a deal stands in its customer's own mean (Nickell 1981). Each deal is therefore held against the
mean of the customer's *later* deals (forward orthogonal deviations), which takes the customer's
level out, and the rate before serves as the instrument, for it cannot know what comes later
(Arellano & Bover 1995): with r the rate beyond what the mix explains, and f the mean of what
follows,

    ρ = Σ c² · r₋₁ · (r − f) / Σ c² · r₋₁ · (r₋₁ − f₋₁),   c² = m / (m + 1) with m deals after

It takes customers with three deals or more. It fails where a passing cause lasts over several
deals, such as a seller who stays with the customer for some of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise.ledger.contra_regression import Floats, Ints, Mix, instrumented, mix_of, slope
from counterpoise.ledger.estimate import Estimate


@dataclass(frozen=True)
class Steps:
    """Deals beside the one before of the same customer; arrays of one length, in order of time.

    Attributes:
        account: Whose deals, as a number.
        before: The rate of the deal before, beyond what the mix explains.
        now: The rate of the deal, likewise.
        before_on: How far the rate before lies above the mean of the customer's rates after it.
        now_on: The same of the deal's rate.
        after: How many deals of the customer follow.
    """

    account: Ints
    before: Floats
    now: Floats
    before_on: Floats
    now_on: Floats
    after: Ints

    def __len__(self) -> int:
        return len(self.account)

    @property
    def customers(self) -> int:
        """Return how many customers have three deals or more."""
        return len(np.unique(self.account[self.after > 0]))

    @classmethod
    def of(cls, account: Ints, rate: Floats, mix: Mix) -> Steps:
        """Lay deals beside the one before; accounts stand together, their deals in time."""
        if not len(account):
            nothing = np.zeros(0)
            return cls(account, nothing, nothing, nothing, nothing, account)
        left = mix.left_within(rate, account)
        left = left - left.mean()
        first = np.r_[True, account[1:] != account[:-1]]
        start = np.flatnonzero(first)
        length = np.diff(np.r_[start, len(account)])
        end = np.repeat(start + length, length)  # one past the customer's last deal
        upto = np.r_[0.0, np.cumsum(left)]
        place = np.flatnonzero(~first)
        after = end[place] - place - 1
        rows = np.maximum(after, 1)
        last = left[end[place] - 1]
        now_after = (upto[end[place]] - upto[place + 1]) / rows
        before_after = (upto[end[place]] - upto[place] - last) / rows
        now, before = left[place], left[place - 1]
        return cls(account[place], before, now, before - before_after, now - now_after, after)


def next_step(steps: Steps) -> tuple[Estimate | None, Estimate | None]:
    """Return the slope within customers, and the plain one beside it; None where neither is told.

    The plain one takes differences between customers that last for a consequence.
    """
    can = steps.after > 0
    weight = steps.after[can] / (steps.after[can] + 1.0)
    within = instrumented(
        steps.before[can],
        weight * steps.before_on[can],
        weight * steps.now_on[can],
        steps.account[can],
    )
    plain = slope(steps.before, steps.now, mix_of((), len(steps)), steps.account)
    return within, plain
