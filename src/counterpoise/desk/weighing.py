"""Weighing: every ask of a case answered, and the strictest of the answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from counterpoise.desk.authority import Ready
from counterpoise.desk.book_facts import NO_BOOKS, BookFacts
from counterpoise.desk.customization import Tailored, weigh_customizations
from counterpoise.desk.discount import Asker, Weighed, weigh_discount
from counterpoise.desk.facts import Case
from counterpoise.desk.floor import FloorCheck, check_floor
from counterpoise.desk.outcome import REFUSED_WEIGHT, Outcome, Reading, Verdict

Burden = tuple[int, int]
"""How far a case is from being granted: the strictest weight, and how many must approve."""


class Weighing(NamedTuple):
    """The answers to a case: of its discount (None where no price is asked), floor and kinds."""

    case: Case
    discount: Weighed | None
    floor: FloorCheck | None
    kinds: tuple[Tailored, ...]

    @property
    def outcomes(self) -> list[Outcome]:
        """Return every answer."""
        outcomes = [kind.outcome for kind in self.kinds]
        if self.floor is not None:
            outcomes.insert(0, self.floor.outcome)
        if self.discount is not None:
            outcomes.insert(0, self.discount.outcome)
        return outcomes

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
        weigh_units(case, ready, asker, reading),
        check_floor(case, ready, asker),
        weigh_customizations(case, ready, asker, books, reading) if case.wanted else (),
    )


def asker_of(case: Case, ready: Ready) -> Asker:
    """Return who asks, with the rank on this agreement's ladder."""
    return Asker(case.request.asked_by, ready.ranks[case.request.asked_by])


def weigh_units(
    case: Case, ready: Ready, asker: Asker, reading: Reading = Reading.STRICT
) -> Weighed | None:
    """Answer for the discount; of several lines the strictest decides, the first of equals."""
    units = case.units
    if len(units) == 1:
        return weigh_discount(units[0], ready, asker, case.day, reading)
    answers = [weigh_discount(unit, ready, asker, case.day, reading) for unit in units]
    return max(answers, key=lambda each: each.outcome.weight) if answers else None


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
    weight = max(map(_weight, outcomes))
    return weight, len(approvals_of(outcomes)) if 0 < weight < REFUSED_WEIGHT else 0
