"""Lift: what promotions do to volume, by depth and kind, to the weeks after, and to neighbours.

One log-linear regression over all weeks: ln(units) on the depth of the price cut, features and
displays, the two weeks after a promotion, the share of the family's other goods on deal, base
price, trend and season, with one effect an account × product (the form of SCAN*PRO, Wittink,
Addona, Hawkes & Porter 1988; post-promotion dip and cannibalization as in van Heerde, Gupta &
Wittink 2003; errors by account, see `within`). Volume without promotion is then what was sold
divided by e^(what promotions did), so that what a week sold by chance stays in it, and sums over
weeks carry the slopes' covariance (delta method).

Accounts answer differently: sums of volume take each account × product's own answer, as far as its
weeks tell it (see `answers`), and leave out what a week was to everybody alike; the lifts of cuts,
features and displays are those of the mean account × product.

It assumes that promotions are not timed for weeks that would have sold more anyway, beyond season
and trend. What nobody varies (displays in every week, or in none) has no lift to tell.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from counterpoise.books.books import Books
from counterpoise.ledger.answers import OUTCOME, Answers, answers
from counterpoise.ledger.apart import apart
from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.moments import moments
from counterpoise.ledger.promotion_split import Split
from counterpoise.ledger.promotion_weeks import AFTER, NEIGHBOURS, Panel
from counterpoise.ledger.within import Fit, Refused, fit, percent

METHOD = "log-linear over all weeks, with account × product effects"
ASSUMES = (
    "Promotions are not timed for weeks that would have sold more anyway, beyond season and trend.",
    "An account that answers more to one kind of promotion answers more to all.",
)
CUTS = (0.1, 0.2, 0.3)
"""The price cuts whose lift is told."""
_WORDS = {"depth": "price cut", "featured": "feature", "displayed": "display"}


@dataclass(frozen=True)
class Lift:
    """What promotions do to volume, as fractions of volume without them.

    Attributes:
        effects: The slopes that are what promotions do; the others are held constant.
        fit: All slopes.
        within: The slopes given how each account × product departs from them.
        answers: How accounts × products depart from the mean answer.
        split: What the weeks sold, split into what promotions did and the rest.
        by_cut: Lift of a price cut alone, by its depth.
        by_kind: Lift of a feature and of a display alone.
        dip: What the first and the second week after a promotion lose.
        taken: What a product loses when all its neighbours are on deal.
        refused: Why what is missing here cannot be told, by its name.
        warnings: What may be wrong with it.
    """

    effects: tuple[str, ...]
    fit: Fit
    within: Fit
    answers: Answers
    split: Split
    by_cut: Mapping[float, Estimate]
    by_kind: Mapping[str, Estimate]
    dip: Mapping[str, Estimate]
    taken: Estimate | None
    refused: Mapping[str, str]
    warnings: tuple[str, ...]
    method: str = METHOD
    assumes: tuple[str, ...] = ASSUMES


def lift(books: Books, panel: Panel) -> Lift | Refused:
    """Estimate lift, dip and cannibalization; refused where no promotion varies."""
    effects = (*panel.own, *AFTER, *NEIGHBOURS)
    names = (*panel.price, *panel.time, *effects)
    known = moments(books, panel.observed(), OUTCOME, names)
    found = fit(known)
    if isinstance(found, Refused):
        return found
    if not any(name in found.names for name in panel.own):
        return Refused(
            "Price cuts, features and displays never vary within an account and product, so their "
            "lift cannot be told. Leave some weeks without."
        )
    own = answers(books, panel, known, found)
    within = fit(apart(books, own, known))
    if isinstance(within, Refused):
        return within
    depth, near = found.slope("depth"), within.slope(NEIGHBOURS[0])
    slopes = {name: found.slope(name) for name in panel.own}
    slopes |= {name: within.slope(name) for name in AFTER}
    told = {name: percent(slope) for name, slope in slopes.items() if slope}
    return Lift(
        effects=tuple(name for name in effects if name in within.names),
        fit=found,
        within=within,
        answers=own,
        split=Split(within, own),
        by_cut={cut: _at(depth, cut) for cut in CUTS} if depth else {},
        by_kind={name: told[name] for name in ("featured", "displayed") if name in told},
        dip={name: told[name] for name in AFTER if name in told},
        taken=percent(near) if near else None,
        refused=_refused(panel, found),
        warnings=panel.warnings,
    )


def _at(depth: Estimate, cut: float) -> Estimate:
    """Return the lift of a cut: ln(base / net) is −ln(1 − cut)."""
    return percent(depth, -math.log1p(-cut))


def _refused(panel: Panel, found: Fit) -> dict[str, str]:
    said = {}
    for name, word in _WORDS.items():
        if name not in panel.own:
            said[name] = f"No {word} is ever recorded; record it week by week."
        elif name not in found.names:
            said[name] = f"A {word} never varies by itself within an account and product."
    if NEIGHBOURS[0] not in found.names:
        said[NEIGHBOURS[0]] = "No account sells two goods of one family, or none is on deal apart."
    return said
