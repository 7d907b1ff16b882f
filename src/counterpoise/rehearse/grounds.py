"""Grounds for causal words: whether a rehearsal would refuse these books, whatever the candidate.

What is asked is what a rehearsal asks before and after estimating, but for what only a candidate
has (how far it leads): offers recorded alike on won and lost deals, customers and variation enough,
no zeros that stand for unknown, no sign that an unrecorded cause drives both rate and winning.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.versions import Agreements
from counterpoise.books.books import Books
from counterpoise.rehearse.candidates import Replaying
from counterpoise.rehearse.causes import usable_mix
from counterpoise.rehearse.dose import Dose
from counterpoise.rehearse.estimating import Estimated, Surface
from counterpoise.rehearse.offers import Offers, closed_offers
from counterpoise.rehearse.refusal import Refusal, after_estimating, before_estimating
from counterpoise.rehearse.results import Behaviour
from counterpoise.rehearse.sampling import MOST_OFFERS, sampled

_WINS = Estimated(estimate=1.0, error=0.0, model_only=1.0, weights=np.zeros(0))
"""Stands for a candidate under which more would be won: the objections that turn on it apply."""


def against_causes(
    books: Books, agreements: Agreements, agreement: Agreement, as_of: dt.date
) -> Refusal | None:
    """Return what stands against causal words about discounts in these books, if anything.

    Args:
        books: The facts.
        agreements: Every version; a deal's is the one in force on its day.
        agreement: The one under which past deals are placed.
        as_of: The day up to whose end the books are read.
    """
    counting = Replaying.of(books, agreements, as_of).counting(agreement)
    return against_offers(closed_offers(counting, Behaviour.WITHIN_AUTHORITY))


def against_offers(closed: Offers) -> Refusal | None:
    """Return the same of closed deals that were read before."""
    refusal = before_estimating(closed, attested=False)
    if refusal:
        return refusal
    offers = closed.part(np.isfinite(closed.rate))
    mix, _ = usable_mix(offers)
    surface = Surface(offers, mix, Dose.of(offers.rate, mix.groups), offers.rate)
    return after_estimating(sampled(surface, MOST_OFFERS), _WINS, overlap=1.0)
