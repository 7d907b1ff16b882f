"""Weighing: every ask of a case answered, and the strictest of the answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from counterpoise.desk.authority import Ready
from counterpoise.desk.book_facts import NO_BOOKS, BookFacts
from counterpoise.desk.case import Case
from counterpoise.desk.customization import Tailored, weigh_customizations
from counterpoise.desk.discount import Asker, Weighed, weigh_discount
from counterpoise.desk.floor import FloorCheck, check_floor
from counterpoise.desk.outcome import REFUSED_WEIGHT, Outcome, Reading, Verdict

Burden = tuple[int, int]
"""How far a case is from being granted: the strictest weight, and how many must approve."""


class Weighing(NamedTuple):
    """The answers to a case: to the discount of each unit, by the floor, and to each kind.

    Of several units the strictest answers for the discount, the first of equals.
    """

    case: Case
    discounts: tuple[Weighed, ...]
    floor: FloorCheck | None
    kinds: tuple[Tailored, ...]

    @property
    def discount(self) -> Weighed | None:
        """Return the answer to the discount, None where no price is asked."""
        discounts = self.discounts
        if len(discounts) < 2:
            return discounts[0] if discounts else None
        return max(discounts, key=lambda each: each.outcome.weight)

    @property
    def outcomes(self) -> list[Outcome]:
        """Return every answer."""
        discount = self.discount
        outcomes = [] if discount is None else [discount.outcome]
        if self.floor is not None:
            outcomes.append(self.floor.outcome)
        return outcomes + [kind.outcome for kind in self.kinds] if self.kinds else outcomes

    @property
    def is_sure(self) -> bool:
        """Tell whether no missing fact could change the answer."""
        unsure = [each for each in self.discounts if not each.is_sure]
        return not unsure and all(kind.is_sure for kind in self.kinds)

    @property
    def strictest(self) -> Outcome:
        """Return the answer that decides, the first of equals."""
        return max(self.outcomes, key=_weight)

    @property
    def verdict(self) -> Verdict:
        """Return the verdict on the whole case."""
        return self.strictest.verdict


def _weight(outcome: Outcome) -> int:
    return outcome.weight


def weigh(
    case: Case, ready: Ready, books: BookFacts = NO_BOOKS, reading: Reading = Reading.STRICT
) -> Weighing:
    """Answer every ask of a case by an agreement."""
    asker = asker_of(case, ready)
    return Weighing(
        case,
        tuple([weigh_discount(unit, ready, asker, case.day, reading) for unit in case.units]),
        check_floor(case, ready, asker),
        weigh_customizations(case, ready, asker, books, reading) if case.wanted else (),
    )


def asker_of(case: Case, ready: Ready) -> Asker:
    """Return who asks, with the rank on this agreement's ladder."""
    role = case.request.asked_by
    return Asker(role, ready.ranks[role])


def approvals_of(outcomes: Iterable[Outcome]) -> list[tuple[str, str]]:
    """Return who must approve under which clause, each pair once; none where one is refused."""
    pairs: dict[tuple[str, str], None] = {}
    for outcome in outcomes:
        if outcome.weight >= REFUSED_WEIGHT:
            return []
        for role in outcome.approvers:
            pairs[role, outcome.clause] = None
    return list(pairs)


def burden_of(outcomes: list[Outcome]) -> Burden:
    """Return how far a case is from being granted; less is better."""
    troubles = [outcome for outcome in outcomes if outcome.weight]
    if not troubles:
        return 0, 0
    if len(troubles) == 1:
        return troubles[0].weight, len(troubles[0].approvers)
    weight = max(map(_weight, troubles))
    return weight, len(approvals_of(troubles)) if weight < REFUSED_WEIGHT else 0
